//! From jet expressions back to expressions of a problem.

use super::density::Density;
use super::expression;
use crate::arena::Id;
use crate::hash::HashMap;
use crate::hir::{BinaryOperator, Constant, ExpressionId, ExpressionKind, FieldId, Problem};
use crate::jet::{Graph, MultiIndex, Node, NodeId};
use crate::source::Span;

/// A problem that grows by the expressions of jet expressions, children before parents.
pub(super) struct Raise {
    problem: Problem,
    span: Span,
    /// What each datum stands for.
    integrals: Vec<ExpressionId>,
    images: HashMap<NodeId, ExpressionId>,
}

impl Raise {
    pub(super) fn new(problem: Problem, density: &Density) -> Self {
        let span = problem.energies.first().map_or(Span::new(0, 0), |e| e.span);
        Self {
            problem,
            span,
            integrals: density.integrals.clone(),
            images: HashMap::default(),
        }
    }

    pub(super) fn problem_mut(&mut self) -> &mut Problem {
        &mut self.problem
    }

    pub(super) fn finish(self) -> Problem {
        self.problem
    }

    pub(super) fn push(&mut self, kind: ExpressionKind) -> ExpressionId {
        self.problem.expressions.push(expression(kind, self.span))
    }

    /// The expression of a node.
    pub(super) fn node(&mut self, graph: &Graph, root: NodeId) -> ExpressionId {
        for id in graph.reachable(&[root]) {
            if !self.images.contains_key(&id) {
                let image = self.raised(graph, id);
                self.images.insert(id, image);
            }
        }
        self.images[&root]
    }

    /// `left + root`, sign by sign.
    pub(super) fn continued(
        &mut self,
        graph: &Graph,
        left: ExpressionId,
        root: NodeId,
    ) -> ExpressionId {
        match graph.node(root) {
            Node::Sum { constant, terms } => {
                for (term, _) in terms {
                    self.node(graph, *term);
                }
                let terms: Vec<(ExpressionId, f64)> = terms
                    .iter()
                    .map(|(term, c)| (self.images[term], c.value()))
                    .collect();
                self.sum(Some(left), &terms, constant.value())
            }
            Node::Number(_)
            | Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Product(_)
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => {
                let right = self.node(graph, root);
                self.binary(BinaryOperator::Add, left, right)
            }
        }
    }

    fn raised(&mut self, graph: &Graph, id: NodeId) -> ExpressionId {
        match graph.node(id) {
            Node::Number(bits) => self.number(bits.value()),
            Node::Coordinate(c) => {
                self.push(ExpressionKind::Coordinate(Id::from_index(usize::from(*c))))
            }
            Node::Uniform(k) => self.uniform(usize::from(*k)),
            Node::Datum(d) => self.integrals[usize::from(*d)],
            Node::Jet { function, index } => {
                self.jet(Id::from_index(usize::from(*function)), index)
            }
            Node::Sum { constant, terms } => {
                let terms: Vec<(ExpressionId, f64)> = terms
                    .iter()
                    .map(|(term, c)| (self.images[term], c.value()))
                    .collect();
                self.sum(None, &terms, constant.value())
            }
            Node::Product(factors) => {
                let factors: Vec<(ExpressionId, i32)> =
                    factors.iter().map(|(f, e)| (self.images[f], *e)).collect();
                self.product(&factors)
            }
            Node::Power { base, exponent } => {
                let (base, exponent) = (self.images[base], self.images[exponent]);
                self.binary(BinaryOperator::Power, base, exponent)
            }
            Node::Call(function, argument) => {
                let (function, argument) = (*function, self.images[argument]);
                self.push(ExpressionKind::Call { function, argument })
            }
            Node::Select {
                left,
                right,
                less,
                otherwise,
            } => {
                let [left, right, then, otherwise] =
                    [left, right, less, otherwise].map(|id| self.images[id]);
                self.push(ExpressionKind::Select {
                    left,
                    right,
                    then,
                    otherwise,
                })
            }
        }
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        left: ExpressionId,
        right: ExpressionId,
    ) -> ExpressionId {
        self.push(ExpressionKind::Binary {
            operator,
            left,
            right,
        })
    }

    /// Signs are operations, so that no negative number stands behind an operator.
    fn number(&mut self, value: f64) -> ExpressionId {
        if value < 0.0 {
            let positive = self.number(-value);
            return self.push(ExpressionKind::Negate(positive));
        }
        if value == std::f64::consts::PI {
            return self.push(ExpressionKind::Constant(Constant::Pi));
        }
        self.push(ExpressionKind::Number(value))
    }

    /// Parameters, then the two ends of a time window, then numbers that are sought.
    fn uniform(&mut self, number: usize) -> ExpressionId {
        let parameters = self.problem.parameters.len();
        self.push(if number < parameters {
            ExpressionKind::Parameter(Id::from_index(number))
        } else {
            ExpressionKind::Unknown(Id::from_index(number.saturating_sub(parameters + 2)))
        })
    }

    fn jet(&mut self, field: FieldId, index: &MultiIndex) -> ExpressionId {
        let operand = self.push(ExpressionKind::Field(field));
        if index.order() == 0 {
            return operand;
        }
        let by = index.coordinates().map(Id::from_index).collect();
        self.push(ExpressionKind::Derivative { operand, by })
    }

    /// Positive terms first, after what is there already; the constant last.
    fn sum(
        &mut self,
        start: Option<ExpressionId>,
        terms: &[(ExpressionId, f64)],
        constant: f64,
    ) -> ExpressionId {
        let (positive, negative): (Vec<_>, Vec<_>) =
            terms.iter().copied().partition(|(_, c)| *c > 0.0);
        let mut all = positive;
        all.extend(negative);
        let mut sum = start;
        for (term, coefficient) in all {
            let term = self.scaled(term, coefficient.abs());
            sum = Some(self.added(sum, term, coefficient > 0.0));
        }
        if constant != 0.0 {
            let term = self.number(constant.abs());
            sum = Some(self.added(sum, term, constant > 0.0));
        }
        match sum {
            Some(sum) => sum,
            None => self.number(0.0),
        }
    }

    fn added(
        &mut self,
        sum: Option<ExpressionId>,
        term: ExpressionId,
        positive: bool,
    ) -> ExpressionId {
        match (sum, positive) {
            (None, true) => term,
            (None, false) => self.negated(term),
            (Some(sum), true) => self.binary(BinaryOperator::Add, sum, term),
            (Some(sum), false) => self.binary(BinaryOperator::Subtract, sum, term),
        }
    }

    fn scaled(&mut self, term: ExpressionId, factor: f64) -> ExpressionId {
        if factor == 1.0 {
            return term;
        }
        let factor = self.number(factor);
        self.before_product(term, |raise, first| {
            raise.binary(BinaryOperator::Multiply, factor, first)
        })
    }

    /// `-term`, the sign at its first factor.
    pub(super) fn negated(&mut self, term: ExpressionId) -> ExpressionId {
        self.before_product(term, |raise, first| {
            raise.push(ExpressionKind::Negate(first))
        })
    }

    /// Does something to the first factor of a product, so that no brackets are needed around the others.
    fn before_product(
        &mut self,
        term: ExpressionId,
        change: impl FnOnce(&mut Self, ExpressionId) -> ExpressionId,
    ) -> ExpressionId {
        let mut first = term;
        let mut others = Vec::new();
        while let ExpressionKind::Binary {
            operator: operator @ (BinaryOperator::Multiply | BinaryOperator::Divide),
            left,
            right,
        } = self.problem.expressions[first].kind
        {
            others.push((operator, right));
            first = left;
        }
        let mut product = change(self, first);
        for (operator, right) in others.into_iter().rev() {
            product = self.binary(operator, product, right);
        }
        product
    }

    /// Factors, then a stroke and those below it.
    fn product(&mut self, factors: &[(ExpressionId, i32)]) -> ExpressionId {
        let mut parts = [None, None];
        for (factor, exponent) in factors {
            let mut power = *factor;
            if exponent.unsigned_abs() != 1 {
                let exponent = self.number(f64::from(exponent.unsigned_abs()));
                power = self.binary(BinaryOperator::Power, power, exponent);
            }
            let part = usize::from(*exponent < 0);
            parts[part] = Some(match parts[part] {
                None => power,
                Some(product) => self.binary(BinaryOperator::Multiply, product, power),
            });
        }
        match parts {
            [Some(above), None] => above,
            [Some(above), Some(below)] => self.binary(BinaryOperator::Divide, above, below),
            [None, Some(below)] => {
                let one = self.number(1.0);
                self.binary(BinaryOperator::Divide, one, below)
            }
            [None, None] => self.number(1.0),
        }
    }
}
