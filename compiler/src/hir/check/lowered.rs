//! The problem as jet expressions, for the checks that must see through how things are written.
//!
//! Unlike [`jet::lower()`], this keeps the image of every expression, so that what is found in the graph can be
//! shown in the text.

use crate::classify::{coefficient, degree};
use crate::function::Algebra;
use crate::hir::{Condition, ExpressionId, ExpressionKind, FieldId, Problem};
use crate::jet::{self, Graph, MultiIndex, Node, NodeId};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// A problem and its expressions as jet expressions.
pub(super) struct Lowered<'a> {
    pub(super) problem: &'a Problem,
    /// The values of the parameters.
    pub(super) parameters: Vec<f64>,
    pub(super) graph: Graph,
    /// The image of each expression, by its position.
    pub(super) images: Vec<NodeId>,
    /// One residual for each equation.
    pub(super) equations: Vec<NodeId>,
    /// One residual for each condition.
    pub(super) conditions: Vec<NodeId>,
    /// What conditions give, as far as it has been asked.
    given: BTreeMap<usize, Option<Given>>,
    /// How many conditions each declaration makes.
    declared: BTreeMap<Span, usize>,
}

/// What a condition gives: a derivative of a field, and its value.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) field: FieldId,
    pub(super) index: MultiIndex,
    pub(super) value: NodeId,
}

/// How many operands the derivatives of one expression may write, and those of all together. At the limit the command
/// still answers within a second; derivatives that people take write thousands.
const LARGEST: usize = 400_000;
const LARGEST_ALTOGETHER: usize = 8 * LARGEST;

impl<'a> Lowered<'a> {
    /// Lowers a problem.
    ///
    /// # Errors
    ///
    /// The first derivative that is too large to be written out.
    pub(super) fn new(problem: &'a Problem) -> Result<Self, ExpressionId> {
        let unknowns = problem.fields.iter().map(|(_, field)| jet::Unknown {
            name: field.name.clone(),
            arguments: field
                .arguments
                .iter()
                .map(|c| u16::try_from(c.index()).unwrap_or(u16::MAX))
                .collect(),
        });
        let mut graph = Graph::new(unknowns.collect());
        let mut images = Vec::with_capacity(problem.expressions.len());
        let mut altogether = LARGEST_ALTOGETHER;
        for (id, expression) in problem.expressions.iter() {
            let differentiates = matches!(expression.kind, ExpressionKind::Derivative { .. });
            let most = LARGEST.min(altogether);
            graph.limit(differentiates.then_some(most));
            let image = jet::lower_expression(problem, &mut graph, &images, &expression.kind);
            if graph.is_exhausted() {
                return Err(id);
            }
            altogether -= graph.left().map_or(0, |left| most - left);
            images.push(image);
        }
        graph.limit(None);
        let mut declared = BTreeMap::new();
        for condition in &problem.conditions {
            *declared.entry(condition.span).or_insert(0) += 1;
        }
        let mut residual = |left: ExpressionId, right: ExpressionId| {
            graph.subtract(images[left.index()], images[right.index()])
        };
        let equations = problem.equations.iter();
        let equations = equations.map(|e| residual(e.left, e.right)).collect();
        let conditions = problem.conditions.iter();
        let conditions = conditions.map(|c| residual(c.left, c.right)).collect();
        Ok(Self {
            problem,
            parameters: problem.parameter_values(),
            graph,
            images,
            equations,
            conditions,
            given: BTreeMap::new(),
            declared,
        })
    }

    /// What a condition gives, where it gives one derivative of one field as a formula.
    pub(super) fn given(&mut self, number: usize) -> Option<Given> {
        if let Some(known) = self.given.get(&number) {
            return known.clone();
        }
        let found = self.find_given(number);
        self.given.insert(number, found.clone());
        found
    }

    fn find_given(&mut self, number: usize) -> Option<Given> {
        let residual = *self.conditions.get(number)?;
        let condition = self.problem.conditions.get(number)?;
        let jets = self.jets(residual);
        let (function, index) = match (jets.first(), jets.len()) {
            (Some(only), 1) => only.clone(),
            _ => return None,
        };
        let field = crate::arena::Id::from_index(function);
        let sides = [condition.left, condition.right].map(|side| self.images[side.index()]);
        // Nearly all conditions say `u = …`.
        if matches!(self.graph.node(sides[0]), Node::Jet { .. }) && self.jets(sides[1]).is_empty() {
            return Some(Given {
                field,
                index,
                value: sides[1],
            });
        }
        if degree(&self.graph, residual, |_, _| true) != Some(1) {
            return None;
        }
        let factor = coefficient(&mut self.graph, residual, &(function, index.clone()));
        let rest = self.graph.substitute(&[residual], |graph, leaf| {
            matches!(leaf, Node::Jet { .. }).then(|| graph.number(0.0))
        });
        let rest = self.graph.negate(*rest.first()?);
        let value = self.graph.product(&[(rest, 1), (factor, -1)]);
        Some(Given {
            field,
            index,
            value,
        })
    }

    /// The nodes that one expression is made of. Unlike [`Graph::reachable`], it takes no longer in a larger graph.
    pub(super) fn under(&self, root: NodeId) -> BTreeSet<NodeId> {
        let mut found = BTreeSet::new();
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if found.insert(id) {
                self.graph.for_each_child(id, |child| stack.push(child));
            }
        }
        found
    }

    /// The derivatives in one expression.
    pub(super) fn jets(&self, root: NodeId) -> BTreeSet<(usize, MultiIndex)> {
        let under = self.under(root).into_iter();
        under
            .filter_map(|id| match self.graph.node(id) {
                Node::Jet { function, index } => Some((usize::from(*function), index.clone())),
                Node::Number(_)
                | Node::Coordinate(_)
                | Node::Uniform(_)
                | Node::Datum(_)
                | Node::Sum { .. }
                | Node::Product(_)
                | Node::Power { .. }
                | Node::Call(..)
                | Node::Select { .. } => None,
            })
            .collect()
    }

    /// Whether an expression has parts that are known only with the solution: jets, integrals, unknown numbers.
    pub(super) fn is_open(&self, root: NodeId) -> bool {
        let parameters = self.problem.parameters.len();
        self.under(root)
            .into_iter()
            .any(|id| !is_known_leaf(self.graph.node(id), parameters))
    }

    /// Whether integrals or other numbers of the whole solution stand in it.
    pub(super) fn has_integrals(&self, root: NodeId) -> bool {
        let mut under = self.under(root).into_iter();
        under.any(|id| matches!(self.graph.node(id), Node::Datum(_)))
    }

    /// Whether the condition is the only one of its declaration, so that the declaration can go with it.
    pub(super) fn stands_alone(&self, condition: &Condition) -> bool {
        self.declared.get(&condition.span) == Some(&1)
    }
}

/// Whether a node, taken for itself, has a value that is known before training.
pub(super) fn is_known_leaf(node: &Node, parameters: usize) -> bool {
    match node {
        Node::Jet { .. } | Node::Datum(_) => false,
        Node::Uniform(uniform) => usize::from(*uniform) < parameters,
        Node::Number(_)
        | Node::Coordinate(_)
        | Node::Sum { .. }
        | Node::Product(_)
        | Node::Power { .. }
        | Node::Call(..)
        | Node::Select { .. } => true,
    }
}
