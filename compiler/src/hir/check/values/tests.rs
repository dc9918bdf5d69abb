//! Where formulas are looked at, and what is found there.

use super::{Formula, Places};
use crate::hir::check::lowered::Lowered;
use crate::hir::{Overrides, Problem, resolve};
use crate::source::Source;
use crate::syntax::parse;
use std::collections::BTreeSet;

/// A problem with the source `f` on [-1, 1] in `x` and [0, 1] in `y`.
fn problem(f: &str) -> Problem {
    let text = format!(
        "coord x in [-1, 1] coord y in [0, 1] field u(x, y) eq u_xx + u_yy = {f} \
         on x = -1, x = 1, y = 0, y = 1: u = 0"
    );
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    resolve(&source, &document, &Overrides::new()).unwrap().0
}

/// The names of what is found in the source `f`.
fn found(f: &str) -> Vec<&'static str> {
    let text = format!(
        "coord x in [-1, 1] coord y in [0, 1] field u(x, y) eq u_xx + u_yy = {f} \
         on x = -1, x = 1, y = 0, y = 1: u = 0"
    );
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    match resolve(&source, &document, &Overrides::new()) {
        Ok((_, warnings)) => warnings.iter().map(|warning| warning.name).collect(),
        Err(errors) => errors.iter().map(|error| error.name).collect(),
    }
}

#[test]
fn a_grid_has_its_ends_its_middle_and_zero() {
    let problem = problem("x + y");
    let both = BTreeSet::from([0, 1]);
    let places = Places::new(&problem, &both, &[], 1);
    for point in [[-1.0, 0.0], [1.0, 1.0], [0.0, 0.5], [-1.0, 1.0]] {
        assert!(places.points.contains(&point.to_vec()), "{point:?}");
    }
    for (a, b) in &places.neighbours {
        let (a, b) = (&places.points[*a], &places.points[*b]);
        assert!((a[0] == b[0]) != (a[1] == b[1]));
    }
    // However dear each point is, a grid remains.
    let dear = Places::new(&problem, &both, &[], usize::MAX);
    assert_eq!(dear.points.len(), 9);
}

#[test]
fn poles_are_found_between_points_too() {
    for pole in [
        "1/x",
        "1/(x - 0.123)",
        "1/(x - 0.123)^2",
        "1/(x + y - 0.1)",
        "1/sin(3*x)",
        "tan(2*x)",
        "log(y)",
        "x^(-1.5)",
        "1/0",
        "exp(1e5*y)",
    ] {
        let names = found(pole);
        assert!(
            names == ["singular-coefficient"] || names == ["non-real"],
            "{pole}: {names:?}"
        );
    }
}

#[test]
fn what_is_finite_and_real_is_let_pass() {
    for fine in [
        "1/(2 + x)",
        "sqrt(1 - x^2)",
        "sqrt(sin(pi*y))",
        "sqrt(y)",
        "abs(x)^0.3",
        "exp(-1/(y^2 + 1e-3))",
        "tan(x)",
        "1/(1 + exp(-50*x))",
        "tanh(1e6*x)",
        "u/(1 + u^2)",
        "sqrt(u)",
        "1/u",
        "(x - 0.123)/(x - 0.123)",
        "sin(x - 0.123)/(x - 0.123)",
        "y*log(y)",
    ] {
        assert_eq!(found(fine), [""; 0], "{fine}");
    }
}

#[test]
fn what_is_not_real_is_found() {
    for wrong in [
        "sqrt(x)",
        "log(x)",
        "x^0.5",
        "x^(1/3)",
        "sqrt(x - y)*u",
        "log(-1)",
    ] {
        assert_eq!(found(wrong), ["non-real"], "{wrong}");
    }
}

#[test]
fn open_parts_have_no_value() {
    let problem = problem("u*x");
    let lowered = Lowered::new(&problem).unwrap();
    let root = lowered.equations[0];
    let formula = Formula::new(&lowered.graph, &[root], &[]);
    assert_eq!(formula.known().last(), Some(&false));
}
