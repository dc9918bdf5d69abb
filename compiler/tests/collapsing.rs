//! Collapsing and simplification on random expressions: neither changes a value, and what is canonical stays.
#![allow(clippy::unwrap_used)] // a test may fail

mod random;

use pdec_compiler::function::Algebra;
use pdec_compiler::jet::plan::{Coefficient, plan};
use pdec_compiler::jet::{MultiIndex, Node};
use proptest::prelude::*;
use random::{build_step, evaluate, expression, new_graph};
use std::collections::HashMap;

/// The number of a derivative of u.
fn derivative(jets: &[f64; 4], index: &MultiIndex) -> f64 {
    let known = [vec![], vec![0], vec![1], vec![0, 0]].map(MultiIndex::new);
    known
        .iter()
        .position(|other| other == index)
        .map_or(f64::NAN, |position| jets[position])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    /// `a·u_t + b(x)·u_xx` and a random expression, which may contain both in its own way, written in the
    /// coefficients that are carried.
    #[test]
    fn the_plan_changes_no_value(
        steps in prop::collection::vec(build_step(), 1..16),
        others in prop::collection::vec(build_step(), 1..4),
        jets in prop::array::uniform4(-1.5..1.5_f64),
        (x, t, k) in (-1.5..1.5_f64, -1.5..1.5_f64, 0.2..2.0_f64),
        a in -2.0..2.0_f64,
    ) {
        let mut graph = new_graph();
        let random = [expression(&mut graph, &steps), expression(&mut graph, &others)];
        let (ut, uxx) = (
            graph.jet(0, MultiIndex::new([1])),
            graph.jet(0, MultiIndex::new([0, 0])),
        );
        let at = graph.coordinate(0);
        let speed = graph.sum(&[(at, 1.0)], 2.0);
        let spread = graph.multiply(speed, uxx);
        let roots = random.map(|random| graph.sum(&[(random, 1.0), (ut, a), (spread, 1.0)], 0.0));
        let planned = plan(&mut graph, &roots, &[0], true);
        prop_assert!(planned.coefficients.len() <= planned.uncollapsed);
        let leaf = |node: &Node| match node {
            Node::Coordinate(0) => x,
            Node::Coordinate(_) => t,
            Node::Uniform(_) => k,
            Node::Jet { function: 0, index } => derivative(&jets, index),
            Node::Number(_) | Node::Datum(_) | Node::Jet { .. } | Node::Sum { .. } | Node::Product(_)
            | Node::Power { .. } | Node::Call(..) | Node::Select { .. } => f64::NAN,
        };
        // what stands for the combinations
        let mut images: HashMap<u16, f64> = HashMap::new();
        for coefficient in &planned.coefficients {
            let Coefficient::Combination(combination) = coefficient else { continue };
            let terms = combination.terms.iter();
            let value = terms.map(|(index, weight)| {
                evaluate(&graph, *weight, &leaf) * derivative(&jets, index)
            });
            let value = value.sum();
            for (_, image) in &combination.images {
                images.insert(u16::try_from(*image).unwrap(), value);
            }
        }
        for (&root, &rewritten) in roots.iter().zip(&planned.expressions) {
            for (function, index) in graph.jets(&[rewritten]) {
                prop_assert!(planned.position(function, &index).is_some());
            }
            let expected = evaluate(&graph, root, &leaf);
            let found = evaluate(&graph, rewritten, &|node| match node {
                Node::Jet { function, .. } if images.contains_key(function) => images[function],
                other => leaf(other),
            });
            let close = (found - expected).abs() <= 1e-9 * (1.0 + expected.abs());
            prop_assert!(close || !expected.is_finite() || expected.abs() > 1e9, "{found} against {expected}");
        }
    }

    /// Rules lead one way: building an expression again from its parts gives the same node.
    #[test]
    fn what_is_canonical_stays(steps in prop::collection::vec(build_step(), 1..40)) {
        let mut graph = new_graph();
        let root = expression(&mut graph, &steps);
        let derivative = graph.differentiate(root, 0);
        let nodes = graph.len();
        let again = graph.substitute(&[root, derivative], |_, _| None);
        prop_assert_eq!(again, [root, derivative]);
        prop_assert_eq!(graph.len(), nodes);
    }
}
