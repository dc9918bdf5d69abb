//! How many coefficients are carried, and that collapsing changes no value.

use super::plan;
use crate::function::{Algebra, Function};
use crate::jet::{Graph, MultiIndex, NodeId, Unknown};

/// Plans `expression(jets)` in `dimensions` coordinates for one function.
fn count(
    dimensions: u16,
    expression: impl Fn(&mut Graph, &dyn Fn(&mut Graph, &[usize]) -> NodeId) -> NodeId,
) -> (usize, usize) {
    let mut graph = Graph::new(vec![Unknown {
        name: "u".into(),
        arguments: (0..dimensions).collect(),
    }]);
    let jet = |g: &mut Graph, by: &[usize]| g.jet(0, MultiIndex::new(by.iter().copied()));
    let root = expression(&mut graph, &jet);
    let plan = plan(&mut graph, &[root], &[0], true);
    (plan.coefficients.len(), plan.uncollapsed)
}

#[test]
fn burgers_carries_three() {
    let counts = count(2, |g, jet| {
        let (u, ux, ut, uxx) = (jet(g, &[]), jet(g, &[0]), jet(g, &[1]), jet(g, &[0, 0]));
        let advection = g.multiply(u, ux);
        let nu = g.uniform(0);
        let diffusion = g.multiply(nu, uxx);
        g.sum(&[(ut, 1.0), (advection, 1.0), (diffusion, -1.0)], 0.0)
    });
    assert_eq!(counts, (3, 4));
}

#[test]
fn a_laplacian_carries_two_more_than_dimensions() {
    for d in 1..8_u16 {
        let counts = count(d, |g, jet| {
            let terms: Vec<(NodeId, f64)> = (0..usize::from(d))
                .map(|c| (jet(g, &[c, c]), 1.0))
                .collect();
            g.sum(&terms, 0.0)
        });
        let d = usize::from(d);
        // in one dimension there is nothing to collapse
        assert_eq!(counts, (if d == 1 { 3 } else { d + 2 }, 2 * d + 1));
    }
}

#[test]
fn waves_and_plates() {
    let wave = count(2, |g, jet| {
        let (tt, xx) = (jet(g, &[1, 1]), jet(g, &[0, 0]));
        g.sum(&[(tt, 1.0), (xx, -4.0)], 0.0)
    });
    assert_eq!(wave, (4, 5));
    let biharmonic = count(2, |g, jet| {
        let (xxxx, xxyy, yyyy) = (
            jet(g, &[0, 0, 0, 0]),
            jet(g, &[0, 0, 1, 1]),
            jet(g, &[1, 1, 1, 1]),
        );
        g.sum(&[(xxxx, 1.0), (xxyy, 2.0), (yyyy, 1.0)], 0.0)
    });
    assert_eq!(biharmonic, (11, 13));
}

#[test]
fn what_is_used_otherwise_is_not_collapsed() {
    // u_xx stands under a sine
    let counts = count(2, |g, jet| {
        let (t, xx) = (jet(g, &[1]), jet(g, &[0, 0]));
        let sine = g.function(Function::Sin, xx);
        g.sum(&[(t, 1.0), (sine, 1.0)], 0.0)
    });
    assert_eq!(counts, (4, 4));
}

#[test]
fn systems_share_combinations() {
    // Navier-Stokes in two dimensions: u, v, p with the same viscosity
    let mut graph = Graph::new(
        ["u", "v", "p"]
            .into_iter()
            .map(|name| Unknown {
                name: name.into(),
                arguments: vec![0, 1],
            })
            .collect(),
    );
    let g = &mut graph;
    let nu = g.uniform(0);
    let mut momentum = Vec::new();
    for (own, pressure) in [(0, [0]), (1, [1])] {
        let mut terms = Vec::new();
        for (wind, c) in [(0, 0), (1, 1)] {
            let wind = g.jet(wind, MultiIndex::zero());
            let slope = g.jet(own, MultiIndex::new([c]));
            terms.push((g.multiply(wind, slope), 1.0));
            let second = g.jet(own, MultiIndex::new([c, c]));
            terms.push((g.multiply(nu, second), -1.0));
        }
        terms.push((g.jet(2, MultiIndex::new(pressure)), 1.0));
        momentum.push(g.sum(&terms, 0.0));
    }
    let (ux, vy) = (
        g.jet(0, MultiIndex::new([0])),
        g.jet(1, MultiIndex::new([1])),
    );
    momentum.push(g.add(ux, vy));
    let plan = plan(&mut graph, &momentum, &[0, 1, 2], true);
    assert_eq!((plan.coefficients.len(), plan.uncollapsed), (4, 5));
}

/// The derivative of a jump is zero, but what decides on it is not linear: it has to be carried.
#[test]
fn what_a_jump_looks_at_is_not_collapsed() {
    for function in [Function::Heaviside, Function::Sign, Function::Abs] {
        let counts = count(2, |g, jet| {
            let (t, xx) = (jet(g, &[1]), jet(g, &[0, 0]));
            let jump = g.function(function, xx);
            g.sum(&[(t, 1.0), (xx, -1.0), (jump, 1.0)], 0.0)
        });
        assert_eq!(counts, (4, 4));
    }
    let counts = count(2, |g, jet| {
        let (t, xx, x) = (jet(g, &[1]), jet(g, &[0, 0]), jet(g, &[0]));
        let zero = g.number(0.0);
        let choice = g.select(xx, zero, x, t);
        g.sum(&[(t, 1.0), (xx, -1.0), (choice, 1.0)], 0.0)
    });
    assert_eq!(counts, (4, 4));
}
