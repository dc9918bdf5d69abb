//! Jet expressions as text: shared subexpressions are named once, the rest is written in line.

use super::{Graph, MultiIndex, Node, NodeId};
use std::collections::HashMap;
use std::fmt::Write as _;

/// How the leaves are written.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Coordinates, in order.
    pub coordinates: Vec<String>,
    /// Uniforms, in order.
    pub uniforms: Vec<String>,
    /// Data, in order.
    pub data: Vec<String>,
}

impl Names {
    /// `u`, `u_xx`, `u_{theta t}`.
    #[must_use]
    pub fn jet(&self, function: &str, index: &MultiIndex) -> String {
        if index.order() == 0 {
            return function.to_string();
        }
        let names: Vec<&str> = index
            .coordinates()
            .map(|coordinate| self.coordinates.get(coordinate).map_or("?", String::as_str))
            .collect();
        if names.iter().all(|name| name.chars().count() == 1) {
            format!("{function}_{}", names.concat())
        } else {
            format!("{function}_{{{}}}", names.join(" "))
        }
    }
}

/// How tightly a text holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    Sum,
    Product,
    Power,
    Atom,
}

/// Subexpressions with more leaves than this are named when they occur twice.
const LARGEST_REPEATED: usize = 3;

/// Prints named expressions, one a line, with the subexpressions that they share before them.
#[must_use]
pub fn print_bindings(graph: &Graph, names: &Names, bindings: &[(String, NodeId)]) -> String {
    let roots: Vec<NodeId> = bindings.iter().map(|(_, root)| *root).collect();
    let order = graph.reachable(&roots);
    let mut uses: HashMap<NodeId, usize> = HashMap::new();
    for &id in &order {
        graph.for_each_child(id, |child| *uses.entry(child).or_default() += 1);
    }
    let mut printer = Printer {
        graph,
        names,
        texts: HashMap::new(),
        sizes: HashMap::new(),
    };
    let mut output = String::new();
    let mut shared = 0;
    for &id in &order {
        let (text, tightness) = printer.write(id);
        let mut size = 1;
        graph.for_each_child(id, |child| {
            size += printer.sizes.get(&child).copied().unwrap_or(1);
        });
        if uses.get(&id).copied().unwrap_or(0) > 1 && size > LARGEST_REPEATED {
            shared += 1;
            let name = format!("%{shared}");
            let _ = writeln!(output, "{name} = {text}");
            printer.texts.insert(id, (name, Tightness::Atom));
            printer.sizes.insert(id, 1);
        } else {
            printer.texts.insert(id, (text, tightness));
            printer.sizes.insert(id, size);
        }
    }
    let width = bindings
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    for (name, root) in bindings {
        let padding = " ".repeat(width - name.chars().count());
        let _ = writeln!(output, "{name}{padding} = {}", printer.texts[root].0);
    }
    output
}

struct Printer<'a> {
    graph: &'a Graph,
    names: &'a Names,
    texts: HashMap<NodeId, (String, Tightness)>,
    sizes: HashMap<NodeId, usize>,
}

impl Printer<'_> {
    /// The text of a node whose children have theirs.
    fn write(&self, id: NodeId) -> (String, Tightness) {
        match self.graph.node(id) {
            Node::Number(bits) => {
                let value = bits.value();
                let tightness = if value < 0.0 {
                    Tightness::Sum
                } else {
                    Tightness::Atom
                };
                (number(value), tightness)
            }
            Node::Coordinate(c) => (name(&self.names.coordinates, *c, "x"), Tightness::Atom),
            Node::Uniform(k) => (name(&self.names.uniforms, *k, "k"), Tightness::Atom),
            Node::Datum(d) => (name(&self.names.data, *d, "d"), Tightness::Atom),
            Node::Jet { function, index } => {
                let function = &self.graph.unknowns()[usize::from(*function)].name;
                (self.names.jet(function, index), Tightness::Atom)
            }
            Node::Sum { constant, terms } => self.write_sum(constant.value(), terms),
            Node::Product(factors) => self.write_product(factors),
            Node::Power { base, exponent } => (
                format!(
                    "{}^{}",
                    self.bracketed(*base, Tightness::Atom),
                    self.bracketed(*exponent, Tightness::Atom)
                ),
                Tightness::Power,
            ),
            Node::Call(function, argument) => (
                format!("{}({})", function.name(), self.texts[argument].0),
                Tightness::Atom,
            ),
            Node::Select {
                left,
                right,
                less,
                otherwise,
            } => (
                format!(
                    "if({} < {}, {}, {})",
                    self.texts[left].0,
                    self.texts[right].0,
                    self.texts[less].0,
                    self.texts[otherwise].0
                ),
                Tightness::Atom,
            ),
        }
    }

    fn write_sum(&self, constant: f64, terms: &[(NodeId, super::Bits)]) -> (String, Tightness) {
        let mut text = String::new();
        // A positive term first reads better: u_t - alpha*u_xx rather than -alpha*u_xx + u_t.
        let (positive, negative): (Vec<_>, Vec<_>) = terms
            .iter()
            .partition(|(_, coefficient)| coefficient.value() > 0.0);
        for &(id, coefficient) in positive.into_iter().chain(negative) {
            let value = coefficient.value();
            let magnitude = value.abs();
            let term = if magnitude == 1.0 {
                self.bracketed(id, Tightness::Product)
            } else {
                format!(
                    "{}*{}",
                    number(magnitude),
                    self.bracketed(id, Tightness::Product)
                )
            };
            match (text.is_empty(), value < 0.0) {
                (true, false) => text.push_str(&term),
                (true, true) => text.push_str(&format!("-{term}")),
                (false, false) => text.push_str(&format!(" + {term}")),
                (false, true) => text.push_str(&format!(" - {term}")),
            }
        }
        if constant != 0.0 {
            let sign = if constant < 0.0 { "-" } else { "+" };
            text.push_str(&format!(" {sign} {}", number(constant.abs())));
        }
        let tightness = if terms.len() == 1 && constant == 0.0 && terms[0].1.value() > 0.0 {
            Tightness::Product
        } else {
            Tightness::Sum
        };
        (text, tightness)
    }

    fn write_product(&self, factors: &[(NodeId, i32)]) -> (String, Tightness) {
        let part = |sign: i32| {
            let texts: Vec<String> = factors
                .iter()
                .filter(|(_, exponent)| exponent.signum() == sign)
                .map(|&(id, exponent)| match exponent.abs() {
                    1 if factors.len() == 1 && sign > 0 => self.texts[&id].0.clone(),
                    1 => self.bracketed(id, Tightness::Power),
                    power => format!("{}^{power}", self.bracketed(id, Tightness::Atom)),
                })
                .collect();
            (texts.len(), texts.join("*"))
        };
        let (numerators, above) = part(1);
        let (denominators, below) = part(-1);
        let above = if numerators == 0 {
            "1".to_string()
        } else {
            above
        };
        let text = match denominators {
            0 => above,
            1 => format!("{above}/{below}"),
            _ => format!("{above}/({below})"),
        };
        let tightness = if factors.len() == 1 && denominators == 0 {
            Tightness::Power
        } else {
            Tightness::Product
        };
        (text, tightness)
    }

    fn bracketed(&self, id: NodeId, wanted: Tightness) -> String {
        let (text, tightness) = &self.texts[&id];
        if *tightness < wanted {
            format!("({text})")
        } else {
            text.clone()
        }
    }
}

pub(super) fn name(names: &[String], index: u16, prefix: &str) -> String {
    names
        .get(usize::from(index))
        .cloned()
        .unwrap_or_else(|| format!("{prefix}{index}"))
}

/// The shortest text that reads back as the same number.
pub(crate) fn number(value: f64) -> String {
    let magnitude = value.abs();
    if value == std::f64::consts::PI {
        "pi".to_string()
    } else if magnitude != 0.0 && !(1e-4..1e7).contains(&magnitude) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}
