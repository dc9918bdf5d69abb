//! Expressions in LaTeX, as they are written in the file: brackets where the file has them, fractions where it
//! divides, `∇` where it says `grad`.

use super::name::{subscripted, symbol, upright};
use crate::hir::{Problem, Segmentation, segment, split};
use crate::syntax::{
    BinaryOperator, Comparator, Document, ExpressionId, ExpressionKind, Nabla, Unit,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is still to be written.
pub(super) enum Rest {
    Text(&'static str),
    Made(String),
    Expression(ExpressionId),
    /// Without the brackets around it: in a fraction, an exponent, between bars.
    Bare(ExpressionId),
    /// In brackets, unless it has some or needs none.
    Operand(ExpressionId),
    /// Without the sign that it begins with, which stands in front of a fraction.
    Unsigned(ExpressionId),
}

use Rest::{Bare, Expression, Made, Operand, Text, Unsigned};

/// Writes the expressions of a document.
pub(super) struct Writer<'a> {
    document: &'a Document,
    /// The names of the coordinates, of which subscripts are made.
    pub(super) coordinates: Vec<String>,
    /// The names of all else, which may have subscripts of their own.
    declared: BTreeSet<&'a str>,
    /// Whether a subtree is taller than a line.
    pub(super) tall: Vec<bool>,
    /// Where the interval of a coordinate begins and ends, for integrals; those of regions are not there.
    pub(super) limits: Limits,
}

/// The ends of intervals as they are typeset, by the names of coordinates.
pub(super) type Limits = BTreeMap<String, (String, String)>;

impl<'a> Writer<'a> {
    pub(super) fn new(document: &'a Document, problem: &'a Problem) -> Self {
        let mut tall = Vec::with_capacity(document.expressions.len());
        for (_, expression) in document.expressions.iter() {
            let own = match &expression.kind {
                ExpressionKind::Binary { operator, .. } => *operator == BinaryOperator::Divide,
                ExpressionKind::Call { function, .. } => {
                    matches!(function.text.as_str(), "integral" | "sum" | "if")
                }
                ExpressionKind::Tuple(_) => true,
                _ => false,
            };
            // An exponent is small, however tall it is.
            let exponent = match &expression.kind {
                ExpressionKind::Binary {
                    operator: BinaryOperator::Power,
                    right,
                    ..
                } => Some(*right),
                _ => None,
            };
            let is_exp = matches!(&expression.kind, ExpressionKind::Call { function, .. } if function.text == "exp");
            let below =
                !is_exp
                    && expression.kind.operands().iter().any(|id| {
                        Some(*id) != exponent && tall.get(id.index()).is_some_and(|it| *it)
                    });
            tall.push(own || below);
        }
        let coordinates = problem.coordinates.iter();
        let fields = problem.fields.iter().map(|(_, it)| it.name.as_str());
        let groups = problem.groups.iter().map(|it| it.name.as_str());
        let parameters = problem.parameters.iter().map(|(_, it)| it.name.as_str());
        let definitions = problem.definitions.iter().map(|(_, it)| it.name.as_str());
        let unknowns = problem.unknowns.iter().map(|(_, it)| it.name.as_str());
        Self {
            document,
            coordinates: coordinates.map(|(_, it)| it.name.clone()).collect(),
            declared: fields
                .chain(groups)
                .chain(parameters)
                .chain(definitions)
                .chain(unknowns)
                .collect(),
            tall,
            limits: Limits::new(),
        }
    }

    /// The same, with limits for integrals.
    pub(super) fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// One expression.
    pub(super) fn expression(&self, root: ExpressionId) -> String {
        let mut text = String::new();
        let mut rest = vec![Bare(root)];
        while let Some(next) = rest.pop() {
            let pieces = match next {
                Text(piece) => {
                    text.push_str(piece);
                    continue;
                }
                Made(piece) => {
                    text.push_str(&piece);
                    continue;
                }
                Expression(id) => self.node(id),
                Bare(id) => self.node(self.stripped(id)),
                Operand(id) if self.is_atom(id) => self.node(id),
                Operand(id) => self.bracketed(id),
                Unsigned(id) => self.unsigned(id),
            };
            rest.extend(pieces.into_iter().rev());
        }
        text
    }

    /// A name; the subscript of a derivative is made of coordinates.
    pub(super) fn name(&self, name: &str) -> String {
        if self.declared.contains(name) {
            return symbol(name);
        }
        if name == "e" {
            return r"\mathrm{e}".to_owned();
        }
        let derivative =
            split(name).and_then(|(base, subscript)| Some((base, self.letters(subscript)?)));
        match derivative {
            Some((base, letters)) => subscripted(base, &letters),
            None => symbol(name),
        }
    }

    /// The coordinates of a subscript as symbols.
    pub(super) fn letters(&self, subscript: &str) -> Option<String> {
        let Segmentation::One(positions) = segment(subscript, &self.coordinates) else {
            return None;
        };
        let letters = positions.iter().map(|at| symbol(&self.coordinates[*at]));
        let letters: Vec<String> = letters.collect();
        // A command ends where no letter follows.
        let commands = letters.iter().any(|letter| letter.starts_with('\\'));
        Some(letters.join(if commands { " " } else { "" }))
    }

    /// Whether the first thing written is a sign.
    pub(super) fn begins_with_sign(&self, mut id: ExpressionId) -> bool {
        loop {
            match self.kind(id) {
                ExpressionKind::Unary { .. } => return true,
                // The sign of a numerator stands in front of the fraction.
                ExpressionKind::Binary {
                    operator: BinaryOperator::Divide,
                    left,
                    ..
                } => return self.leads_with_minus(*left),
                ExpressionKind::Binary { left, .. } => id = *left,
                _ => return false,
            }
        }
    }

    pub(super) fn kind(&self, id: ExpressionId) -> &'a ExpressionKind {
        &self.document.expressions[id].kind
    }

    /// What stands inside of brackets.
    pub(super) fn stripped(&self, mut id: ExpressionId) -> ExpressionId {
        while let ExpressionKind::Group(inner) = self.kind(id) {
            id = *inner;
        }
        id
    }

    fn is_atom(&self, id: ExpressionId) -> bool {
        match self.kind(id) {
            ExpressionKind::Binary { .. }
            | ExpressionKind::Unary { .. }
            | ExpressionKind::Comparison { .. } => false,
            // What is written between or behind signs is no whole by itself.
            ExpressionKind::Call { function, .. } => !matches!(
                function.text.as_str(),
                "dot" | "cross" | "inner" | "outer" | "if" | "sum" | "integral"
            ),
            ExpressionKind::Number { .. }
            | ExpressionKind::Name(_)
            | ExpressionKind::Group(_)
            | ExpressionKind::Absolute(_)
            | ExpressionKind::Tuple(_)
            | ExpressionKind::Member { .. }
            | ExpressionKind::Index { .. }
            | ExpressionKind::Measured { .. }
            | ExpressionKind::Raised { .. }
            | ExpressionKind::Nabla { .. }
            | ExpressionKind::Partial { .. }
            | ExpressionKind::Advection { .. } => true,
        }
    }

    pub(super) fn bracketed(&self, id: ExpressionId) -> Vec<Rest> {
        if self.tall.get(id.index()).is_some_and(|it| *it) {
            vec![Text(r"\left("), Bare(id), Text(r"\right)")]
        } else {
            vec![Text("("), Bare(id), Text(")")]
        }
    }

    fn node(&self, id: ExpressionId) -> Vec<Rest> {
        match self.kind(id) {
            ExpressionKind::Number { text, .. } => vec![Made(number(text))],
            ExpressionKind::Name(name) => vec![Made(self.name(name))],
            ExpressionKind::Group(inner) => self.bracketed(*inner),
            ExpressionKind::Unary { operator, operand } => vec![
                Text(match operator {
                    crate::syntax::UnaryOperator::Minus => "-",
                    crate::syntax::UnaryOperator::Plus => "+",
                }),
                Expression(*operand),
            ],
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, *left, *right),
            ExpressionKind::Call {
                function,
                arguments,
            } => self.call(function, arguments),
            ExpressionKind::Absolute(inner) => self.between_bars(*inner),
            ExpressionKind::Tuple(items) => {
                let mut pieces = vec![Text(r"\begin{pmatrix} ")];
                let matrix = items
                    .iter()
                    .all(|item| matches!(self.kind(*item), ExpressionKind::Tuple(_)));
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        pieces.push(Text(r" \\ "));
                    }
                    // The rows of a matrix are its rows.
                    if let (true, ExpressionKind::Tuple(row)) = (matrix, self.kind(*item)) {
                        for (column, entry) in row.iter().enumerate() {
                            if column > 0 {
                                pieces.push(Text(" & "));
                            }
                            pieces.push(Bare(*entry));
                        }
                    } else {
                        pieces.push(Bare(*item));
                    }
                }
                pieces.push(Text(r" \end{pmatrix}"));
                pieces
            }
            ExpressionKind::Member { operand, member } => match member.text.as_str() {
                "re" => vec![Text(r"\operatorname{Re} "), Operand(*operand)],
                "im" => vec![Text(r"\operatorname{Im} "), Operand(*operand)],
                // Sides of regions.
                side @ ("left" | "right" | "bottom" | "top" | "front" | "back" | "edge") => {
                    vec![Operand(*operand), Made(format!(r"_{{\text{{{side}}}}}"))]
                }
                // A subscript would be a derivative.
                name => vec![Operand(*operand), Made(format!("^{{({})}}", symbol(name)))],
            },
            ExpressionKind::Index { operand, index } => {
                // The entry of a matrix has both of its numbers in one subscript.
                let (mut base, mut indices) = (*operand, vec![*index]);
                while let ExpressionKind::Index { operand, index } = self.kind(base) {
                    base = *operand;
                    indices.push(*index);
                }
                let named = matches!(
                    self.kind(base),
                    ExpressionKind::Name(_) | ExpressionKind::Group(_)
                );
                // A component of `w ⊗ w` is not the product with one of `w`.
                let mut pieces = if named {
                    vec![Operand(base)]
                } else {
                    self.bracketed(base)
                };
                pieces.push(Text("_{"));
                for (position, index) in indices.iter().rev().enumerate() {
                    if position > 0 {
                        pieces.push(Text(","));
                    }
                    pieces.push(Bare(*index));
                }
                pieces.push(Text("}"));
                pieces
            }
            ExpressionKind::Measured {
                operand,
                unit: measure,
            } => {
                vec![Expression(*operand), Made(format!(r"\,{}", unit(measure)))]
            }
            ExpressionKind::Raised { operand, power, .. } => {
                self.raised(*operand, vec![Made(power.to_string())])
            }
            ExpressionKind::Nabla {
                operator, operand, ..
            } => vec![Text(nabla(*operator)), Operand(*operand)],
            ExpressionKind::Partial { by, operand } => {
                // ∂ₓ∂ₓ is ∂ₓ².
                let (mut operand, mut order) = (*operand, 1);
                while let ExpressionKind::Partial {
                    by: more,
                    operand: inner,
                } = self.kind(operand)
                    && more.text == by.text
                {
                    (operand, order) = (*inner, order + 1);
                }
                let letters = self.letters(&by.text).unwrap_or_else(|| symbol(&by.text));
                let power = match order {
                    1 => String::new(),
                    order => format!("^{{{order}}}"),
                };
                vec![
                    Made(format!(r"\partial_{{{letters}}}{power} ")),
                    Operand(operand),
                ]
            }
            ExpressionKind::Advection { velocity, operand } => vec![
                Text("("),
                Operand(*velocity),
                Text(r" \cdot \nabla) "),
                Operand(*operand),
            ],
            ExpressionKind::Comparison {
                operands,
                comparators,
            } => {
                let mut pieces = Vec::new();
                for (index, operand) in operands.iter().enumerate() {
                    if let Some(before) = index.checked_sub(1).and_then(|at| comparators.get(at)) {
                        pieces.push(Text(match before {
                            Comparator::Less => " < ",
                            Comparator::LessOrEqual => r" \le ",
                            Comparator::Greater => " > ",
                            Comparator::GreaterOrEqual => r" \ge ",
                        }));
                    }
                    pieces.push(Expression(*operand));
                }
                pieces
            }
        }
    }

    pub(super) fn between_bars(&self, inner: ExpressionId) -> Vec<Rest> {
        if self.tall.get(inner.index()).is_some_and(|it| *it) {
            vec![Text(r"\left\lvert "), Bare(inner), Text(r" \right\rvert")]
        } else {
            vec![Text(r"\lvert "), Bare(inner), Text(r" \rvert")]
        }
    }
}

fn nabla(operator: Nabla) -> &'static str {
    match operator {
        Nabla::Gradient => r"\nabla ",
        Nabla::Divergence => r"\nabla \cdot ",
        Nabla::Curl => r"\nabla \times ",
        Nabla::Laplacian => r"\nabla^2 ",
    }
}

/// A number as it is written, powers of ten as such.
fn number(text: &str) -> String {
    let Some((digits, power)) = text.split_once(['e', 'E']) else {
        return text.to_owned();
    };
    let power = power.trim_start_matches('+');
    match digits {
        "1" => format!("10^{{{power}}}"),
        _ => format!(r"{digits} \times 10^{{{power}}}"),
    }
}

/// `\mathrm{m\,s^{-1}}`
pub(super) fn unit(unit: &Unit) -> String {
    let factors = unit.factors.iter().map(|factor| {
        let name = upright(&factor.name.text);
        match factor.power {
            (1, 1) => name,
            (power, 1) => format!("{name}^{{{power}}}"),
            (power, root) => format!("{name}^{{{power}/{root}}}"),
        }
    });
    let factors: Vec<String> = factors.collect();
    format!(r"\mathrm{{{}}}", factors.join(r"\,"))
}
