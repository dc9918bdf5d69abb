//! Eigenvalues of small matrices.
//!
//! * Input: a square matrix that is zero below its first subdiagonal, by rows: what Arnoldi's method leaves.
//! * Output: its real eigenvalues; a vector that it hardly changes but in length.
//! * Method: the QR algorithm with two shifts at a time (Francis 1961; Golub and Van Loan 1996, § 7.5), and inverse iteration. A library
//!   would be a dependency of a dozen crates for these two.

/// Steps for each eigenvalue.
const STEPS: usize = 60;

/// After so many steps without success an unusual shift breaks what goes in circles.
const CIRCLES: usize = 10;

/// A complex pair whose imaginary part is smaller, relative to the real part, is two real eigenvalues: rounding splits double
/// ones.
const REAL: f64 = 1e-6;

/// Inverse iterations.
const ITERATIONS: usize = 3;

/// The real eigenvalues, in no order. What does not converge is left out.
pub(super) fn real_eigenvalues(mut h: Vec<Vec<f64>>) -> Vec<f64> {
    let mut found = Vec::new();
    let mut end = h.len();
    let mut steps = 0;
    while end > 0 {
        let last = end - 1;
        let mut first = last;
        while first > 0 {
            let beside = h[first - 1][first - 1].abs() + h[first][first].abs();
            if h[first][first - 1].abs() <= f64::EPSILON * beside {
                break;
            }
            first -= 1;
        }
        if first == last {
            found.push(h[last][last]);
            (end, steps) = (last, 0);
        } else if first + 1 == last {
            found.extend(of_two(&h, first));
            (end, steps) = (first, 0);
        } else if steps == STEPS {
            break;
        } else {
            steps += 1;
            francis(&mut h, first, last, steps % CIRCLES == 0);
        }
    }
    found
}

/// The real eigenvalues of the block of two rows from one on.
fn of_two(h: &[Vec<f64>], row: usize) -> Vec<f64> {
    let (a, b, c, d) = (
        h[row][row],
        h[row][row + 1],
        h[row + 1][row],
        h[row + 1][row + 1],
    );
    let (middle, half) = (0.5 * (a + d), 0.5 * (a - d));
    let square = half * half + b * c;
    if square >= 0.0 {
        // The larger first: the other without cancellation.
        let larger = middle + square.sqrt().copysign(middle);
        let other = if larger == 0.0 {
            0.0
        } else {
            (a * d - b * c) / larger
        };
        vec![larger, other]
    } else if (-square).sqrt() <= REAL * middle.abs() {
        vec![middle, middle]
    } else {
        Vec::new()
    }
}

/// One step on the rows from `first` to `last`, at least three.
fn francis(h: &mut [Vec<f64>], first: usize, last: usize, unusual: bool) {
    let (a, d) = (h[last - 1][last - 1], h[last][last]);
    let mut sum = a + d;
    let mut product = a * d - h[last - 1][last] * h[last][last - 1];
    if unusual {
        let size = h[last][last - 1].abs() + h[last - 1][last - 2].abs();
        (sum, product) = (1.5 * size, size * size);
    }
    let corner = h[first][first];
    let mut bulge = vec![
        corner * corner + h[first][first + 1] * h[first + 1][first] - sum * corner + product,
        h[first + 1][first] * (corner + h[first + 1][first + 1] - sum),
        h[first + 1][first] * h[first + 2][first + 1],
    ];
    for row in first..last {
        reflect(h, row, &bulge, (first, last));
        let below = (row + 1..=last.min(row + 3)).map(|it| h[it][row]);
        bulge = below.collect();
    }
}

/// Reflects rows and columns such that a vector, which stands at a row, has its first element alone.
fn reflect(h: &mut [Vec<f64>], row: usize, vector: &[f64], (first, last): (usize, usize)) {
    let length = vector.iter().map(|it| it * it).sum::<f64>().sqrt();
    let Some(head) = vector.first().filter(|_| length > 0.0) else {
        return;
    };
    let mut normal = vector.to_vec();
    normal[0] = head + length.copysign(*head);
    let factor = 2.0 / normal.iter().map(|it| it * it).sum::<f64>();
    for column in row.saturating_sub(1).max(first)..=last {
        let along = normal.iter().enumerate();
        let part: f64 = along.map(|(k, it)| it * h[row + k][column]).sum();
        for (k, it) in normal.iter().enumerate() {
            h[row + k][column] -= factor * part * it;
        }
    }
    for line in &mut h[first..=last.min(row + 3)] {
        let along = normal.iter().enumerate();
        let part: f64 = along.map(|(k, it)| it * line[row + k]).sum();
        for (k, it) in normal.iter().enumerate() {
            line[row + k] -= factor * part * it;
        }
    }
}

/// A vector of length one in the direction that a matrix changes least. None where it cannot be computed.
pub(super) fn null_vector(matrix: &[Vec<f64>]) -> Option<Vec<f64>> {
    let size = matrix.len();
    let all = matrix.iter().flatten();
    let largest = all.fold(0.0, |most: f64, it| most.max(it.abs()));
    let mut rows = matrix.to_vec();
    let mut order: Vec<usize> = (0..size).collect();
    for column in 0..size {
        let pivot = (column..size).max_by(|a, b| {
            let size = |row: &usize| rows[*row][column].abs();
            size(a).total_cmp(&size(b))
        })?;
        rows.swap(column, pivot);
        order.swap(column, pivot);
        if rows[column][column].abs() <= f64::EPSILON * largest {
            // The answer is as large as it can be.
            rows[column][column] = f64::EPSILON * largest;
        }
        let (above, below) = rows.split_at_mut(column + 1);
        let above = &above[column];
        for row in below {
            let factor = row[column] / above[column];
            row[column] = factor;
            for (it, above) in row[column + 1..].iter_mut().zip(&above[column + 1..]) {
                *it -= factor * above;
            }
        }
    }
    let mut vector = vec![1.0; size];
    for _ in 0..ITERATIONS {
        let mut next: Vec<f64> = order.iter().map(|row| vector[*row]).collect();
        for row in 0..size {
            let known: f64 = (0..row).map(|k| rows[row][k] * next[k]).sum();
            next[row] -= known;
        }
        for row in (0..size).rev() {
            let known: f64 = (row + 1..size).map(|k| rows[row][k] * next[k]).sum();
            next[row] = (next[row] - known) / rows[row][row];
        }
        let length = next.iter().map(|it| it * it).sum::<f64>().sqrt();
        if !(length > 0.0 && length.is_finite()) {
            return None;
        }
        vector = next.iter().map(|it| it / length).collect();
    }
    Some(vector)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::*;

    fn sorted(matrix: Vec<Vec<f64>>) -> Vec<f64> {
        let mut found = real_eigenvalues(matrix);
        found.sort_by(f64::total_cmp);
        found
    }

    /// 2 − 2cos(kπ/(n + 1)) of the second difference.
    #[test]
    fn eigenvalues_of_a_second_difference() {
        let size = 40;
        let entry = |row: usize, column: usize| match row.abs_diff(column) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        };
        let rows = (0..size).map(|row| (0..size).map(|column| entry(row, column)).collect());
        let found = sorted(rows.collect());
        assert_eq!(found.len(), size);
        for (k, found) in found.iter().enumerate() {
            let angle = (k + 1) as f64 * std::f64::consts::PI / (size + 1) as f64;
            assert!((found - (2.0 - 2.0 * angle.cos())).abs() < 1e-13);
        }
    }

    /// Companion matrices have the roots of their polynomials: (x − 1)(x + 2)(x − 3)(x² + 1).
    #[test]
    fn real_roots_of_a_polynomial() {
        // x⁵ − 2x⁴ − 4x³ + 4x² − 5x + 6
        let tail = [2.0, 4.0, -4.0, 5.0, -6.0];
        let mut rows = vec![tail.to_vec()];
        for row in 1..5 {
            let entry = |column: usize| if column + 1 == row { 1.0 } else { 0.0 };
            rows.push((0..5).map(entry).collect());
        }
        let found = sorted(rows.clone());
        assert_eq!(found.len(), 3, "{found:?}");
        for (found, root) in found.iter().zip([-2.0, 1.0, 3.0]) {
            assert!((found - root).abs() < 1e-12);
        }
        for (row, line) in rows.iter_mut().enumerate() {
            line[row] -= 3.0;
        }
        let vector = null_vector(&rows).unwrap();
        for line in &rows {
            let rest: f64 = line.iter().zip(&vector).map(|(a, b)| a * b).sum();
            assert!(rest.abs() < 1e-12);
        }
    }
}
