//! The same quantity is given once on each part of the boundary.

use super::Check;
use super::lowered::{Given, Lowered};
use super::values::{Formula, Places, place, short};
use crate::diagnostic::Diagnostic;
use crate::hir::print::{expression, part, subscripted};
use crate::hir::{Condition, Part};
use crate::jet::MultiIndex;
use std::collections::BTreeMap;

/// What a condition is about: a derivative of a field however it is written, or the text of its left side.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Derivative(usize, MultiIndex),
    Text(String),
}

/// Values that differ by more than this share are different.
const ROUNDING: f64 = 1e-9;

impl Check<'_> {
    pub(super) fn overlap(&self, lowered: &mut Lowered) -> Vec<Diagnostic> {
        let problem = self.problem;
        let mut found = Vec::new();
        let mut first: BTreeMap<(Part, Subject), (&Condition, Option<Given>)> = BTreeMap::new();
        for (number, condition) in problem.conditions.iter().enumerate() {
            let given = lowered.given(number);
            let subject = match &given {
                Some(given) => Subject::Derivative(given.field.index(), given.index.clone()),
                None => Subject::Text(expression(problem, condition.left)),
            };
            let what = match &given {
                Some(given) => {
                    let by: Vec<_> = given.index.coordinates().collect();
                    let by: Vec<_> = by.into_iter().map(crate::arena::Id::from_index).collect();
                    subscripted(problem, &problem.fields[given.field].name, &by)
                }
                None => expression(problem, condition.left),
            };
            let key = (condition.part, subject);
            let Some((earlier, before)) = first.get(&key) else {
                first.insert(key, (condition, given));
                continue;
            };
            let at = part(problem, condition.part);
            let error = Diagnostic::error(
                "overlapping-conditions",
                format!("`{what}` is given twice at `{at}`"),
                condition.span,
                "given a second time",
            )
            .with_label(earlier.span, "first given here");
            let values = before.as_ref().zip(given.as_ref());
            let differ = values.map(|(a, b)| difference(lowered, a, b, condition.part));
            found.push(match differ {
                Some(Some(difference)) => error
                    .with_note(format!("The two contradict each other: {difference}."))
                    .with_help("keep one of the two"),
                Some(None) if lowered.stands_alone(condition) => error
                    .with_note("Both give the same value.")
                    .with_help("remove one of the two")
                    .with_edit(condition.span, ""),
                Some(None) | None => error
                    .with_note("Two conditions for the same quantity at the same place contradict or repeat each other.")
                    .with_help("keep one of the two"),
            });
        }
        found
    }
}

/// Where two conditions give different values, in words; none where they agree.
fn difference(lowered: &Lowered, first: &Given, second: &Given, part: Part) -> Option<String> {
    let problem = lowered.problem;
    let nodes = [first.value, second.value];
    let formula = Formula::new(&lowered.graph, &nodes, &lowered.parameters);
    let at = nodes.map(|node| formula.position(node));
    let (Some(a), Some(b)) = (at[0], at[1]) else {
        return None;
    };
    let places = Places::new(problem, &formula.coordinates, &[part], formula.len());
    let mut values = Vec::new();
    places.points.iter().find_map(|point| {
        formula.evaluate(point, &mut values);
        let (a, b) = (values[a], values[b]);
        // Writing a place takes long where there are many coordinates: only for the one that is told.
        let differ = (a - b).abs() > ROUNDING * a.abs().max(b.abs());
        if !differ {
            return None;
        }
        let mut mentioned: Vec<usize> = formula.coordinates.iter().copied().collect();
        mentioned.retain(|index| *index != part.coordinate.index());
        let place = place(problem, point, &mentioned);
        let place = if place.is_empty() {
            place
        } else {
            format!(" at {place}")
        };
        Some(format!(
            "one gives {}, the other {}{place}",
            short(a),
            short(b)
        ))
    })
}
