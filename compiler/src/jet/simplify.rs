//! Canonical construction: the simplification rules, all of them.
//!
//! A rule rewrites towards the smaller form and is applied once, when a node is constructed; no rule
//! expands a product over a sum of symbols, so expressions never swell. In the rules below `c` is a number.
//!
//! Each rule has a test of its name below.
//!
//! | rule | |
//! | --- | --- |
//! | numbers add up | `2 + x + 3 → x + 5` |
//! | sums are flat | `(a + b) + c·d → a + b + c·d` |
//! | like terms are collected | `2·a + 3·a → 5·a`, `a − a → 0` |
//! | numbers multiply into sums | `c·(a + b) → c·a + c·b` |
//! | products are flat | `(a·b)·d → a·b·d` |
//! | like factors are collected | `a·a² → a³`, `a/a → 1` |
//! | numbers leave products | `a·(2·b) → 2·(a·b)` |
//! | zero takes all | `0·a → 0` |
//! | whole powers are products | `a^3 → a·a·a` kept as one factor with exponent 3, `a^0 → 1` |
//! | half a power is a root | `a^0.5 → sqrt a` |
//! | even and odd functions | `sin(−a) → −sin a`, `cos(−a) → cos a` |
//! | values at zero | `sin 0 → 0`, `cos 0 → 1`, `exp 0 → 1`, … |
//! | a choice between equals | `if … { a } else { a } → a` |
//! | a choice between numbers | `if 1 < 2 { a } else { b } → a` |

use super::exponent::{bounded, power_of_number, times};
use super::{Bits, Graph, Node, NodeId};
use crate::function::{Algebra, Function, Parity};

/// Products of more factors than this are kept as a factor of the product that they enter: a chain of functions
/// has a derivative of as many factors as links, and the next derivative would write all of them out for each.
const LONGEST_MERGED_PRODUCT: usize = 16;

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
                Node::Number(bits) => coefficient *= power_of_number(bits.value(), exponent),
                Node::Product(inner) if inner.len() <= LONGEST_MERGED_PRODUCT => {
                    flat.extend(inner.iter().map(|&(f, e)| (f, times(e, exponent))));
                }
                Node::Sum { constant, terms } if constant.value() == 0.0 && terms.len() == 1 => {
                    // c·a: the number leaves, and `a` may itself be a product.
                    let (inner, scale) = terms[0];
                    coefficient *= power_of_number(scale.value(), exponent);
                    match self.node(inner) {
                        Node::Product(inner) if inner.len() <= LONGEST_MERGED_PRODUCT => {
                            flat.extend(inner.iter().map(|&(f, e)| (f, times(e, exponent))));
                        }
                        Node::Number(_)
                        | Node::Coordinate(_)
                        | Node::Uniform(_)
                        | Node::Datum(_)
                        | Node::Jet { .. }
                        | Node::Sum { .. }
                        | Node::Product(_)
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
                | Node::Product(_)
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

#[cfg(test)]
mod tests {
    //! A test for each rule of the table, under its name.

    use super::*;
    use crate::jet::{MultiIndex, Unknown};

    /// A graph with x, k and u.
    fn graph() -> (Graph, [NodeId; 3]) {
        let mut g = Graph::new(vec![Unknown {
            name: "u".into(),
            arguments: vec![0, 1],
        }]);
        let leaves = [g.coordinate(0), g.uniform(0), g.jet(0, MultiIndex::zero())];
        (g, leaves)
    }

    #[test]
    fn numbers_add_up() {
        let (mut g, [x, ..]) = graph();
        let (two, three) = (g.number(2.0), g.number(3.0));
        assert_eq!(g.sum(&[(two, 4.0), (three, -1.0)], 0.5), g.number(5.5));
        let left = g.sum(&[(two, 1.0), (x, 1.0)], 3.0);
        assert_eq!(left, g.sum(&[(x, 1.0)], 5.0));
    }

    #[test]
    fn sums_are_flat() {
        let (mut g, [x, k, u]) = graph();
        let inner = g.add(x, k);
        let outer = g.sum(&[(inner, 2.0), (u, 1.0)], 1.0);
        assert_eq!(outer, g.sum(&[(u, 1.0), (k, 2.0), (x, 2.0)], 1.0));
    }

    #[test]
    fn like_terms_are_collected() {
        let (mut g, [x, k, u]) = graph();
        let five = g.sum(&[(x, 2.0), (u, 1.0), (x, 3.0)], 0.0);
        assert_eq!(five, g.sum(&[(x, 5.0), (u, 1.0)], 0.0));
        let sum = g.add(x, k);
        assert_eq!(g.subtract(sum, sum), g.number(0.0));
        assert_eq!(g.subtract(sum, x), k);
    }

    #[test]
    fn numbers_multiply_into_sums() {
        let (mut g, [x, k, _]) = graph();
        let sum = g.sum(&[(x, 1.0), (k, -2.0)], 4.0);
        let half = g.number(0.5);
        let expected = g.sum(&[(x, 0.5), (k, -1.0)], 2.0);
        assert_eq!(g.multiply(sum, half), expected);
    }

    #[test]
    fn products_are_flat() {
        let (mut g, [x, k, u]) = graph();
        let inner = g.product(&[(x, 1), (k, -1)]);
        assert_eq!(
            g.product(&[(inner, -2), (u, 1)]),
            g.product(&[(k, 2), (u, 1), (x, -2)])
        );
    }

    #[test]
    fn like_factors_are_collected() {
        let (mut g, [x, k, _]) = graph();
        let square = g.multiply(x, x);
        assert_eq!(g.multiply(square, x), g.product(&[(x, 3)]));
        let both = g.multiply(square, k);
        assert_eq!(g.divide(both, square), k);
        assert_eq!(g.divide(x, x), g.number(1.0));
    }

    #[test]
    fn numbers_leave_products() {
        let (mut g, [x, _, u]) = graph();
        let doubled = g.scale(2.0, x);
        let inner = g.product(&[(u, 1), (x, -3)]);
        assert_eq!(g.product(&[(u, 1), (doubled, -3)]), g.scale(0.125, inner));
    }

    #[test]
    fn zero_takes_all() {
        let (mut g, [_, _, u]) = graph();
        let zero = g.number(0.0);
        assert_eq!(g.multiply(u, zero), zero);
        assert_eq!(g.divide(zero, u), zero);
        assert_eq!(g.scale(0.0, u), zero);
    }

    #[test]
    fn whole_powers_are_products() {
        let (mut g, [x, ..]) = graph();
        let (three, minus, none) = (g.number(3.0), g.number(-2.0), g.number(0.0));
        assert_eq!(g.power(x, three), g.product(&[(x, 3)]));
        assert_eq!(g.power(x, minus), g.product(&[(x, -2)]));
        assert_eq!(g.power(x, none), g.number(1.0));
        assert_eq!(g.power(none, none), g.number(1.0));
        assert_eq!(g.power(three, minus), g.number(1.0 / 9.0));
        let (third, many) = (g.number(1.0 / 3.0), g.number(2000.0));
        for kept in [third, many] {
            let power = g.power(x, kept);
            assert!(matches!(g.node(power), Node::Power { .. }));
        }
    }

    #[test]
    fn half_a_power_is_a_root() {
        let (mut g, [x, ..]) = graph();
        let half = g.number(0.5);
        assert_eq!(g.power(x, half), g.function(Function::Sqrt, x));
    }

    #[test]
    fn even_and_odd_functions() {
        let (mut g, [x, ..]) = graph();
        let (minus, two) = (g.negate(x), g.number(-2.0));
        let shifted = g.sum(&[(x, 1.0)], -1.0);
        for (_, function) in crate::function::FUNCTIONS {
            for argument in [minus, two, shifted] {
                let opposite = g.negate(argument);
                let (here, there) = (
                    g.function(function, argument),
                    g.function(function, opposite),
                );
                match function.parity() {
                    Some(Parity::Even) => assert_eq!(here, there),
                    Some(Parity::Odd) => assert_eq!(here, g.negate(there)),
                    None => assert_ne!(here, there),
                }
            }
        }
    }

    #[test]
    fn values_at_zero() {
        let (mut g, _) = graph();
        let zero = g.number(0.0);
        for (_, function) in crate::function::FUNCTIONS {
            let value = g.function(function, zero);
            match function.at_zero() {
                Some(number) => assert_eq!(value, g.number(number)),
                None => assert!(matches!(g.node(value), Node::Call(..))),
            }
        }
    }

    #[test]
    fn a_choice_between_equals() {
        let (mut g, [x, k, u]) = graph();
        assert_eq!(g.select(x, k, u, u), u);
    }

    #[test]
    fn a_choice_between_numbers() {
        let (mut g, [x, k, _]) = graph();
        let (one, two) = (g.number(1.0), g.number(2.0));
        assert_eq!(g.select(one, two, x, k), x);
        assert_eq!(g.select(two, one, x, k), k);
        assert_eq!(g.select(one, one, x, k), k);
    }

    #[test]
    fn nothing_is_expanded() {
        let (mut g, [x, k, u]) = graph();
        let sum = g.add(x, k);
        for power in [1, 2, -1] {
            let product = g.product(&[(sum, power), (u, 1)]);
            assert!(matches!(g.node(product), Node::Product(_)));
        }
    }

    #[test]
    fn long_sums_and_products_are_kept_in_parts() {
        let (mut g, _) = graph();
        let leaves: Vec<NodeId> = (0..1000).map(|k| g.uniform(k)).collect();
        let (mut sum, mut product) = (leaves[0], leaves[0]);
        for &leaf in &leaves[1..] {
            sum = g.add(sum, leaf);
            product = g.multiply(product, leaf);
        }
        for root in [sum, product] {
            let mut operands = 0;
            g.for_each_child(root, |_| operands += 1);
            assert!(operands <= LONGEST_MERGED_SUM + 1, "{operands}");
        }
    }
}
