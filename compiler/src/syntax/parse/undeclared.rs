//! Reads names that nothing declares as what a physicist means by them: `du/dt`, `d/dx(u)`, `x[m]`.
//!
//! These are formulas as far as the grammar is concerned, and stay formulas where the names are declared. It is only
//! here that the whole file is known.

use super::character::shown;
use super::explain::replace;
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::syntax::{
    BinaryOperator, DeclarationKind, Document, ExpressionId, ExpressionKind, Name,
};
use std::collections::BTreeSet;

/// Symbols of units that are not plausible as indices.
const UNITS: [&str; 30] = [
    "m", "s", "kg", "g", "A", "K", "mol", "cd", "mm", "cm", "km", "um", "nm", "ms", "us", "ns",
    "min", "h", "Hz", "N", "Pa", "kPa", "MPa", "J", "W", "V", "C", "T", "bar", "rad",
];

/// The mistakes in a document that could be read.
pub(super) fn check(source: &Source, document: &Document) -> Vec<Diagnostic> {
    let mut names = declared(document);
    // `sum(i, …)` declares its index.
    for (_, expression) in document.expressions.iter() {
        if let ExpressionKind::Call {
            function,
            arguments,
        } = &expression.kind
            && function.text == "sum"
            && let Some(index) = arguments.first()
            && let ExpressionKind::Name(name) = &document.expressions[index.value].kind
        {
            names.insert(name);
        }
    }
    let undeclared = Undeclared {
        source,
        document,
        names,
    };
    let found = document.expressions.iter();
    found
        .filter_map(|(_, expression)| {
            if let ExpressionKind::Binary {
                operator: BinaryOperator::Divide,
                left,
                right,
            } = &expression.kind
            {
                undeclared.quotient(*left, *right)
            } else if let ExpressionKind::Index { operand, index } = &expression.kind {
                undeclared.unit(*operand, *index)
            } else {
                None
            }
        })
        .collect()
}

struct Undeclared<'a> {
    source: &'a Source,
    document: &'a Document,
    names: BTreeSet<&'a str>,
}

impl<'a> Undeclared<'a> {
    /// A name that nothing declares.
    fn name(&self, id: ExpressionId) -> Option<&'a str> {
        let kind = &self.document.expressions[id].kind;
        let name = if let ExpressionKind::Name(name) = kind {
            name
        } else if let ExpressionKind::Call { function, .. } = kind {
            &function.text
        } else {
            return None;
        };
        (!self.names.contains(name.as_str())).then_some(name)
    }

    /// `x` of an undeclared `dx`, where `x` is declared.
    fn differential(&self, id: ExpressionId) -> Option<&'a str> {
        self.name(id)?
            .strip_prefix('d')
            .filter(|name| self.names.contains(name) || *name == "n" && self.is_in_condition(id))
    }

    /// Whether an expression stands in a condition, where `n` is the normal of the boundary.
    fn is_in_condition(&self, id: ExpressionId) -> bool {
        let span = self.document.expressions[id].span;
        self.document.declarations.iter().any(|declaration| {
            matches!(declaration.kind, DeclarationKind::Condition { .. })
                && declaration.span.start <= span.start
                && span.end <= declaration.span.end
        })
    }

    /// `du/dt`, `d/dx(u)`
    fn quotient(&self, left: ExpressionId, right: ExpressionId) -> Option<Diagnostic> {
        let expressions = &self.document.expressions;
        let span = expressions[left].span.to(expressions[right].span);
        let message = format!(
            "derivatives are not written as fractions: `{}`",
            shown(self.source.slice(span))
        );
        let here = "a derivative in the notation of Leibniz";
        if let Some(written) = self.repeated(left, right) {
            return Some(replace(message, span, here, &written));
        }
        let by = self.differential(right)?;
        let subscript = if by.chars().count() > 1 {
            format!("{{{by}}}")
        } else {
            by.to_owned()
        };
        if let ExpressionKind::Call { arguments, .. } = &expressions[right].kind {
            let [argument] = arguments.as_slice() else {
                return None;
            };
            self.name(left).filter(|name| *name == "d")?;
            let inside = self.source.slice(expressions[argument.value].span);
            return Some(replace(message, span, here, &format!("d({inside}, {by})")));
        }
        let field = self.differential(left)?;
        Some(replace(
            message,
            span,
            here,
            &format!("{field}_{subscript}"),
        ))
    }

    /// `d2u/dx2`
    fn repeated(&self, left: ExpressionId, right: ExpressionId) -> Option<String> {
        let (above, below) = (self.name(left)?, self.name(right)?);
        let below = below.strip_prefix('d')?;
        let by = below.trim_end_matches(|it: char| it.is_ascii_digit());
        let order = &below[by.len()..];
        let field = above.strip_prefix('d')?.strip_prefix(order)?;
        let times = order
            .parse()
            .ok()
            .filter(|times| (2..=16).contains(times))?;
        let declared = self.names.contains(field) && self.names.contains(by);
        let subscript = match by.chars().count() {
            1 => by.repeat(times),
            _ => format!("{{{}}}", vec![by; times].join(" ")),
        };
        declared.then(|| format!("{field}_{subscript}"))
    }

    /// `x[m]`
    fn unit(&self, operand: ExpressionId, index: ExpressionId) -> Option<Diagnostic> {
        // Of a product or quotient the first name tells.
        let mut first = index;
        while let ExpressionKind::Binary { left, .. } = &self.document.expressions[first].kind {
            first = *left;
        }
        let name = self.name(first).filter(|name| UNITS.contains(name))?;
        let span = self.document.expressions[operand].span;
        let whole = span.to(self.document.expressions[index].span);
        let end = whole.range().end + 1;
        let brackets = crate::source::Span::new(span.range().end, end);
        Some(
            Diagnostic::error(
                "syntax",
                format!("`{name}` is neither declared nor an index"),
                brackets,
                "a unit does not stand behind a name in a formula",
            )
            .with_note("Units stand behind numbers, `1.5[m/s]`, and where a name is declared, `coord x [m]`.")
            .with_help("remove the unit here")
            .with_edit(brackets, ""),
        )
    }
}

/// All names that a document declares, those of arguments included.
fn declared(document: &Document) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for declaration in &document.declarations {
        let (name, arguments): (Vec<&Name>, Option<&Vec<Name>>) = match &declaration.kind {
            DeclarationKind::Coordinates { names, .. } => (
                names.iter().map(|coordinate| &coordinate.name).collect(),
                None,
            ),
            DeclarationKind::Time { name, .. }
            | DeclarationKind::Parameter { name, .. }
            | DeclarationKind::Domain { name, .. }
            | DeclarationKind::Boundary { name, .. } => (vec![name], None),
            DeclarationKind::Field {
                name, arguments, ..
            } => (vec![name], Some(arguments)),
            DeclarationKind::Unknown {
                name, arguments, ..
            }
            | DeclarationKind::Definition {
                name, arguments, ..
            } => (vec![name], arguments.as_ref()),
            DeclarationKind::Title(_)
            | DeclarationKind::Equation { .. }
            | DeclarationKind::Initial(_)
            | DeclarationKind::At { .. }
            | DeclarationKind::Condition { .. }
            | DeclarationKind::Periodic(_)
            | DeclarationKind::Exact { .. }
            | DeclarationKind::Manufactured { .. }
            | DeclarationKind::Reference { .. }
            | DeclarationKind::Observe { .. }
            | DeclarationKind::Minimize { .. }
            | DeclarationKind::Constraint { .. }
            | DeclarationKind::Train(_) => (Vec::new(), None),
        };
        let all = name.into_iter().chain(arguments.into_iter().flatten());
        names.extend(all.map(|name| name.text.as_str()));
    }
    names
}
