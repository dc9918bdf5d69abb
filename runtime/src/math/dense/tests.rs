//! Products, Gram matrices and factors against their definitions.
#![allow(clippy::unwrap_used)] // a test may fail

use super::cholesky::Factor;
use super::gram::gram;
use super::panels::Panels;
use super::product::{Left, MOST_LANES, Right, Shape, Start, multiply};

fn numbers(count: usize, seed: usize) -> Vec<f64> {
    (0..count)
        .map(|k| ((k * 7919 + 13 + 101 * seed) % 1009) as f64 / 1009.0 - 0.5)
        .collect()
}

#[test]
fn products_of_all_small_shapes() {
    for rows in (1_usize..19).chain([83]) {
        for columns in (1_usize..40).chain([64, 65]) {
            let inner = match (rows, columns) {
                (83, 39..) => 300,
                _ => (rows * 5 + columns) % 23,
            };
            let padded = columns.div_ceil(MOST_LANES) * MOST_LANES;
            let (a, b) = (numbers(rows * inner, 1), numbers(inner * padded, 2));
            let start = numbers(rows, 3);
            let before = numbers(rows * (columns + 3), 4);
            for (mode, sign) in [
                (Start::Zero, 1.0),
                (Start::Rows(&start), 1.0),
                (Start::Add, 1.0),
                (Start::Subtract, -1.0),
            ] {
                let mut c = before.clone();
                let shape = Shape {
                    rows,
                    inner,
                    columns,
                };
                let left = Left {
                    values: &a,
                    row: inner,
                    step: 1,
                };
                let right = Right {
                    values: &b,
                    step: padded,
                };
                multiply(shape, left, right, mode, &mut c, columns + 3);
                for i in 0..rows {
                    for j in 0..columns + 3 {
                        let at = i * (columns + 3) + j;
                        let first = match mode {
                            Start::Zero => 0.0,
                            Start::Rows(numbers) => numbers[i],
                            Start::Add | Start::Subtract => before[at],
                        };
                        let sum: f64 = (0..inner)
                            .map(|k| a[i * inner + k] * b[k * padded + j % columns])
                            .sum();
                        let expected = if j < columns {
                            first + sign * sum
                        } else {
                            before[at]
                        };
                        assert!((c[at] - expected).abs() < 1e-13, "{rows}×{inner}×{columns}");
                    }
                }
            }
        }
    }
}

#[test]
fn gram_matrices_and_their_factors() {
    for (rows, columns) in [(1, 1), (5, 9), (137, 101), (64, 24), (200, 131), (300, 25)] {
        let a = numbers(rows * columns, 5);
        let g = gram(&Panels::from_columns(&a, rows, columns));
        let dot = |i: usize, j: usize| -> f64 {
            (0..rows).map(|k| a[i * rows + k] * a[j * rows + k]).sum()
        };
        for i in 0..columns {
            for j in 0..columns {
                assert!((g.at(i, j) - dot(i, j)).abs() < 1e-12);
            }
        }
        for size in [columns, columns - columns / 10] {
            let mut factor = Factor::default();
            assert!(factor.factor(&g, size, 0.3));
            let b = numbers(size, 6);
            let mut x = b.clone();
            factor.solve(&mut x);
            for i in 0..size {
                let left: f64 = (0..size).map(|j| dot(i, j) * x[j]).sum::<f64>() + 0.3 * x[i];
                assert!(
                    (left - b[i]).abs() < 1e-11,
                    "{rows}×{columns}: {left} {}",
                    b[i]
                );
            }
            assert!(!factor.factor(&g, size, -1e6));
        }
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let (rows, columns) = (333, 210);
    let a = numbers(rows * columns, 7);
    let solve = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let mut factor = Factor::default();
            assert!(factor.factor(
                &gram(&Panels::from_columns(&a, rows, columns)),
                columns,
                1e-3
            ));
            let mut x = numbers(columns, 8);
            factor.solve(&mut x);
            x
        })
    };
    let one = solve(1);
    for threads in [2, 3, 5] {
        assert!(solve(threads) == one);
    }
}
