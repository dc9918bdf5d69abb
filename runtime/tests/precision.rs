//! Single precision against double, and the Gram matrix that is made without a Jacobian against the one of it.

#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::hir::{Overrides, resolve};
use pdec_compiler::network::{Activation, Architecture};
use pdec_compiler::program::build;
use pdec_compiler::settings::{Conditions, Precision, Settings};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::parse;
use pdec_runtime::engine::{Batch, BlockRef, Engine, Panels, PointSet};
use pdec_runtime::math::dense::gram::gram;

const BURGERS: &str = "
    coord x in [-1, 1]
    time t in [0, 1]
    field u(x, t)
    param nu = 0.02
    eq burgers: u_t + u*u_x = nu*(1 + x^2)*u_xx
    initial u = -sin(pi*x)
    on x = -1, x = 1: u = 0
";

const SYSTEM: &str = "
    coord x in [0, 1]
    coord y in [0, 1]
    field u(x, y)
    field v(x, y)
    eq first: u_xx + u_yy = v*u
    eq second: v_x + u_xy = tanh(v_yy) + exp(-u^2)
    on x = 0, x = 1, y = 0, y = 1: u = 0
    on x = 0: v = 1
    on y = 0, y = 1: v_y = v - 1
";

const FOURTH_ORDER: &str = "
    coord x in [0, 2*pi]
    time t in [0, 1]
    field u(x, t)
    eq ks: u_t + u*u_x + u_xx + 0.1*u_xxxx = 0
    initial u = cos(x)
    periodic x
";

/// Widths that fill registers, and those that do not.
const CASES: [(&str, usize, usize, bool); 6] = [
    (BURGERS, 24, 2, false),
    (BURGERS, 131, 2, false),
    (SYSTEM, 9, 3, true),
    (SYSTEM, 40, 2, false),
    (FOURTH_ORDER, 17, 2, false),
    (FOURTH_ORDER, 64, 3, true),
];

struct Made {
    engine: Engine,
    theta: Vec<f64>,
    uniforms: Vec<f64>,
    points: Vec<PointSet>,
}

impl Made {
    fn new(
        (text, width, depth, modified): (&str, usize, usize, bool),
        precision: Precision,
        threads: usize,
    ) -> Self {
        let source = Source::new("test.pde", text);
        let problem = resolve(&source, &parse(&source).unwrap(), &Overrides::new())
            .unwrap()
            .0;
        let mut settings = Settings::default_for(&problem);
        settings.network = Architecture::of_layers(modified, width, depth, Activation::Tanh);
        settings.conditions = Conditions::Soft;
        settings.precision = precision;
        let program = build(&problem, &settings).program;
        let mut uniforms = problem.parameter_values();
        uniforms.extend([0.0, 1.0]);
        let size = (2.0 / width as f64).sqrt();
        let theta = (0..program.network.parameters)
            .map(|k| (((k * 7919 + 31) % 1013) as f64 / 1013.0 - 0.5) * 2.0 * size)
            .collect();
        let points = program.terms.iter().zip([131, 50, 7].into_iter().cycle());
        let points = points
            .map(|(term, count): (_, usize)| {
                let column = |shift: usize| -> Vec<f64> {
                    (0..count)
                        .map(|k| ((k * 37 + shift * 11 + 3) % 101) as f64 / 101.0)
                        .collect()
                };
                PointSet {
                    coordinates: vec![column(0), column(1)],
                    data: (0..term.block.data_count()).map(column).collect(),
                }
            })
            .collect();
        Self {
            engine: Engine::new(program, threads).unwrap(),
            theta,
            uniforms,
            points,
        }
    }

    fn batches(&self) -> Vec<Batch<'_>> {
        let points = self.points.iter().enumerate();
        points
            .map(|(term, points)| Batch {
                block: BlockRef::Term(term),
                points,
                scale: 1.0 / (points.len() as f64).sqrt(),
            })
            .collect()
    }

    /// Everything that an engine computes.
    fn results(&self) -> [Vec<f64>; 5] {
        let (theta, uniforms, batches) = (&self.theta, &self.uniforms, &self.batches());
        let (loss, gradient) = self.engine.loss_and_gradient(theta, uniforms, batches);
        let residuals = self.engine.residuals(theta, uniforms, batches);
        let direction: Vec<f64> = (0..theta.len()).map(|k| (k as f64).cos()).collect();
        let forward = self.engine.jvp(theta, uniforms, batches, &direction);
        let backward = self.engine.vjp(theta, uniforms, batches, &residuals);
        [vec![loss], gradient, residuals, forward.unwrap(), backward]
    }

    fn gram(&self) -> Vec<f64> {
        let matrix = self
            .engine
            .gram(&self.theta, &self.uniforms, &self.batches());
        upper(|i, j| matrix.at(i, j), matrix.size())
    }
}

fn upper(at: impl Fn(usize, usize) -> f64, size: usize) -> Vec<f64> {
    (0..size)
        .flat_map(|i| (0..=i).map(move |j| (i, j)))
        .map(|(i, j)| at(i, j))
        .collect()
}

#[test]
fn single_precision_agrees_with_double() {
    for case in CASES {
        let double = Made::new(case, Precision::Double, 2).results();
        let single = Made::new(case, Precision::Single, 2).results();
        let names = ["loss", "gradient", "residuals", "J·v", "Jᵀ·v"];
        for ((name, double), single) in names.iter().zip(double).zip(single) {
            assert_eq!(double.len(), single.len());
            let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
            let difference: Vec<f64> = double.iter().zip(&single).map(|(a, b)| a - b).collect();
            let error = norm(&difference) / norm(&double);
            assert!(error < 1e-5, "{case:?} {name}: {error:e}");
            // It is single precision that was asked for.
            assert!(error > 0.0, "{case:?} {name}");
        }
    }
}

#[test]
fn threads_do_not_change_bits_in_single_precision() {
    for case in CASES {
        let one = Made::new(case, Precision::Single, 1);
        for threads in [2, 5] {
            let other = Made::new(case, Precision::Single, threads);
            assert!(one.results() == other.results(), "{case:?}");
        }
    }
}

/// The sums are the same chains: the same bits, for any number of threads.
#[test]
fn a_gram_matrix_needs_no_jacobian() {
    for (number, case) in CASES
        .into_iter()
        .enumerate()
        .filter(|(number, _)| *number != 1)
    {
        let precision = if number % 2 == 0 {
            Precision::Double
        } else {
            Precision::Single
        };
        let made = Made::new(case, precision, 1);
        let mut panels = Panels::default();
        let (theta, uniforms, batches) = (&made.theta, &made.uniforms, made.batches());
        made.engine
            .jacobian_panels(theta, uniforms, &batches, &mut panels);
        let stored = made.engine.with_threads(|| gram(&panels));
        let stored = upper(|i, j| stored.at(i, j), stored.size());
        let direct = made.gram();
        let size = stored.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        for (a, b) in stored.iter().zip(&direct) {
            assert!((a - b).abs() <= 1e-13 * size, "{case:?}");
        }
        let more = Made::new(case, precision, 3);
        assert!(more.gram() == direct, "{case:?}");
    }
}
