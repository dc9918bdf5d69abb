//! Ends of an interval at which the equation itself chooses the solution: the poles of a sphere, the centre of a disk,
//! a price of zero.
//!
//! * Input: equations that differentiate a field once or twice along a coordinate.
//! * Output: at which ends how many conditions are not needed, because the equation has so many solutions less that stay
//!   bounded there than it has elsewhere.
//! * Method (Frobenius 1873): at the distance δ from the end `a·u″ + b·u′ + c·u` behaves as
//!   `r(r − 1) + p·r + q`, where `p` is the limit of `δ·b/a` and `q` that of `δ²·c/a`. Bounded are the powers `δ^r` with
//!   r ≥ 0; of a double root one, the other has a logarithm. Beside an ordinary point `p = q = 0`, and both are. Where `p`
//!   is infinite, its sign tells whether something flows in (Fichera 1956).
//! * Invariant: nothing is said of an end where the factor of the highest derivative is not zero and those of the others
//!   are finite, nor where what is needed to know is known only with the solution.

use super::Check;
use super::lowered::Lowered;
use super::values::{Formula, Places};
use crate::function::Algebra;
use crate::hir::{CoordinateId, FieldId, Part, Role, Side};
use crate::jet::{MultiIndex, Node, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// How many conditions each field needs less on a part of the boundary; none is no entry.
pub(crate) type SingularEnds = BTreeMap<(FieldId, Part), usize>;

/// Distances from the end, in lengths of the interval: what a limit is read from.
const DISTANCES: [f64; 3] = [1.0 / 16_384.0, 1.0 / 67_108_864.0, 1.0 / 34_359_738_368.0];
/// A factor below this share of its largest value is zero but for rounding.
const ROUNDING: f64 = 1e-12;
/// How far a limit may be from what it is compared with.
const NEAR: f64 = 1e-3;

/// The factors of the derivatives of a field along one coordinate, in one equation.
struct Factors {
    order: usize,
    /// Of the highest derivative.
    highest: NodeId,
    /// Of the first derivative, where the highest is the second.
    first: Option<NodeId>,
    /// Of the field itself.
    zeroth: Option<NodeId>,
    /// Of derivatives by other coordinates.
    beside: Vec<(Beside, NodeId)>,
}

/// A field, one of its derivatives in an equation, and the factor of that.
type Slope = (usize, MultiIndex, NodeId);

/// A derivative along other coordinates.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// `u_t`, `u_tt`: of either sign what it decides is decided by fast changes in time.
    Time(usize),
    /// `u_yy`
    Across,
    /// Any other.
    Other,
}

/// What a limit is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    Finite(f64),
    Infinite { positive: bool },
}

impl Check<'_> {
    /// All ends where conditions are not needed.
    pub(super) fn singular_ends(&self, lowered: &mut Lowered) -> SingularEnds {
        let problem = self.problem;
        let mut found = SingularEnds::new();
        for number in 0..problem.equations.len() {
            let Some(&residual) = lowered.equations.get(number) else {
                continue;
            };
            // Factors that are the same all along a coordinate vanish nowhere along it.
            let along = self.varying(lowered, residual);
            if along.is_empty() {
                continue;
            }
            let jets: Vec<(usize, MultiIndex)> = lowered.jets(residual).into_iter().collect();
            let leaves: Vec<NodeId> = jets
                .iter()
                .map(|(function, index)| lowered.graph.jet(*function, index.clone()))
                .collect();
            let slopes = lowered.graph.partials(residual, &leaves);
            let slope = |leaf: &NodeId| slopes.get(leaf).copied();
            let known: Vec<Slope> = jets
                .into_iter()
                .zip(&leaves)
                .filter_map(|((function, index), leaf)| Some((function, index, slope(leaf)?)))
                .collect();
            // The coordinates that each factor depends on.
            let mut depends: Vec<BTreeSet<CoordinateId>> = Vec::with_capacity(known.len());
            for (_, _, factor) in &known {
                depends.push(self.varying(lowered, *factor).into_iter().collect());
            }
            for own in known.chunk_by(|left, right| left.0 == right.0) {
                let Some((function, ..)) = own.first() else {
                    continue;
                };
                let field: FieldId = crate::arena::Id::from_index(*function);
                let start = known.partition_point(|(other, ..)| other < function);
                let depends = &depends[start..start + own.len()];
                for &coordinate in &along {
                    // Along the highest derivative, the first and the field itself nothing else decides.
                    let varies = own.iter().zip(depends).any(|((_, index, _), depends)| {
                        let pure = index.order_in(coordinate.index()) == index.order();
                        pure && depends.contains(&coordinate)
                    });
                    if !varies {
                        continue;
                    }
                    if let Some(factors) = self.factors(lowered, field, coordinate, own) {
                        for side in [Side::Low, Side::High] {
                            let part = Part { coordinate, side };
                            let less = self.less(lowered, &factors, part);
                            if less > 0 {
                                found.insert((field, part), less);
                            }
                        }
                    }
                }
            }
        }
        // Where a field is differentiated as often in another equation, that one decides too.
        found.retain(|(field, part), _| {
            let equations = self.mentions.get(field).into_iter().flatten();
            let highest = self.highest(*field, part.coordinate).0;
            let as_high = equations.filter(|number| {
                let equation = &problem.equations[**number];
                let sides = [equation.left, equation.right].into_iter();
                let orders =
                    sides.filter_map(|side| self.orders.order(side, *field, part.coordinate));
                orders.max() == Some(highest)
            });
            as_high.count() == 1
        });
        found
    }

    /// The directions of space with ends that an expression depends on.
    fn varying(&self, lowered: &Lowered, root: NodeId) -> Vec<CoordinateId> {
        let under = lowered.under(root).into_iter();
        let coordinates = under.filter_map(|id| match lowered.graph.node(id) {
            Node::Coordinate(index) => Some(crate::arena::Id::from_index(usize::from(*index))),
            Node::Number(_)
            | Node::Uniform(_)
            | Node::Datum(_)
            | Node::Jet { .. }
            | Node::Sum { .. }
            | Node::Product(_)
            | Node::Power { .. }
            | Node::Call(..)
            | Node::Select { .. } => None,
        });
        let declared = &self.problem.coordinates;
        coordinates
            .filter(|id| declared[*id].role == Role::Space && !declared[*id].periodic)
            .collect()
    }

    /// The factors in an equation of a field that is differentiated once or twice along a coordinate, as often as anywhere.
    fn factors(
        &self,
        lowered: &mut Lowered,
        field: FieldId,
        coordinate: CoordinateId,
        slopes: &[Slope],
    ) -> Option<Factors> {
        let along = coordinate.index();
        let orders = slopes.iter().map(|(_, index, _)| index.order_in(along));
        let order = orders.max()?;
        if !(1..=2).contains(&order) || order != self.highest(field, coordinate).0 {
            return None;
        }
        let time = self.problem.time().map(|time| time.index());
        let mut factors = Factors {
            order,
            highest: lowered.graph.number(0.0),
            first: None,
            zeroth: None,
            beside: Vec::new(),
        };
        for (_, index, factor) in slopes {
            let factor = *factor;
            let by: Vec<usize> = index.coordinates().collect();
            match (index.order_in(along), by.as_slice()) {
                (k, [..]) if k == order && by.len() == order => factors.highest = factor,
                (1, [_]) => factors.first = Some(factor),
                (0, []) => factors.zeroth = Some(factor),
                // A mixed derivative of the highest order is not looked into.
                (k, [..]) if k == order => return None,
                (0, [only]) if Some(*only) == time => {
                    factors.beside.push((Beside::Time(1), factor));
                }
                (0, [one, other]) if one == other && Some(*one) == time => {
                    factors.beside.push((Beside::Time(2), factor));
                }
                (0, [one, other]) if one == other => {
                    factors.beside.push((Beside::Across, factor));
                }
                (_, [..]) => factors.beside.push((Beside::Other, factor)),
            }
        }
        if lowered.is_open(factors.highest) || factors.first.is_some_and(|it| lowered.is_open(it)) {
            return None;
        }
        // What the solution does in a factor of the field itself does not matter where that stays finite.
        let solved = |lowered: &mut Lowered, factor: NodeId| {
            let fixed = lowered.graph.substitute(&[factor], |graph, leaf| {
                matches!(leaf, Node::Jet { .. }).then(|| graph.number(0.734_375))
            });
            fixed.first().copied().unwrap_or(factor)
        };
        factors.zeroth = factors.zeroth.map(|factor| solved(lowered, factor));
        for (_, factor) in &mut factors.beside {
            *factor = solved(lowered, *factor);
        }
        Some(factors)
    }

    /// How many conditions are not needed on a part of the boundary: the same number all over it.
    fn less(&self, lowered: &Lowered, factors: &Factors, part: Part) -> usize {
        let mut nodes = vec![factors.highest];
        nodes.extend(factors.first);
        nodes.extend(factors.zeroth);
        nodes.extend(factors.beside.iter().map(|(_, node)| *node));
        let formula = Formula::new(&lowered.graph, &nodes, &lowered.parameters);
        let declared = &self.problem.coordinates[part.coordinate];
        let length = declared.high - declared.low;
        let (end, inward) = match part.side {
            Side::Low => (declared.low, length),
            Side::High => (declared.high, -length),
        };
        let along = part.coordinate.index();
        let mut values = Vec::new();
        let mut at = |point: &[f64], share: f64| -> Option<Vec<f64>> {
            let mut point = point.to_vec();
            *point.get_mut(along)? = end + share * inward;
            formula.evaluate(&point, &mut values);
            let each = nodes
                .iter()
                .map(|node| Some(values[formula.position(*node)?]));
            each.collect()
        };
        let mut less_at = |point: &[f64]| -> usize {
            let mut looked = || {
                let here = at(point, 0.0)?;
                let inside = [at(point, 0.5)?, at(point, 0.25)?, at(point, 0.125)?];
                let largest = inside.iter().map(|it| it[0].abs()).fold(0.0, f64::max);
                let ordinary = here.iter().all(|value| value.is_finite())
                    && here[0].abs() > ROUNDING * largest;
                if ordinary {
                    return Some(0);
                }
                let near = DISTANCES.map(|share| at(point, share));
                let [Some(first), Some(second), Some(third)] = near else {
                    return Some(0);
                };
                Some(factors.less_at([&first, &second, &third], length, part.side))
            };
            looked().unwrap_or(0)
        };
        // Nearly all ends are ordinary, and one point shows it: a grid is made for the others only.
        let coordinates = self.problem.coordinates.iter();
        let middle = coordinates.map(|(_, it)| 0.5 * it.low + 0.5 * it.high);
        let mut least = less_at(&middle.collect::<Vec<f64>>());
        if least == 0 {
            return 0;
        }
        let places = Places::new(self.problem, &formula.coordinates, &[part], formula.len());
        for point in &places.points {
            least = least.min(less_at(point));
            if least == 0 {
                break;
            }
        }
        least
    }
}

impl Factors {
    /// How many conditions are not needed at one point, from the factors at three distances.
    fn less_at(&self, near: [&Vec<f64>; 3], length: f64, side: Side) -> usize {
        let limit = |position: usize, power: i32, sign: f64| {
            let scaled = DISTANCES.iter().zip(near).map(|(share, values)| {
                sign * (share * length).powi(power) * values[position] / values[0]
            });
            limit(&scaled.collect::<Vec<f64>>())
        };
        let inward = match side {
            Side::Low => 1.0,
            Side::High => -1.0,
        };
        let (power, sign) = match self.order {
            1 => (1, inward),
            _ => (2, 1.0),
        };
        let mut position = 1;
        let mut next = || {
            position += 1;
            position - 1
        };
        let zero = Some(Limit::Finite(0.0));
        let p = self.first.filter(|_| self.order == 2).map(|_| next());
        let p = p.map_or(zero, |at| limit(at, 1, inward));
        let q = self.zeroth.map(|_| next());
        let q = q.map_or(zero, |at| limit(at, power, sign));
        // Whether fast changes in time decide, and how: as a factor of the field that is as large as one likes.
        let mut fast: Option<f64> = None;
        for (kind, _) in &self.beside {
            let Some(found) = limit(next(), power, sign) else {
                return 0;
            };
            let value = match found {
                Limit::Finite(value) if value.abs() <= NEAR => continue,
                Limit::Finite(value) => value,
                Limit::Infinite { positive: true } => 1.0,
                Limit::Infinite { positive: false } => -1.0,
            };
            match (kind, self.order) {
                (Beside::Time(_), _) => fast = Some(value),
                // An elliptic equation: waves across only make it steeper.
                (Beside::Across, 2) if value > 0.0 => {}
                (Beside::Across | Beside::Other, _) => return 0,
            }
        }
        let (Some(p), Some(q)) = (p, q) else {
            return 0;
        };
        let q = match (fast, q) {
            (Some(value), _) => Limit::Infinite {
                positive: value > 0.0,
            },
            (None, q) => q,
        };
        if self.order == 1 {
            // r = −q
            return match q {
                Limit::Finite(q) => usize::from(q > NEAR),
                Limit::Infinite { positive } => usize::from(positive),
            };
        }
        match (p, q) {
            (Limit::Infinite { positive }, _) => usize::from(positive),
            // Of growing and decaying solutions one stays, of waves both do.
            (Limit::Finite(_), Limit::Infinite { positive }) => usize::from(!positive),
            (Limit::Finite(p), Limit::Finite(q)) => 2 - bounded(p, q),
        }
    }
}

/// How many solutions of `r(r − 1) + p·r + q = 0` stay bounded, as powers.
fn bounded(p: f64, q: f64) -> usize {
    let half = 0.5 * (p - 1.0);
    let discriminant = half * half - q;
    // A root that is nearly zero is zero, two that are nearly one are one.
    let near = NEAR * (1.0 + half.abs());
    if discriminant < -near {
        // δ^(−half ± i·ω)
        return if half > near { 0 } else { 2 };
    }
    let root = discriminant.max(0.0).sqrt();
    if root * root <= near * (1.0 + half.abs()) {
        return usize::from(-half >= -near.sqrt());
    }
    usize::from(-half + root >= -near) + usize::from(-half - root >= -near)
}

/// The limit of three values towards an end; none where they have none.
fn limit(values: &[f64]) -> Option<Limit> {
    let [_, second, third] = values else {
        return None;
    };
    if !second.is_finite() || !third.is_finite() {
        return None;
    }
    let (before, last) = (second.abs(), third.abs());
    // The distances are 512 times apart.
    if last <= 0.5 * before || last <= ROUNDING {
        return Some(Limit::Finite(0.0));
    }
    if last >= 4.0 * before {
        return Some(Limit::Infinite {
            positive: *third > 0.0,
        });
    }
    let same = (second - third).abs() <= NEAR.sqrt() * last;
    same.then_some(Limit::Finite(*third))
}

#[cfg(test)]
mod tests {
    use super::bounded;

    #[test]
    fn exponents_that_are_known() {
        // Beside an ordinary point a constant and a slope.
        assert_eq!(bounded(0.0, 0.0), 2);
        // The centre of a disk, of a ball; Bessel's equation of order 2; the pole of a sphere.
        assert_eq!(bounded(1.0, 0.0), 1);
        assert_eq!(bounded(2.0, 0.0), 1);
        assert_eq!(bounded(1.0, -4.0), 1);
        // Euler's equations with the solutions x and x², x⁻¹ and x⁻², x⁻¹ and x³, cos(log x)
        assert_eq!(bounded(-2.0, 2.0), 2);
        assert_eq!(bounded(4.0, 2.0), 0);
        assert_eq!(bounded(-1.0, -3.0), 1);
        assert_eq!(bounded(1.0, 1.0), 2);
        // 1 and √x
        assert_eq!(bounded(0.5, 0.0), 2);
    }
}
