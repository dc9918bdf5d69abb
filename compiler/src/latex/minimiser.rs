//! What the minimiser of the energies satisfies, typeset below the problem.
//!
//! The derived statements are printed in the language and read back, so that they are written as those of a file are.

use super::Paper;
use super::rows::Row;
use crate::hir::{self, Problem};
use crate::latex::expression::{Limits, Writer};
use crate::source::Source;
use crate::syntax::parse;
use crate::variation::stationary;
use std::fmt::Write;

/// Statements longer than this are not typeset: nobody could read them.
const LONGEST: usize = 100_000;

/// A sentence with a display; empty without energies, and where nothing is derived.
pub(super) fn minimiser(problem: &Problem, limits: &Limits) -> String {
    if problem.energies.is_empty() {
        return String::new();
    }
    let Ok(derived) = stationary(problem) else {
        return String::new();
    };
    let problem = &derived.problem;
    let mut sizes: Vec<usize> = Vec::with_capacity(problem.expressions.len());
    for (_, expression) in problem.expressions.iter() {
        let operands = expression.kind.operands();
        sizes.push(operands.fold(1, |sum: usize, id| sum.saturating_add(sizes[id.index()])));
    }
    let equations = problem.equations.iter().map(|it| it.left);
    let natural = problem.conditions.iter().skip(derived.given);
    let all = equations.chain(natural.clone().map(|it| it.left));
    if all.map(|id| sizes[id.index()]).max() > Some(LONGEST) {
        return String::new();
    }
    let mut text = String::new();
    for equation in &problem.equations {
        let left = hir::expression(problem, equation.left);
        let _ = writeln!(text, "eq {left} = 0");
    }
    for condition in natural {
        let place = hir::part(problem, condition.part);
        let left = hir::expression(problem, condition.left);
        let _ = writeln!(text, "on {place}: {left} = 0");
    }
    let Ok(document) = parse(&Source::new("minimiser", text)) else {
        return String::new();
    };
    let paper = Paper {
        document: &document,
        problem,
        writer: Writer::new(&document, problem).with_limits(limits.clone()),
    };
    let rows: Vec<String> = paper
        .rows()
        .into_iter()
        .map(|(code, tag): Row| format!("  {code}{tag}"))
        .collect();
    format!(
        "The minimiser satisfies\n\\begin{{alignat*}}{{2}}\n{}.\n\\end{{alignat*}}\n",
        rows.join(", \\\\\n")
    )
}
