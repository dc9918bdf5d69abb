//! From the resolved problem to jet expressions.

use super::{Graph, MultiIndex, NodeId, Unknown};
use crate::function::Algebra;
use crate::hir::BinaryOperator;
use crate::hir::{self, ExpressionKind, Problem};

/// The problem as jet expressions: each equation and condition as `left − right`.
#[derive(Clone, Debug)]
pub struct Lowering {
    /// The expressions. Unknown functions are the fields, in order; uniforms are the parameters, in order.
    pub graph: Graph,
    /// One residual for each equation, in order.
    pub equations: Vec<NodeId>,
    /// One residual for each condition, in order.
    pub conditions: Vec<NodeId>,
    /// The right side of each condition.
    pub condition_values: Vec<NodeId>,
    /// The left side of each condition.
    pub condition_operators: Vec<NodeId>,
    /// The exact solution of each field, where the file gives one.
    pub exact: Vec<Option<NodeId>>,
    /// The expressions to be evaluated with a trained solution.
    pub outputs: Vec<NodeId>,
}

/// Lowers a whole problem.
#[must_use]
pub fn lower(problem: &Problem) -> Lowering {
    let mut graph = Graph::new(
        problem
            .fields
            .iter()
            .map(|(_, field)| Unknown {
                name: field.name.clone(),
                arguments: field
                    .arguments
                    .iter()
                    .map(|c| u16::try_from(c.index()).unwrap_or(u16::MAX))
                    .collect(),
            })
            .collect(),
    );
    let images = lower_arena(problem, &mut graph);
    let mut residual = |left: hir::ExpressionId, right: hir::ExpressionId| {
        graph.subtract(images[left.index()], images[right.index()])
    };
    let equations = problem
        .equations
        .iter()
        .map(|equation| residual(equation.left, equation.right))
        .collect();
    let conditions = problem
        .conditions
        .iter()
        .map(|condition| residual(condition.left, condition.right))
        .collect();
    let mut exact = vec![None; problem.fields.len()];
    for solution in &problem.exact {
        exact[solution.field.index()] = Some(images[solution.value.index()]);
    }
    Lowering {
        equations,
        conditions,
        condition_values: problem
            .conditions
            .iter()
            .map(|condition| images[condition.right.index()])
            .collect(),
        condition_operators: problem
            .conditions
            .iter()
            .map(|condition| images[condition.left.index()])
            .collect(),
        outputs: problem
            .outputs
            .iter()
            .map(|(_, value)| images[value.index()])
            .collect(),
        exact,
        graph,
    }
}

/// The uniform that stands for an unknown number: they come behind the parameters and the ends of the time window.
#[must_use]
pub fn uniform_of_unknown(problem: &Problem, unknown: usize) -> usize {
    problem.parameters.len() + 2 + unknown
}

/// Lowers every expression of the problem; the answer is indexed like its arena.
fn lower_arena(problem: &Problem, graph: &mut Graph) -> Vec<NodeId> {
    let mut images = Vec::with_capacity(problem.expressions.len());
    for (_, expression) in problem.expressions.iter() {
        let image = lower_expression(problem, graph, &images, &expression.kind);
        images.push(image);
    }
    images
}

/// Lowers one expression whose children have been lowered into `images`.
pub fn lower_expression(
    problem: &Problem,
    graph: &mut Graph,
    images: &[NodeId],
    kind: &ExpressionKind,
) -> NodeId {
    let image = |id: &hir::ExpressionId| images[id.index()];
    match kind {
        ExpressionKind::Number(value) => graph.number(*value),
        ExpressionKind::Constant(constant) => graph.number(constant.value()),
        ExpressionKind::Coordinate(coordinate) => graph.coordinate(coordinate.index()),
        ExpressionKind::Parameter(parameter) => graph.uniform(parameter.index()),
        ExpressionKind::Field(field) => graph.jet(field.index(), MultiIndex::zero()),
        ExpressionKind::Definition(definition) => image(&problem.definitions[*definition].value),
        ExpressionKind::Derivative { operand, by } => {
            let index = MultiIndex::new(by.iter().map(|coordinate| coordinate.index()));
            graph.differentiate_by(image(operand), &index)
        }
        ExpressionKind::Negate(operand) => graph.negate(image(operand)),
        ExpressionKind::Binary {
            operator,
            left,
            right,
        } => {
            let (left, right) = (image(left), image(right));
            match operator {
                BinaryOperator::Add => graph.add(left, right),
                BinaryOperator::Subtract => graph.subtract(left, right),
                BinaryOperator::Multiply => graph.multiply(left, right),
                BinaryOperator::Divide => graph.divide(left, right),
                BinaryOperator::Power => graph.power(left, right),
            }
        }
        ExpressionKind::Call { function, argument } => graph.function(*function, image(argument)),
        ExpressionKind::Minimum(left, right) => {
            let (left, right) = (image(left), image(right));
            graph.select(left, right, left, right)
        }
        ExpressionKind::Maximum(left, right) => {
            let (left, right) = (image(left), image(right));
            graph.select(left, right, right, left)
        }
        ExpressionKind::Select {
            left,
            right,
            then,
            otherwise,
        } => {
            let (then, otherwise) = (image(then), image(otherwise));
            graph.select(image(left), image(right), then, otherwise)
        }
        // Neither is trained yet. An integral is a number that the point at hand does not know.
        ExpressionKind::Unknown(id) => graph.uniform(uniform_of_unknown(problem, id.index())),
        ExpressionKind::Integral { .. } => graph.datum(0),
    }
}
