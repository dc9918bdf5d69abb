//! Initial and boundary values agree where they meet.
//!
//! Compared are values of a field given on two parts of the boundary, and the velocity given where time begins with
//! the rate at which a boundary value begins to move. What differs by a thousandth of what is given elsewhere is let
//! pass: a pulse `exp(-50*(x - 0.5)^2)` between walls with `u = 0` is meant to be zero there. Where a coordinate is
//! periodic, its two ends meet.

use super::lowered::{Given, Lowered};
use super::values::{Formula, Grids, place, short};
use crate::diagnostic::Diagnostic;
use crate::hir::{Condition, Part, Problem, Role, Side};
use crate::jet::NodeId;
use crate::sample::Sampler;
use std::collections::{BTreeMap, BTreeSet};

/// Values that differ by less than this share of the largest given value agree.
const TOLERANCE: f64 = 1e-3;
/// Points off the grid that tell how large given values are.
const SCATTERED: usize = 32;
/// Conditions of a field that are compared with each other.
const CONDITIONS: usize = 64;

/// A condition that gives values of a field.
#[derive(Clone)]
struct Values<'a> {
    condition: &'a Condition,
    given: Given,
}

/// Compares all pairs of conditions that meet.
pub(super) fn check(lowered: &mut Lowered) -> Vec<Diagnostic> {
    let problem = lowered.problem;
    let mut fields: BTreeMap<_, Vec<Values>> = BTreeMap::new();
    for (number, condition) in problem.conditions.iter().enumerate() {
        if let Some(given) = lowered.given(number) {
            fields
                .entry(given.field)
                .or_default()
                .push(Values { condition, given });
        }
    }
    let mut sizes = Sizes {
        sampler: Sampler::new(problem, SCATTERED),
        grids: Grids::new(problem),
        known: BTreeMap::new(),
    };
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for mut values in fields.into_values() {
        values.truncate(CONDITIONS);
        let mut scale: Option<f64> = None;
        for (number, first) in values.iter().enumerate() {
            found.extend(not_periodic(lowered, &mut sizes, first));
            for second in &values[number + 1..] {
                let pair = (first.condition.span, second.condition.span);
                if seen.contains(&pair) {
                    continue;
                }
                let Some((jump, warning)) = compare(lowered, &mut sizes, first, second) else {
                    continue;
                };
                // What is given elsewhere: `exp(-22)` beside 0 is no jump where the field begins with a sine.
                let scale = *scale.get_or_insert_with(|| {
                    let given = values.iter().filter(|values| is_value(values));
                    given.fold(0.0, |most: f64, it| {
                        most.max(sizes.largest(lowered, it.given.value, it.condition.part))
                    })
                });
                if jump > TOLERANCE * scale / duration(problem, first, second) {
                    seen.insert(pair);
                    found.push(warning);
                }
            }
        }
    }
    found
}

fn compare(
    lowered: &mut Lowered,
    sizes: &mut Sizes,
    first: &Values,
    second: &Values,
) -> Option<(f64, Diagnostic)> {
    let problem = lowered.problem;
    let parts = [first.condition.part, second.condition.part];
    if parts[0].coordinate == parts[1].coordinate {
        return None;
    }
    let moves = |values: &Values| is_velocity(problem, values);
    let (values, what) = if is_value(first) && is_value(second) {
        ([first.given.value, second.given.value], "the value")
    } else if moves(first) && is_value(second) {
        let rate = rate(lowered, first.condition.part, second.given.value);
        ([first.given.value, rate], "the velocity")
    } else if is_value(first) && moves(second) {
        let rate = rate(lowered, second.condition.part, first.given.value);
        ([rate, second.given.value], "the velocity")
    } else {
        return None;
    };
    // One formula for many faces, which is how most problems of many dimensions are stated.
    if values[0] == values[1] {
        return None;
    }
    let scale = (sizes.largest(lowered, values[0], parts[0]))
        .max(sizes.largest(lowered, values[1], parts[1]));
    let formula = Formula::new(&lowered.graph, &values, &lowered.parameters);
    let grids = &mut sizes.grids;
    let places = grids.places(&formula.coordinates, &parts, formula.len());
    let positions = (formula.position(values[0])?, formula.position(values[1])?);
    let mut buffer = Vec::new();
    let (jump, point, ends) = places
        .points
        .iter()
        .map(|point| {
            formula.evaluate(point, &mut buffer);
            let ends = (buffer[positions.0], buffer[positions.1]);
            ((ends.0 - ends.1).abs(), point, ends)
        })
        .filter(|(jump, ..)| jump.is_finite())
        // Of several the first: corners come before what lies between them.
        .reduce(|most, next| if next.0 > most.0 { next } else { most })?;
    if jump <= TOLERANCE * scale {
        return None;
    }
    let mut mentioned: BTreeSet<usize> = formula.coordinates.clone();
    mentioned.extend(parts.iter().map(|part| part.coordinate.index()));
    let mentioned: Vec<usize> = mentioned.into_iter().collect();
    let place = place(problem, point, &mentioned);
    let warning = report(problem, [first, second], what, &place, [ends.0, ends.1]);
    Some((jump, warning))
}

/// By what values are divided to be compared with what two conditions give: the length of time for velocities.
fn duration(problem: &Problem, first: &Values, second: &Values) -> f64 {
    if is_value(first) && is_value(second) {
        return 1.0;
    }
    let time = problem.time().map(|id| &problem.coordinates[id]);
    time.map_or(1.0, |time| time.high - time.low)
}

/// A given value that differs between the two ends of a periodic coordinate.
fn not_periodic(lowered: &Lowered, sizes: &mut Sizes, values: &Values) -> Option<Diagnostic> {
    let problem = lowered.problem;
    if !problem.coordinates.iter().any(|(_, c)| c.periodic) {
        return None;
    }
    let value = values.given.value;
    let formula = Formula::new(&lowered.graph, &[value], &lowered.parameters);
    let position = formula.position(value)?;
    let part = values.condition.part;
    let scale = sizes.largest(lowered, value, part);
    let mentioned: Vec<usize> = formula.coordinates.iter().copied().collect();
    problem.coordinates.iter().find_map(|(id, coordinate)| {
        if !coordinate.periodic || !formula.coordinates.contains(&id.index()) {
            return None;
        }
        let [low, high] = [Side::Low, Side::High].map(|side| {
            let end = Part {
                coordinate: id,
                side,
            };
            let grids = &mut sizes.grids;
            grids.places(&formula.coordinates, &[part, end], formula.len())
        });
        let mut buffer = Vec::new();
        let mut at = |point: &[f64]| {
            formula.evaluate(point, &mut buffer);
            buffer[position]
        };
        low.points.iter().zip(&high.points).find_map(|(low, high)| {
            let ends = (at(low), at(high));
            let jump = (ends.0 - ends.1).abs();
            (jump.is_finite() && jump > TOLERANCE * scale).then(|| {
                let places = [low, high].map(|point| place(problem, point, &mentioned));
                Diagnostic::warning(
                    "incompatible-corner",
                    format!(
                        "`{}` is not periodic in `{}`",
                        values.condition.label, coordinate.name
                    ),
                    values.condition.span,
                    format!(
                        "{} at {}, {} at {}",
                        short(ends.0),
                        places[0],
                        short(ends.1),
                        places[1]
                    ),
                )
                .with_label(coordinate.span, "this coordinate is periodic")
                .with_note(
                    "The two ends of a periodic coordinate are the same place, and a value that differs between them \
                     jumps there.",
                )
                .with_help(format!(
                    "let the interval of `{0}` hold a whole number of periods; what has none has to be the same, for \
                     instance zero, near both ends of `{0}`",
                    coordinate.name
                ))
            })
        })
    })
}

fn is_value(values: &Values) -> bool {
    values.given.index.order() == 0
}

/// Whether it is the first derivative in time, where time begins.
fn is_velocity(problem: &Problem, values: &Values) -> bool {
    let by: Vec<usize> = values.given.index.coordinates().collect();
    problem.is_initial(values.condition.part) && by == [values.condition.part.coordinate.index()]
}

fn rate(lowered: &mut Lowered, time: Part, value: NodeId) -> NodeId {
    lowered.graph.differentiate(value, time.coordinate.index())
}

/// How large given values are, each looked at once: in a large system many are the same.
struct Sizes<'a> {
    sampler: Sampler<'a>,
    grids: Grids<'a>,
    known: BTreeMap<(NodeId, Part), f64>,
}

impl Sizes<'_> {
    /// The largest finite absolute value on a part of the boundary.
    fn largest(&mut self, lowered: &Lowered, value: NodeId, part: Part) -> f64 {
        if let Some(known) = self.known.get(&(value, part)) {
            return *known;
        }
        let largest = self.look(lowered, value, part);
        self.known.insert((value, part), largest);
        largest
    }

    fn look(&mut self, lowered: &Lowered, value: NodeId, part: Part) -> f64 {
        let formula = Formula::new(&lowered.graph, &[value], &lowered.parameters);
        let Some(position) = formula.position(value) else {
            return 0.0;
        };
        let places = (self.grids).places(&formula.coordinates, &[part], formula.len());
        let mut buffer = Vec::new();
        let mut most: f64 = 0.0;
        let mut at = |point: &[f64]| {
            formula.evaluate(point, &mut buffer);
            let value = buffer[position].abs();
            if value.is_finite() {
                most = most.max(value);
            }
        };
        places.points.iter().for_each(|point| at(point));
        // On a grid alone `sin(128*pi*x)` may be zero everywhere.
        let scattered = self.sampler.points(Some(part));
        (0..scattered.len()).for_each(|k| at(&scattered.point(k)));
        most
    }
}

fn report(
    problem: &Problem,
    [first, second]: [&Values; 2],
    what: &str,
    place: &str,
    ends: [f64; 2],
) -> Diagnostic {
    let name = &problem.fields[first.given.field].name;
    let gives = |value: f64, values: &Values| {
        let condition = values.condition;
        let role = problem.coordinates[condition.part.coordinate].role;
        match role {
            Role::Time => format!("gives {} there", short(value)),
            Role::Space | Role::Family if what == "the value" => {
                format!("gives {} there", short(value))
            }
            Role::Space | Role::Family => format!("moves at {} there", short(value)),
        }
    };
    let warning = Diagnostic::warning(
        "incompatible-corner",
        format!("{what} of `{name}` jumps at {place}"),
        second.condition.span,
        gives(ends[1], second),
    );
    let warning = if first.condition.span == second.condition.span {
        warning.with_note(format!("On the other part it is {} there.", short(ends[0])))
    } else {
        warning.with_label(first.condition.span, gives(ends[0], first))
    };
    warning
        .with_note(
            "Where two parts of the boundary meet, both give the field a value. If they differ, the solution jumps there, \
             and training, which can only approach a jump by smooth functions, is less accurate beside it.",
        )
        .with_help("make the two agree; if the jump is meant, as in a driven cavity, there is nothing to mend")
}
