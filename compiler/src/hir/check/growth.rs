//! Systems in which short waves grow without bound, whatever the solution is.
//!
//! With the symbol of a block, waves `exp(τt + i k·x)` grow with the rates τ(k) for which its determinant vanishes. If
//! the largest real part rises with |k|, the problem is ill-posed (Hadamard 1923): heat that flows backward, a viscosity
//! below zero with a pressure, an elliptic system with initial values. What is not known before training is drawn
//! several times; only where all draws agree something is said.

use super::Check;
use super::blocks::Blocks;
use super::lowered::Lowered;
use super::symbol::Symbol;
use crate::diagnostic::Diagnostic;
use crate::hash::HashMap;
use crate::hir::{CoordinateId, FieldId, Role};
use crate::jet::{MultiIndex, Node, NodeId};
use crate::kernel::evaluate_function;

/// How often what is not known is drawn.
const DRAWS: u64 = 12;
/// Wave numbers in units of the inverse length of the box; each is twice the one before.
const WAVES: [f64; 2] = [200.0, 400.0];
/// By how much the rate grows when waves are half as long: at least about as 1/length.
const STEEP: f64 = 1.8;
/// Systems of a higher order in time are not looked into.
const MOST_ROOTS: usize = 8;

impl Check<'_> {
    /// Blocks of several fields in which short waves grow.
    pub(super) fn growing(
        &self,
        lowered: &mut Lowered,
        blocks: &Blocks,
        time: CoordinateId,
    ) -> Vec<Diagnostic> {
        let problem = self.problem;
        let later = problem
            .conditions
            .iter()
            .any(|c| c.part.coordinate == time && !problem.is_initial(c.part));
        if later || !problem.between.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for block in &blocks.blocks {
            if block.fields.len() < 2 {
                continue;
            }
            let Some(symbol) = Symbol::new(lowered, block) else {
                continue;
            };
            if !self.grows(lowered, &symbol, time) {
                continue;
            }
            let evolves = block.equations.iter().find(|number| {
                let jets = blocks.jets[**number].iter();
                jets.map(|(_, index)| index.order_in(time.index())).max() > Some(0)
            });
            let Some(equation) = evolves.and_then(|number| problem.equations.get(*number)) else {
                continue;
            };
            let fields: Vec<FieldId> = block.fields.iter().copied().collect();
            let names: Vec<String> = fields
                .iter()
                .take(4)
                .map(|field| format!("`{}`", problem.fields[*field].name))
                .collect();
            found.push(
                Diagnostic::warning(
                    "ill-posed",
                    format!("the equations for {} have no stable solution in time", names.join(", ")),
                    equation.span,
                    "short waves grow without bound",
                )
                .with_note(
                    "The shorter a wave is, the faster it grows, without bound: the smallest error in the initial values \
                     changes the solution beyond all measure.",
                )
                .with_help(
                    "is the sign of a derivative or of a parameter wrong, a viscosity or a stiffness below zero for instance?",
                ),
            );
        }
        found
    }

    /// Whether in each draw there is a direction in which waves grow the faster the shorter they are.
    fn grows(&self, lowered: &Lowered, symbol: &Symbol, time: CoordinateId) -> bool {
        let problem = self.problem;
        let space: Vec<usize> = problem
            .coordinates
            .iter()
            .filter(|(_, c)| c.role == Role::Space)
            .map(|(id, _)| id.index())
            .collect();
        let mut directions: Vec<Vec<usize>> = space.iter().map(|c| vec![*c]).collect();
        if space.len() > 1 {
            directions.push(space.clone());
        }
        let mut counted = 0;
        for draw in 0..DRAWS {
            let Some(values) = self.values(lowered, symbol, draw) else {
                continue;
            };
            counted += 1;
            let steep = directions.iter().any(|direction| {
                let rates = WAVES.map(|wave| {
                    let number = |c: usize| {
                        let coordinate = &problem.coordinates[crate::arena::Id::from_index(c)];
                        let length = coordinate.high - coordinate.low;
                        if direction.contains(&c) {
                            wave / length
                        } else {
                            0.0
                        }
                    };
                    rate(symbol, &values, time.index(), &number)
                });
                matches!(rates, [Some(slow), Some(fast)] if slow > 0.0 && fast > STEEP * slow)
            });
            if !steep {
                return false;
            }
        }
        counted > DRAWS / 2
    }

    /// The coefficients of a symbol, what is not known drawn; none where one of them is no number.
    fn values(
        &self,
        lowered: &Lowered,
        symbol: &Symbol,
        draw: u64,
    ) -> Option<HashMap<NodeId, f64>> {
        let problem = self.problem;
        let entries = symbol.rows().iter().flatten().flatten();
        let roots: Vec<NodeId> = entries.map(|(_, slope)| *slope).collect();
        let graph = &lowered.graph;
        let mut values: HashMap<NodeId, f64> = HashMap::default();
        for id in graph.reachable(&roots) {
            let drawn = |salt: u64| share(id.index() as u64, draw, salt);
            let value = match graph.node(id) {
                Node::Number(bits) => bits.value(),
                Node::Coordinate(c) => {
                    let coordinate =
                        &problem.coordinates[crate::arena::Id::from_index(usize::from(*c))];
                    coordinate.low + drawn(1) * (coordinate.high - coordinate.low)
                }
                Node::Uniform(k) => match lowered.parameters.get(usize::from(*k)) {
                    Some(value) => *value,
                    None => drawn(2),
                },
                Node::Datum(_) => drawn(3),
                // Of both signs, and of various sizes.
                Node::Jet { .. } => (2.0 * drawn(4) - 1.0) * libm::exp2(6.0 * drawn(5) - 3.0),
                Node::Sum { constant, terms } => {
                    terms.iter().fold(constant.value(), |sum, (term, c)| {
                        sum + values[term] * c.value()
                    })
                }
                Node::Product(factors) => {
                    factors.iter().fold(1.0, |product, (factor, exponent)| {
                        product * libm::pow(values[factor], f64::from(*exponent))
                    })
                }
                Node::Power { base, exponent } => libm::pow(values[base], values[exponent]),
                Node::Call(function, argument) => evaluate_function(*function, values[argument]),
                Node::Select {
                    left,
                    right,
                    less,
                    otherwise,
                } => {
                    if values[left] < values[right] {
                        values[less]
                    } else {
                        values[otherwise]
                    }
                }
            };
            values.insert(id, value);
        }
        roots
            .iter()
            .all(|root| values[root].is_finite())
            .then_some(values)
    }
}

/// The largest real part of τ; none where the determinant does not depend on τ, or is not resolved.
fn rate(
    symbol: &Symbol,
    values: &HashMap<NodeId, f64>,
    time: usize,
    number: &impl Fn(usize) -> f64,
) -> Option<f64> {
    let highest = |row: &Vec<Vec<(MultiIndex, NodeId)>>| {
        let orders = row.iter().flatten();
        orders
            .map(|(index, _)| index.order_in(time))
            .max()
            .unwrap_or(0)
    };
    let most: usize = symbol.rows().iter().map(highest).sum();
    if most == 0 || most > MOST_ROOTS {
        return None;
    }
    let scale = scale(symbol, values, time, number);
    let at = |tau: Complex| {
        let entry = |entry: &Vec<(MultiIndex, NodeId)>| {
            entry.iter().fold(Complex(0.0, 0.0), |sum, (index, slope)| {
                let symbols = index.coordinates().map(|c| {
                    if c == time {
                        tau
                    } else {
                        Complex(0.0, number(c))
                    }
                });
                let start = Complex(values[slope], 0.0);
                sum.plus(symbols.fold(start, Complex::times))
            })
        };
        let matrix = symbol
            .rows()
            .iter()
            .map(|row| row.iter().map(entry).collect());
        determinant(matrix.collect())
    };
    // Coefficients from values on a circle, by the discrete Fourier transform.
    let count = most + 1;
    let turn = |k: usize| {
        let angle = 2.0 * std::f64::consts::PI * k as f64 / count as f64;
        Complex(libm::cos(angle), libm::sin(angle))
    };
    let samples: Vec<Complex> = (0..count)
        .map(|k| at(Complex(scale, 0.0).times(turn(k))))
        .collect();
    let mut polynomial: Vec<Complex> = (0..count)
        .map(|m| {
            let terms = samples.iter().enumerate();
            let sum = terms.fold(Complex(0.0, 0.0), |sum, (k, value)| {
                sum.plus(value.times(turn((count - k * m % count) % count)))
            });
            Complex(sum.0 / count as f64, sum.1 / count as f64)
        })
        .collect();
    let largest = polynomial.iter().map(|c| c.size()).fold(0.0, f64::max);
    if !(largest > 0.0 && largest.is_finite()) {
        return None;
    }
    while polynomial
        .last()
        .is_some_and(|c| c.size() < 1e-11 * largest)
    {
        polynomial.pop();
    }
    let roots = roots(&polynomial)?;
    let size = roots.iter().map(|root| root.size()).fold(0.0, f64::max);
    let real = roots
        .iter()
        .map(|root| root.0)
        .fold(f64::NEG_INFINITY, f64::max);
    // A real part that is rounding is none.
    Some(if real < 1e-4 * size {
        0.0
    } else {
        real * scale
    })
}

/// The size that τ has about: of each equation in time, its largest entry without τ by its largest factor of τ; of
/// several the geometric mean, which is the speed of light for Maxwell's equations in any units.
fn scale(
    symbol: &Symbol,
    values: &HashMap<NodeId, f64>,
    time: usize,
    number: &impl Fn(usize) -> f64,
) -> f64 {
    let mut logarithms = Vec::new();
    for row in symbol.rows() {
        let (mut still, mut moving) = (0.0_f64, 0.0_f64);
        let mut power = 1;
        for (index, slope) in row.iter().flatten() {
            let space = index.coordinates().filter(|c| *c != time);
            let size = (values[slope] * space.map(number).product::<f64>()).abs();
            match index.order_in(time) {
                0 => still = still.max(size),
                order => {
                    moving = moving.max(size);
                    power = power.max(order);
                }
            }
        }
        if still > 0.0 && moving > 0.0 {
            logarithms.push(libm::log(still / moving) / power as f64);
        }
    }
    let count = logarithms.len().max(1) as f64;
    libm::exp(logarithms.into_iter().sum::<f64>() / count)
}

/// All roots of a polynomial at once (Durand 1960, Kerner 1966); none where the iteration does not settle.
fn roots(polynomial: &[Complex]) -> Option<Vec<Complex>> {
    let (leading, rest) = polynomial.split_last()?;
    if rest.is_empty() {
        return None;
    }
    let rest: Vec<Complex> = rest.iter().map(|c| c.over(*leading)).collect();
    let bound = rest.iter().map(|c| c.size()).fold(1.0, f64::max);
    let radius = libm::pow(bound, 1.0 / rest.len() as f64);
    let mut roots: Vec<Complex> = (0..rest.len())
        .map(|k| {
            let angle = 0.4 + 2.0 * std::f64::consts::PI * k as f64 / rest.len() as f64;
            Complex(radius * libm::cos(angle), radius * libm::sin(angle))
        })
        .collect();
    for _ in 0..500 {
        let mut moved = 0.0_f64;
        for k in 0..roots.len() {
            let at = roots[k];
            let value = rest
                .iter()
                .rev()
                .fold(Complex(1.0, 0.0), |sum, c| sum.times(at).plus(*c));
            let others = roots.iter().enumerate().filter(|(other, _)| *other != k);
            let product = others.fold(Complex(1.0, 0.0), |product, (_, other)| {
                product.times(at.minus(*other))
            });
            if product.size() == 0.0 {
                roots[k] = at.plus(Complex(1e-6 * radius, 1e-6 * radius));
                moved = moved.max(1.0);
                continue;
            }
            let step = value.over(product);
            roots[k] = at.minus(step);
            moved = moved.max(step.size() / radius);
        }
        if moved < 1e-10 {
            return Some(roots);
        }
    }
    // Roots that coincide settle slowly, but are near enough.
    roots
        .iter()
        .all(|root| root.size().is_finite())
        .then_some(roots)
}

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Complex(f64, f64);

impl Complex {
    fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1)
    }

    fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0, self.1 - other.1)
    }

    fn times(self, other: Self) -> Self {
        Self(
            self.0 * other.0 - self.1 * other.1,
            self.0 * other.1 + self.1 * other.0,
        )
    }

    fn over(self, other: Self) -> Self {
        let size = other.0 * other.0 + other.1 * other.1;
        self.times(Self(other.0 / size, -other.1 / size))
    }

    fn size(self) -> f64 {
        libm::hypot(self.0, self.1)
    }
}

fn determinant(mut matrix: Vec<Vec<Complex>>) -> Complex {
    let size = matrix.len();
    let mut product = Complex(1.0, 0.0);
    for column in 0..size {
        let pivot = (column..size).max_by(|a, b| {
            let [a, b] = [a, b].map(|row| matrix[*row][column].size());
            a.total_cmp(&b)
        });
        let pivot = pivot.unwrap_or(column);
        if matrix[pivot][column].size() == 0.0 {
            return Complex(0.0, 0.0);
        }
        if pivot != column {
            matrix.swap(pivot, column);
            product = Complex(-product.0, -product.1);
        }
        product = product.times(matrix[column][column]);
        for row in column + 1..size {
            let factor = matrix[row][column].over(matrix[column][column]);
            for other in column..size {
                let taken = factor.times(matrix[column][other]);
                matrix[row][other] = matrix[row][other].minus(taken);
            }
        }
    }
    product
}

/// A number in (0, 1) that looks drawn at random, the same for the same arguments.
fn share(number: u64, draw: u64, salt: u64) -> f64 {
    let mut state = number
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(draw.wrapping_mul(0xbf58_476d_1ce4_e5b9))
        .wrapping_add(salt.wrapping_mul(0x94d0_49bb_1331_11eb));
    for _ in 0..3 {
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_of_polynomials() {
        // (X − 1)(X + 2)(X − 3i)
        let polynomial = [
            Complex(0.0, 6.0),
            Complex(-2.0, -3.0),
            Complex(1.0, -3.0),
            Complex(1.0, 0.0),
        ];
        let mut found = roots(&polynomial).unwrap();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (root, expected) in found.iter().zip([(-2.0, 0.0), (0.0, 3.0), (1.0, 0.0)]) {
            assert!(
                (root.0 - expected.0).abs() + (root.1 - expected.1).abs() < 1e-9,
                "{found:?}"
            );
        }
    }
}
