//! Which fields and numbers are an eigenvalue problem of their own.
//!
//! * Input: a problem.
//! * Output: groups of fields that equations and conditions tie together, each with the numbers in them; which groups
//!   constraints keep apart.

use pdec_compiler::hir::Problem;
use pdec_compiler::jet::{self, Graph, Node, NodeId, uniform_of_unknown};

/// Fields of one eigenvalue problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The fields.
    pub(super) fields: Vec<usize>,
    /// The numbers in their equations and conditions.
    pub(super) numbers: Vec<usize>,
    /// Earlier groups with which it stands in a common integral: their states are to differ.
    pub(super) apart: Vec<usize>,
}

/// The groups, in the order of their fields. None where some fields have no number, or some number no field.
pub(super) fn groups(problem: &Problem) -> Option<Vec<Group>> {
    let lowering = jet::lower_whole(problem);
    let graph = &lowering.graph;
    let mut groups: Vec<Group> = Vec::new();
    for root in lowering.equations.iter().chain(&lowering.conditions) {
        let mut merged = Group {
            fields: fields(graph, *root),
            numbers: numbers(problem, graph, *root),
            apart: Vec::new(),
        };
        let tied = |group: &Group| {
            let common = |a: &[usize], b: &[usize]| a.iter().any(|it| b.contains(it));
            common(&group.fields, &merged.fields) || common(&group.numbers, &merged.numbers)
        };
        let (old, rest): (Vec<Group>, Vec<Group>) = groups.drain(..).partition(tied);
        groups = rest;
        for group in old {
            merged.fields.extend(group.fields);
            merged.numbers.extend(group.numbers);
        }
        for list in [&mut merged.fields, &mut merged.numbers] {
            list.sort_unstable();
            list.dedup();
        }
        if !merged.fields.is_empty() || !merged.numbers.is_empty() {
            groups.push(merged);
        }
    }
    let complete = groups
        .iter()
        .all(|group| !group.fields.is_empty() && !group.numbers.is_empty());
    let known: usize = groups.iter().map(|group| group.numbers.len()).sum();
    let held: usize = groups.iter().map(|group| group.fields.len()).sum();
    if !complete || known != problem.unknowns.len() || held != problem.fields.len() {
        return None;
    }
    groups.sort_by(|a, b| a.fields.cmp(&b.fields));
    let products: Vec<Vec<usize>> = lowering
        .integrals
        .iter()
        .map(|it| fields(graph, it.operand))
        .collect();
    let earlier = groups.clone();
    for (number, group) in groups.iter_mut().enumerate() {
        let tied = |other: &Group| {
            products.iter().any(|product| {
                let has = |group: &Group| product.iter().any(|it| group.fields.contains(it));
                has(other) && product.iter().any(|it| group.fields.contains(it))
            })
        };
        let earlier = earlier.iter().take(number).enumerate();
        group.apart = earlier
            .filter(|(_, other)| tied(other))
            .map(|(place, _)| place)
            .collect();
    }
    Some(groups)
}

/// The fields in an expression.
fn fields(graph: &Graph, root: NodeId) -> Vec<usize> {
    let mut fields: Vec<usize> = graph
        .jets(&[root])
        .iter()
        .map(|(field, _)| *field)
        .collect();
    fields.dedup();
    fields
}

/// The numbers that are sought in an expression.
fn numbers(problem: &Problem, graph: &Graph, root: NodeId) -> Vec<usize> {
    let first = uniform_of_unknown(problem, 0);
    let mut numbers = Vec::new();
    for id in graph.reachable(&[root]) {
        if let Node::Uniform(uniform) = *graph.node(id)
            && let Some(number) = usize::from(uniform).checked_sub(first)
            && number < problem.unknowns.len()
        {
            numbers.push(number);
        }
    }
    numbers.sort_unstable();
    numbers
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::*;
    use pdec_compiler::hir::{Overrides, resolve};
    use pdec_compiler::source::Source;
    use pdec_compiler::syntax::parse;

    fn found(text: &str) -> Option<Vec<Group>> {
        let text = format!("coord x in [0, 1]\n{text}");
        let source = Source::new("test.pde", &text);
        let document = parse(&source).unwrap();
        groups(&resolve(&source, &document, &Overrides::new()).unwrap().0)
    }

    #[test]
    fn states_that_constraints_keep_apart() {
        let state = |name: &str, number: usize| {
            format!(
                "field {name}(x)\nunknown E{number} in (0, 90)\neq {name}_xx + E{number}*{name} = 0\n\
                 on x = 0, x = 1: {name} = 0\nconstraint integral({name}^2, x) = 1\n"
            )
        };
        let text =
            state("a", 1) + &state("b", 2) + &state("c", 3) + "constraint integral(a*c, x) = 0\n";
        let groups = found(&text).unwrap();
        let expected = |place: usize, apart: &[usize]| Group {
            fields: vec![place],
            numbers: vec![place],
            apart: apart.to_vec(),
        };
        assert_eq!(
            groups,
            [expected(0, &[]), expected(1, &[]), expected(2, &[0])]
        );
    }

    #[test]
    fn coupled_fields_are_one_state() {
        let text = "field a(x)\nfield b(x)\nunknown E in (0, 90)\neq a_xx + b + E*a = 0\neq b_xx + E*b = 0\n\
                    on x = 0, x = 1: a = 0\non x = 0, x = 1: b = 0\nconstraint integral(a^2 + b^2, x) = 1\n";
        let groups = found(text).unwrap();
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].fields, [0, 1]);
    }
}
