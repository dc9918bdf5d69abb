//! Polynomials in time through the stages of an implicit Runge–Kutta method, Radau IIA (Hairer and Wanner 1996, IV.5): of
//! order `2N − 1` where a window ends, and damping what is too fast for it.

/// The stages of a window, on [−1, 1].
pub struct Stages {
    /// Where residuals vanish; the last is 1.
    pub nodes: Vec<f64>,
    /// Where they are looked at afterwards, between those.
    pub between: Vec<f64>,
}

impl Stages {
    /// So many stages.
    pub fn new(count: usize) -> Self {
        let nodes = radau(count);
        let mut before = -1.0;
        let between = nodes
            .iter()
            .map(|&node| {
                let middle = f64::midpoint(before, node);
                before = node;
                middle
            })
            .collect();
        Self { nodes, between }
    }

    /// The number of stages.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// How many coefficients the polynomial of a function has, so many of whose derivatives are given at −1.
    pub fn coefficient_count(&self, given: usize) -> usize {
        given.min(1) + self.len()
    }

    /// The Legendre coefficients of the polynomial with these values at the stages, and at −1 where one is given; columns
    /// are what is given at −1, the value and `given − 1` derivatives, then the values at the stages.
    pub fn coefficients(&self, given: usize) -> Vec<Vec<f64>> {
        let known = self.known(given.min(1));
        let size = known.len();
        let unit = |k: usize| (0..size).map(|row| f64::from(u8::from(row == k))).collect();
        let columns = solve(known, (0..size).map(unit).collect());
        // Given derivatives say nothing of it.
        let place = |column: usize| match column {
            0 => Some(0),
            _ if column < given => None,
            _ => Some(column - given + given.min(1)),
        };
        let entry = |row: usize, column: usize| place(column).map_or(0.0, |k| columns[k][row]);
        (0..size)
            .map(|row| {
                (0..given + self.len())
                    .map(|column| entry(row, column))
                    .collect()
            })
            .collect()
    }

    /// The derivatives of this order, up to `given`, at `points`, a row for each; columns are what is known as in
    /// [`Stages::coefficients`]. Higher derivatives are polynomials of their own, through what is given of them and the
    /// derivatives at the stages of the one below: the method for a system of first order. (A single polynomial that takes
    /// value and slope from the window before is unstable for fast waves.)
    pub fn derivatives(&self, given: usize, order: usize, points: &[f64]) -> Vec<Vec<f64>> {
        let stages = self.len();
        if given == 0 {
            return self.of_one(0, order, points);
        }
        let at_stages = self.of_one(1, 1, &self.nodes);
        // The values at the stages of the derivative at hand.
        let mut values: Vec<Vec<f64>> = (0..stages)
            .map(|stage| {
                (0..given + stages)
                    .map(|k| f64::from(u8::from(k == given + stage)))
                    .collect()
            })
            .collect();
        let through =
            |rows: &[Vec<f64>], derivative: usize, values: &[Vec<f64>]| -> Vec<Vec<f64>> {
                let row = |row: &Vec<f64>| {
                    let mut sum: Vec<f64> = vec![0.0; given + stages];
                    sum[derivative] += row[0];
                    for (factor, value) in row[1..].iter().zip(values) {
                        for (sum, value) in sum.iter_mut().zip(value) {
                            *sum += factor * value;
                        }
                    }
                    sum
                };
                rows.iter().map(row).collect()
            };
        let below = order.min(given - 1);
        for derivative in 0..below {
            values = through(&at_stages, derivative, &values);
        }
        through(&self.of_one(1, order - below, points), below, &values)
    }

    /// The derivatives of this order at `points` of one polynomial, its value at −1 given or not.
    fn of_one(&self, given: usize, order: usize, points: &[f64]) -> Vec<Vec<f64>> {
        let known = self.known(given);
        let size = known.len();
        // A row x has xᵀ·known = the derivatives of the Legendre polynomials.
        let transposed: Vec<Vec<f64>> = (0..size)
            .map(|row| known.iter().map(|known| known[row]).collect())
            .collect();
        let wanted = points.iter().map(|&point| legendre(size, order, point));
        solve(transposed, wanted.collect())
    }

    /// What is known of a polynomial, by its Legendre coefficients.
    fn known(&self, given: usize) -> Vec<Vec<f64>> {
        let size = given + self.len();
        let at_start = (0..given).map(|order| legendre(size, order, -1.0));
        let at_stages = self.nodes.iter().map(|&node| legendre(size, 0, node));
        at_start.chain(at_stages).collect()
    }
}

/// The derivatives of this order of the first `count` Legendre polynomials at a point.
pub fn legendre(count: usize, order: usize, s: f64) -> Vec<f64> {
    // Row d holds the derivatives of order d: (n + 1)·P'ₙ₊₁ = (2n + 1)·(s·P'ₙ + d·Pₙ⁽ᵈ⁻¹⁾) − n·P'ₙ₋₁ and so on.
    let mut below = vec![0.0; count];
    let mut row = vec![0.0; count];
    for d in 0..=order {
        for n in 0..count {
            row[n] = match n {
                0 => f64::from(u8::from(d == 0)),
                _ => {
                    let before = if n > 1 { row[n - 2] } else { 0.0 };
                    let k = number(n);
                    ((2.0 * k - 1.0) * (s * row[n - 1] + number(d) * below[n - 1])
                        - (k - 1.0) * before)
                        / k
                }
            };
        }
        below.clone_from(&row);
    }
    row
}

/// The zeros of `P_{N−1} − P_N`, in (−1, 1].
fn radau(count: usize) -> Vec<f64> {
    let value = |s: f64| {
        let all = legendre(count + 1, 0, s);
        all[count - 1] - all[count]
    };
    // Neighbouring zeros are further apart than this: 1/N² and more.
    let cells = 40 * count * count;
    let at = |cell: usize| -1.0 + 2.0 * number(cell) / number(cells);
    let mut nodes = Vec::with_capacity(count);
    for cell in 0..cells - 1 {
        let (mut low, mut high) = (at(cell), at(cell + 1));
        if value(low) * value(high) > 0.0 {
            continue;
        }
        for _ in 0..80 {
            let middle = f64::midpoint(low, high);
            if value(low) * value(middle) > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        nodes.push(f64::midpoint(low, high));
    }
    nodes.push(1.0);
    nodes
}

/// Gaussian elimination with pivots, for each right-hand side.
pub fn solve(mut matrix: Vec<Vec<f64>>, mut sides: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let size = matrix.len();
    for column in 0..size {
        let pivot = (column..size)
            .max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()))
            .unwrap_or(column);
        matrix.swap(column, pivot);
        for side in &mut sides {
            side.swap(column, pivot);
        }
        let above = matrix[column].clone();
        for row in column + 1..size {
            let factor = matrix[row][column] / above[column];
            for (value, above) in matrix[row].iter_mut().zip(&above).skip(column) {
                *value -= factor * above;
            }
            for side in &mut sides {
                side[row] -= factor * side[column];
            }
        }
    }
    for side in &mut sides {
        for row in (0..size).rev() {
            let rest: f64 = (row + 1..size).map(|k| matrix[row][k] * side[k]).sum();
            side[row] = (side[row] - rest) / matrix[row][row];
        }
    }
    sides
}

#[allow(clippy::cast_precision_loss)] // small counts
fn number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two and three stages, Hairer and Wanner 1996, IV.5, on [0, 1] there.
    #[test]
    fn nodes_are_those_of_the_literature() {
        let on_unit = |count: usize| -> Vec<f64> {
            let nodes = Stages::new(count).nodes;
            nodes.iter().map(|node| 0.5 * (node + 1.0)).collect()
        };
        let root = 6.0_f64.sqrt();
        for (found, expected) in [
            (on_unit(2), vec![1.0 / 3.0, 1.0]),
            (
                on_unit(3),
                vec![(4.0 - root) / 10.0, (4.0 + root) / 10.0, 1.0],
            ),
        ] {
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(&expected) {
                assert!((found - expected).abs() < 1e-15, "{found} {expected}");
            }
        }
    }

    /// A polynomial of the highest degree that is exact, its value and slope given at the beginning.
    #[test]
    fn derivatives_of_polynomials_are_exact() {
        let stages = Stages::new(6);
        for given in 0..3 {
            let degree = stages.coefficient_count(given) - 1;
            let power = |s: f64, order: usize| {
                let factor: f64 = (0..order).map(|k| number(degree - k)).product();
                factor * s.powi(i32::try_from(degree - order).unwrap())
            };
            let mut known: Vec<f64> = (0..given).map(|order| power(-1.0, order)).collect();
            known.extend(stages.nodes.iter().map(|&s| power(s, 0)));
            for order in 0..=given {
                let rows = stages.derivatives(given, order, &stages.between);
                for (row, &s) in rows.iter().zip(&stages.between) {
                    let found: f64 = row.iter().zip(&known).map(|(a, b)| a * b).sum();
                    let wanted = power(s, order);
                    assert!(
                        (found - wanted).abs() < 1e-10,
                        "{given} {order}: {found} {wanted}"
                    );
                }
            }
        }
    }
}
