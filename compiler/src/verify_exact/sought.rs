//! The exact solution in statements with numbers that are sought: is there a value of them with which it is one?
//!
//! Where the statements are affine in the numbers, all of them at all points are one system of linear equations for the few
//! numbers, solved by least squares; what it leaves is compared with the terms. Where they are not, nothing is said but
//! that they were not looked at.

use super::magnitude::magnitude;
use super::{TOLERANCE, Verification, Verifier, is_open, short};
use crate::diagnostic::{Diagnostic, listed};
use crate::hir::Part;
use crate::jet::{self, Node, NodeId};
use crate::source::Span;
use std::collections::BTreeSet;

/// Numbers that are looked for at once.
const MOST: usize = 8;
/// A number that the rows know this much less of than of others is not determined by them.
const RANK: f64 = 1e-10;

/// A statement at its points: the value for numbers that are zero, and the factor of each number.
struct Rows {
    label: String,
    what: String,
    span: Span,
    fields: Vec<usize>,
    values: Vec<f64>,
    factors: Vec<Vec<f64>>,
    /// What the terms of each add up to in absolute value.
    sizes: Vec<f64>,
    factor_sizes: Vec<Vec<f64>>,
}

impl Verifier<'_> {
    /// Looks at all statements with unknown numbers together.
    pub(super) fn sought(&mut self) {
        let problem = self.problem;
        let count = problem.unknowns.len();
        if self.open || count == 0 {
            return;
        }
        let equations = problem.equations.iter().zip(&self.lowering.equations);
        let equations = equations.map(|(it, root)| {
            let what = format!("the equation `{}`", it.label);
            (*root, None, it.label.clone(), what, it.span)
        });
        let conditions = problem.conditions.iter().zip(&self.lowering.conditions);
        let conditions = conditions.map(|(it, root)| {
            let what = format!("the condition `{}`", it.label);
            (*root, Some(it.part), it.label.clone(), what, it.span)
        });
        let statements: Vec<_> = equations.chain(conditions).collect();
        let mut rows = Vec::new();
        for (root, part, label, what, span) in statements {
            if !self.is_for_numbers(root) {
                continue;
            }
            match self.rows(root, part, label, what, span) {
                Some(found) if count <= MOST => rows.push(found),
                Some(_) | None => {
                    self.beyond.insert(span);
                }
            }
        }
        if rows.is_empty() {
            return;
        }
        let numbers = least_squares(&rows, count);
        let told = self.errors.len();
        for statement in &rows {
            self.compare(statement, &numbers);
        }
        if self.errors.len() == told {
            self.within(&rows, &numbers);
        }
    }

    /// The number that makes the exact solution one must lie in its interval. Of several, some may not be determined.
    fn within(&mut self, rows: &[Rows], numbers: &[f64]) {
        let mut unknowns = self.problem.unknowns.iter();
        let (Some((_, unknown)), None, [value]) = (unknowns.next(), unknowns.next(), numbers)
        else {
            return;
        };
        let mut factors = rows.iter().flat_map(|it| it.factors.iter().flatten());
        let room = TOLERANCE * value.abs().max(1.0);
        let (low, high) = (unknown.bounds.low, unknown.bounds.high);
        if factors.all(|it| *it == 0.0) || (low - room..=high + room).contains(value) {
            return;
        }
        let fields = rows.iter().flat_map(|it| &it.fields);
        let spans = fields.filter_map(|field| self.spans[*field]);
        let exact = spans.min().unwrap_or(unknown.span);
        self.errors.push(
            Diagnostic::error(
                "exact-is-not-exact",
                format!(
                    "the exact solution is one for `{} = {}` alone, which is not in its interval",
                    unknown.name,
                    short(*value)
                ),
                exact,
                "this is not a solution",
            )
            .with_label(unknown.span, "never leaves its interval")
            .with_help("widen the interval, or correct the exact solution"),
        );
    }

    /// Whether a statement has unknown numbers and no integrals in it, and fields with exact solutions alone.
    fn is_for_numbers(&self, root: NodeId) -> bool {
        let graph = &self.lowering.graph;
        let jets = graph.jets(&[root]);
        let known = |function: usize| self.exact.get(function).copied().flatten().is_some();
        let integrals = |id: &NodeId| matches!(graph.node(*id), Node::Datum(_));
        is_open(self.problem, graph, root)
            && !jets.is_empty()
            && jets.iter().all(|(function, _)| known(*function))
            && !graph.reachable(&[root]).iter().any(integrals)
    }

    fn rows(
        &mut self,
        root: NodeId,
        part: Option<Part>,
        label: String,
        what: String,
        span: Span,
    ) -> Option<Rows> {
        let problem = self.problem;
        let first = jet::uniform_of_unknown(problem, 0);
        let graph = &mut self.lowering.graph;
        let fields: BTreeSet<usize> = graph.jets(&[root]).into_iter().map(|it| it.0).collect();
        let leaves: Vec<NodeId> = (0..problem.unknowns.len())
            .map(|number| graph.uniform(first + number))
            .collect();
        let slopes = graph.partials(root, &leaves);
        let rest = graph.substitute(&[root], |graph, leaf| match leaf {
            Node::Uniform(uniform) if usize::from(*uniform) >= first => {
                Some(crate::function::Algebra::number(graph, 0.0))
            }
            _ => None,
        });
        let points = self.sampler.points(part);
        let mut evaluate = |root: NodeId| -> Option<(Vec<f64>, Vec<f64>)> {
            let graph = &mut self.lowering.graph;
            if is_open(problem, graph, root) {
                return None;
            }
            let size = magnitude(graph, root, &self.exact);
            let value = *graph.substitute_functions(&[root], &self.exact).first()?;
            Some((
                self.sampler.evaluate(graph, value, &points),
                self.sampler.evaluate(graph, size, &points),
            ))
        };
        let (values, sizes) = evaluate(*rest.first()?)?;
        let (mut factors, mut factor_sizes) = (Vec::new(), Vec::new());
        for leaf in &leaves {
            let (values, sizes) = match slopes.get(leaf) {
                Some(slope) => evaluate(*slope)?,
                None => (vec![0.0; points.len()], vec![0.0; points.len()]),
            };
            factors.push(values);
            factor_sizes.push(sizes);
        }
        let all = factors.iter().chain([&values]).flatten();
        let finite = all.copied().all(f64::is_finite);
        finite.then(|| Rows {
            label,
            what,
            span,
            fields: fields.into_iter().collect(),
            values,
            factors,
            sizes,
            factor_sizes,
        })
    }

    /// What a statement leaves with these numbers.
    fn compare(&mut self, rows: &Rows, numbers: &[f64]) {
        let mut worst: Option<(f64, f64)> = None;
        let mut largest: f64 = 0.0;
        let total = |k: usize| {
            let terms = numbers.iter().zip(&rows.factor_sizes);
            rows.sizes[k]
                + terms
                    .map(|(number, it)| (number * it[k]).abs())
                    .sum::<f64>()
        };
        let scale = (0..rows.values.len()).map(total).fold(0.0, f64::max);
        for k in 0..rows.values.len() {
            let terms = numbers.iter().zip(&rows.factors);
            let residual = rows.values[k] + terms.map(|(number, it)| number * it[k]).sum::<f64>();
            largest = largest.max(residual.abs());
            let size = total(k).max(1e-4 * scale);
            if residual.abs() > 10.0 * TOLERANCE * size
                && worst.is_none_or(|(other, _)| residual.abs() > other)
            {
                worst = Some((residual.abs(), size));
            }
        }
        self.verified.push(Verification {
            label: rows.label.clone(),
            residual: largest,
            points: Some(rows.values.len()),
        });
        let Some((residual, size)) = worst else {
            return;
        };
        let names: Vec<String> = (self.problem.unknowns.iter())
            .map(|(_, unknown)| format!("`{}`", unknown.name))
            .collect();
        let best: Vec<String> = (self.problem.unknowns.iter().zip(numbers))
            .map(|((_, unknown), value)| format!("{} = {}", unknown.name, short(*value)))
            .collect();
        let spans = rows.fields.iter().filter_map(|field| self.spans[*field]);
        let exact = spans.min().unwrap_or(rows.span);
        self.errors.push(
            Diagnostic::error(
                "exact-is-not-exact",
                format!(
                    "the exact solution does not satisfy {} for any value of {}",
                    rows.what,
                    listed(&names)
                ),
                exact,
                "this is not a solution",
            )
            .with_label(rows.span, "left − right is not zero here")
            .with_note(format!(
                "with {}, which comes nearest, left − right is up to {} where the terms add up to {} in absolute value",
                best.join(", "),
                short(residual),
                short(size)
            ))
            .with_help("correct the exact solution or the equation; one of the two has a slip"),
        );
    }
}

/// The numbers with which all rows together are smallest, each statement by its own size.
fn least_squares(rows: &[Rows], count: usize) -> Vec<f64> {
    let mut matrix = vec![vec![0.0; count + 1]; count];
    for statement in rows {
        let all = statement
            .factors
            .iter()
            .chain([&statement.values])
            .flatten();
        let scale = all.fold(0.0_f64, |most, value| most.max(value.abs()));
        if scale == 0.0 {
            continue;
        }
        for k in 0..statement.values.len() {
            let entry = |column: usize| match statement.factors.get(column) {
                Some(factors) => factors[k] / scale,
                None => -statement.values[k] / scale,
            };
            for (row, line) in matrix.iter_mut().enumerate() {
                for (column, sum) in line.iter_mut().enumerate() {
                    *sum += entry(row) * entry(column);
                }
            }
        }
    }
    eliminate(matrix)
}

/// Solves a symmetric system with its right side as the last column; what is not determined is zero.
fn eliminate(mut matrix: Vec<Vec<f64>>) -> Vec<f64> {
    let count = matrix.len();
    let diagonal: Vec<f64> = (0..count).map(|k| matrix[k][k]).collect();
    let mut used: Vec<usize> = Vec::new();
    loop {
        let share = |k: &usize| {
            if diagonal[*k] > 0.0 {
                matrix[*k][*k] / diagonal[*k]
            } else {
                0.0
            }
        };
        let free = (0..count).filter(|k| !used.contains(k));
        let Some(pivot) = free.max_by(|a, b| share(a).total_cmp(&share(b))) else {
            break;
        };
        if share(&pivot) <= RANK {
            break;
        }
        used.push(pivot);
        let line = matrix[pivot].clone();
        for (row, other) in matrix.iter_mut().enumerate() {
            if row == pivot {
                continue;
            }
            let factor = other[pivot] / line[pivot];
            for (entry, by) in other.iter_mut().zip(&line) {
                *entry -= factor * by;
            }
        }
    }
    (0..count)
        .map(|k| {
            if used.contains(&k) {
                matrix[k][count] / matrix[k][k]
            } else {
                0.0
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::eliminate;

    #[test]
    fn a_number_that_nothing_determines_is_left_out() {
        let found = eliminate(vec![
            vec![2.0, 0.0, 1.0, 4.0],
            vec![0.0, 0.0, 0.0, 0.0],
            vec![1.0, 0.0, 3.0, 7.0],
        ]);
        assert!((found[0] - 1.0).abs() < 1e-12, "{found:?}");
        assert_eq!(found[1].to_bits(), 0.0_f64.to_bits());
        assert!((found[2] - 2.0).abs() < 1e-12, "{found:?}");
    }
}
