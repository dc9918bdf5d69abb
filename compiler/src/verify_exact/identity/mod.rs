//! Whether an expression is zero as a formula.
//!
//! * Input: an expression without jets, and the values of parameters.
//! * Output: whether it is zero identically; none where that cannot be said.
//! * Method: it is written out as a sum of products of coordinates, exponentials and logarithms. Trigonometric and
//!   hyperbolic functions are exponentials (Euler), powers are exponentials of logarithms, quotients are multiplied out,
//!   and what is chosen by a comparison is its indicator: polynomials in all of these have one form, and zero is the empty
//!   sum. Functions that are none of these, such as `erf`, are symbols.
//! * Invariant: `Some(true)` is an identity up to the rounding of numbers in its coefficients, wherever the expression is
//!   defined, but for what may happen where a comparison turns. `Some(false)` says only that it does not vanish in this form: relations such as
//!   `log(x·y) = log x + log y` are not used.

mod polynomial;
mod ring;
#[cfg(test)]
mod tests;

use crate::function::Function;
use crate::hash::HashMap;
use crate::jet::{Graph, Node, NodeId};
use polynomial::{Coefficient, Polynomial};
use ring::Ring;

/// Nodes of an expression that is written out.
const NODES: usize = 4_000;

/// Products of terms that one expression may take, and all expressions of a file together.
const PRODUCTS: usize = 50_000;
const PRODUCTS_OF_A_FILE: usize = 400_000;

/// What is left to be spent on formulas.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(PRODUCTS_OF_A_FILE)
    }
}

/// Whether an expression is zero as a formula, where that can be said.
pub(super) fn is_zero(
    graph: &Graph,
    root: NodeId,
    uniforms: &[f64],
    budget: &mut Budget,
) -> Option<bool> {
    let mut ring = Ring::new(PRODUCTS.min(budget.0));
    let before = ring.left;
    let found = is_zero_in(&mut ring, graph, root, uniforms);
    budget.0 -= before - ring.left;
    found
}

fn is_zero_in(ring: &mut Ring, graph: &Graph, root: NodeId, uniforms: &[f64]) -> Option<bool> {
    let nodes = graph.reachable(&[root]);
    if nodes.len() > NODES {
        return None;
    }
    let mut known: HashMap<NodeId, Polynomial> = HashMap::default();
    for id in nodes {
        let value = written_out(ring, graph, id, uniforms, &known)?;
        known.insert(id, value);
    }
    ring.is_zero(known.remove(&root)?)
}

fn written_out(
    ring: &mut Ring,
    graph: &Graph,
    id: NodeId,
    uniforms: &[f64],
    known: &HashMap<NodeId, Polynomial>,
) -> Option<Polynomial> {
    let value = match graph.node(id) {
        Node::Number(number) => Polynomial::number(number.value()),
        Node::Coordinate(coordinate) => ring.coordinate(usize::from(*coordinate))?,
        Node::Uniform(uniform) => Polynomial::number(*uniforms.get(usize::from(*uniform))?),
        Node::Datum(_) | Node::Jet { .. } => return None,
        Node::Sum { constant, terms } => {
            let mut sum = Polynomial::number(constant.value());
            for (term, factor) in terms {
                sum.add(known.get(term)?, real(factor.value()));
            }
            sum.pruned()
        }
        Node::Product(factors) => {
            let mut product = Polynomial::number(1.0);
            for (factor, exponent) in factors {
                let power = ring.power(known.get(factor)?, *exponent)?;
                product = ring.multiply(&product, &power)?;
            }
            product
        }
        Node::Power { base, exponent } => {
            let logarithm = ring.logarithm(known.get(base)?)?;
            let exponent = ring.multiply(known.get(exponent)?, &logarithm)?;
            ring.exponential(&exponent)?
        }
        Node::Call(function, argument) => call(ring, *function, known.get(argument)?)?,
        Node::Select {
            left,
            right,
            less,
            otherwise,
        } => {
            let mut below = known.get(left)?.clone();
            below.add(known.get(right)?, real(-1.0));
            let below = ring.indicator(below.pruned())?;
            let otherwise = known.get(otherwise)?;
            let mut difference = known.get(less)?.clone();
            difference.add(otherwise, real(-1.0));
            let mut sum = ring.multiply(&below, &difference.pruned())?;
            sum.add(otherwise, real(1.0));
            sum.pruned()
        }
    };
    value.is_finite().then_some(value)
}

fn real(value: f64) -> Coefficient {
    Coefficient::new(value, 0.0)
}

/// A function by what it is made of.
fn call(ring: &mut Ring, function: Function, argument: &Polynomial) -> Option<Polynomial> {
    match function {
        Function::Exp => ring.exponential(argument),
        Function::Log => ring.logarithm(argument),
        Function::Sqrt => root(ring, argument),
        Function::Sin => pair(
            ring,
            argument,
            Coefficient::new(0.0, 1.0),
            Coefficient::new(0.0, -0.5),
            -1.0,
        ),
        Function::Cos => pair(ring, argument, Coefficient::new(0.0, 1.0), real(0.5), 1.0),
        Function::Sinh => pair(ring, argument, real(1.0), real(0.5), -1.0),
        Function::Cosh => pair(ring, argument, real(1.0), real(0.5), 1.0),
        Function::Tan => quotient(ring, argument, Function::Sin, Function::Cos),
        Function::Tanh => quotient(ring, argument, Function::Sinh, Function::Cosh),
        Function::Sech => {
            let cosh = call(ring, Function::Cosh, argument)?;
            ring.inverse(&cosh)
        }
        Function::Abs => {
            let square = ring.multiply(argument, argument)?;
            root(ring, &square)
        }
        Function::Sign => {
            let size = call(ring, Function::Abs, argument)?;
            let inverse = ring.inverse(&size)?;
            ring.multiply(argument, &inverse)
        }
        Function::Atan | Function::Erf | Function::Heaviside => {
            ring.unknown(function, argument.clone())
        }
    }
}

/// `factor·(exp(turn·a) + sign·exp(−turn·a))`
fn pair(
    ring: &mut Ring,
    argument: &Polynomial,
    turn: Coefficient,
    factor: Coefficient,
    sign: f64,
) -> Option<Polynomial> {
    let ahead = ring.exponential(&argument.scaled(turn))?;
    let back = ring.exponential(&argument.scaled(turn.times(real(-1.0))))?;
    let mut sum = ahead;
    sum.add(&back, real(sign));
    Some(sum.scaled(factor))
}

fn quotient(
    ring: &mut Ring,
    argument: &Polynomial,
    above: Function,
    below: Function,
) -> Option<Polynomial> {
    let above = call(ring, above, argument)?;
    let below = call(ring, below, argument)?;
    let below = ring.inverse(&below)?;
    ring.multiply(&above, &below)
}

fn root(ring: &mut Ring, argument: &Polynomial) -> Option<Polynomial> {
    if argument.terms.is_empty() {
        return Some(Polynomial::default());
    }
    let logarithm = ring.logarithm(argument)?;
    ring.exponential(&logarithm.scaled(real(0.5)))
}
