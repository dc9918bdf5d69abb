//! What follows from the file: the problem as a whole, its minimiser, solutions, jets and the network.

use super::fold::{Block, listed, shortened};
use crate::numbers::{grouped, small};
use crate::understood::{Altogether, Carried, Exact, Minimiser, Network, Understood};
use std::fmt::Write as _;

pub fn minimiser(minimiser: &Minimiser) -> Vec<Vec<String>> {
    let Minimiser {
        not_derived,
        equations,
        natural,
        multipliers,
        numbers,
        missing,
    } = minimiser;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |what: &str, text: &str| rows.push(vec![what.to_owned(), shortened(text)]);
    for equation in equations {
        row("Euler–Lagrange", &equation.text);
    }
    for condition in natural {
        row(&format!("at {}, of itself", condition.at), &condition.text);
    }
    for text in numbers {
        row("in its numbers", text);
    }
    for name in multipliers {
        row("multiplier", name);
    }
    for what in missing {
        row("not derived", what);
    }
    if let Some(reason) = not_derived {
        row("not derived", reason);
    }
    rows
}

pub fn altogether(altogether: &Altogether) -> Vec<Vec<String>> {
    let Altogether {
        linear,
        linear_in_unknowns,
        eigenvalue,
        in_time,
        orders,
        coupled,
    } = altogether;
    let mut linear = if *linear {
        "linear in its fields".to_owned()
    } else {
        "not linear in its fields".to_owned()
    };
    match linear_in_unknowns {
        Some(true) => linear.push_str(", linear in its unknowns"),
        Some(false) => linear.push_str(", not linear in its unknowns"),
        None => {}
    }
    if *eigenvalue {
        linear = format!("an eigenvalue problem, {linear}");
    }
    let time = if *in_time { "in time" } else { "steady" };
    let orders: Vec<String> = orders
        .iter()
        .map(|order| format!("{} in {}", order.order, order.coordinate))
        .collect();
    let mut rows = vec![vec![format!(
        "{linear}, {time}, highest order {}",
        listed(&orders, ", ")
    )]];
    if coupled.iter().map(Vec::len).sum::<usize>() > 1 {
        let groups: Vec<String> = coupled
            .iter()
            .map(|group| listed(group, " with "))
            .collect();
        rows.push(vec![format!("coupled: {}", listed(&groups, "; "))]);
    }
    rows
}

/// How many statements are named.
const NAMED: usize = 4;

/// What is known of an exact solution: points can speak against it, and only algebra for it.
fn established(exact: &Exact, everything: bool) -> String {
    let what = if everything {
        "the problem"
    } else {
        "the equations and conditions on sides"
    };
    // The equations above are those of the file; what is trained has the sources.
    if exact.manufactured {
        return "equations and conditions get what it leaves in them as sources".to_owned();
    }
    if exact.identical {
        return format!("satisfies {what} identically");
    }
    let identical = exact.statements - exact.evaluated.len();
    let total = exact.statements + exact.unchecked.len();
    let mut said = Vec::new();
    if identical > 0 {
        said.push(format!(
            "satisfies {} of {} equations and conditions identically",
            grouped(identical as f64),
            grouped(total as f64)
        ));
    }
    if !exact.evaluated.is_empty() {
        let all = exact.evaluated.len() == total;
        said.push(format!(
            "nothing speaks against it in {} at {} points, largest residual {}",
            if all {
                what.to_owned()
            } else {
                named(&exact.evaluated)
            },
            grouped(exact.points as f64),
            small(exact.residual)
        ));
    }
    match (said.is_empty(), exact.unchecked.is_empty()) {
        (true, _) => said.push("not checked".to_owned()),
        (false, true) => {}
        (false, false) => said.push(format!("not checked in {}", named(&exact.unchecked))),
    }
    said.join("; ")
}

/// The first of some labels.
fn named(labels: &[String]) -> String {
    let (named, others) = labels.split_at(labels.len().min(NAMED));
    let mut named: Vec<String> = named.iter().map(|it| format!("`{it}`")).collect();
    if !others.is_empty() {
        named.push(format!("{} more", grouped(others.len() as f64)));
    }
    listed(&named, ", ")
}

pub fn known(understood: &Understood) -> Vec<Vec<String>> {
    let exact = understood.exact.iter().map(|exact| {
        vec![
            exact.field.clone(),
            if exact.manufactured {
                "manufactured solution".to_owned()
            } else {
                "exact solution".to_owned()
            },
            established(exact, understood.jets.is_some()),
        ]
    });
    let references = understood.references.iter().map(|reference| {
        vec![
            reference.field.clone(),
            format!("reference {}", reference.path),
            format!("{} values", grouped(reference.values as f64)),
        ]
    });
    exact.chain(references).collect()
}

pub fn carried(carried: &Carried) -> Block {
    let Carried {
        term,
        coefficients,
        uncollapsed,
        combinations,
        residuals,
    } = carried;
    let saved = if coefficients.len() < *uncollapsed {
        format!(" instead of {uncollapsed}")
    } else {
        String::new()
    };
    let plan = format!(
        "{}{saved} {{{}}} for {}",
        plural(coefficients.len(), "coefficient"),
        listed(coefficients, ", "),
        listed(residuals, "; ")
    );
    let mut rows = vec![vec![term.clone(), plan]];
    // what a combination is stands below its term
    rows.extend(
        combinations
            .iter()
            .map(|c| vec![String::new(), combination(c)]),
    );
    // Names that are in no file.
    if let Some(begin) = combinations.iter().find_map(|text| beginning(text)) {
        let time = begin.trim_end_matches(".begin");
        let words = format!("where a time window goes from {begin} to {time}.end");
        rows.push(vec![String::new(), words]);
    }
    rows
}

/// `t.begin`, where a combination has it.
fn beginning(text: &str) -> Option<&str> {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
    words.find(|word| word.ends_with(".begin"))
}

/// `L1 = N_xx + N_yy`; of thousands of terms some.
fn combination(text: &str) -> String {
    let terms: Vec<String> = text.split(" + ").map(str::to_owned).collect();
    listed(&terms, " + ")
}

pub fn network(network: &Network) -> Vec<Vec<String>> {
    let Network {
        inputs,
        outputs,
        parameters,
        windows,
        residuals,
    } = network;
    let mut row = format!(
        "{}, {}, {} parameters",
        plural(*inputs, "input"),
        plural(*outputs, "output"),
        grouped(*parameters as f64)
    );
    if *windows > 1 {
        let _ = write!(row, " in each of {windows} time windows");
    }
    let residuals = format!("{} residuals in a step", grouped(*residuals as f64));
    vec![vec![row], vec![residuals]]
}

fn plural(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
