//! Identities of textbooks are found, and what is none never is.

use super::{Budget, is_zero};
use crate::function::Algebra;
use crate::hir::{Overrides, resolve};
use crate::jet;
use crate::source::Source;
use crate::syntax::parse;

/// Whether `left - right` is zero as a formula in `x` and `t`, with `k = 0.3`.
fn same(left: &str, right: &str) -> Option<bool> {
    let text = format!(
        "coord x in [0.5, 1] time t in [0.5, 1] param k = 0.3 field u(x, t) eq u_t = {left} - ({right}) \
         initial u = 0"
    );
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    let (problem, _) = resolve(&source, &document, &Overrides::new()).unwrap();
    let mut lowering = jet::lower(&problem);
    // `u_t − f` with u = 0 is `−f`.
    let zero = lowering.graph.number(0.0);
    let root = lowering.equations[0];
    let root = lowering.graph.substitute_functions(&[root], &[Some(zero)])[0];
    is_zero(&lowering.graph, root, &[0.3], &mut Budget::default())
}

#[test]
fn identities_are_found() {
    for (left, right) in [
        ("(x + t)^2", "x^2 + 2*x*t + t^2"),
        ("sin(x)^2 + cos(x)^2", "1"),
        ("sin(x + t)", "sin(x)*cos(t) + cos(x)*sin(t)"),
        ("cos(2*x)", "1 - 2*sin(x)^2"),
        ("exp(x + t)", "exp(x)*exp(t)"),
        ("exp(-x)*exp(x)", "1"),
        ("cosh(x)^2 - sinh(x)^2", "1"),
        ("sech(x)^2", "1 - tanh(x)^2"),
        ("tanh(x + t)", "(tanh(x) + tanh(t))/(1 + tanh(x)*tanh(t))"),
        ("tan(x)", "sin(x)/cos(x)"),
        ("d(tan(x), x)", "1/cos(x)^2"),
        ("1/(2 - x) - 1/(2 + x)", "2*x/(4 - x^2)"),
        ("d(sqrt(1 + x^2), x)*sqrt(1 + x^2)", "x"),
        ("d(x^(1/3), x)", "x^(1/3)/(3*x)"),
        ("d(x^k, x)", "k*x^(k - 1)"),
        ("d(log(2*x + t), x)", "2/(2*x + t)"),
        ("exp(2*log(x))", "x^2"),
        ("sqrt(4*x)", "2*sqrt(x)"),
        ("abs(x - t)^2", "(x - t)^2"),
        ("d(erf(x), x, 2)", "-2*x*d(erf(x), x)"),
        ("if(x < t, 1, 2)*if(x < t, 1, 2)", "if(x < t, 1, 4)"),
        (
            "d(exp(-x^2/(4*k*t))/sqrt(t), t)",
            "k*d(exp(-x^2/(4*k*t))/sqrt(t), x, 2)",
        ),
        ("1/(exp(x) + exp(-x))", "sech(x)/2"),
        ("cos(pi*x)^4", "3/8 + cos(2*pi*x)/2 + cos(4*pi*x)/8"),
    ] {
        assert_eq!(same(left, right), Some(true), "{left} = {right}");
    }
}

#[test]
fn what_is_none_is_not() {
    for (left, right) in [
        ("(x + t)^2", "x^2 + 2*x*t + t^2 + 1e-9*x"),
        ("sin(x)^2 + cos(x)^2", "1 + 1e-9*t"),
        ("exp(x + t)", "exp(x) + exp(t)"),
        ("exp(x)", "exp(1.0000001*x)"),
        ("sqrt(x^2)", "x"),
        ("tanh(x)", "sinh(x)"),
        ("erf(x)", "erf(t)"),
        ("if(x < t, 1, 2)", "if(t < x, 2, 1)"),
        ("d(x^k, x)", "k*x^k"),
        ("1/(1 + x)", "1 - x"),
        ("exp(-((x - 0.77)/1e-5)^2)", "0"),
        ("exp(-300)*exp(-400)*x", "0"),
    ] {
        assert_ne!(same(left, right), Some(true), "{left} = {right}");
    }
}

#[test]
fn what_is_too_large_is_left() {
    assert_eq!(same("(1 + x + t + exp(x) + exp(t))^60", "0"), None);
    assert_eq!(same("(1 + x)^1000", "0"), None);
}
