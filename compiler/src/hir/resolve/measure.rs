//! Units: where they are read. What they mean is the business of [`crate::hir::units`].

use super::Resolver;
use crate::hir::units::{self, Annotations, Given};
use crate::hir::{ExpressionId, ExpressionKind, Unit};
use crate::source::Span;
use crate::syntax;

impl Resolver<'_> {
    /// The unit of something declared at a place.
    pub(super) fn unit(&mut self, written: Option<&syntax::Unit>, declared: Span) -> Option<Unit> {
        let written = written?;
        match units::read(written) {
            Ok(unit) => {
                self.annotations.written.insert(declared, written.span);
                Some(unit)
            }
            Err(error) => {
                self.error(*error);
                None
            }
        }
    }

    /// Gives a unit to all fields from this position on: the components of one declaration.
    pub(super) fn measure_fields(
        &mut self,
        first: usize,
        written: Option<&syntax::Unit>,
        declared: Span,
    ) {
        let unit = self.unit(written, declared);
        for id in self.problem.fields.ids().skip(first).collect::<Vec<_>>() {
            self.problem.fields[id].unit.clone_from(&unit);
        }
    }

    /// A number with a unit, in SI units.
    pub(super) fn measured_number(
        &mut self,
        value: f64,
        unit: &syntax::Unit,
        span: Span,
    ) -> ExpressionId {
        match units::read(unit) {
            Ok(unit) => {
                let id = self.push(ExpressionKind::Number(value * unit.factor), span);
                self.tree.measured.insert(id, unit.dimension);
                id
            }
            Err(mut error) => {
                if let Some(kelvin) = units::absolute(value, unit) {
                    let written = format!("{kelvin}[K]");
                    error.help = Some(format!(
                        "write `{written}`; a difference of temperatures is the same number in kelvin"
                    ));
                    *error = error.with_edit(span, written);
                }
                self.error(*error);
                self.hole(span)
            }
        }
    }

    /// A number that has been read for something declared, in the unit of that. A plain one is in it already.
    pub(super) fn in_unit_of(
        &mut self,
        quantity: units::Quantity,
        id: syntax::ExpressionId,
        root: ExpressionId,
        value: f64,
    ) -> f64 {
        if units::is_plain(&self.tree.expressions, &self.tree.measured, root) {
            return value;
        }
        self.quantities.push((quantity, id));
        value / self.unit_of(quantity).map_or(1.0, |unit| unit.factor)
    }

    fn unit_of(&self, quantity: units::Quantity) -> Option<&Unit> {
        let problem = &self.problem;
        match quantity {
            units::Quantity::Coordinate(id) => problem.coordinates[id].unit.as_ref(),
            units::Quantity::Field(id) => problem.fields[id].unit.as_ref(),
            units::Quantity::Parameter(id) => problem.parameters[id].unit.as_ref(),
            units::Quantity::Unknown(id) => problem.unknowns[id].unit.as_ref(),
        }
    }

    /// All that units are checked with, when everything has been read. Nothing where the file has no unit.
    pub(super) fn annotations(&mut self) -> Option<Annotations> {
        if !units::are_used(self.document, &self.problem) {
            return None;
        }
        let mut annotations = std::mem::take(&mut self.annotations);
        for (quantity, id) in std::mem::take(&mut self.quantities) {
            let value = self.lower_real(id, "a number");
            annotations.given.push(Given { quantity, value });
        }
        annotations.literals = std::mem::take(&mut self.tree.measured);
        Some(annotations)
    }
}
