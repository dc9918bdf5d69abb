//! Networks that look at regions around a point: the steps that the compiler derives, against explicit loops
//! that know nothing of them, values and gradients.
#![allow(clippy::unwrap_used)] // a test may fail

mod regional;

use pdec_compiler::network::{Activation, Network, Pointwise, Source};
use pdec_compiler::program::{self, build_with};
use pdec_compiler::settings::{Conditions, Settings};
use pdec_compiler::{front, kernel};
use regional::execute::execute;
use regional::{Dual, POINTS, PROBLEM, WINDOW, compiled, naive, parameters};

/// Residuals are what loops over sites, regions and neurons say; the gradients of all of them together along
/// any direction are what forward differentiation of these loops says: ⟨v, J w⟩ = ⟨Jᵀ v, w⟩.
#[test]
fn steps_agree_with_explicit_loops() {
    for collapse in [false, true] {
        let (_, compiled) = compiled(collapse);
        let program = &compiled.program;
        let theta = parameters(program.network.parameters);
        let w: Vec<f64> = (0..theta.len()).map(|k| (k as f64 * 0.7).cos()).collect();
        let along: Vec<Dual> = theta
            .iter()
            .zip(&w)
            .map(|(&value, &tangent)| Dual { value, tangent })
            .collect();
        let (mut forward, mut reverse) = (0.0, 0.0);
        for (number, (x, t)) in POINTS.into_iter().enumerate() {
            let (equation, initial) = naive(&theta, x, t);
            let (moved_equation, moved_initial) = naive(&along, x, t);
            for (term, data, expected, moved) in [
                (0, &[][..], equation, moved_equation),
                (1, &[0.25][..], initial - 0.25, moved_initial),
            ] {
                let block = &program.terms[term].block;
                let (values, gradients) = execute(program, block, &theta, &WINDOW, (&[x, t], data));
                let scale = 1.0 + expected.abs();
                assert!(
                    (values[0] - expected).abs() <= 1e-12 * scale,
                    "term {term}: {} against {expected}",
                    values[0]
                );
                let v = (number as f64 + 0.5).sin();
                forward += v * moved.tangent;
                let slope: f64 = gradients[0].iter().zip(&w).map(|(g, w)| g * w).sum();
                reverse += v * slope;
                assert!((slope - moved.tangent).abs() <= 1e-11 * (1.0 + slope.abs()));
            }
        }
        assert!(
            (forward - reverse).abs() <= 1e-12 * (1.0 + forward.abs()),
            "{forward} against {reverse}"
        );
    }
}

/// Every component of every gradient, against extrapolated central differences of the loops.
#[test]
fn gradients_agree_with_central_differences() {
    let (_, compiled) = compiled(true);
    let program = &compiled.program;
    let theta = parameters(program.network.parameters);
    let block = &program.terms[0].block;
    for (x, t) in POINTS {
        let (_, gradients) = execute(program, block, &theta, &WINDOW, (&[x, t], &[]));
        let size = gradients[0].iter().fold(1.0, |m: f64, g| m.max(g.abs()));
        for k in 0..theta.len() {
            let difference = |h: f64| {
                let moved = |by: f64| {
                    let mut theta = theta.clone();
                    theta[k] += by;
                    naive(&theta, x, t).0
                };
                (moved(h) - moved(-h)) / (2.0 * h)
            };
            let expected = (4.0 * difference(1e-3) - difference(2e-3)) / 3.0;
            assert!(
                (gradients[0][k] - expected).abs() <= 1e-8 * size,
                "parameter {k}: {} against {expected}",
                gradients[0][k]
            );
        }
    }
}

/// Collapsed or not, residual and gradient are the same; the combination is carried.
#[test]
fn collapsing_changes_no_value() {
    let mut results = Vec::new();
    for collapse in [false, true] {
        let (_, compiled) = compiled(collapse);
        let program = &compiled.program;
        let theta = parameters(program.network.parameters);
        let block = &program.terms[0].block;
        assert_eq!(block.coefficients.len(), if collapse { 3 } else { 4 });
        results.push(execute(
            program,
            block,
            &theta,
            &WINDOW,
            (&[0.3, 0.45], &[]),
        ));
    }
    let ((a, slopes_a), (b, slopes_b)) = (&results[0], &results[1]);
    assert!((a[0] - b[0]).abs() <= 1e-12 * (1.0 + a[0].abs()));
    for (a, b) in slopes_a[0].iter().zip(&slopes_b[0]) {
        assert!((a - b).abs() <= 1e-12 * (1.0 + a.abs()));
    }
}

/// The published network: a projection 2→8→32 at 84 points, a mixer 4→8→1 for each channel, a head. Small
/// kernels do for all of it, however many sites there are.
#[test]
fn many_sites_need_no_large_kernels() {
    let mut sites = vec![vec![0.0, 0.0]];
    #[allow(clippy::single_range_in_vec_init)] // one region of one site
    let mut regions = vec![0..1];
    for (points, reach) in [(3, 0.01), (5, 0.05), (7, 0.09)] {
        let begin = sites.len();
        for row in 0..points {
            for column in 0..points {
                let along = |k: i32| reach * (2.0 * f64::from(k) / f64::from(points - 1) - 1.0);
                sites.push(vec![along(column), along(row)]);
            }
        }
        regions.push(begin..sites.len());
    }
    let source = pdec_compiler::source::Source::new("regions.pde", PROBLEM);
    let problem = front::read(&source, &[]).unwrap().problem;
    let mut settings = Settings::default_for(&problem);
    settings.conditions = Conditions::Soft;
    let tanh = Pointwise::Activation(Activation::Tanh);
    let compiled = build_with(&problem, &settings, |inputs, outputs| {
        let mut n = Network::empty(inputs, sites);
        let all = n.displacements.len();
        assert_eq!(all, 84);
        let hidden = n.shared_affine("projection0", Source::Displaced, all, 8);
        let hidden = n.pointwise(tanh, &[hidden]);
        let projected = n.shared_affine("projection1", hidden, all, 32);
        let tokens = n.mean(projected, all, &regions);
        let hidden = n.shared_affine("mixer0", tokens, 32, 8);
        let hidden = n.pointwise(tanh, &[hidden]);
        let mut last = n.shared_affine("mixer1", hidden, 32, 1);
        for layer in 0..4 {
            let hidden = n.affine(&format!("head{layer}"), last, 64);
            last = n.pointwise(tanh, &[hidden]);
        }
        n.affine("output", last, outputs);
        n
    });
    let program = &compiled.program;
    // two weights in each of six activations are what the published number has more
    assert_eq!(program.network.parameters + 12, 15_030);
    for kernel in &program.kernels {
        assert_eq!(kernel::verify(kernel), Ok(()));
        let arguments = kernel.inputs.len() + kernel.outputs.len();
        assert!(arguments <= 100, "{} has {arguments}", kernel.name);
        assert!(kernel.instructions.len() < 400, "{}", kernel.name);
    }
}

/// What the steps look like.
#[test]
fn a_program_with_regions_is_printed() {
    let text = "coord x in [0, 4]\nfield u(x)\neq u_x = -u\non x = 0: u = 1\n";
    let source = pdec_compiler::source::Source::new("small.pde", text);
    let problem = front::read(&source, &[]).unwrap().problem;
    let mut settings = Settings::default_for(&problem);
    settings.conditions = Conditions::Soft;
    let compiled = build_with(&problem, &settings, |inputs, outputs| {
        let mut n = Network::empty(inputs, vec![vec![0.0], vec![-0.1], vec![0.1]]);
        let projected = n.shared_affine("projection", Source::Displaced, 3, 2);
        let sine = n.pointwise(Pointwise::Activation(Activation::Sin), &[projected]);
        let tokens = n.mean(sine, 3, &[0..1, 1..3]);
        let mixed = n.shared_affine("mixer", tokens, 2, 1);
        let joined = n.concatenation(&[mixed, Source::Input]);
        n.affine("output", joined, outputs);
        n
    });
    let program = &compiled.program;
    let mut shown = format!(
        "{text}\n== program\n{}\n== kernels\n",
        program::print(program)
    );
    for kernel in &program.kernels {
        let linear = ["displace", "mean", "copy"];
        if linear.iter().any(|name| kernel.name.starts_with(name)) {
            shown.push_str(&kernel::print(kernel));
            shown.push('\n');
        }
    }
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(shown);
    });
}
