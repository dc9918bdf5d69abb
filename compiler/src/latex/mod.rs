//! From a file to LaTeX, as a paper would state the problem.
//!
//! * Input: a document, and the problem that it was understood as.
//! * Output: a piece of LaTeX for the packages `amsmath` and `amssymb`: what is sought and where, the equations and
//!   conditions as a display, and below it what the names stand for and the exact solution.
//! * Invariants: the notation is the author's own, `∇` where the file has it; parameters have the values of this run;
//!   the stack is not used for the depth of expressions.

mod call;
mod expression;
mod minimiser;
mod name;
mod number;
mod operator;
mod rows;

use crate::hir::Problem;
use crate::syntax::{
    Bounds, Codomain, DeclarationKind, Document, Interval, Name, ParameterKind, Region, Target,
    Unit,
};
use expression::{Limits, Writer, unit};
use name::symbol;
use number::number;
use std::fmt::Write;

/// The LaTeX of a problem.
#[must_use]
pub fn latex(document: &Document, problem: &Problem) -> String {
    let writer = Writer::new(document, problem);
    let limits = limits(document, &writer);
    let paper = Paper {
        document,
        problem,
        writer: writer.with_limits(limits),
    };
    paper.text()
}

struct Paper<'a> {
    document: &'a Document,
    problem: &'a Problem,
    writer: Writer<'a>,
}

/// Where the coordinates begin and end, as the file says it.
fn limits(document: &Document, writer: &Writer) -> Limits {
    let mut limits = Limits::new();
    for declaration in &document.declarations {
        let (names, interval): (Vec<&Name>, _) = match &declaration.kind {
            DeclarationKind::Coordinates { names, interval } => {
                // Coordinates of a list have one name.
                let single = names.iter().filter(|name| name.count.is_none());
                (single.map(|name| &name.name).collect(), interval.as_ref())
            }
            DeclarationKind::Time { name, interval, .. } => (vec![name], interval.as_ref()),
            _ => continue,
        };
        let Some(interval) = interval else { continue };
        let ends = [interval.low, interval.high].map(|end| writer.expression(end));
        for name in names {
            let [low, high] = ends.clone();
            limits.insert(name.text.clone(), (low, high));
        }
    }
    limits
}

impl Paper<'_> {
    fn text(&self) -> String {
        let mut text = String::new();
        if let Some(title) = &self.problem.title {
            let _ = writeln!(text, "% {title}");
        }
        let _ = writeln!(text, "{}", self.sought());
        text.push_str("\\begin{alignat*}{2}\n");
        let known = self.known();
        let end = if known.is_empty() { "." } else { "," };
        let rows = self.rows();
        for (index, row) in rows.iter().enumerate() {
            let (code, tag) = row;
            let last = index + 1 == rows.len();
            let (sign, line_end) = if last { (end, "") } else { (",", r" \\") };
            let _ = writeln!(text, "  {code}{sign}{tag}{line_end}");
        }
        text.push_str("\\end{alignat*}\n");
        if !known.is_empty() {
            let _ = writeln!(text, "where {}.", listed(&known));
        }
        text.push_str(&minimiser::minimiser(self.problem, self.writer.limits()));
        let measured = self.measured();
        if !measured.is_empty() {
            let _ = writeln!(text, "Measured are values of {}.", listed(&measured));
        }
        let (mut exact, mut manufactured) = (Vec::new(), Vec::new());
        for declaration in &self.document.declarations {
            let (solutions, target, value) = match &declaration.kind {
                DeclarationKind::Exact { target, value } => (&mut exact, target, value),
                DeclarationKind::Manufactured { target, value } => {
                    (&mut manufactured, target, value)
                }
                _ => continue,
            };
            let value = self.writer.expression(*value);
            solutions.push(format!("${} = {value}$", field(target)));
        }
        if !exact.is_empty() {
            let _ = writeln!(text, "The exact solution is {}.", listed(&exact));
        }
        if !manufactured.is_empty() {
            let _ = writeln!(
                text,
                "To the right-hand sides is added what {} leaves there, so that this is the solution (manufactured).",
                listed(&manufactured)
            );
        }
        text
    }

    /// `Find $u(x, t)$, periodic in $x$, for $x \in [0, 1]$ and $t \in [0, 1]$ such that`
    fn sought(&self) -> String {
        let (mut fields, mut coordinates, mut periodic, mut domain) =
            (Vec::new(), Vec::new(), Vec::new(), None);
        for declaration in &self.document.declarations {
            match &declaration.kind {
                DeclarationKind::Field {
                    name,
                    arguments,
                    codomain,
                    unit,
                } => fields.push(format!(
                    "{}{}",
                    function(name, Some(arguments), codomain.as_ref()),
                    measured_in(unit.as_ref())
                )),
                DeclarationKind::Unknown {
                    name,
                    arguments,
                    bounds,
                    unit,
                    ..
                } => fields.push(format!(
                    "{}{}",
                    self.unknown(name, arguments.as_deref(), bounds.as_ref()),
                    measured_in(unit.as_ref())
                )),
                DeclarationKind::Coordinates { names, interval }
                    if names.len() > 1
                        && interval.is_some()
                        && names
                            .iter()
                            .all(|it| it.count.is_none() && it.unit.is_none()) =>
                {
                    let written: Vec<String> =
                        names.iter().map(|it| symbol(&it.name.text)).collect();
                    let ends = interval.as_ref().map(|interval| self.ends(interval));
                    coordinates.extend(ends.map(|(low, high)| {
                        format!(r"${} \in [{low}, {high}]$", written.join(", "))
                    }));
                }
                DeclarationKind::Coordinates { names, interval } => {
                    for name in names {
                        let count = name.count.as_ref().map(|count| count.text.as_str());
                        let unit = name.unit.as_ref();
                        let written = self.coordinate(&name.name, count, interval.as_ref(), unit);
                        coordinates.extend(written);
                    }
                }
                DeclarationKind::Time {
                    name,
                    unit,
                    interval,
                } => {
                    let written = self.coordinate(name, None, interval.as_ref(), unit.as_ref());
                    coordinates.extend(written);
                }
                DeclarationKind::Parameter {
                    name,
                    unit,
                    value: ParameterKind::Family(interval),
                } => {
                    let written = self.coordinate(name, None, Some(interval), unit.as_ref());
                    coordinates.extend(written);
                }
                DeclarationKind::Periodic(names) => {
                    periodic.extend(names.iter().map(|name| format!("${}$", symbol(&name.text))));
                }
                DeclarationKind::Domain { name, .. } => domain = Some(symbol(&name.text)),
                _ => {}
            }
        }
        if let Some(domain) = domain {
            let names: Vec<String> = self.space();
            coordinates.insert(0, format!(r"$({}) \in {domain}$", names.join(", ")));
        }
        let periodic = if periodic.is_empty() {
            String::new()
        } else {
            format!(", periodic in {},", listed(&periodic))
        };
        let verb = if self.problem.energies.is_empty() {
            "such that"
        } else {
            "with the least energy such that"
        };
        let (fields, coordinates) = (listed(&fields), listed(&coordinates));
        format!("Find {fields}{periodic} for {coordinates} {verb}")
    }

    fn space(&self) -> Vec<String> {
        let coordinates = self.problem.coordinates.iter();
        coordinates
            .filter(|(_, coordinate)| coordinate.role == crate::hir::Role::Space)
            .map(|(_, coordinate)| symbol(&coordinate.name))
            .collect()
    }

    fn unknown(&self, name: &Name, arguments: Option<&[Name]>, bounds: Option<&Bounds>) -> String {
        let function = function(name, arguments, None);
        let Some(bounds) = bounds else {
            return function;
        };
        let (low, high) = self.ends(&bounds.interval);
        let (open, close) = if bounds.open { ("(", ")") } else { ("[", "]") };
        let function = function.trim_end_matches('$');
        format!(r"{function} \in {open}{low}, {high}{close}$")
    }

    fn ends(&self, interval: &Interval) -> (String, String) {
        (
            self.writer.expression(interval.low),
            self.writer.expression(interval.high),
        )
    }

    fn coordinate(
        &self,
        name: &Name,
        count: Option<&str>,
        interval: Option<&Interval>,
        measure: Option<&Unit>,
    ) -> Option<String> {
        let (low, high) = self.ends(interval?);
        let name = symbol(&name.text);
        let measure = measure.map_or(String::new(), |measure| format!(r"\,{}", unit(measure)));
        let interval = format!("[{low}, {high}]{measure}");
        Some(match count {
            None => format!(r"${name} \in {interval}$"),
            Some(count) => format!(r"${name}_1, \dots, {name}_{{{count}}} \in {interval}$"),
        })
    }

    /// The fields that data are given of, with their noise.
    fn measured(&self) -> Vec<String> {
        let declarations = self.document.declarations.iter();
        let measured = declarations.filter_map(|declaration| {
            let DeclarationKind::Observe { target, noise, .. } = &declaration.kind else {
                return None;
            };
            let noise = noise.map_or(String::new(), |noise| {
                format!(" with a noise of ${}$", self.writer.expression(noise))
            });
            Some(format!("${}${noise}", field(target)))
        });
        measured.collect()
    }

    /// What parameters, definitions and parts of the boundary stand for.
    fn known(&self) -> Vec<String> {
        let mut known = Vec::new();
        let mut parameters = self.problem.parameters.iter();
        for declaration in &self.document.declarations {
            match &declaration.kind {
                DeclarationKind::Parameter {
                    name,
                    unit: written,
                    value: ParameterKind::Fixed(_),
                } => {
                    let Some((_, parameter)) = parameters.next() else {
                        continue;
                    };
                    let measure = written
                        .as_ref()
                        .map_or(String::new(), |written| format!(r"\,{}", unit(written)));
                    let value = number(parameter.value);
                    known.push(format!("${} = {value}{measure}$", symbol(&name.text)));
                }
                DeclarationKind::Definition {
                    name,
                    arguments,
                    value,
                } => {
                    let head = function(name, arguments.as_deref(), None);
                    let head = head.trim_end_matches('$');
                    known.push(format!("{head} = {}$", self.writer.expression(*value)));
                }
                DeclarationKind::Domain { name, value } => {
                    let value = self.writer.expression(*value);
                    known.push(format!("${} = {value}$", symbol(&name.text)));
                }
                DeclarationKind::Boundary {
                    name,
                    region,
                    restriction,
                } => {
                    let part = match region {
                        Region::Part(value) => self.writer.expression(*value),
                        Region::Rest(_) => r"\text{the rest of the boundary}".to_owned(),
                    };
                    let restriction = restriction.map_or(String::new(), |restriction| {
                        format!(r" \text{{ where }} {}", self.writer.expression(restriction))
                    });
                    known.push(format!("${} = {part}{restriction}$", symbol(&name.text)));
                }
                _ => {}
            }
        }
        known
    }
}

/// `$v(x, t) \in \mathbb{R}^2$`
fn function(name: &Name, arguments: Option<&[Name]>, codomain: Option<&Codomain>) -> String {
    let arguments = arguments.map_or(String::new(), |arguments| {
        let names: Vec<String> = arguments.iter().map(|name| symbol(&name.text)).collect();
        format!("({})", names.join(", "))
    });
    let codomain = codomain.map_or(String::new(), |codomain| {
        let set = if codomain.complex { 'C' } else { 'R' };
        let power = codomain
            .dimension
            .as_ref()
            .map_or(String::new(), |it| format!("^{{{}}}", it.text));
        format!(r" \in \mathbb{{{set}}}{power}")
    });
    format!("${}{arguments}{codomain}$", symbol(&name.text))
}

fn field(target: &Target) -> String {
    let name = symbol(&target.field.text);
    match &target.component {
        None => name,
        Some(part) if part.text == "re" => format!(r"\operatorname{{Re}} {name}"),
        Some(part) if part.text == "im" => format!(r"\operatorname{{Im}} {name}"),
        Some(component) => format!("{name}^{{({})}}", symbol(&component.text)),
    }
}

/// `a, b and c`
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// ` (in $\mathrm{K}$)`
fn measured_in(measure: Option<&Unit>) -> String {
    measure.map_or(String::new(), |measure| {
        format!(" (in ${}$)", unit(measure))
    })
}
