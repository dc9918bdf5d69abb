//! What is carried along flows in at one end: a condition belongs there, not where it flows out.
//!
//! Looked at are equations `a·∂ₜu + b·∂ₓu + … = 0` in which no other derivative of a field stands: in a system other
//! fields may enter as they are. `u` is carried with the speed `b/a`, which must be known before training.

use super::Check;
use super::blocks::Blocks;
use super::lowered::Lowered;
use super::values::{Formula, Places};
use crate::classify::{coefficient, degree};
use crate::diagnostic::Diagnostic;
use crate::hir::print::part;
use crate::hir::{Condition, CoordinateId, FieldId, Part, Role, Side};
use crate::jet::MultiIndex;
use crate::source::Span;
use crate::syntax::{DeclarationKind, Place};
use std::collections::BTreeSet;

/// A speed below this share of the largest is none.
const STANDING: f64 = 1e-9;

impl Check<'_> {
    /// Fields that have a condition only where they flow out.
    pub(super) fn outflow(
        &self,
        lowered: &mut Lowered,
        blocks: &Blocks,
        coordinate: CoordinateId,
    ) -> Vec<(FieldId, Diagnostic)> {
        let problem = self.problem;
        let Some(time) = problem.time() else {
            return Vec::new();
        };
        // Nearly always no equation is one of transport.
        let mut leaving: BTreeSet<(FieldId, Side)> = BTreeSet::new();
        let mut carried = Vec::new();
        for (number, &field) in blocks.matched.iter().enumerate() {
            if !is_transport(blocks, number, field, coordinate, time) || !self.begins(field, time) {
                continue;
            }
            for side in [Side::Low, Side::High] {
                if self.leaves(lowered, blocks, number, Part { coordinate, side }, time) {
                    leaving.insert((field, side));
                    carried.push((number, field, side));
                }
            }
        }
        let mut found = Vec::new();
        for (number, field, side) in carried {
            let here = self.concerning(field).filter(|condition| {
                let sides = [condition.left, condition.right];
                let mut fields = sides.iter().flat_map(|side| self.orders.of(*side).keys());
                // A condition that mentions a field that flows in there may be that field's.
                condition.part == Part { coordinate, side }
                    && fields.all(|field| leaving.contains(&(*field, side)))
            });
            if let Some(condition) = here.last() {
                let alone = lowered.stands_alone(condition);
                found.push((field, self.flows_out(number, field, condition, alone)));
            }
        }
        found
    }

    /// Whether values of a field are given where time begins, and at no other time.
    fn begins(&self, field: FieldId, time: CoordinateId) -> bool {
        if !self.problem.between.is_empty() {
            return false;
        }
        let mut on_time = self.concerning(field).filter(|c| c.part.coordinate == time);
        on_time.all(|condition| condition.part.side == Side::Low)
    }

    /// Whether a field flows out everywhere on a part of the boundary.
    fn leaves(
        &self,
        lowered: &mut Lowered,
        blocks: &Blocks,
        number: usize,
        part: Part,
        time: CoordinateId,
    ) -> bool {
        let field = blocks.matched[number];
        let root = lowered.equations[number];
        let is_top =
            |function: usize, index: &MultiIndex| function == field.index() && index.order() > 0;
        if degree(&lowered.graph, root, is_top) != Some(1) {
            return false;
        }
        let mut factor = |coordinate: CoordinateId| {
            let index = MultiIndex::new([coordinate.index()]);
            coefficient(&mut lowered.graph, root, &(field.index(), index))
        };
        let (along, in_time) = (factor(part.coordinate), factor(time));
        let speed = lowered.graph.product(&[(along, 1), (in_time, -1)]);
        if lowered.is_open(speed) {
            return false;
        }
        let formula = Formula::new(&lowered.graph, &[speed], &lowered.parameters);
        let Some(position) = formula.position(speed) else {
            return false;
        };
        let places = Places::new(self.problem, &formula.coordinates, &[part], formula.len());
        let mut values = Vec::new();
        let outward: Vec<f64> = places
            .points
            .iter()
            .map(|point| {
                formula.evaluate(point, &mut values);
                match part.side {
                    Side::Low => -values[position],
                    Side::High => values[position],
                }
            })
            .collect();
        let largest = outward
            .iter()
            .fold(0.0, |most: f64, speed| most.max(speed.abs()));
        outward.iter().all(|speed| *speed > STANDING * largest)
    }

    /// `alone` says that the declaration can go with the condition.
    fn flows_out(
        &self,
        number: usize,
        field: FieldId,
        condition: &Condition,
        alone: bool,
    ) -> Diagnostic {
        let problem = self.problem;
        let name = &problem.fields[field].name;
        let there = part(problem, condition.part);
        let across = Part {
            side: match condition.part.side {
                Side::Low => Side::High,
                Side::High => Side::Low,
            },
            ..condition.part
        };
        let across_text = part(problem, across);
        let given = self
            .concerning(field)
            .any(|condition| condition.part == across);
        let error = Diagnostic::error(
            "condition-at-outflow",
            format!("`{name}` flows out at `{there}`, where this condition gives it"),
            condition.span,
            "what arrives here is determined by the equation",
        );
        let error = match problem.equations.get(number) {
            Some(equation) => {
                error.with_label(equation.span, format!("carries `{name}` toward `{there}`"))
            }
            None => error,
        };
        let error = error.with_note(
            "An equation of first order carries its values along characteristics: they are given where these enter the \
             domain, and follow from the equation where they leave it.",
        );
        match (given, alone) {
            (true, true) => error
                .with_help("remove this condition")
                .with_edit(condition.span, ""),
            (true, false) => match self.everywhere(condition) {
                // With one direction of space the boundary has no other sides.
                Some(place) if self.one_direction() => error
                    .with_help(format!("write `on {across_text}: …`"))
                    .with_edit(place, across_text),
                Some(_) => error.with_help(format!(
                    "`boundary` is every side: name those where `{name}` flows in, `on {across_text}: …`"
                )),
                None => error.with_help(format!("remove `{there}` here")),
            },
            (false, _) => error.with_help(format!(
                "give it where `{name}` flows in, `on {across_text}: …`; or is a sign of the equation wrong?"
            )),
        }
    }
}

impl Check<'_> {
    /// Where the declaration of a condition says `boundary`.
    fn everywhere(&self, condition: &Condition) -> Option<Span> {
        let mut declarations = self.document.declarations.iter();
        let declared = declarations.find(|it| it.span == condition.span)?;
        let DeclarationKind::Condition { places, .. } = &declared.kind else {
            return None;
        };
        places.iter().find_map(|place| match place {
            Place::Everywhere(span) => Some(*span),
            Place::Side(_) | Place::Named(_) => None,
        })
    }

    fn one_direction(&self) -> bool {
        let coordinates = self.problem.coordinates.iter();
        let space = coordinates.filter(|(_, c)| c.role == Role::Space && !c.periodic);
        space.count() == 1
    }
}

/// Whether an equation carries a field along a coordinate: first derivatives of that field, no others.
fn is_transport(
    blocks: &Blocks,
    number: usize,
    field: FieldId,
    coordinate: CoordinateId,
    time: CoordinateId,
) -> bool {
    let jets = &blocks.jets[number];
    let own = |by: CoordinateId| (field.index(), MultiIndex::new([by.index()]));
    jets.contains(&own(coordinate))
        && jets.contains(&own(time))
        && jets.iter().all(|(function, index)| {
            index.order() == 0 || (*function == field.index() && index.order() == 1)
        })
}
