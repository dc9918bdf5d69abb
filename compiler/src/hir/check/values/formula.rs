//! Formulas in coordinates and parameters, evaluated at single points.

use super::super::lowered::is_known_leaf;
use crate::function::Function;
use crate::jet::{Graph, Node, NodeId};
use crate::kernel::evaluate_function;
use std::collections::{BTreeSet, HashMap};

/// An argument below zero by less than this is zero but for rounding, as in `sqrt(sin(2*pi))`.
const ROUNDING: f64 = 1e-12;

/// Some nodes of a graph and all that they are made of, ready to be evaluated.
pub(in crate::hir::check) struct Formula {
    steps: Vec<Step>,
    positions: HashMap<NodeId, usize>,
    /// The coordinates that it mentions.
    pub(in crate::hir::check) coordinates: BTreeSet<usize>,
}

/// One node; operands are positions of earlier steps.
enum Step {
    /// Known only with the solution.
    Open,
    Number(f64),
    Coordinate(usize),
    Sum(f64, Vec<(usize, f64)>),
    Product(Vec<(usize, i32)>),
    Power(usize, usize),
    Call(Function, usize),
    Select([usize; 4]),
}

impl Formula {
    /// Everything under these nodes.
    pub(in crate::hir::check) fn new(graph: &Graph, roots: &[NodeId], parameters: &[f64]) -> Self {
        let mut needed = BTreeSet::new();
        let mut stack = roots.to_vec();
        while let Some(id) = stack.pop() {
            if needed.insert(id) {
                graph.for_each_child(id, |child| stack.push(child));
            }
        }
        let mut formula = Self {
            steps: Vec::with_capacity(needed.len()),
            positions: HashMap::with_capacity(needed.len()),
            coordinates: BTreeSet::new(),
        };
        // Handles grow from children to parents.
        for id in needed {
            let step = formula.step(graph.node(id), parameters);
            formula.positions.insert(id, formula.steps.len());
            formula.steps.push(step);
        }
        formula
    }

    fn step(&mut self, node: &Node, parameters: &[f64]) -> Step {
        if !is_known_leaf(node, parameters.len()) {
            return Step::Open;
        }
        let at = |id: &NodeId| self.positions.get(id).copied().unwrap_or(0);
        match node {
            Node::Number(bits) => Step::Number(bits.value()),
            Node::Coordinate(coordinate) => {
                self.coordinates.insert(usize::from(*coordinate));
                Step::Coordinate(usize::from(*coordinate))
            }
            Node::Uniform(uniform) => match parameters.get(usize::from(*uniform)) {
                Some(value) => Step::Number(*value),
                None => Step::Open,
            },
            Node::Datum(_) | Node::Jet { .. } => Step::Open,
            Node::Sum { constant, terms } => Step::Sum(
                constant.value(),
                terms.iter().map(|(t, c)| (at(t), c.value())).collect(),
            ),
            Node::Product(factors) => {
                Step::Product(factors.iter().map(|(f, e)| (at(f), *e)).collect())
            }
            Node::Power { base, exponent } => Step::Power(at(base), at(exponent)),
            Node::Call(function, argument) => Step::Call(*function, at(argument)),
            Node::Select {
                left,
                right,
                less,
                otherwise,
            } => Step::Select([at(left), at(right), at(less), at(otherwise)]),
        }
    }

    /// The number of operations.
    pub(in crate::hir::check) fn len(&self) -> usize {
        self.steps.len()
    }

    /// The position of a node among the values.
    pub(in crate::hir::check) fn position(&self, node: NodeId) -> Option<usize> {
        self.positions.get(&node).copied()
    }

    /// Whether each value is known before training.
    pub(in crate::hir::check) fn known(&self) -> Vec<bool> {
        let mut known: Vec<bool> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let here = match step {
                Step::Open => false,
                Step::Number(_) | Step::Coordinate(_) => true,
                Step::Sum(_, terms) => terms.iter().all(|(t, _)| known[*t]),
                Step::Product(factors) => factors.iter().all(|(f, _)| known[*f]),
                Step::Power(base, exponent) => known[*base] && known[*exponent],
                Step::Call(_, argument) => known[*argument],
                Step::Select(operands) => operands.iter().all(|o| known[*o]),
            };
            known.push(here);
        }
        known
    }

    /// All values at a point; what is open is not a number.
    pub(in crate::hir::check) fn evaluate(&self, point: &[f64], values: &mut Vec<f64>) {
        values.clear();
        for step in &self.steps {
            let value = match step {
                Step::Open => f64::NAN,
                Step::Number(value) => *value,
                Step::Coordinate(coordinate) => point.get(*coordinate).copied().unwrap_or(0.0),
                Step::Sum(constant, terms) => terms
                    .iter()
                    .fold(*constant, |sum, (t, c)| sum + c * values[*t]),
                Step::Product(factors) => factors
                    .iter()
                    .fold(1.0, |product, (f, e)| product * values[*f].powi(*e)),
                Step::Power(base, exponent) => {
                    libm::pow(grounded(values[*base]), values[*exponent])
                }
                Step::Call(function @ (Function::Sqrt | Function::Log), argument) => {
                    evaluate_function(*function, grounded(values[*argument]))
                }
                Step::Call(function, argument) => evaluate_function(*function, values[*argument]),
                Step::Select([left, right, less, otherwise]) => {
                    if values[*left] < values[*right] {
                        values[*less]
                    } else {
                        values[*otherwise]
                    }
                }
            };
            values.push(value);
        }
    }

    /// Whether something has no real value, such as the root of a negative number.
    pub(in crate::hir::check) fn is_not_real(&self, values: &[f64]) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Call(Function::Sqrt | Function::Log, argument) => {
                grounded(values[*argument]) < 0.0
            }
            Step::Power(base, exponent) => {
                grounded(values[*base]) < 0.0 && values[*exponent].fract() != 0.0
            }
            Step::Open
            | Step::Number(_)
            | Step::Coordinate(_)
            | Step::Sum(..)
            | Step::Product(_)
            | Step::Call(..)
            | Step::Select(_) => false,
        })
    }

    /// What is divided by: the positions of the denominators, and of the angles whose cosine is one.
    pub(in crate::hir::check) fn denominators(&self) -> Vec<(usize, bool)> {
        let mut found = BTreeSet::new();
        for step in &self.steps {
            match step {
                Step::Product(factors) => {
                    let below = factors.iter().filter(|(_, exponent)| *exponent < 0);
                    found.extend(below.map(|(factor, _)| (*factor, false)));
                }
                Step::Call(Function::Tan, argument) => {
                    found.insert((*argument, true));
                }
                Step::Open
                | Step::Number(_)
                | Step::Coordinate(_)
                | Step::Sum(..)
                | Step::Power(..)
                | Step::Call(..)
                | Step::Select(_) => {}
            }
        }
        found.into_iter().collect()
    }
}

/// A number that is negative by rounding alone is zero.
fn grounded(value: f64) -> f64 {
    if value < 0.0 && value > -ROUNDING {
        0.0
    } else {
        value
    }
}
