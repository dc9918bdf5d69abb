//! Derived equations against those of textbooks, and first variations against differences of the energy.

use super::density::Density;
use super::{Stationary, lost, stationary};
use crate::function::{Algebra, Function};
use crate::hir::{Overrides, Problem, Side, expression, resolve};
use crate::jet::{self, Graph, NodeId};
use crate::sample::{Points, Sampler};
use crate::source::Source;
use crate::syntax::parse;

fn problem(text: &str) -> Problem {
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    resolve(&source, &document, &Overrides::new()).unwrap().0
}

fn derived(text: &str) -> Stationary {
    stationary(&problem(text)).unwrap()
}

/// All that is derived, line by line.
fn lines(derived: &Stationary) -> Vec<String> {
    let problem = &derived.problem;
    let of = |label: &str, left| format!("{label}: {} = 0", expression(problem, left));
    let equations = problem.equations.iter().map(|e| of(&e.label, e.left));
    let natural = problem.conditions[derived.given..].iter();
    equations
        .chain(natural.map(|c| of(&c.label, c.left)))
        .collect()
}

#[test]
fn a_loaded_membrane_satisfies_poissons_equation() {
    let found = derived(
        "coord x, y in [0, 1]\nfield u(x, y)\nparam load = 3\n\
         minimize integral(|grad(u)|^2/2 - load*u, x, y)\non x = 0, x = 1, y = 0: u = 0",
    );
    assert_eq!(
        lines(&found),
        [
            "euler_lagrange: -load - u_xx - u_yy = 0",
            "natural u at y = 1: u_y = 0"
        ]
    );
    assert!(found.missing.is_empty() && found.multipliers.is_empty());
    assert!(found.problem.energies.is_empty() && found.problem.unsupported.is_empty());
}

/// Euler and Bernoulli: moment and shear force vanish at a free end.
#[test]
fn a_cantilever_has_no_moment_and_no_shear_force_at_its_free_end() {
    let found = derived(
        "coord x in [0, 1]\nfield w(x)\nparam EI = 2\nminimize integral(EI*w_xx^2/2 - w, x)\n\
         on x = 0: w = 0\non x = 0: w_x = 0",
    );
    assert_eq!(
        lines(&found),
        [
            "euler_lagrange: EI*w_xxxx - 1 = 0",
            "natural w at x = 1: -EI*w_xxx = 0",
            "natural w_x at x = 1: EI*w_xx = 0"
        ]
    );
}

#[test]
fn fluxes_that_are_not_linear_stay_whole() {
    let surface = derived(
        "coord x, y in [0, 1]\nfield u(x, y)\nminimize integral(sqrt(1 + u_x^2 + u_y^2), x, y)\n\
         on boundary: u = x",
    );
    assert_eq!(
        lines(&surface),
        [
            "euler_lagrange: -d(u_x/sqrt(u_x^2 + u_y^2 + 1), x) - d(u_y/sqrt(u_x^2 + u_y^2 + 1), y) = 0"
        ]
    );
    let rod = derived(
        "coord x in [0, 1]\nfield u(x)\nminimize integral((1 + x)*u_x^2/2 + u^4/4, x)\n\
         on x = 0: u = 1",
    );
    assert_eq!(
        lines(&rod),
        [
            "euler_lagrange: -d((x + 1)*u_x, x) + u^3 = 0",
            "natural u at x = 1: (x + 1)*u_x = 0"
        ]
    );
}

/// Hamilton's principle for a string.
#[test]
fn least_action_gives_the_wave_equation() {
    let found = derived(
        "coord x in [0, 1]\ntime t in [0, 1]\nfield u(x, t)\nparam c = 2\n\
         minimize integral(u_t^2/2 - c^2*u_x^2/2, x, t)\n\
         on x = 0, x = 1: u = 0\ninitial u = sin(pi*x)\nat t = 1: u = 0",
    );
    assert_eq!(lines(&found), ["euler_lagrange: c^2*u_xx - u_tt = 0"]);
}

#[test]
fn constraints_enter_with_multipliers_and_quotients_with_their_values() {
    let held = derived(
        "coord x in [0, 1]\nfield u(x)\nminimize integral(u_x^2, x)\non x = 0, x = 1: u = 0\n\
         constraint integral(u^2, x) = 1",
    );
    assert_eq!(
        lines(&held),
        ["euler_lagrange: 2*u*lambda - 2*u_xx = 0"],
        "{held:?}"
    );
    let [multiplier] = held.multipliers.as_slice() else {
        panic!("one constraint, one multiplier")
    };
    assert_eq!(held.problem.unknowns[*multiplier].name, "lambda");
    let quotient = derived(
        "coord x in [0, 1]\nfield u(x)\nminimize integral(u_x^2, x)/integral(u^2, x)\n\
         on x = 0, x = 1: u = 0",
    );
    assert_eq!(
        lines(&quotient),
        [
            "euler_lagrange: -2*u*integral(u_x^2, x)/integral(u^2, x)^2 - 2*u_xx/integral(u^2, x) = 0"
        ]
    );
}

#[test]
fn a_number_that_is_sought_makes_the_energy_stationary_too() {
    let found = derived(
        "coord x in [0, 1]\nfield u(x)\nunknown k in (0, 10) = 1\n\
         minimize integral(u_x^2/2 + (k - 2)^2*u^2, x) + k^2\non x = 0: u = 1",
    );
    let [constraint] = found.problem.constraints.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        expression(&found.problem, constraint.left),
        "integral(2*u^2*(k - 2), x) + 2*k"
    );
}

/// Navier's equations, by hand: the coefficient of each second derivative.
#[test]
fn elasticity_comes_component_by_component() {
    let head = "coord x, y in [0, 1]\nfield w(x, y) in R^2\nparam lambda = 1.5\nparam mu = 0.4\n";
    let found = derived(&format!(
        "{head}let strain = (grad(w) + transpose(grad(w)))/2\n\
         minimize integral(lambda*div(w)^2/2 + mu*inner(strain, strain), x, y)\non boundary: w = (x, 0)"
    ));
    assert_eq!(found.problem.equations[0].label, "euler_lagrange.w.x");
    assert_eq!(found.problem.equations[1].label, "euler_lagrange.w.y");
    let by_hand = problem(&format!(
        "{head}eq lambda*grad(div(w)) + mu*(laplacian(w) + grad(div(w))) = 0\non boundary: w = (x, 0)"
    ));
    let slopes = |problem: &Problem, sign: f64| {
        let mut lowering = jet::lower(problem);
        let mut slopes = Vec::new();
        for root in lowering.equations.clone() {
            for jet in lowering.graph.jets(&[root]) {
                let leaf = lowering.graph.jet(jet.0, jet.1.clone());
                let slope = lowering.graph.partial(root, leaf);
                let points = Points {
                    columns: vec![vec![0.3], vec![0.4]],
                };
                let sampler = Sampler::new(problem, 1);
                let value = sign * sampler.evaluate(&lowering.graph, slope, &points)[0];
                slopes.push((jet, (value * 1e9).round()));
            }
        }
        slopes
    };
    assert_eq!(slopes(&found.problem, -1.0), slopes(&by_hand, 1.0));
}

#[test]
fn what_cannot_be_derived_says_why() {
    for (text, reason) in [
        (
            "coord x, y in [0, 1]\nfield u(x)\nminimize integral(u_x^2, x, y)\non x = 0: u = 1",
            "`u` does not depend on `y`",
        ),
        (
            "coord x in [0, 1]\nfield u(x)\nfield v(x)\neq v_x = u\n\
             minimize integral(u_x^2, x)\non x = 0: u = 1\non x = 0: v = 1",
            "the file has equations beside what it minimizes",
        ),
    ] {
        assert_eq!(stationary(&problem(text)).unwrap_err(), reason);
    }
}

#[test]
fn conditions_that_a_minimiser_does_not_keep_are_found() {
    let text = |condition: &str| {
        format!(
            "coord x in [0, 1]\nfield u(x)\nminimize integral(2*u_x^2 - u, x)\non x = 0: u = 0\n{condition}"
        )
    };
    for (condition, expected) in [
        ("on x = 1: u_x = 1", 1),
        ("on x = 1: u_x = 0", 0),
        ("on x = 1: u = 0", 0),
        ("on x = 1: u_n = -u", 0),
        ("", 0),
    ] {
        let found = lost(&problem(&text(condition)));
        assert_eq!(found.len(), expected, "{condition}: {found:?}");
    }
}

/// Five points of Gauss and Legendre on [0, 1], exact for polynomials of degree 9, on each of four panels.
fn gauss() -> Vec<(f64, f64)> {
    let base = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (0.906_179_845_938_664, 0.236_926_885_056_189_08),
    ];
    let mut points = Vec::new();
    for panel in 0..4 {
        let middle = (f64::from(panel) + 0.5) / 4.0;
        for (place, weight) in base {
            points.push((middle + place / 8.0, weight / 8.0));
            if place > 0.0 {
                points.push((middle - place / 8.0, weight / 8.0));
            }
        }
    }
    points
}

/// The integral over the unit square, or over a side where `fixed` says which coordinate has which value.
fn integral(problem: &Problem, graph: &Graph, node: NodeId, fixed: Option<(usize, f64)>) -> f64 {
    let mut columns = vec![Vec::new(), Vec::new()];
    let mut weights = Vec::new();
    for (x, wx) in gauss() {
        for (y, wy) in gauss() {
            let mut point = [x, y];
            if let Some((coordinate, value)) = fixed {
                // All points of this coordinate count the side; their weights add up to one.
                point[coordinate] = value;
            }
            columns[0].push(point[0]);
            columns[1].push(point[1]);
            weights.push(wx * wy);
        }
    }
    let points = Points { columns };
    let values = Sampler::new(problem, 1).evaluate(graph, node, &points);
    values.iter().zip(weights).map(|(v, w)| v * w).sum()
}

/// `δE[η] = ∫ E_u η + Σ_faces ± ∫ B_m ∂^m η`, the left side by differences of the energy, for an η that vanishes at
/// corners only.
#[test]
fn first_variations_are_differences_of_the_energy() {
    for integrand in [
        "u_x^2/2 + u_y^2 - u*exp(x)",
        "sqrt(1 + u_x^2 + u_y^2)",
        "(u_xx + u_yy)^2/2 + u",
        "u_xy^2*(1 + x*y) + u_xx*u_y",
        "exp(u_x)*u + x*u_yy^2*u_x",
        "u_xxx^2/2 + sin(u)*u_xy",
    ] {
        let text =
            format!("coord x, y in [0, 1]\nfield u(x, y)\nminimize integral({integrand}, x, y)");
        let problem = problem(&text);
        let derived = stationary(&problem).unwrap();
        let mut lowering = jet::lower(&derived.problem);
        let graph = &mut lowering.graph;
        let [u, eta] = [0, 1].map(|which| polynomial(graph, which));
        let mut variation = 0.0;
        let of = |graph: &mut Graph, root, factor: NodeId| {
            let root = graph.substitute_functions(&[root], &[Some(u)])[0];
            graph.multiply(root, factor)
        };
        let inside = of(graph, lowering.equations[0], eta);
        variation += integral(&derived.problem, graph, inside, None);
        for (number, condition) in derived.problem.conditions.iter().enumerate() {
            let coordinate = condition.part.coordinate.index();
            let (value, sign) = match condition.part.side {
                Side::Low => (0.0, -1.0),
                Side::High => (1.0, 1.0),
            };
            let along = ["x", "y"][coordinate];
            let order = condition.label.matches(along).count() - 1;
            let mut factor = eta;
            for _ in 0..order {
                factor = graph.differentiate(factor, coordinate);
            }
            let node = of(graph, lowering.conditions[number], factor);
            variation += sign * integral(&derived.problem, graph, node, Some((coordinate, value)));
        }
        let mut density = Density::new(&problem).unwrap();
        let step = 1e-4;
        let mut energy = |step: f64| {
            let graph = &mut density.graph;
            let [u, eta] = [0, 1].map(|which| polynomial(graph, which));
            let moved = graph.sum(&[(u, 1.0), (eta, step)], 0.0);
            let node = graph.substitute_functions(&[density.node], &[Some(moved)])[0];
            integral(&problem, graph, node, None)
        };
        let difference = (energy(step) - energy(-step)) / (2.0 * step);
        let scale = difference.abs().max(1.0);
        assert!(
            (difference - variation).abs() < 1e-6 * scale,
            "{integrand}: {difference} and {variation}"
        );
    }
}

/// A smooth function, and one that vanishes at the corners of the unit square but not on its sides.
fn polynomial(graph: &mut Graph, which: usize) -> NodeId {
    let (x, y) = (graph.coordinate(0), graph.coordinate(1));
    let xy = graph.multiply(x, y);
    if which == 0 {
        let sine = graph.function(Function::Sin, x);
        let bend = graph.product(&[(x, 3), (y, 2)]);
        let part = graph.multiply(sine, y);
        return graph.sum(&[(xy, 0.7), (bend, 0.3), (part, 0.5), (x, 0.2)], 0.4);
    }
    let rest = |graph: &mut Graph, c| {
        let back = graph.sum(&[(c, -1.0)], 1.0);
        graph.multiply(c, back)
    };
    let (along, across) = (rest(graph, x), rest(graph, y));
    let tilt = graph.sum(&[(x, 0.6), (y, -0.3)], 1.0);
    let bent = graph.product(&[(across, 1), (x, 2)]);
    let first = graph.multiply(along, tilt);
    graph.sum(&[(first, 1.0), (across, 0.8), (bent, 0.5)], 0.0)
}
