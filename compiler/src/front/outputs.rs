//! Expressions beside a file: what they mean is settled by reading each as an abbreviation (`let`) at its end.
//!
//! So an expression may say whatever the file could say in its place (vectors, derivatives, its parameters and
//! abbreviations), is checked as the file is, and needs no rules of its own.

use super::formula::{Formula, formula};
use super::{Finding, Front, Origin};
use crate::diagnostic::{Diagnostic, Label};
use crate::hir::{ExpressionId, OPEN_INTEGRALS};
use crate::source::{Source, Span};
use crate::syntax::not_supported_yet;
use std::ops::Range;

/// A file with expressions behind it.
pub(super) struct Appended {
    /// Both as one text.
    pub source: Source,
    /// Where the file ends.
    end: usize,
    expressions: Vec<Expression>,
}

/// One expression.
struct Expression {
    /// What its value is called by people.
    label: String,
    /// What it is called in the text.
    name: String,
    /// Where its declaration stands in the text.
    declaration: Range<usize>,
    /// Where the expression stands in the text.
    place: Range<usize>,
    /// Where it stands in its own source: a name may come before it.
    start: usize,
}

impl Appended {
    pub fn new(source: &Source, expressions: &[Source]) -> Self {
        let mut text = source.text.clone();
        let end = text.len();
        // A name that neither the file nor an expression mentions.
        let mentioned = |stem: &str| {
            let mut texts = [source].into_iter().chain(expressions);
            texts.any(|it| it.text.contains(stem))
        };
        let mut stem = "output".to_owned();
        while mentioned(&stem) {
            stem.push('s');
        }
        let expressions = expressions
            .iter()
            .enumerate()
            .map(|(number, expression)| {
                let (label, start) = named(&expression.text);
                let name = format!("{stem}{number}");
                text.push('\n');
                let declared = text.len();
                text.push_str(&format!("let {name} = "));
                let place = text.len();
                // A line of its own would be a declaration of its own.
                let value = &expression.text[start..];
                text.extend(value.chars().map(|c| if c.is_control() { ' ' } else { c }));
                Expression {
                    label,
                    name,
                    declaration: declared..text.len(),
                    place: place..text.len(),
                    start,
                }
            })
            .collect();
        text.push('\n');
        Self {
            source: Source::new(source.name.clone(), text),
            end,
            expressions,
        }
    }

    /// The expressions of what was read become its outputs.
    pub fn take(&self, mut front: Front) -> Result<Front, Vec<Finding>> {
        let problem = &mut front.problem;
        // What training cannot do, evaluation cannot do either, but for integrals that vary from place to place.
        let (ours, theirs): (Vec<Diagnostic>, Vec<Diagnostic>) =
            std::mem::take(&mut problem.unsupported)
                .into_iter()
                .partition(|it| it.primary.span.range().start >= self.end);
        problem.unsupported = theirs;
        let mut findings: Vec<Finding> = ours
            .into_iter()
            .filter(|it| it.message != not_supported_yet(OPEN_INTEGRALS, it.primary.span).message)
            .filter_map(|mut diagnostic| {
                diagnostic.primary.message = "`pdec eval` does not compute this yet".to_owned();
                diagnostic.notes.clear();
                self.place(Finding {
                    origin: Origin::Problem,
                    diagnostic,
                })
            })
            .collect();
        let mut asked: Vec<(String, ExpressionId)> = Vec::new();
        for (number, expression) in self.expressions.iter().enumerate() {
            let label = if is_compound(&expression.label) {
                format!("({})", expression.label)
            } else {
                expression.label.clone()
            };
            let mut values: Vec<(String, ExpressionId)> = problem
                .definitions
                .iter()
                .filter(|(_, it)| expression.declaration.contains(&it.span.range().start))
                .map(|(_, it)| {
                    // `(a + b).re`, but `a + b` where that is all.
                    let label = if it.name == expression.name {
                        &expression.label
                    } else {
                        &label
                    };
                    (it.name.replacen(&expression.name, label, 1), it.value)
                })
                .collect();
            // The real part first, as fields have it.
            for number in 1..values.len() {
                let base = values[number - 1].0.strip_suffix(".im");
                if base.is_some() && base == values[number].0.strip_suffix(".re") {
                    values.swap(number - 1, number);
                }
            }
            if values.is_empty() {
                findings.push(Finding {
                    origin: Origin::Expression(number),
                    diagnostic: Diagnostic::error(
                        "rank-mismatch",
                        "a region has no values",
                        Span::new(expression.start, expression.start + expression.place.len()),
                        "this is a part of space",
                    )
                    .with_help("write an expression of fields and coordinates, such as `u_x`"),
                });
            }
            asked.extend(values);
        }
        let mut formulas = Vec::with_capacity(asked.len());
        for (name, value) in asked {
            let before = problem.outputs.len();
            match formula(problem, value) {
                Ok(formula) => {
                    // A piece that is all is called what the expression is.
                    if formula == Formula::Output(before) {
                        problem.outputs[before].0.clone_from(&name);
                    }
                    formulas.push((name, formula));
                }
                Err(span) => findings.extend(
                    self.place(Finding {
                        origin: Origin::Problem,
                        diagnostic: Diagnostic::error(
                            "integral-form",
                            "a derivative of a product or a function of integrals",
                            span,
                            "this is not evaluated",
                        )
                        .with_help(
                            "differentiate under the integral: for `d(integral(u, x)^2, t)` write \
                         `2*integral(u, x)*integral(u_t, x)`",
                        ),
                    }),
                ),
            }
        }
        front.formulas = formulas;
        if !findings.is_empty() {
            return Err(findings);
        }
        front
            .warnings
            .retain(|warning| warning.primary.span.range().start < self.end);
        Ok(front)
    }

    /// A finding in the text that the user wrote; none where it is about what was put around it.
    pub fn place(&self, finding: Finding) -> Option<Finding> {
        let Finding { origin, diagnostic } = finding;
        let at = diagnostic.primary.span.range().start;
        if origin != Origin::Problem || at < self.end {
            return Some(Finding { origin, diagnostic });
        }
        let (number, expression) = self
            .expressions
            .iter()
            .enumerate()
            .find(|(_, it)| at <= it.place.end)
            .or_else(|| self.expressions.iter().enumerate().next_back())?;
        if diagnostic.name == "unused-name" {
            return None;
        }
        let moved = |span: Span| {
            let clamp = |offset: usize| {
                offset.clamp(expression.place.start, expression.place.end) - expression.place.start
                    + expression.start
            };
            Span::new(clamp(span.range().start), clamp(span.range().end))
        };
        let inside = |span: &Span| span.range().start >= expression.declaration.start;
        Some(Finding {
            origin: Origin::Expression(number),
            diagnostic: Diagnostic {
                primary: Label {
                    span: moved(diagnostic.primary.span),
                    message: diagnostic.primary.message,
                },
                // What was declared elsewhere is in another text.
                secondary: diagnostic
                    .secondary
                    .into_iter()
                    .filter(|label| inside(&label.span))
                    .map(|label| Label {
                        span: moved(label.span),
                        message: label.message,
                    })
                    .collect(),
                edit: diagnostic
                    .edit
                    .filter(|edit| inside(&edit.span))
                    .map(|edit| crate::diagnostic::Edit {
                        span: moved(edit.span),
                        replacement: edit.replacement,
                    }),
                ..diagnostic
            },
        })
    }
}

/// What `slope = u_x` calls its value, and where the value begins; an expression without a name is its own.
fn named(text: &str) -> (String, usize) {
    if let Some((name, value)) = text.split_once('=') {
        let name = name.trim();
        let is_name = name.chars().next().is_some_and(char::is_alphabetic)
            && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_name {
            return (name.to_owned(), text.len() - value.len());
        }
    }
    (text.trim().to_owned(), 0)
}

/// Whether an expression has an operator outside of brackets: a component of it needs brackets around it.
fn is_compound(text: &str) -> bool {
    let mut depth = 0;
    text.char_indices().any(|(place, c)| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        depth == 0 && place > 0 && "+-*/^ ".contains(c)
    }) || text.starts_with('-')
}
