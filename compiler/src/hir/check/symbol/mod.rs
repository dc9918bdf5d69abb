//! The symbol of a block of equations: its linearisation with each derivative replaced by a number.
//!
//! * Input: a block of equations and fields, lowered.
//! * Output: [`Symbol::determinant`], its order in one direction: the degree of the determinant in the symbol of that
//!   derivative, all others being numbers in general position. It is how many conditions the block can bear, and needs,
//!   at both ends of that direction together.
//! * Method: the determinant is a polynomial whose coefficients are evaluated in the field of integers modulo the prime
//!   2⁶¹ − 1 (Schwartz 1980, Zippel 1979): numbers are taken as they are, since every floating-point number is a
//!   fraction with a power of two; what is not known before training, and transcendental functions, are drawn at random.
//!   A coefficient that vanishes does so there too. One that does not vanishes with a probability below 2⁻⁵⁰.

mod field;

use super::blocks::Block;
use super::lowered::Lowered;
use crate::hash::HashMap;
use crate::hir::{CoordinateId, FieldId};
use crate::jet::{Graph, MultiIndex, Node, NodeId};
use field::{Element, determinant, random};

/// Blocks of more fields than this are not looked into.
const LARGEST: usize = 32;

/// A block, linearised.
pub(super) struct Symbol {
    /// For each equation, for each field, the derivatives with their coefficients.
    rows: Vec<Vec<Vec<(MultiIndex, NodeId)>>>,
}

/// What the determinant of a symbol says of a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Determinant {
    /// It vanishes for all numbers: the equations depend on each other, and leave their fields free.
    Vanishes,
    /// It is a polynomial of this degree in the symbol of the direction.
    Degree {
        /// The degree.
        order: usize,
        /// Whether its highest coefficient is not the same everywhere, so that it may vanish at a boundary.
        varies: bool,
    },
}

impl Symbol {
    /// Linearises a block; none for a large one, and where integrals enter its equations.
    pub(super) fn new(lowered: &mut Lowered, block: &Block) -> Option<Self> {
        if block.equations.len() > LARGEST {
            return None;
        }
        let mut rows = Vec::new();
        for &equation in &block.equations {
            let root = lowered.equations[equation];
            let under = lowered.under(root);
            let is_datum = |id: &NodeId| matches!(lowered.graph.node(*id), Node::Datum(_));
            if under.iter().any(is_datum) {
                return None;
            }
            let jets = lowered.jets(root);
            let mut row = vec![Vec::new(); block.fields.len()];
            for (position, field) in block.fields.iter().enumerate() {
                for (function, index) in &jets {
                    if *function == field.index() {
                        let leaf = lowered.graph.jet(*function, index.clone());
                        let slope = lowered.graph.partial(root, leaf);
                        row[position].push((index.clone(), slope));
                    }
                }
            }
            rows.push(row);
        }
        Some(Self { rows })
    }

    /// The entries, row by row: the derivatives of each field with their coefficients.
    pub(super) fn rows(&self) -> &[Vec<Vec<(MultiIndex, NodeId)>>] {
        &self.rows
    }

    /// The degree of the determinant in one direction.
    pub(super) fn determinant(&self, lowered: &Lowered, along: CoordinateId) -> Determinant {
        let [one, other] = [1, 2].map(|draw| self.polynomial(lowered, along, draw));
        let degree = |polynomial: &[Element]| polynomial.iter().rposition(|c| !c.is_zero());
        match (degree(&one), degree(&other)) {
            (Some(order), Some(second)) => Determinant::Degree {
                order: order.max(second),
                varies: order != second || one[order] != other[order],
            },
            (None, None) => Determinant::Vanishes,
            (Some(order), None) | (None, Some(order)) => Determinant::Degree {
                order,
                varies: true,
            },
        }
    }

    /// The determinant as a polynomial, from its values at as many points as it can have coefficients.
    fn polynomial(&self, lowered: &Lowered, along: CoordinateId, draw: u64) -> Vec<Element> {
        let coefficients: Vec<NodeId> = self
            .rows
            .iter()
            .flatten()
            .flatten()
            .map(|(_, coefficient)| *coefficient)
            .collect();
        let values = evaluate(lowered, &coefficients, draw);
        let highest = |row: &Vec<Vec<(MultiIndex, NodeId)>>| {
            let orders = row.iter().flatten();
            let orders = orders.map(|(index, _)| index.order_in(along.index()));
            orders.max().unwrap_or(0)
        };
        let most: usize = self.rows.iter().map(highest).sum();
        let points: Vec<Element> = (1..=most + 1).map(|k| Element::new(k as u64)).collect();
        let at = |point: Element| {
            // The symbols of the other directions are the same in every draw.
            let symbol = |c: usize| {
                if c == along.index() {
                    point
                } else {
                    random(c as u64, 0)
                }
            };
            let entry = |entry: &Vec<(MultiIndex, NodeId)>| {
                entry.iter().fold(Element::ZERO, |sum, (index, slope)| {
                    let symbols = index.coordinates().map(symbol);
                    sum + symbols.fold(values[slope], |product, s| product * s)
                })
            };
            let matrix = self.rows.iter().map(|row| row.iter().map(entry).collect());
            determinant(matrix.collect())
        };
        let values: Vec<Element> = points.iter().map(|point| at(*point)).collect();
        field::interpolate(&points, &values)
    }
}

/// The values of these nodes and all below them.
fn evaluate(lowered: &Lowered, roots: &[NodeId], draw: u64) -> HashMap<NodeId, Element> {
    let graph: &Graph = &lowered.graph;
    let mut values: HashMap<NodeId, Element> = HashMap::default();
    // Whether a node is the same everywhere.
    let mut fixed: HashMap<NodeId, bool> = HashMap::default();
    for id in graph.reachable(roots) {
        let number = id.index() as u64 + (1 << 32);
        let mut same = true;
        graph.for_each_child(id, |child| same &= fixed[&child]);
        let sought = |function: u16| {
            let id: FieldId = crate::arena::Id::from_index(usize::from(function));
            lowered.problem.fields[id].sought.is_some()
        };
        // A coefficient that is sought is taken to vanish nowhere.
        let same = same
            && match graph.node(id) {
                Node::Coordinate(_) | Node::Datum(_) => false,
                Node::Jet { function, index } => index.order() == 0 && sought(*function),
                Node::Number(_)
                | Node::Uniform(_)
                | Node::Sum { .. }
                | Node::Product(_)
                | Node::Power { .. }
                | Node::Call(..)
                | Node::Select { .. } => true,
            };
        let drawn = random(number, if same { 0 } else { draw });
        let value = match graph.node(id) {
            Node::Number(bits) => Element::of(bits.value()),
            Node::Uniform(k) => match lowered.parameters.get(usize::from(*k)) {
                Some(value) => Element::of(*value),
                None => drawn,
            },
            Node::Sum { constant, terms } => {
                let start = Element::of(constant.value());
                terms.iter().fold(start, |sum, (term, coefficient)| {
                    sum + values[term] * Element::of(coefficient.value())
                })
            }
            Node::Product(factors) => {
                let one = Element::new(1);
                factors.iter().fold(one, |product, (factor, exponent)| {
                    product * values[factor].power(*exponent)
                })
            }
            Node::Coordinate(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => drawn,
        };
        values.insert(id, value);
        fixed.insert(id, same);
    }
    values
}
