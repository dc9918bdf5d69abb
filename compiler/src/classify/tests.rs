//! The classes of well-known equations.

use super::{classify, eigenvalues};
use crate::hir::{Overrides, resolve};
use crate::source::Source;
use crate::syntax::parse;

/// The class of `u` under one equation with whatever conditions it needs.
fn class(text: &str) -> String {
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    let problem = resolve(&source, &document, &Overrides::new()).unwrap().0;
    let classification = &classify(&problem)[0];
    let linearity = classification.linearity.name();
    format!(
        "{}, {linearity}, {}",
        classification.order, classification.class
    )
}

fn in_time(equation: &str, initial: &str) -> String {
    class(&format!(
        "coord x in [-1, 1] time t in [0, 1] field u(x, t) periodic x eq {equation} {initial}"
    ))
}

fn steady(equation: &str) -> String {
    class(&format!(
        "coord x, y in [-1, 1] field u(x, y) eq {equation} \
         on x = -1, x = 1: u = 0 on y = -1, y = 1: u = 0"
    ))
}

#[test]
fn the_classics() {
    let u0 = "initial u = sin(pi*x)";
    assert_eq!(in_time("u_t = u_xx", u0), "2, linear, parabolic");
    assert_eq!(
        in_time("u_t + u*u_x = 0.1*u_xx", u0),
        "2, semilinear, parabolic"
    );
    assert_eq!(
        in_time("u_t = 0.1*u_xx - 5*u^3 + 5*u", u0),
        "2, semilinear, parabolic"
    );
    assert_eq!(
        in_time("u_t + 50*u_x = 0", u0),
        "1, linear, hyperbolic (transport)"
    );
    assert_eq!(
        in_time("u_t + u*u_x = 0", u0),
        "1, quasilinear, hyperbolic (transport)"
    );
    assert_eq!(
        in_time("u_t = 5*u*(1 - u)", u0),
        "1, semilinear, ordinary differential equation in t"
    );
    assert_eq!(
        in_time("u_t + u*u_x + 0.0005*u_xxx = 0", u0),
        "3, semilinear, first order in t, third order in x"
    );
    let both = "initial u = sin(pi*x) initial u_t = 0";
    assert_eq!(in_time("u_tt = 4*u_xx", both), "2, linear, hyperbolic");
    assert_eq!(
        in_time("u_tt + u_xt = 4*u_xx", both),
        "2, linear, hyperbolic"
    );
    assert_eq!(
        in_time("u_t = d(u^2*u_x, x)", u0),
        "2, quasilinear, its class depends on the solution"
    );
    assert_eq!(steady("u_xx + u_yy + u = sin(x)"), "2, linear, elliptic");
    assert_eq!(
        steady("y*u_xx + u_yy = 0"),
        "2, linear, mixed: elliptic and hyperbolic"
    );
    assert_eq!(
        steady("u_xx*u_yy - d(u, x, y)^2 = 1"),
        "2, fully nonlinear, its class depends on the solution"
    );
}

#[test]
fn eigenvalues_of_a_symmetric_matrix() {
    let mut found = eigenvalues(vec![
        vec![2.0, 1.0, 0.0],
        vec![1.0, 2.0, 1.0],
        vec![0.0, 1.0, 2.0],
    ]);
    found.sort_by(f64::total_cmp);
    let root = 2f64.sqrt();
    for (found, wanted) in found.iter().zip([2.0 - root, 2.0, 2.0 + root]) {
        assert!((found - wanted).abs() < 1e-14);
    }
}

#[test]
fn derivatives_of_products_are_written_out() {
    let text = |equation: &str| {
        format!(
            "coord x, y in [1, 2] field u(x, y) eq {equation} on x = 1, x = 2, y = 1, y = 2: u = 0"
        )
    };
    assert_eq!(
        class(&text("d(x*u_x, x)/x + u_yy/x^2 = 0")),
        "2, linear, elliptic"
    );
    assert_eq!(
        class(&text("(d(x*u_x, x) + u^2)/x + u_yy = 0")),
        "2, semilinear, elliptic"
    );
}
