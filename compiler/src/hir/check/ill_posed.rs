//! Problems whose solution does not depend continuously on what is given: small errors grow without bound.
//!
//! Only what is certain is said. Looked at are equations in which the derivatives that decide are those of one field, in
//! a system too, linear in them, with coefficients that are known before training:
//!
//! * In time, `a·∂ₜ^p u + b·∂ₓ^2m u` with p = 1 or 2. A wave of number k grows as `exp(√(−σ)…)`, where σ is the sign of
//!   `(b/a)·(−1)^m`: with σ < 0 the faster the shorter it is. That is heat flowing backward (p = 1, m = 1), or an
//!   elliptic equation with initial values (p = 2, m = 1).
//! * Without time, an equation of second order with conditions all around: hyperbolic in the whole box, or elliptic
//!   in one part and hyperbolic in another.

use super::Check;
use super::blocks::Blocks;
use super::lowered::Lowered;
use super::values::{Formula, Places, place};
use crate::classify::{Classification, classify, coefficient, degree};
use crate::diagnostic::Diagnostic;
use crate::hir::print::subscripted;
use crate::hir::{CoordinateId, Equation, FieldId, Part, Role, Side};
use crate::jet::{MultiIndex, NodeId};
use std::collections::BTreeSet;

impl Check<'_> {
    pub(super) fn ill_posed(
        &self,
        lowered: &mut Lowered,
        blocks: Option<&Blocks>,
    ) -> Vec<Diagnostic> {
        let problem = self.problem;
        match problem.time() {
            Some(time) => {
                let equations = problem.equations.iter().enumerate();
                equations
                    .filter_map(|(number, equation)| {
                        self.backward(lowered, blocks?, (number, equation), time)
                    })
                    .collect()
            }
            None => self.closed_hyperbolic(),
        }
    }

    fn backward(
        &self,
        lowered: &mut Lowered,
        blocks: &Blocks,
        (number, equation): (usize, &Equation),
        time: CoordinateId,
    ) -> Option<Diagnostic> {
        let problem = self.problem;
        let residual = *lowered.equations.get(number)?;
        let field = *blocks.matched.get(number)?;
        let (jets, others): (Vec<_>, Vec<_>) = blocks.jets[number]
            .iter()
            .partition(|(function, _)| *function == field.index());
        let in_time = jets.iter().map(|(_, index)| index.order_in(time.index()));
        let power = in_time.max()?;
        let mixed = jets.iter().any(|(_, index)| {
            let order = index.order_in(time.index());
            order > 0 && order < index.order()
        });
        let (low, high) = self.ends(field, time);
        // Given at the end and not at the beginning, time runs backward.
        let direction = match (low, high) {
            (true, false) => 1.0,
            (false, true) => -1.0,
            (_, _) => return None,
        };
        if mixed || !(power == 1 || power == 2) {
            return None;
        }
        let highest = jets.iter().map(|(_, index)| index.order()).max()?;
        if highest % 2 == 1 || highest < 2 {
            return None;
        }
        let others: BTreeSet<usize> = others.iter().map(|(function, _)| *function).collect();
        if !others.iter().all(|other| {
            let other = crate::arena::Id::from_index(*other);
            blocks.is_beside(number, field, other, highest, time)
        }) {
            return None;
        }
        let top = |function: usize, index: &MultiIndex| {
            function == field.index()
                && (index.order() == highest || index.order_in(time.index()) == power)
        };
        if degree(&lowered.graph, residual, top) != Some(1) {
            return None;
        }
        let leading = MultiIndex::new(std::iter::repeat_n(time.index(), power));
        let leading = coefficient(&mut lowered.graph, residual, &(field.index(), leading));
        let space = problem
            .coordinates
            .iter()
            .filter(|(_, coordinate)| coordinate.role == Role::Space);
        for (coordinate, _) in space {
            let index = MultiIndex::new(std::iter::repeat_n(coordinate.index(), highest));
            let factor = coefficient(&mut lowered.graph, residual, &(field.index(), index));
            let sign = if (highest / 2) % 2 == 1 { -1.0 } else { 1.0 };
            let sign = if power == 1 { sign * direction } else { sign };
            let share = lowered.graph.product(&[(factor, 1), (leading, -1)]);
            if let Some(place) = self.negative(lowered, share, sign) {
                let by = vec![coordinate; highest];
                return Some(self.unstable(equation, field, time, &by, power, direction, &place));
            }
        }
        let sign = if (highest / 2) % 2 == 1 { -1.0 } else { 1.0 };
        let sign = if power == 1 { sign * direction } else { sign };
        if highest == 2 {
            self.indefinite(lowered, number, field, leading, sign)
        } else {
            self.indefinite_form(lowered, number, field, leading, (sign, highest))
        }
    }

    /// Whether values of a field are given where time begins, and where it ends.
    fn ends(&self, field: FieldId, time: CoordinateId) -> (bool, bool) {
        let given = |side| {
            let wanted = Part {
                coordinate: time,
                side,
            };
            self.concerning(field)
                .any(|condition| condition.part == wanted)
        };
        (given(Side::Low), given(Side::High))
    }

    /// Where `sign·node` is negative; none where it is not, or not known. An empty place is everywhere.
    fn negative(&self, lowered: &Lowered, node: NodeId, sign: f64) -> Option<String> {
        let problem = self.problem;
        if lowered.is_open(node) {
            return None;
        }
        let formula = Formula::new(&lowered.graph, &[node], &lowered.parameters);
        let position = formula.position(node)?;
        let places = Places::new(problem, &formula.coordinates, &[], formula.len());
        let mut values = Vec::new();
        let mut worst: Option<(f64, &Vec<f64>)> = None;
        let mut largest = 0.0_f64;
        let mut everywhere = true;
        for point in &places.points {
            formula.evaluate(point, &mut values);
            let value = sign * values[position];
            if !value.is_finite() {
                continue;
            }
            largest = largest.max(value.abs());
            everywhere &= value < 0.0;
            if worst.is_none_or(|(least, _)| value < least) {
                worst = Some((value, point));
            }
        }
        let (value, point) = worst?;
        if value >= 0.0 || value > -1e-9 * largest {
            return None;
        }
        let mentioned: Vec<usize> = formula.coordinates.iter().copied().collect();
        Some(if everywhere {
            String::new()
        } else {
            format!(" at {}", place(problem, point, &mentioned))
        })
    }

    #[allow(clippy::too_many_arguments)] // all that the two sentences are made of
    fn unstable(
        &self,
        equation: &Equation,
        field: FieldId,
        time: CoordinateId,
        by: &[CoordinateId],
        power: usize,
        direction: f64,
        place: &str,
    ) -> Diagnostic {
        let problem = self.problem;
        let name = &problem.fields[field].name;
        let clock = &problem.coordinates[time].name;
        let highest = subscripted(problem, name, by);
        let leading = subscripted(problem, name, &vec![time; power]);
        let (message, help) = match (power, direction > 0.0) {
            (1, true) => (
                format!(
                    "`{}` runs backward in time{place}: `{highest}` has the wrong sign",
                    equation.label
                ),
                format!(
                    "is the sign of `{highest}` wrong? If values are given for the end of `{clock}`, as for an option at \
                     expiry, count the time that is left instead: its derivative has the opposite sign"
                ),
            ),
            (1, false) => (
                format!(
                    "`{}` runs backward in time{place}: values are given at the end of `{clock}`",
                    equation.label
                ),
                "give them where time begins".to_owned(),
            ),
            (_, _) => (
                format!(
                    "`{}` has no stable solution in time{place}: `{highest}` has the wrong sign",
                    equation.label
                ),
                format!(
                    "is the sign of `{highest}` wrong? An equation that is meant to be elliptic has no time and no initial \
                     values, but conditions all around"
                ),
            ),
        };
        Diagnostic::warning(
            "ill-posed",
            message,
            equation.span,
            format!("`{leading}` and `{highest}` together let short waves grow"),
        )
        .with_note(
            "The shorter a wave is, the faster it grows, without bound: the smallest error in the initial values changes \
             the solution beyond all measure.",
        )
        .with_help(help)
    }

    /// Hyperbolic equations without time, with a condition on every side.
    fn closed_hyperbolic(&self) -> Vec<Diagnostic> {
        let problem = self.problem;
        let all_around = problem.coordinates.iter().all(|(id, coordinate)| {
            let given = |side| {
                let part = Part {
                    coordinate: id,
                    side,
                };
                problem.conditions.iter().any(|c| c.part == part)
            };
            coordinate.role == Role::Family
                || (!coordinate.periodic && given(Side::Low) && given(Side::High))
        });
        let open = !problem.energies.is_empty() || !problem.unknowns.is_empty();
        let sought = problem.fields.iter().any(|(_, f)| f.sought.is_some());
        if !all_around || open || sought || problem.fields.len() != 1 {
            return Vec::new();
        }
        let classes = classify(problem);
        let described = |found: &Classification| match found.class.as_str() {
            "hyperbolic" => Some("is hyperbolic, as a wave equation"),
            "mixed: elliptic and hyperbolic" => {
                Some("is elliptic in one part of the box and hyperbolic in another")
            }
            _ => None,
        };
        let equations = problem.equations.iter().zip(&classes);
        equations
            .filter_map(|(equation, found)| {
                let what = described(found)?;
                Some(
                    Diagnostic::warning(
                        "ill-posed",
                        format!("`{}` {what}, with conditions on all sides", equation.label),
                        equation.span,
                        "its second derivatives have opposite signs",
                    )
                    .with_note(
                        "A hyperbolic equation carries its values along characteristics from one side to another. With a \
                         condition on every side there is in general no solution, or more than one.",
                    )
                    .with_help(
                        "is a sign wrong? If one of the coordinates is time, declare it with `time`, and give initial values",
                    ),
                )
            })
            .collect()
    }
}
