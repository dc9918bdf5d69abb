//! From the resolved problem to jet expressions.

use super::{Graph, MultiIndex, Node, NodeId, Unknown};
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
    /// One residual for each constraint, in order.
    pub constraints: Vec<NodeId>,
    /// The integrals in equations, conditions and constraints, each once: of [`lower_whole`] only.
    pub integrals: Vec<Integrated>,
}

/// An integral whose value is a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integrated {
    /// What is integrated.
    pub operand: NodeId,
    /// Over which coordinates, sorted.
    pub over: Vec<usize>,
    /// An expression of the problem that says so.
    pub from: hir::ExpressionId,
    /// The uniform that stands for its value.
    pub uniform: usize,
}

/// Lowers a whole problem. An integral is a number that the point at hand does not know: a datum.
#[must_use]
pub fn lower(problem: &Problem) -> Lowering {
    lower_by(problem, false)
}

/// The same with a uniform of its own for each integral, behind those of the problem's unknowns: the values of integrals
/// are found together with the fields.
#[must_use]
pub fn lower_whole(problem: &Problem) -> Lowering {
    lower_by(problem, true)
}

fn lower_by(problem: &Problem, whole: bool) -> Lowering {
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
    let (images, mut integrals) = lower_arena(problem, &mut graph, whole);
    let mut residual = |left: hir::ExpressionId, right: hir::ExpressionId| {
        graph.subtract(images[left.index()], images[right.index()])
    };
    let equations: Vec<NodeId> = problem
        .equations
        .iter()
        .map(|equation| residual(equation.left, equation.right))
        .collect();
    let conditions: Vec<NodeId> = problem
        .conditions
        .iter()
        .map(|condition| residual(condition.left, condition.right))
        .collect();
    let constraints: Vec<NodeId> = problem
        .constraints
        .iter()
        .map(|constraint| residual(constraint.left, constraint.right))
        .collect();
    if whole {
        let roots = [&equations, &conditions, &constraints];
        let roots: Vec<NodeId> = roots.into_iter().flatten().copied().collect();
        keep_used(problem, &mut graph, &roots, &mut integrals);
    }
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
        constraints,
        integrals,
        graph,
    }
}

/// Leaves only the integrals that these expressions mention, or integrals in them.
fn keep_used(
    problem: &Problem,
    graph: &mut Graph,
    roots: &[NodeId],
    integrals: &mut Vec<Integrated>,
) {
    let mut roots = roots.to_vec();
    let mut used = vec![false; integrals.len()];
    let first = uniform_of_unknown(problem, problem.unknowns.len());
    while let Some(root) = roots.pop() {
        for id in graph.reachable(&[root]) {
            let Node::Uniform(uniform) = *graph.node(id) else {
                continue;
            };
            let found = usize::from(uniform).checked_sub(first);
            if let Some(number) = found
                && let Some(used) = used.get_mut(number)
                && !std::mem::replace(used, true)
            {
                roots.push(integrals[number].operand);
            }
        }
    }
    let mut used = used.into_iter();
    integrals.retain(|_| used.next().unwrap_or(false));
}

/// The uniform that stands for an unknown number: they come behind the parameters and the ends of the time window.
#[must_use]
pub fn uniform_of_unknown(problem: &Problem, unknown: usize) -> usize {
    problem.parameters.len() + 2 + unknown
}

/// Lowers every expression of the problem; the answer is indexed like its arena. Where they are wanted, integrals are
/// uniforms of their own.
pub(crate) fn lower_arena(
    problem: &Problem,
    graph: &mut Graph,
    whole: bool,
) -> (Vec<NodeId>, Vec<Integrated>) {
    let mut images = Vec::with_capacity(problem.expressions.len());
    let mut integrals: Vec<Integrated> = Vec::new();
    for (from, expression) in problem.expressions.iter() {
        let image = match &expression.kind {
            ExpressionKind::Integral { operand, over } if whole => {
                let operand: NodeId = images[operand.index()];
                let over: Vec<usize> = over.iter().map(|id| id.index()).collect();
                let same = |it: &&Integrated| it.operand == operand && it.over == over;
                let known = integrals.iter().find(same).map(|it| it.uniform);
                let uniform = known.unwrap_or_else(|| {
                    let behind = problem.unknowns.len() + integrals.len();
                    let uniform = uniform_of_unknown(problem, behind);
                    integrals.push(Integrated {
                        operand,
                        over,
                        from,
                        uniform,
                    });
                    uniform
                });
                graph.uniform(uniform)
            }
            kind => lower_expression(problem, graph, &images, kind),
        };
        images.push(image);
    }
    (images, integrals)
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
