//! Solutions and slips.

use super::verify;
use crate::hir::{Overrides, Problem, resolve};
use crate::source::Source;
use crate::syntax::parse;

fn problem(text: &str) -> Problem {
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    resolve(&source, &document, &Overrides::new()).unwrap().0
}

fn names(text: &str) -> Vec<&'static str> {
    let (_, errors) = verify(&problem(text));
    errors.iter().map(|error| error.name).collect()
}

const WAVE: &str = "coord x in [0, 1] time t in [0, 1] field u(x, t) eq u_tt = 4*u_xx \
    initial u = sin(pi*x) initial u_t = 0 on x = 0, x = 1: u = 0 ";

#[test]
fn a_solution_is_accepted_however_it_is_written() {
    let direct = format!("{WAVE} exact u = sin(pi*x)*cos(2*pi*t)");
    let waves = format!("{WAVE} exact u = (sin(pi*(x - 2*t)) + sin(pi*(x + 2*t)))/2");
    // A difference of large numbers: rounding of 1e-10, forgiven against terms of 1e6.
    let large =
        format!("{WAVE} exact u = (1e6 + sin(pi*x)*cos(2*pi*t)) - 1e6*(cos(x)^2 + sin(x)^2)");
    for text in [direct, waves, large] {
        assert_eq!(names(&text), [""; 0], "{text}");
    }
}

#[test]
fn a_slip_is_found_where_it_is() {
    let text = format!("{WAVE} exact u = sin(pi*x)*cos(2.000001*pi*t)");
    let (verified, errors) = verify(&problem(&text));
    assert_eq!(errors.len(), 1, "only the equation is not satisfied");
    let label = errors[0].secondary[0].span;
    assert_eq!(&text[label.range()], "eq u_tt = 4*u_xx");
    assert_eq!(verified.len(), 5);
    let text = format!("{WAVE} exact u = sin(pi*x)*cos(2*pi*t) + 1e-6*x");
    assert_eq!(
        names(&text),
        ["exact-is-not-exact"; 2],
        "initial and right end"
    );
}

#[test]
fn periodic_solutions_must_close() {
    let text = |exact: &str, initial: &str| {
        format!(
            "coord x in [0, 2*pi] time t in [0, 1] field u(x, t) eq u_t + 5*u_x = 0 periodic x \
             initial u = {initial} exact u = {exact}"
        )
    };
    assert_eq!(names(&text("sin(x - 5*t)", "sin(x)")), [""; 0]);
    assert_eq!(
        names(&text("sin((x - 5*t)/2)", "sin(x/2)")),
        ["exact-is-not-periodic"]
    );
}

#[test]
fn a_singular_solution_is_refused() {
    let text = "coord x in [-1, 1] field u(x) eq u_xx = 0 on x = -1: u = 0 on x = 1: u = 0 \
        exact u = log(x) - log(x)";
    assert_eq!(names(text), [""; 0], "a difference of equal terms is zero");
    // Infinite at an end, where a condition asks for its value.
    let text = "coord x in [0, 1] field u(x) eq x^2*u_xx = -1 on x = 0: u = 0 on x = 1: u = 0 \
        exact u = log(x)";
    assert_eq!(names(text)[0], "exact-is-not-exact");
}

#[test]
fn integrals_in_constraints_are_taken() {
    let text = |constraint: &str, exact: &str| {
        format!(
            "coord x in [0, 1] coord y in [0, 2] field u(x, y) eq u_xx + u_yy = -2*pi^2*u \
             on boundary: u = 0 constraint {constraint} exact u = {exact}"
        )
    };
    let sines = "sin(pi*x)*sin(pi*y)";
    // ∫₀¹ sin² = 1/2, ∫₀² sin² = 1, ∫₀² sin = 0, ∫₀¹ sin = 2/π
    for right in [
        "integral(u^2, x, y) = 1/2",
        "integral(u, x, y) = 0",
        "integral(abs(u), x, y) = 8/pi^2",
        "integral(u^2, x, y) + integral(u, x, y)^2 = 0.5",
    ] {
        assert_eq!(names(&text(right, sines)), [""; 0], "{right}");
    }
    for wrong in [
        "integral(u^2, x, y) = 1",
        "integral(u^2, x, y) = 0.50001",
        "integral(u, x, y) = 1e-4",
    ] {
        assert_eq!(
            names(&text(wrong, sines)),
            ["exact-is-not-exact"],
            "{wrong}"
        );
    }
    // In time, a constraint holds always.
    let heat = |constraint: &str| {
        format!(
            "coord x in [0, 1] time t in [0, 1] field u(x, t) eq u_t = u_xx \
             initial u = 1 + cos(pi*x) on x = 0, x = 1: u_x = 0 constraint {constraint} \
             exact u = 1 + exp(-pi^2*t)*cos(pi*x)"
        )
    };
    assert_eq!(names(&heat("integral(u, x) = 1")), [""; 0]);
    assert_eq!(
        names(&heat("integral(u^2, x) = 3/2")),
        ["exact-is-not-exact"]
    );
}
