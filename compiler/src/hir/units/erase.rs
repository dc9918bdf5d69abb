//! From a problem in units to the same problem in plain numbers.
//!
//! Coordinates, fields, parameters and unknowns keep the units of their declarations, in which users see them. Where
//! an expression mentions one that is not in SI units, its factor is multiplied in: `f·u`. A derivative stays one of
//! the bare field, `∂u/∂x · f_u/f_x`, and a condition on a bare field or derivative keeps it bare, the right side
//! divided by the factor, so that everything after this sees the same problem that it would see without units.

use super::Inferred;
use super::left::left;
use crate::arena::Arena;
use crate::hir::{
    BinaryOperator, CoordinateId, Expression, ExpressionId, ExpressionKind, Problem, Unit,
};
use crate::source::Span;

/// Multiplies in the factors of all units, and writes the inferred dimensions where a unit was left out.
pub fn erase(problem: &mut Problem, inferred: &Inferred) {
    fill(problem, inferred);
    problem.residual_units = left(problem, inferred);
    let factors = Factors::new(problem);
    if factors.all_one() {
        return;
    }
    let old = std::mem::take(&mut problem.expressions);
    let mut rewrite = Rewrite {
        factors,
        made: Arena::default(),
        images: Vec::with_capacity(old.len()),
    };
    for (_, expression) in old.iter() {
        let image = rewrite.image(&old, expression);
        rewrite.images.push(image);
    }
    rewrite.statements(problem, &old);
    problem.expressions = rewrite.made;
}

/// Quantities without a unit are in SI units; the ones whose dimension is known are said to be.
fn fill(problem: &mut Problem, inferred: &Inferred) {
    let filled = |unit: &mut Option<Unit>, dimension: &Option<super::Dimension>| {
        let Some(dimension) = dimension.filter(|it| !it.is_number()) else {
            return;
        };
        unit.get_or_insert_with(|| Unit {
            text: dimension.in_named_units(&[]),
            factor: 1.0,
            dimension,
        });
    };
    for (id, dimension) in problem.coordinates.ids().zip(&inferred.coordinates) {
        filled(&mut problem.coordinates[id].unit, dimension);
    }
    for (id, dimension) in problem.fields.ids().zip(&inferred.fields) {
        filled(&mut problem.fields[id].unit, dimension);
    }
    for (id, dimension) in problem.parameters.ids().zip(&inferred.parameters) {
        filled(&mut problem.parameters[id].unit, dimension);
    }
    for (id, dimension) in problem.unknowns.ids().zip(&inferred.unknowns) {
        filled(&mut problem.unknowns[id].unit, dimension);
    }
}

/// How many SI units the unit of each quantity is.
struct Factors {
    coordinates: Vec<f64>,
    fields: Vec<f64>,
    parameters: Vec<f64>,
    unknowns: Vec<f64>,
}

impl Factors {
    fn new(problem: &Problem) -> Self {
        let factor = |unit: &Option<Unit>| unit.as_ref().map_or(1.0, |unit| unit.factor);
        Self {
            coordinates: problem
                .coordinates
                .iter()
                .map(|(_, it)| factor(&it.unit))
                .collect(),
            fields: problem
                .fields
                .iter()
                .map(|(_, it)| factor(&it.unit))
                .collect(),
            parameters: problem
                .parameters
                .iter()
                .map(|(_, it)| factor(&it.unit))
                .collect(),
            unknowns: problem
                .unknowns
                .iter()
                .map(|(_, it)| factor(&it.unit))
                .collect(),
        }
    }

    fn all_one(&self) -> bool {
        [
            &self.coordinates,
            &self.fields,
            &self.parameters,
            &self.unknowns,
        ]
        .into_iter()
        .flatten()
        .all(|factor| *factor == 1.0)
    }

    fn volume(&self, coordinates: &[CoordinateId]) -> f64 {
        coordinates
            .iter()
            .map(|id| self.coordinates[id.index()])
            .product()
    }
}

struct Rewrite {
    factors: Factors,
    made: Arena<Expression>,
    /// What each old expression has become.
    images: Vec<ExpressionId>,
}

impl Rewrite {
    fn push(&mut self, kind: ExpressionKind, span: Span) -> ExpressionId {
        self.made.push(Expression { kind, span })
    }

    /// `factor · expression`; a factor such as 10⁻³ divides by 1000, which is a number without rounding.
    fn scaled(&mut self, id: ExpressionId, factor: f64, span: Span) -> ExpressionId {
        if factor == 1.0 {
            return id;
        }
        let inverse = 1.0 / factor;
        let divide = factor.abs() < 1.0 && inverse.round() != 0.0 && {
            let whole = inverse.round();
            (inverse - whole).abs() <= 1e-12 * whole.abs()
        };
        let number = if divide { inverse.round() } else { factor };
        if let ExpressionKind::Number(value) = self.made[id].kind {
            let value = if divide {
                value / number
            } else {
                value * number
            };
            return self.push(ExpressionKind::Number(value), span);
        }
        let number = self.push(ExpressionKind::Number(number), span);
        let kind = if divide {
            ExpressionKind::Binary {
                operator: BinaryOperator::Divide,
                left: id,
                right: number,
            }
        } else {
            ExpressionKind::Binary {
                operator: BinaryOperator::Multiply,
                left: number,
                right: id,
            }
        };
        self.push(kind, span)
    }

    /// An expression in SI units.
    fn image(&mut self, old: &Arena<Expression>, expression: &Expression) -> ExpressionId {
        let span = expression.span;
        let at = |rewrite: &Self, id: &ExpressionId| rewrite.images[id.index()];
        let (kind, factor) = match &expression.kind {
            ExpressionKind::Coordinate(id) => (
                expression.kind.clone(),
                self.factors.coordinates[id.index()],
            ),
            ExpressionKind::Parameter(id) => {
                (expression.kind.clone(), self.factors.parameters[id.index()])
            }
            ExpressionKind::Field(id) => (expression.kind.clone(), self.factors.fields[id.index()]),
            ExpressionKind::Unknown(id) => {
                (expression.kind.clone(), self.factors.unknowns[id.index()])
            }
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Definition(_) => (expression.kind.clone(), 1.0),
            ExpressionKind::Derivative { operand, by } => {
                return self.derivative(old, *operand, by, span);
            }
            ExpressionKind::Integral { operand, over } => {
                let kind = ExpressionKind::Integral {
                    operand: at(self, operand),
                    over: over.clone(),
                };
                (kind, self.factors.volume(over))
            }
            ExpressionKind::Negate(operand) => (ExpressionKind::Negate(at(self, operand)), 1.0),
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => {
                let kind = ExpressionKind::Binary {
                    operator: *operator,
                    left: at(self, left),
                    right: at(self, right),
                };
                (kind, 1.0)
            }
            ExpressionKind::Call { function, argument } => {
                let kind = ExpressionKind::Call {
                    function: *function,
                    argument: at(self, argument),
                };
                (kind, 1.0)
            }
            ExpressionKind::Minimum(left, right) => (
                ExpressionKind::Minimum(at(self, left), at(self, right)),
                1.0,
            ),
            ExpressionKind::Maximum(left, right) => (
                ExpressionKind::Maximum(at(self, left), at(self, right)),
                1.0,
            ),
            ExpressionKind::Select {
                left,
                right,
                then,
                otherwise,
            } => {
                let kind = ExpressionKind::Select {
                    left: at(self, left),
                    right: at(self, right),
                    then: at(self, then),
                    otherwise: at(self, otherwise),
                };
                (kind, 1.0)
            }
        };
        let bare = self.push(kind, span);
        self.scaled(bare, factor, span)
    }

    /// The derivative of a bare field, scaled; of anything else, which is in SI units already, only the coordinates
    /// count.
    fn derivative(
        &mut self,
        old: &Arena<Expression>,
        operand: ExpressionId,
        by: &[CoordinateId],
        span: Span,
    ) -> ExpressionId {
        let (bare, factor) = self.bare_derivative(old, operand, by, span);
        self.scaled(bare, factor, span)
    }

    fn bare_derivative(
        &mut self,
        old: &Arena<Expression>,
        operand: ExpressionId,
        by: &[CoordinateId],
        span: Span,
    ) -> (ExpressionId, f64) {
        let volume = self.factors.volume(by);
        let inner = &old[operand];
        let (operand, factor) = match inner.kind {
            ExpressionKind::Field(id) => {
                let bare = self.push(inner.kind.clone(), inner.span);
                (bare, self.factors.fields[id.index()])
            }
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => (self.images[operand.index()], 1.0),
        };
        let by = by.to_vec();
        let derivative = self.push(ExpressionKind::Derivative { operand, by }, span);
        (derivative, factor / volume)
    }

    /// A field or a derivative of one without its factor, and the factor.
    fn bare(&mut self, old: &Arena<Expression>, id: ExpressionId) -> Option<(ExpressionId, f64)> {
        let expression = &old[id];
        match &expression.kind {
            ExpressionKind::Field(field) => {
                let bare = self.push(expression.kind.clone(), expression.span);
                Some((bare, self.factors.fields[field.index()]))
            }
            ExpressionKind::Derivative { operand, by } => {
                matches!(old[*operand].kind, ExpressionKind::Field(_))
                    .then(|| self.bare_derivative(old, *operand, by, expression.span))
            }
            ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => None,
        }
    }

    fn statements(&mut self, problem: &mut Problem, old: &Arena<Expression>) {
        for id in problem.definitions.ids() {
            let value = &mut problem.definitions[id].value;
            *value = self.images[value.index()];
        }
        for equation in &mut problem.equations {
            equation.left = self.images[equation.left.index()];
            equation.right = self.images[equation.right.index()];
        }
        for constraint in &mut problem.constraints {
            constraint.left = self.images[constraint.left.index()];
            constraint.right = self.images[constraint.right.index()];
        }
        for energy in &mut problem.energies {
            energy.value = self.images[energy.value.index()];
        }
        for condition in &mut problem.conditions {
            let right = self.images[condition.right.index()];
            let span = old[condition.right].span;
            (condition.left, condition.right) = match self.bare(old, condition.left) {
                Some((bare, factor)) => (bare, self.scaled(right, 1.0 / factor, span)),
                None => (self.images[condition.left.index()], right),
            };
        }
        for exact in &mut problem.exact {
            let factor = 1.0 / self.factors.fields[exact.field.index()];
            let span = old[exact.value].span;
            exact.value = self.scaled(self.images[exact.value.index()], factor, span);
        }
    }
}
