//! What is said about a value that is not a finite real number.

use super::blame::Reason;
use super::search::{Failure, Fault};
use super::{Coefficient, Statement};
use crate::diagnostic::Diagnostic;
use crate::function::Function;
use crate::hir::check::lowered::Lowered;
use crate::hir::print::expression;
use crate::hir::{
    Coordinate, CoordinateId, ExpressionId, ExpressionKind, Parameter, Part, Problem, Role, Side,
};
use crate::jet::Node;
use crate::source::Span;
use crate::syntax::print::number;
use crate::syntax::{DeclarationKind, Document};

/// How far from a singular end an interval could end instead, as a share of its length.
const INWARD: f64 = 1e-3;
/// An expression longer than this is called "this expression".
const LONGEST: usize = 40;

pub(super) fn parameter(parameter: &Parameter) -> Diagnostic {
    Diagnostic::error(
        "non-real",
        format!(
            "the value of the parameter `{}` is not a finite number",
            parameter.name
        ),
        parameter.span,
        if parameter.value.is_nan() {
            "not a number"
        } else {
            "infinite"
        },
    )
    .with_note("All values that are known before training are finite real numbers.")
    .with_help("is something divided by zero, or too large for a number of 64 bits?")
}

pub(super) fn report(
    lowered: &Lowered,
    document: &Document,
    statement: &Statement,
    coefficient: Coefficient,
    fault: &Fault,
    blamed: Option<(ExpressionId, Reason)>,
) -> Diagnostic {
    let problem = lowered.problem;
    let (span, text) = match blamed {
        Some((id, _)) => (problem.expressions[id].span, quoted(problem, id)),
        None => (statement.span, "this".to_owned()),
    };
    let mentioned = mentioned(lowered, coefficient);
    let place = place(problem, &fault.point, &mentioned);
    let at = if place.is_empty() {
        String::new()
    } else {
        format!(" at {place}")
    };
    let reason = blamed.map_or(Reason::Value, |(_, reason)| reason);
    let end = mentioned.iter().find_map(|index| {
        let id = crate::arena::Id::from_index(*index);
        let coordinate: &Coordinate = &problem.coordinates[id];
        let value = *fault.point.get(*index)?;
        (value == coordinate.low || value == coordinate.high).then_some((id, value))
    });
    let parent = lowered.graph.node(coefficient.parent);
    let regular = reason == Reason::Division && matches!(parent, Node::Product(_));
    let diagnostic = match fault.failure {
        Failure::NotReal => not_real(&text, &at, span, reason),
        Failure::Infinite => {
            let here = match reason {
                Reason::Division => format!("the denominator is zero{at}"),
                Reason::Derivative => format!("the derivative is infinite{at}"),
                Reason::Root | Reason::Logarithm | Reason::Power | Reason::Value => {
                    format!("not a finite number{at}")
                }
            };
            if let Some((id, Reason::Value)) = blamed
                && grows(problem, id)
            {
                return overflow(&text, &at, span);
            }
            let diagnostic = Diagnostic::error(
                "singular-coefficient",
                format!("{text} is infinite{at}"),
                span,
                here,
            )
            .with_note(
                "What stands beside the fields must be finite everywhere in the box, its boundary included.",
            );
            let space = end.is_some_and(|(id, _)| problem.coordinates[id].role == Role::Space);
            let diagnostic = if regular && space {
                diagnostic.with_note(
                    "An end where one solution alone stays bounded, as at the centre of polar coordinates, may have such a \
                     factor. Here that is not so, or cannot be told before training.",
                )
            } else {
                diagnostic
            };
            let end =
                end.filter(|end| !goes_through(lowered, coefficient, fault, &mentioned, *end));
            let inside = |whole: Span| {
                let (here, whole) = (span.range(), whole.range());
                whole.start <= here.start && here.end <= whole.end
            };
            let known = problem.exact.iter().any(|exact| inside(exact.span));
            let divided = reason == Reason::Division && !known && statement.part.is_none();
            infinite(lowered, document, diagnostic, &place, end, divided)
        }
        Failure::Undefined => Diagnostic::warning(
            "singular-coefficient",
            format!("{text} is undefined{at}"),
            span,
            format!("zero divided by zero{at}"),
        )
        .with_note(
            "It has a limit there, but a point of training that falls on the place has no value.",
        )
        .with_help(format!(
            "say what it is there: `if(abs(…) < 1e-6, LIMIT, …)`, or let an interval end at {place}"
        )),
    };
    let shown = span.range().start >= statement.span.range().start
        && span.range().end <= statement.span.range().end;
    if shown {
        diagnostic
    } else {
        diagnostic.with_label(statement.span, format!("used in {}", statement.what))
    }
}

/// Whether an expression is a function that leaves the range of numbers at moderate arguments.
fn grows(problem: &Problem, id: ExpressionId) -> bool {
    matches!(
        problem.expressions[id].kind,
        ExpressionKind::Call {
            function: Function::Exp | Function::Sinh | Function::Cosh,
            ..
        }
    )
}

/// An exponential of more than 709: a boundary layer as textbooks write it.
fn overflow(text: &str, at: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "singular-coefficient",
        format!("{text} is too large for a number of 64 bits{at}"),
        span,
        format!("an exponential of more than 709{at}"),
    )
    .with_note("Where a large number is divided by another, the quotient may be of order one all the same.")
    .with_help(
        "divide by the largest exponential before it is computed: `exp((x - 1)/eps)` for `exp(x/eps)/exp(1/eps)`",
    )
}

fn not_real(text: &str, at: &str, span: Span, reason: Reason) -> Diagnostic {
    let (here, help) = match reason {
        Reason::Root => (
            "the square root of a negative number",
            "let the interval begin where the root is real, or write `sqrt(abs(…))` or `sqrt(max(…, 0))` if that is meant",
        ),
        Reason::Logarithm => (
            "the logarithm of a negative number",
            "let the interval begin where the argument is positive, or write `log(abs(…))` if that is meant",
        ),
        Reason::Power => (
            "a negative number to a power that is not whole",
            "write `abs(…)^p`, or `sign(…)*abs(…)^p` for an odd root, if that is meant",
        ),
        Reason::Division | Reason::Derivative | Reason::Value => (
            "not a real number",
            "keep the arguments of `sqrt` and `log` positive",
        ),
    };
    Diagnostic::error(
        "non-real",
        format!("{text} is not real{at}"),
        span,
        format!("{here}{at}"),
    )
    .with_note("Fields and everything that is known before training are real numbers.")
    .with_help(help)
}

fn infinite(
    lowered: &Lowered,
    document: &Document,
    diagnostic: Diagnostic,
    place: &str,
    end: Option<(CoordinateId, f64)>,
    divided: bool,
) -> Diagnostic {
    let multiply = if divided {
        "; or multiply the equation by the denominator"
    } else {
        ""
    };
    let Some((id, value)) = end else {
        return diagnostic.with_help(if place.is_empty() {
            "is a number that should not be zero, or one that is too large?".to_owned()
        } else {
            format!("let the box end before {place}{multiply}")
        });
    };
    let problem = lowered.problem;
    let coordinate = &problem.coordinates[id];
    let inward = INWARD * (coordinate.high - coordinate.low);
    let (side, low, high) = if value == coordinate.low {
        (Side::Low, coordinate.low + inward, coordinate.high)
    } else {
        (Side::High, coordinate.low, coordinate.high - inward)
    };
    let name = &coordinate.name;
    let diagnostic = diagnostic.with_label(
        coordinate.span,
        format!(
            "`{name}` goes from {} to {}",
            number(coordinate.low),
            number(coordinate.high)
        ),
    );
    let part = Part {
        coordinate: id,
        side,
    };
    let occupied = problem.conditions.iter().any(|c| c.part == part);
    let along = if occupied {
        ", and move the conditions with it"
    } else {
        ""
    };
    let diagnostic = diagnostic.with_help(format!(
        "end the interval a little away, `{name} {} [{}, {}]`{along}{multiply}",
        if coordinate.role == Role::Family {
            "over"
        } else {
            "in"
        },
        number(low),
        number(high)
    ));
    match written_end(document, name, side) {
        Some(span) if !occupied => {
            diagnostic.with_edit(span, number(if side == Side::Low { low } else { high }))
        }
        Some(_) | None => diagnostic,
    }
}

/// Places that are looked at along a coordinate.
const LOOKED_AT: u32 = 257;

/// Whether what is infinite at one end is so inside as well, a little away from it, as on a circle around a corner: then
/// it does not help to end the interval there.
fn goes_through(
    lowered: &Lowered,
    coefficient: Coefficient,
    fault: &Fault,
    mentioned: &[usize],
    (end, value): (CoordinateId, f64),
) -> bool {
    let formula = super::Formula::new(&lowered.graph, &[coefficient.node], &lowered.parameters);
    let Some(root) = formula.position(coefficient.node) else {
        return false;
    };
    let declared = |index: usize| &lowered.problem.coordinates[crate::arena::Id::from_index(index)];
    let mut point = fault.point.clone();
    let mut values = Vec::with_capacity(formula.len());
    let beside = declared(end.index());
    let inward = INWARD * (beside.high - beside.low);
    let Some(entry) = point.get_mut(end.index()) else {
        return false;
    };
    *entry = if value == beside.low {
        beside.low + inward
    } else {
        beside.high - inward
    };
    mentioned
        .iter()
        .filter(|index| **index != end.index())
        .any(|&index| {
            let across = declared(index);
            let mut point = point.clone();
            let mut along = Vec::new();
            for step in 0..LOOKED_AT {
                let share = f64::from(step) / f64::from(LOOKED_AT - 1);
                if let Some(entry) = point.get_mut(index) {
                    *entry = across.low + share * (across.high - across.low);
                }
                formula.evaluate(&point, &mut values);
                along.push(values[root]);
            }
            let mut sizes: Vec<f64> = along.iter().map(|value| value.abs()).collect();
            sizes.sort_by(f64::total_cmp);
            let usual = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
            // At a pole the sign changes between large values, at a zero between small ones.
            along.windows(2).any(|pair| match pair {
                [a, b] => a * b < 0.0 && a.abs().min(b.abs()) > usual,
                _ => false,
            })
        })
}

/// Where the end of the interval of one coordinate is written.
fn written_end(document: &Document, name: &str, side: Side) -> Option<Span> {
    let declared = document.declarations.iter().find_map(|declaration| {
        if let DeclarationKind::Coordinates { names, interval } = &declaration.kind
            && let [only] = names.as_slice()
            && only.name.text == name
        {
            return interval.as_ref();
        }
        if let DeclarationKind::Time {
            name: clock,
            interval,
            ..
        } = &declaration.kind
            && clock.text == name
        {
            return interval.as_ref();
        }
        None
    })?;
    let end = match side {
        Side::Low => declared.low,
        Side::High => declared.high,
    };
    Some(document.expressions[end].span)
}

/// The coordinates that a coefficient depends on.
fn mentioned(lowered: &Lowered, coefficient: Coefficient) -> Vec<usize> {
    let parameters = &lowered.parameters;
    let formula = super::Formula::new(&lowered.graph, &[coefficient.node], parameters);
    formula.coordinates.into_iter().collect()
}

/// An expression as it is called in a sentence.
fn quoted(problem: &Problem, id: ExpressionId) -> String {
    let text = expression(problem, id);
    if text.chars().count() > LONGEST {
        "this expression".to_owned()
    } else {
        format!("`{text}`")
    }
}

/// The most coordinates of a place that are all named.
const NAMED: usize = 8;

/// `x = 0, y = 1`: a place, by the coordinates that matter.
pub(in crate::hir::check) fn place(
    problem: &Problem,
    point: &[f64],
    coordinates: &[usize],
) -> String {
    let named = |indices: &[usize]| -> Vec<String> {
        let named = indices.iter().filter_map(|index| {
            let coordinate = &problem.coordinates[crate::arena::Id::from_index(*index)];
            Some(format!(
                "{} = {}",
                coordinate.name,
                short(*point.get(*index)?)
            ))
        });
        named.collect()
    };
    // Of a hundred coordinates a few are enough to know it by, the last among them: time, where there is one.
    if coordinates.len() > NAMED {
        let (first, rest) = coordinates.split_at(NAMED / 2);
        let mut parts = named(first);
        parts.push("…".to_owned());
        parts.extend(named(&rest[rest.len() - 1..]));
        return parts.join(", ");
    }
    named(coordinates).join(", ")
}

/// Four digits are enough to see what is meant.
pub(in crate::hir::check) fn short(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-3..1e4).contains(&magnitude) {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{value:.2e}")
    }
}
