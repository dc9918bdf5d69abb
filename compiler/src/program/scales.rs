//! Characteristic sizes, so that networks and residuals are of order one in any units.
//!
//! * Input: a well-posed problem.
//! * Output: a size and a level for each field, so that `(u − level)/size` is of order one, and the size that each
//!   residual has then.
//! * Method: a field is as large as its given values, taken from the level that conditions by construction already
//!   meet, or as it must be to balance its equation, whichever is more. A source `f` that varies fast belongs to a small
//!   solution: `u_xx = f` makes `u` as large as `f` over the larger of `1/L²` and `|f_xx|/|f|`. Known solutions are not
//!   looked at.
//! * Invariants: sizes are powers of two, so that scaling does not round, and exactly 1 for anything between 1/20 and 20: a problem of order one is
//!   trained as if there were no scales.

use super::conditions::construct;
use crate::function::Algebra;
use crate::hir::{Part, Problem};
use crate::jet::{self, Graph, Lowering, MultiIndex, Node, NodeId, Unknown};
use crate::sample::Sampler;

/// Sizes within this factor of 1 count as 1.
const ORDER_ONE: f64 = 20.0;

/// At how many points sizes are looked at.
const POINTS: usize = 64;

/// Given values so much smaller than what the same expression is elsewhere are the rounding of zero: `sin(pi*x)` at
/// x = 1.
const ROUNDING: f64 = 1e-12;

/// Beyond this many residuals, everything is taken to be of order one.
const MOST_RESIDUALS: usize = 200;

/// How large things are.
#[derive(Clone, Debug, PartialEq)]
pub struct Scales {
    /// The size of each field, apart from its level.
    pub fields: Vec<f64>,
    /// The level of each field: a number that its values are near to. Zero where conditions by construction take
    /// care of it.
    pub levels: Vec<f64>,
    /// The size of each equation's residual.
    pub equations: Vec<f64>,
    /// The size of each condition's residual.
    pub conditions: Vec<f64>,
}

impl Scales {
    /// Everything of order one.
    #[must_use]
    pub fn one(problem: &Problem) -> Self {
        Self {
            fields: vec![1.0; problem.fields.len()],
            levels: vec![0.0; problem.fields.len()],
            equations: vec![1.0; problem.equations.len()],
            conditions: vec![1.0; problem.conditions.len()],
        }
    }
}

/// How large the fields and residuals of a problem are; `hard` as in [`construct`].
#[must_use]
pub fn estimate(problem: &Problem, hard: bool) -> Scales {
    let mut scales = Scales::one(problem);
    if problem.equations.len() + problem.conditions.len() > MOST_RESIDUALS {
        return scales;
    }
    let mut estimate = Estimate::new(problem, hard);
    let mut sizes: Vec<Option<f64>> = Vec::new();
    for field in 0..problem.fields.len() {
        let (size, level) = estimate.given(field);
        scales.levels[field] = level;
        sizes.push(size);
    }
    // Sources may make a field larger than its given values are: a load on a plate that is clamped.
    let given = sizes.clone();
    for (field, size) in given.iter().enumerate() {
        if let Some(size) = size {
            let mut others = given.clone();
            others[field] = None;
            estimate.balance(&mut others);
            sizes[field] = others[field].map_or(Some(*size), |demand| Some(size.max(demand)));
        }
    }
    // Each round may make a field known that another one needs.
    for _ in 0..sizes.len() {
        if !estimate.balance(&mut sizes) {
            break;
        }
    }
    scales.fields = sizes
        .iter()
        .map(|size| quantised(size.unwrap_or(1.0)))
        .collect();
    let fields = scales.fields.clone();
    let time = problem.time().map(|id| id.index());
    let equations = estimate.lowering.equations.clone();
    scales.equations = equations
        .iter()
        .map(|root| estimate.residual(*root, &fields, time, None))
        .collect();
    let conditions = estimate.lowering.condition_operators.clone();
    scales.conditions = problem
        .conditions
        .iter()
        .zip(conditions)
        .map(|(condition, root)| estimate.residual(root, &fields, time, Some(condition.part)))
        .collect();
    scales
}

/// The nearest power of two; 1 for what is of order one or no size at all.
fn quantised(size: f64) -> f64 {
    if !(size > 0.0 && size.is_finite()) || (1.0 / ORDER_ONE < size && size < ORDER_ONE) {
        return 1.0;
    }
    libm::exp2(libm::round(libm::log2(size)))
}

fn power_of_ten(exponent: f64) -> f64 {
    // Read as text it is the nearest number, on every machine.
    format!("1e{exponent}").parse().unwrap_or(1.0)
}

struct Estimate<'a> {
    problem: &'a Problem,
    sampler: Sampler<'a>,
    lowering: Lowering,
    /// Each field with the network at zero: what conditions by construction give it.
    given: Vec<NodeId>,
    /// The length of each coordinate's interval.
    lengths: Vec<f64>,
}

impl<'a> Estimate<'a> {
    fn new(problem: &'a Problem, hard: bool) -> Self {
        let mut lowering = jet::lower(problem);
        let networks: Vec<usize> = problem
            .fields
            .iter()
            .map(|(_, field)| {
                usize::from(lowering.graph.add_unknown(Unknown {
                    name: field.name.clone(),
                    arguments: Vec::new(),
                }))
            })
            .collect();
        let built = construct(
            problem,
            &mut lowering,
            &networks,
            hard,
            &Scales::one(problem),
        );
        let given = lowering.graph.substitute(&built.fields, |graph, leaf| {
            matches!(leaf, Node::Jet { .. }).then(|| graph.number(0.0))
        });
        let lengths = problem.coordinates.iter();
        let lengths = lengths.map(|(_, it)| it.high - it.low).collect();
        Self {
            problem,
            sampler: Sampler::new(problem, POINTS),
            lowering,
            given,
            lengths,
        }
    }

    /// The values of an expression at points of the domain or of a part of its boundary. None where it has jets.
    fn values(&mut self, root: NodeId, part: Option<Part>) -> Option<Vec<f64>> {
        if !self.lowering.graph.jets(&[root]).is_empty() {
            return None;
        }
        let parameters = self.problem.parameters.len();
        let plain = self
            .lowering
            .graph
            .substitute(&[root], |graph, leaf| match leaf {
                // What is found in training is not known here.
                Node::Datum(_) => Some(graph.number(0.0)),
                Node::Uniform(index) if usize::from(*index) >= parameters => {
                    Some(graph.number(1.0))
                }
                _ => None,
            });
        let points = self.sampler.points(part);
        let root = plain.first().copied()?;
        let values = self.sampler.evaluate(&self.lowering.graph, root, &points);
        let values: Vec<f64> = values
            .into_iter()
            .filter(|value| value.is_finite())
            .collect();
        (!values.is_empty()).then_some(values)
    }

    /// The largest value; zero counts as none.
    fn largest(&mut self, root: NodeId, part: Option<Part>) -> Option<f64> {
        let values = self.values(root, part)?;
        let largest = values
            .iter()
            .fold(0.0, |most: f64, value| most.max(value.abs()));
        (largest > 0.0).then_some(largest)
    }

    fn volume(&self, index: &MultiIndex, without: Option<usize>) -> f64 {
        index
            .coordinates()
            .filter(|coordinate| Some(*coordinate) != without)
            .map(|coordinate| self.lengths[coordinate])
            .product()
    }

    /// The size and level of a field by its given values and derivatives.
    fn given(&mut self, field: usize) -> (Option<f64>, f64) {
        let given = self.given[field];
        let free = self.lowering.graph.as_number(given) == Some(0.0);
        let mut values: Vec<f64> = Vec::new();
        let mut slopes: Option<f64> = None;
        for (number, condition) in self.problem.conditions.iter().enumerate() {
            let operator = self.lowering.condition_operators[number];
            let Node::Jet { function, index } = self.lowering.graph.node(operator).clone() else {
                continue;
            };
            if usize::from(function) != field {
                continue;
            }
            let value = self.lowering.condition_values[number];
            let graph = &mut self.lowering.graph;
            let met = graph.differentiate_by(given, &index);
            let rest = graph.subtract(value, met);
            if index.order() == 0 {
                let anywhere = self.largest(value, None).unwrap_or(0.0);
                let rounding = ROUNDING * anywhere;
                let there = self.values(rest, Some(condition.part)).unwrap_or_default();
                let exact = |it: f64| if it.abs() < rounding { 0.0 } else { it };
                values.extend(there.into_iter().map(exact));
            } else if let Some(slope) = self.largest(rest, Some(condition.part)) {
                let size = slope * self.volume(&index, None);
                slopes = Some(slopes.map_or(size, |most: f64| most.max(size)));
            }
        }
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (middle, range) = (0.5 * (low + high), high - low);
        // 300 to 400 K are 100 K about a level.
        let level = if free && range > 0.0 && middle.abs() > 2.0 * range {
            let digit = power_of_ten(libm::floor(libm::log10(range)));
            libm::round(middle / digit) * digit
        } else {
            0.0
        };
        let size = values
            .iter()
            .fold(0.0, |most: f64, value| most.max((value - level).abs()));
        if size > 0.0 {
            return (Some(size), level);
        }
        (slopes, level)
    }

    /// Sizes fields by what the other terms of their equations demand. Whether one has been found.
    fn balance(&mut self, sizes: &mut [Option<f64>]) -> bool {
        let roots = self.lowering.equations.iter();
        let roots: Vec<(NodeId, Option<Part>)> = roots.map(|root| (*root, None)).collect();
        let mut found: Vec<Option<f64>> = vec![None; sizes.len()];
        for (root, part) in roots {
            let jets = self.lowering.graph.jets(&[root]);
            for field in 0..sizes.len() {
                let own: Vec<MultiIndex> = jets
                    .iter()
                    .filter(|(function, _)| *function == field)
                    .map(|(_, index)| index.clone())
                    .collect();
                if sizes[field].is_some() || own.is_empty() {
                    continue;
                }
                let known: Vec<f64> = sizes.iter().map(|size| size.unwrap_or(0.0)).collect();
                let source = self.with_sizes(root, &known);
                let Some(rest) = self.largest(source, part) else {
                    continue;
                };
                let mut slope = 0.0;
                for index in &own {
                    let share = self.coefficient(root, field, index, &known, part);
                    let varied = self.lowering.graph.differentiate_by(source, index);
                    let varied = self.largest(varied, part).unwrap_or(0.0) / rest;
                    slope += share.unwrap_or(0.0) * varied.max(1.0 / self.volume(index, None));
                }
                if slope > 0.0 {
                    let size = rest / slope;
                    let most = found[field].map_or(size, |most: f64| most.max(size));
                    found[field] = Some(most);
                }
            }
        }
        let mut any = false;
        for (size, found) in sizes.iter_mut().zip(found) {
            if size.is_none() && found.is_some() {
                *size = found;
                any = true;
            }
        }
        any
    }

    /// An expression with every jet as large as its field is.
    fn with_sizes(&mut self, root: NodeId, sizes: &[f64]) -> NodeId {
        let lengths = self.lengths.clone();
        let replace = |graph: &mut Graph, leaf: &Node| {
            let Node::Jet { function, index } = leaf else {
                return None;
            };
            let volume: f64 = index.coordinates().map(|c| lengths[c]).product();
            let size = sizes.get(usize::from(*function)).copied().unwrap_or(0.0);
            Some(graph.number(size / volume))
        };
        let images = self.lowering.graph.substitute(&[root], replace);
        images.first().copied().unwrap_or(root)
    }

    /// The largest derivative of an expression by a jet.
    fn coefficient(
        &mut self,
        root: NodeId,
        field: usize,
        index: &MultiIndex,
        sizes: &[f64],
        part: Option<Part>,
    ) -> Option<f64> {
        let leaf = self.lowering.graph.jet(field, index.clone());
        let slope = self.lowering.graph.partial(root, leaf);
        let slope = self.with_sizes(slope, sizes);
        self.largest(slope, part)
    }

    /// The size of a residual: that of its highest derivatives, by time where there are such. The length of the time
    /// window, which multiplies these, is not in it.
    fn residual(
        &mut self,
        root: NodeId,
        sizes: &[f64],
        time: Option<usize>,
        part: Option<Part>,
    ) -> f64 {
        let jets = self.lowering.graph.jets(&[root]);
        let in_time = |index: &MultiIndex| time.map_or(0, |time| index.order_in(time));
        let rank = |index: &MultiIndex| (in_time(index), index.order());
        let Some(highest) = jets.iter().map(|(_, index)| rank(index)).max() else {
            return 1.0;
        };
        let mut most: f64 = 0.0;
        for (field, index) in &jets {
            let leads = if highest.0 > 0 {
                in_time(index) == highest.0
            } else {
                rank(index) == highest
            };
            let Some(size) = sizes.get(*field).copied().filter(|_| leads) else {
                continue;
            };
            let share = self.coefficient(root, *field, index, sizes, part);
            most = most.max(share.unwrap_or(0.0) * size / self.volume(index, time));
        }
        quantised(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hir::{Overrides, resolve};
    use crate::source::Source;
    use crate::syntax::parse;

    fn estimated(text: &str) -> Scales {
        let source = Source::new("test.pde", text);
        let document = parse(&source).unwrap();
        let (problem, _) = resolve(&source, &document, &Overrides::new()).unwrap();
        estimate(&problem, true)
    }

    #[test]
    fn order_one_is_exactly_one() {
        for size in [0.06, 0.5, 1.0, 3.0, 19.0, f64::NAN, 0.0, f64::INFINITY] {
            assert_eq!(quantised(size), 1.0);
        }
        assert_eq!(quantised(100.0), 128.0);
        assert_eq!(quantised(1e-3), 1.0 / 1024.0);
        let heat = "coord x in [0, 1]\ntime t in [0, 1]\nfield u(x, t)\neq u_t = u_xx\n\
            initial u = 5*sin(pi*x)\non x = 0, x = 1: u = 0";
        let scales = estimated(heat);
        assert_eq!((scales.fields, scales.equations), (vec![1.0], vec![1.0]));
    }

    #[test]
    fn a_rod_between_300_and_400_kelvin() {
        let rod = |ends: &str| {
            estimated(&format!(
                "coord x [m] in [0, 0.1]\ntime t [s] in [0, 200]\nfield T(x, t) [K]\n\
                 param k [W/(m*K)] = 45\nparam c [J/(m^3*K)] = 3.7e6\neq c*T_t = k*T_xx\n\
                 initial T = 300[K] + 100[K]*sin(pi*x/0.1[m])\n{ends}"
            ))
        };
        let cold = rod("on x = 0, x = 0.1: T = 300[K]");
        assert_eq!((cold.fields, cold.levels), (vec![128.0], vec![0.0]));
        assert_eq!(cold.equations, [536_870_912.0], "3.7e6 · 128 is near 2^29");
        let insulated = rod("on x = 0, x = 0.1: T_x = 0");
        assert_eq!(
            (insulated.fields, insulated.levels),
            (vec![64.0], vec![350.0])
        );
    }

    #[test]
    fn sources_count_beside_small_given_values() {
        let size = |text: &str| estimated(text).fields[0];
        let peak = "coord x, y in [0, 1]\nfield u(x, y)\neq -∇²u = 0\non boundary: u = 0\n\
            manufactured u = exp(-100*((x - 0.3)^2 + (y - 0.6)^2))";
        assert_eq!(size(peak), 1.0);
        let plate = "coord x, y in [0, 1]\nfield w(x, y)\neq ∇²(∇²w) = 0\non boundary: w = 0\n\
            on boundary: w_n = 0\nmanufactured w = sin(pi*x)^2*sin(pi*y)^2";
        assert_eq!(
            size(plate),
            1.0,
            "the values on the sides are roundings of zero"
        );
        let waves = "coord x, y in [0, 1]\nfield u(x, y)\neq -∇²u = sin(16*pi*x)*sin(16*pi*y)*512*pi^2\n\
            on boundary: u = 0";
        assert_eq!(size(waves), 1.0);
        let small = "coord x in [0, 1]\ntime t in [0, 1]\nfield u(x, t)\neq u_t = u_xx\n\
            initial u = 1e-9*sin(pi*x)\non x = 0, x = 1: u = 0";
        assert!(
            (5e-10..2e-9).contains(&size(small)),
            "small values may be meant"
        );
    }

    #[test]
    fn a_field_without_values_is_as_large_as_its_equation_demands() {
        let beam = "coord x [m] in [0, 2]\nfield w(x) [m]\nparam EI [N*m^2] = 3.6e5\nparam q [N/m] = 150\n\
            eq EI*w_xxxx = q\non x = 0, x = 2: w = 0\non x = 0, x = 2: w_xx = 0";
        let scales = estimated(beam);
        assert_eq!(scales.fields, [1.0 / 128.0], "q L⁴/EI = 0.007");
        let flow = "coord x [m], y [m] in [0, 1]\ntime t [s] in [0, 1]\nfield v(x, y, t) in R^2 [m/s]\n\
            field p(x, y, t) [Pa]\nparam rho [kg/m^3] = 1000\nparam mu [Pa*s] = 1e-3\n\
            eq rho*(v_t + (v·∇)v) = -grad(p) + mu*laplacian(v)\neq div(v) = 0\nperiodic x, y\n\
            initial v = (sin(2*pi*y/1[m])*1[m/s], 0)";
        let scales = estimated(flow);
        assert_eq!(scales.fields[..2], [1.0, 1.0]);
        let pressure = scales.fields[2];
        assert!((256.0..=8192.0).contains(&pressure), "{pressure}: rho U²");
        assert_eq!(scales.equations, [1024.0, 1024.0, 1.0]);
    }
}
