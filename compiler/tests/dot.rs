//! Jet expressions as pictures: the text for Graphviz of a small problem.
#![allow(clippy::unwrap_used)] // a test may fail

mod support;

use pdec_compiler::jet::{self, Names};
use pdec_compiler::source::Source;
use std::fmt::Write as _;
use support::compile;

const PROBLEM: &str = "\
problem \"A picture\"
coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
field v(x, t)
param nu = 0.1
eq burgers: u_t + u*u_x = nu*u_xx
eq others: abs(v)^1.5 + sin(u*u_x)/(1 + x)^2 - 2*v = 3
initial u = 0
on x = 0, x = 1: u = 0
";

#[test]
fn expressions_are_drawn() {
    let (problem, _) = compile(&Source::new("picture", PROBLEM.to_string())).unwrap();
    let lowering = jet::lower(&problem);
    let names = Names {
        coordinates: vec!["x".into(), "t".into()],
        uniforms: vec!["nu".into()],
        data: Vec::new(),
    };
    let bindings: Vec<(String, jet::NodeId)> = ["burgers", "others"]
        .map(String::from)
        .into_iter()
        .zip(lowering.equations)
        .collect();
    let mut text = format!("{PROBLEM}\n== dot\n");
    let _ = write!(text, "{}", jet::dot(&lowering.graph, &names, &bindings));
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(text);
    });
}
