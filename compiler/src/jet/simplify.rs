//! Canonical construction: the simplification rules, all of them.
//!
//! A rule rewrites towards the smaller form and is applied once, when a node is constructed; no rule
//! expands a product over a sum of symbols, so expressions never swell. In the rules below `c` is a number.
//!
//! | rule | |
//! | --- | --- |
//! | sums are flat | `(a + b) + c·d → a + b + c·d` |
//! | like terms are collected | `2·a + 3·a → 5·a`, `a − a → 0` |
//! | numbers multiply into sums | `c·(a + b) → c·a + c·b` |
//! | products are flat | `(a·b)·d → a·b·d` |
//! | like factors are collected | `a·a² → a³`, `a/a → 1` |
//! | numbers leave products | `a·(2·b) → 2·(a·b)`, `0·a → 0` |
//! | whole powers are products | `a^3 → a·a·a` kept as one factor with exponent 3 |
//! | even and odd functions | `sin(−a) → −sin a`, `cos(−a) → cos a` |
//! | values at zero | `sin 0 → 0`, `cos 0 → 1`, `exp 0 → 1`, … |
//! | a choice between equals | `if … { a } else { a } → a` |

use super::{Bits, Graph, Node, NodeId};
use crate::function::{Algebra, Function, Parity};

/// Sums longer than this are kept as a term of the sum that they enter: merging them again and again would
/// take quadratic time in long chains.
const LONGEST_MERGED_SUM: usize = 64;

impl Graph {
    /// `constant + Σ coefficient·node`, canonical.
    pub fn sum(&mut self, terms: &[(NodeId, f64)], constant: f64) -> NodeId {
        let mut constant = constant;
        let mut flat: Vec<(NodeId, f64)> = Vec::with_capacity(terms.len());
        for &(id, coefficient) in terms {
            match self.node(id) {
                Node::Number(bits) => constant += coefficient * bits.value(),
                Node::Sum {
                    constant: inner,
                    terms,
                } if terms.len() <= LONGEST_MERGED_SUM => {
                    constant += coefficient * inner.value();
                    flat.extend(terms.iter().map(|&(t, c)| (t, coefficient * c.value())));
                }
                Node::Coordinate(_)
                | Node::Uniform(_)
                | Node::Datum(_)
                | Node::Jet { .. }
                | Node::Sum { .. }
                | Node::Product(_)
                | Node::Power { .. }
                | Node::Call(..)
                | Node::Select { .. } => flat.push((id, coefficient)),
            }
        }
        flat.sort_by_key(|&(id, _)| id);
        let mut collected: Vec<(NodeId, f64)> = Vec::with_capacity(flat.len());
        for (id, coefficient) in flat {
            match collected.last_mut() {
                Some((last, sum)) if *last == id => *sum += coefficient,
                Some(_) | None => collected.push((id, coefficient)),
            }
        }
        collected.retain(|&(_, coefficient)| coefficient != 0.0);
        match collected.as_slice() {
            [] => self.number(constant),
            [(id, 1.0)] if constant == 0.0 => *id,
            _ => self.intern(Node::Sum {
                constant: Bits::new(constant),
                terms: collected
                    .into_iter()
                    .map(|(id, coefficient)| (id, Bits::new(coefficient)))
                    .collect(),
            }),
        }
    }

    /// `Π node^exponent`, canonical.
    pub fn product(&mut self, factors: &[(NodeId, i32)]) -> NodeId {
        let mut coefficient = 1.0;
        let mut flat: Vec<(NodeId, i32)> = Vec::with_capacity(factors.len());
        for &(id, exponent) in factors {
            match self.node(id) {
                Node::Number(bits) => coefficient *= bits.value().powi(exponent),
                Node::Product(inner) => {
                    flat.extend(inner.iter().map(|&(f, e)| (f, times(e, exponent))));
                }
                Node::Sum { constant, terms } if constant.value() == 0.0 && terms.len() == 1 => {
                    // c·a: the number leaves, and `a` may itself be a product.
                    let (inner, scale) = terms[0];
                    coefficient *= scale.value().powi(exponent);
                    match self.node(inner) {
                        Node::Product(inner) => {
                            flat.extend(inner.iter().map(|&(f, e)| (f, times(e, exponent))));
                        }
                        Node::Number(_)
                        | Node::Coordinate(_)
                        | Node::Uniform(_)
                        | Node::Datum(_)
                        | Node::Jet { .. }
                        | Node::Sum { .. }
                        | Node::Power { .. }
                        | Node::Call(..)
                        | Node::Select { .. } => flat.push((inner, exponent)),
                    }
                }
                Node::Coordinate(_)
                | Node::Uniform(_)
                | Node::Datum(_)
                | Node::Jet { .. }
                | Node::Sum { .. }
                | Node::Power { .. }
                | Node::Call(..)
                | Node::Select { .. } => flat.push((id, exponent)),
            }
        }
        if coefficient == 0.0 {
            return self.number(0.0);
        }
        flat.sort_by_key(|&(id, _)| id);
        let mut collected: Vec<(NodeId, i32)> = Vec::with_capacity(flat.len());
        for (id, exponent) in flat {
            match collected.last_mut() {
                Some((last, sum)) if *last == id => {
                    *sum = bounded(i64::from(*sum) + i64::from(exponent))
                }
                Some(_) | None => collected.push((id, exponent)),
            }
        }
        collected.retain(|&(_, exponent)| exponent != 0);
        let product = match collected.as_slice() {
            [] => return self.number(coefficient),
            [(id, 1)] => *id,
            _ => self.intern(Node::Product(collected)),
        };
        self.scale(coefficient, product)
    }

    /// `number·node`, canonical.
    pub fn scale(&mut self, number: f64, id: NodeId) -> NodeId {
        self.sum(&[(id, number)], 0.0)
    }

    /// `−node`, canonical.
    pub fn negate(&mut self, id: NodeId) -> NodeId {
        self.scale(-1.0, id)
    }

    /// `left − right`, canonical.
    pub fn subtract(&mut self, left: NodeId, right: NodeId) -> NodeId {
        self.sum(&[(left, 1.0), (right, -1.0)], 0.0)
    }

    /// `base^exponent`, canonical. Whole exponents become products.
    pub fn power(&mut self, base: NodeId, exponent: NodeId) -> NodeId {
        if let Some(number) = self.as_number(exponent) {
            #[allow(clippy::cast_possible_truncation)] // checked to be whole and small
            if number.fract() == 0.0 && number.abs() <= 1024.0 {
                return self.product(&[(base, number as i32)]);
            }
            if number == 0.5 {
                return self.function(Function::Sqrt, base);
            }
        }
        self.intern(Node::Power { base, exponent })
    }

    /// `function(argument)`, canonical.
    pub fn function(&mut self, function: Function, argument: NodeId) -> NodeId {
        if self.as_number(argument) == Some(0.0)
            && let Some(value) = function.at_zero()
        {
            return self.number(value);
        }
        if let Some(parity) = function.parity()
            && self.is_negative(argument)
        {
            let positive = self.negate(argument);
            let value = self.function(function, positive);
            return match parity {
                Parity::Even => value,
                Parity::Odd => self.negate(value),
            };
        }
        self.intern(Node::Call(function, argument))
    }

    /// `if left < right { less } else { otherwise }`, canonical.
    pub fn select(
        &mut self,
        left: NodeId,
        right: NodeId,
        less: NodeId,
        otherwise: NodeId,
    ) -> NodeId {
        if less == otherwise {
            return less;
        }
        if let (Some(a), Some(b)) = (self.as_number(left), self.as_number(right)) {
            return if a < b { less } else { otherwise };
        }
        self.intern(Node::Select {
            left,
            right,
            less,
            otherwise,
        })
    }

    /// Whether a node is written with a leading minus: a negative number, or a sum without constant whose
    /// first coefficient is negative.
    fn is_negative(&self, id: NodeId) -> bool {
        match self.node(id) {
            Node::Number(bits) => bits.value() < 0.0,
            Node::Sum { constant, terms } => {
                constant.value() < 0.0
                    || (constant.value() == 0.0 && terms.first().is_some_and(|t| t.1.value() < 0.0))
            }
            Node::Coordinate(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Product(_)
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => false,
        }
    }
}

/// An exponent that cannot overflow: a power beyond this is zero, one or infinite in floating point anyway.
fn bounded(exponent: i64) -> i32 {
    const LARGEST: i64 = 1 << 24;
    i32::try_from(exponent.clamp(-LARGEST, LARGEST)).unwrap_or(0)
}

fn times(left: i32, right: i32) -> i32 {
    bounded(i64::from(left) * i64::from(right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jet::{MultiIndex, Unknown};

    fn graph() -> (Graph, NodeId, NodeId, NodeId) {
        let mut g = Graph::new(vec![Unknown {
            name: "u".into(),
            arguments: vec![0, 1],
        }]);
        let x = g.coordinate(0);
        let k = g.uniform(0);
        let u = g.jet(0, MultiIndex::zero());
        (g, x, k, u)
    }

    #[test]
    fn sums_are_flat_and_collect_like_terms() {
        let (mut g, x, k, u) = graph();
        let a = g.add(x, k);
        let b = g.sum(&[(a, 2.0), (u, 1.0), (x, -2.0)], 1.0);
        let expected = g.sum(&[(k, 2.0), (u, 1.0)], 1.0);
        assert_eq!(b, expected);
        assert_eq!(g.subtract(a, a), g.number(0.0));
    }

    #[test]
    fn products_are_flat_and_collect_like_factors() {
        let (mut g, x, k, u) = graph();
        let a = g.multiply(x, k);
        let b = g.multiply(a, x);
        assert_eq!(b, g.product(&[(x, 2), (k, 1)]));
        let ratio = g.divide(b, a);
        assert_eq!(ratio, x);
        let zero = g.number(0.0);
        assert_eq!(g.multiply(u, zero), zero);
    }

    #[test]
    fn numbers_leave_products() {
        let (mut g, x, _, u) = graph();
        let doubled = g.scale(2.0, x);
        let left = g.multiply(u, doubled);
        let inner = g.multiply(u, x);
        assert_eq!(left, g.scale(2.0, inner));
    }

    #[test]
    fn products_are_not_expanded_over_sums() {
        let (mut g, x, k, u) = graph();
        let sum = g.add(x, k);
        let product = g.multiply(sum, u);
        assert!(matches!(g.node(product), Node::Product(_)));
    }

    #[test]
    fn whole_powers_are_products() {
        let (mut g, x, _, _) = graph();
        let three = g.number(3.0);
        assert_eq!(g.power(x, three), g.product(&[(x, 3)]));
        let half = g.number(0.5);
        assert_eq!(g.power(x, half), g.function(Function::Sqrt, x));
    }

    #[test]
    fn parity_and_values_at_zero() {
        let (mut g, x, _, _) = graph();
        let minus = g.negate(x);
        let sin = g.function(Function::Sin, x);
        assert_eq!(g.function(Function::Sin, minus), g.negate(sin));
        assert_eq!(
            g.function(Function::Cos, minus),
            g.function(Function::Cos, x)
        );
        let zero = g.number(0.0);
        assert_eq!(g.function(Function::Exp, zero), g.number(1.0));
    }

    #[test]
    fn a_choice_between_equals_is_none() {
        let (mut g, x, k, u) = graph();
        assert_eq!(g.select(x, k, u, u), u);
    }
}
