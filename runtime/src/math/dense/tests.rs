//! Products, Gram matrices and factors against their definitions.
#![allow(clippy::unwrap_used)] // a test may fail

use super::super::real::Real;
use super::cholesky::Factor;
use super::gram::gram;
use super::panels::Panels;
use super::strips::{Begin, Packed};
use super::sums::Sums;

fn numbers(count: usize, seed: usize) -> Vec<f64> {
    (0..count)
        .map(|k| ((k * 7919 + 13 + 101 * seed) % 1009) as f64 / 1009.0 - 0.5)
        .collect()
}

/// Products of strips and gradients of weights for shapes whose rows and columns fill no register.
fn strips_of_all_small_shapes<R: Real>(tolerance: f64) {
    let near = |values: &[f64]| -> Vec<R> { values.iter().map(|x| R::near(*x)).collect() };
    let strip = R::STRIP;
    for rows in (1_usize..19).chain([83]) {
        for inner in (1_usize..30).chain([49, 300]) {
            let strips = (rows + inner) % 11 + 1;
            let weights = numbers(rows * inner, 1);
            let right = near(&numbers(strips * inner * strip, 2));
            let (bias, before) = (
                near(&numbers(rows, 3)),
                near(&numbers(strips * rows * strip, 4)),
            );
            let packed = Packed::new(rows, inner, |i, k| weights[i * inner + k]);
            let mut target = before.clone();
            packed.multiply(&right, &mut target, &|number| match number % 3 {
                0 => Begin::Rows(&bias),
                1 => Begin::Zero,
                _ => Begin::Itself,
            });
            let mut sums = Sums::zero(rows, inner);
            let mut scratch = Vec::new();
            sums.add(&before, &right, &mut scratch);
            sums.add(&before, &right, &mut scratch);
            let mut gradient = vec![1.0; rows * inner];
            sums.add_to(&mut gradient);
            for i in 0..rows {
                for number in 0..strips {
                    let column = (7 * i + 5 * inner) % strip;
                    let at = (number * rows + i) * strip + column;
                    let first = [bias[i].wide(), 0.0, before[at].wide()][number % 3];
                    let sum: f64 = (0..inner)
                        .map(|k| {
                            weights[i * inner + k]
                                * right[(number * inner + k) * strip + column].wide()
                        })
                        .sum();
                    assert!(
                        (target[at].wide() - first - sum).abs() < tolerance,
                        "{rows}×{inner}"
                    );
                }
                for k in 0..inner {
                    let sum: f64 = (0..strips)
                        .flat_map(|number| (0..strip).map(move |column| (number, column)))
                        .map(|(number, column)| {
                            let a = before[(number * rows + i) * strip + column].wide();
                            a * right[(number * inner + k) * strip + column].wide()
                        })
                        .sum();
                    let got = gradient[i * inner + k];
                    assert!(
                        (got - 1.0 - 2.0 * sum).abs() < 4.0 * tolerance,
                        "{rows}×{inner}: gradient"
                    );
                }
            }
        }
    }
}

#[test]
fn strips_in_double_precision() {
    strips_of_all_small_shapes::<f64>(1e-13);
}

#[test]
fn strips_in_single_precision() {
    strips_of_all_small_shapes::<f32>(1e-4);
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
