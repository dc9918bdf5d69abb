//! How the expressions of a problem are used, found in one pass from the back.

use super::Annotations;
use super::rational::Rational;
use crate::hir::{BinaryOperator, ExpressionId, ExpressionKind, Problem};

/// What is known about each expression before any dimension is.
pub(super) struct Usage {
    /// A statement needs it.
    pub(super) reachable: Vec<bool>,
    /// Something other than a sum around it, or the two sides of a statement, needs its dimension.
    pub(super) demanded: Vec<bool>,
    /// Its value where it is in an exponent and a fraction.
    pub(super) exponents: Vec<Option<Rational>>,
}

impl Usage {
    pub(super) fn new(problem: &Problem, annotations: &Annotations) -> Self {
        let count = problem.expressions.len();
        let mut usage = Self {
            reachable: vec![false; count],
            demanded: vec![false; count],
            exponents: vec![None; count],
        };
        let sides = statements(problem);
        let values = annotations.given.iter().map(|given| given.value);
        for root in sides.into_iter().chain(values) {
            usage.reachable[root.index()] = true;
        }
        let mut in_exponent = vec![false; count];
        for (_, definition) in problem.definitions.iter() {
            usage.reachable[definition.value.index()] = true;
            usage.demanded[definition.value.index()] = true;
        }
        // Parents come after children, so one pass from the back knows of all uses.
        for (id, expression) in problem.expressions.iter().rev() {
            if !usage.reachable[id.index()] {
                continue;
            }
            let sum = is_sum(&expression.kind);
            for operand in expression.kind.operands() {
                usage.reachable[operand.index()] = true;
                usage.demanded[operand.index()] |= !sum;
                in_exponent[operand.index()] |= in_exponent[id.index()];
            }
            if let ExpressionKind::Binary {
                operator: BinaryOperator::Power,
                right,
                ..
            } = expression.kind
            {
                in_exponent[right.index()] = true;
            }
            if let ExpressionKind::Definition(definition) = expression.kind {
                let value = problem.definitions[definition].value;
                in_exponent[value.index()] |= in_exponent[id.index()];
            }
        }
        for (id, expression) in problem.expressions.iter() {
            if in_exponent[id.index()] && !annotations.literals.contains_key(&id) {
                usage.exponents[id.index()] = usage.fraction(problem, &expression.kind);
            }
        }
        usage
    }

    fn fraction(&self, problem: &Problem, kind: &ExpressionKind) -> Option<Rational> {
        let known = |id: &ExpressionId| self.exponents[id.index()];
        match kind {
            ExpressionKind::Number(value) => Rational::from_number(*value),
            ExpressionKind::Definition(id) => known(&problem.definitions[*id].value),
            ExpressionKind::Negate(operand) => Some(known(operand)?.negated()),
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => {
                let (left, right) = (known(left)?, known(right)?);
                match operator {
                    BinaryOperator::Add => Some(left.plus(right)),
                    BinaryOperator::Subtract => Some(left.plus(right.negated())),
                    BinaryOperator::Multiply => Some(left.times(right)),
                    BinaryOperator::Divide => (!right.is_zero()).then(|| left.over(right)),
                    BinaryOperator::Power => None,
                }
            }
            ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Field(_)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }
            | ExpressionKind::Integral { .. } => None,
        }
    }
}

/// How often coordinates, fields, parameters and unknowns are mentioned, one after the other. Unknown dimensions that
/// few equations mention are eliminated first, which keeps what the others stand for short.
pub(super) struct Uses(pub(super) Vec<usize>);

impl Uses {
    pub(super) fn new(problem: &Problem) -> Self {
        let fields = problem.coordinates.len();
        let parameters = fields + problem.fields.len();
        let unknowns = parameters + problem.parameters.len();
        let mut counts = vec![0; unknowns + problem.unknowns.len()];
        for (_, expression) in problem.expressions.iter() {
            match &expression.kind {
                ExpressionKind::Coordinate(id) => counts[id.index()] += 1,
                ExpressionKind::Field(id) => counts[fields + id.index()] += 1,
                ExpressionKind::Parameter(id) => counts[parameters + id.index()] += 1,
                ExpressionKind::Unknown(id) => counts[unknowns + id.index()] += 1,
                ExpressionKind::Derivative { by, .. }
                | ExpressionKind::Integral { over: by, .. } => {
                    for id in by {
                        counts[id.index()] += 1;
                    }
                }
                ExpressionKind::Number(_)
                | ExpressionKind::Constant(_)
                | ExpressionKind::Definition(_)
                | ExpressionKind::Negate(_)
                | ExpressionKind::Binary { .. }
                | ExpressionKind::Call { .. }
                | ExpressionKind::Minimum(..)
                | ExpressionKind::Maximum(..)
                | ExpressionKind::Select { .. } => {}
            }
        }
        Self(counts)
    }
}

/// Whether its operands are terms of what it is a term of.
pub(super) fn is_sum(kind: &ExpressionKind) -> bool {
    match kind {
        ExpressionKind::Negate(_) => true,
        ExpressionKind::Binary { operator, .. } => match operator {
            BinaryOperator::Add | BinaryOperator::Subtract => true,
            BinaryOperator::Multiply | BinaryOperator::Divide | BinaryOperator::Power => false,
        },
        ExpressionKind::Number(_)
        | ExpressionKind::Constant(_)
        | ExpressionKind::Coordinate(_)
        | ExpressionKind::Parameter(_)
        | ExpressionKind::Field(_)
        | ExpressionKind::Definition(_)
        | ExpressionKind::Unknown(_)
        | ExpressionKind::Derivative { .. }
        | ExpressionKind::Call { .. }
        | ExpressionKind::Minimum(..)
        | ExpressionKind::Maximum(..)
        | ExpressionKind::Select { .. }
        | ExpressionKind::Integral { .. } => false,
    }
}

/// The expressions of all statements.
fn statements(problem: &Problem) -> Vec<ExpressionId> {
    let equations = problem.equations.iter().flat_map(|e| [e.left, e.right]);
    let conditions = problem.conditions.iter().flat_map(|c| [c.left, c.right]);
    let exact = problem.exact.iter().map(|exact| exact.value);
    let energies = problem.energies.iter().map(|energy| energy.value);
    let constraints = problem.constraints.iter().flat_map(|c| [c.left, c.right]);
    equations
        .chain(conditions)
        .chain(exact)
        .chain(energies)
        .chain(constraints)
        .collect()
}
