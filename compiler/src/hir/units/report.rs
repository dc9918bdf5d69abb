//! What is said about dimensions that do not agree.

use super::infer::{Inference, Subject, Term};
use super::mend::Mend;
use super::solve::Monomial;
use super::{Dimension, Rational};
use crate::diagnostic::Diagnostic;
use crate::hir::{self, BinaryOperator, ExpressionId, ExpressionKind};
use crate::source::Span;

/// How many terms and factors are shown.
const MOST_SHOWN: usize = 6;

/// How long the text of a term may be in a message.
const LONGEST: usize = 60;

impl Inference<'_> {
    /// Some of these terms have another dimension than the others.
    pub(super) fn disagreement(&self, subject: &Subject, mut terms: Vec<Term>) -> Diagnostic {
        for term in &mut terms {
            if let Some(id) = term.id {
                term.text = self.text(id);
            }
        }
        let reduced: Vec<Monomial> = terms
            .iter()
            .map(|term| self.solver.reduced(&term.shape))
            .collect();
        let (culprit, reference) = self.culprit(&terms, &reduced);
        let (wrong, right) = (&terms[culprit], &terms[reference]);
        let described = |index: usize| self.described(&reduced[index]);
        let others = reduced.iter().filter(|it| **it == reduced[reference]);
        let message = if others.count() > 1 && wrong.id.is_some() && right.id.is_some() {
            format!(
                "`{}` is {}, the other terms of {} are {}",
                wrong.text,
                described(culprit),
                subject.what,
                described(reference)
            )
        } else {
            format!(
                "`{}` is {}, but `{}` is {}",
                wrong.text,
                described(culprit),
                right.text,
                described(reference)
            )
        };
        let mut error = Diagnostic::error("unit-mismatch", message, wrong.span, described(culprit));
        if right.span != wrong.span {
            error = error.with_label(right.span, described(reference));
        }
        error = self.with_inferred(error, &[wrong, right]);
        for (index, term) in terms.iter().enumerate().take(MOST_SHOWN) {
            if let Some(note) = self.factors_note(term, &reduced[index]) {
                error = error.with_note(note);
            }
        }
        let ratio = reduced[reference].over(&reduced[culprit]).dimension();
        let Some(ratio) = ratio else {
            return error.with_note(RULE);
        };
        let (a, b) = (
            self.named(&ratio),
            self.named(&ratio.power(Rational::whole(-1))),
        );
        let factor = if b.len() < a.len() || a.starts_with("1/") {
            b
        } else {
            a
        };
        error = error.with_note(format!("They differ by a factor of {factor}. {RULE}"));
        let mut mends = self.mends(wrong, &ratio, subject, &terms);
        // The other side only where nothing on this one can be meant: two sides have equal rights.
        if mends.is_empty() || mends.iter().all(|mend| mend.edit.is_none()) {
            let inverse = ratio.power(Rational::whole(-1));
            if reduced
                .iter()
                .filter(|it| **it == reduced[reference])
                .count()
                == 1
            {
                mends.extend(self.mends(right, &inverse, subject, &terms));
            }
        }
        if reduced.iter().any(is_charge) {
            error = error.with_note("`C` is the coulomb; temperatures are in kelvin, `K`.");
        }
        let generic = format!(
            "multiply `{}` by something in {}",
            wrong.text,
            self.named(&ratio)
        );
        with_mends(error, mends, generic)
    }

    /// Something must be a number and is not.
    pub(super) fn not_a_number(
        &self,
        id: ExpressionId,
        shape: &Monomial,
        what: &str,
    ) -> Diagnostic {
        let reduced = self.solver.reduced(shape);
        let expression = &self.problem.expressions[id];
        let described = self.described(&reduced);
        let term = Term {
            id: Some(id),
            text: self.text(id),
            span: expression.span,
            shape: shape.clone(),
        };
        let mut error = Diagnostic::error(
            "unit-mismatch",
            format!(
                "{what} must be a plain number, but `{}` is {described}",
                term.text
            ),
            expression.span,
            described,
        );
        error = self.with_inferred(error, &[&term]);
        if let Some(note) = self.factors_note(&term, &reduced) {
            error = error.with_note(note);
        }
        error = error.with_note("`exp(x)` is 1 + x + x²/2 + …, `sin(x)` is x − x³/6 + …: of a quantity with a dimension, these terms could not be added.");
        let Some(dimension) = reduced.dimension() else {
            return error;
        };
        let subject = Subject {
            what: what.to_owned(),
            span: expression.span,
            condition: false,
        };
        let ratio = dimension.power(Rational::whole(-1));
        let generic = format!(
            "divide `{}` by something in {}",
            term.text,
            self.named(&dimension)
        );
        with_mends(error, self.mends(&term, &ratio, &subject, &[]), generic)
    }

    /// The positions of a term that stands out and of one that it should agree with.
    fn culprit(&self, terms: &[Term], reduced: &[Monomial]) -> (usize, usize) {
        let is_known = |index: &usize| reduced[*index].dimension().is_some();
        let all: Vec<usize> = (0..terms.len()).collect();
        let known: Vec<usize> = all.iter().copied().filter(is_known).collect();
        let split = known
            .iter()
            .any(|index| reduced[*index] != reduced[known[0]]);
        let eligible = if split { known } else { all };
        // What has been declared is right, then what most terms say; a plain number is the likeliest slip.
        let standing = |index: usize| {
            let alike = eligible
                .iter()
                .filter(|other| reduced[**other] == reduced[index]);
            let declared = alike.clone().any(|other| terms[*other].id.is_none());
            let plain = reduced[index] == Monomial::number();
            (declared, alike.count(), !plain)
        };
        let mut reference = eligible.first().copied().unwrap_or(0);
        for index in &eligible {
            if standing(*index) > standing(reference) {
                reference = *index;
            }
        }
        let culprit = eligible
            .iter()
            .copied()
            .find(|index| reduced[*index] != reduced[reference])
            .unwrap_or(reference);
        (culprit, reference)
    }

    /// Where the dimension of a name that is not declared with one comes from.
    fn with_inferred(&self, mut error: Diagnostic, terms: &[&Term]) -> Diagnostic {
        let mut shown: Vec<Span> = vec![error.primary.span];
        shown.extend(error.secondary.iter().map(|label| label.span));
        for term in terms {
            for symbol in term.shape.unknowns() {
                let Some(span) = self.solver.because(symbol) else {
                    continue;
                };
                let owner = self.owners.iter().find(|(other, ..)| *other == symbol);
                let Some((_, name, _)) = owner.filter(|_| !shown.contains(&span)) else {
                    continue;
                };
                let dimension = self.solver.reduced(&Monomial::symbol(symbol));
                error = error.with_label(
                    span,
                    format!("from here, `{name}` is {}", self.described(&dimension)),
                );
                shown.push(span);
            }
        }
        error
    }

    /// `alpha*u_xx`: alpha [m^2/s] · u_xx [K/m^2] = K/s
    fn factors_note(&self, term: &Term, reduced: &Monomial) -> Option<String> {
        let factors = self.factors(term.id?);
        if factors.len() < 2 {
            return None;
        }
        let mut text = format!("`{}`: ", term.text);
        for (index, (id, divide)) in factors.iter().enumerate() {
            if index == MOST_SHOWN {
                text.push_str(" · …");
                break;
            }
            let shape = self.shapes[id.index()].clone().unwrap_or_default();
            let shape = self.solver.reduced(&shape);
            if index > 0 || *divide {
                text.push_str(if *divide { " / " } else { " · " });
            }
            text.push_str(&self.text(*id));
            if shape != Monomial::number() && !self.annotations.literals.contains_key(id) {
                text.push_str(&format!(" [{}]", self.shape_text(&shape)));
            }
        }
        let whole = self.shape_text(reduced);
        text.push_str(&format!(" = {whole}"));
        if let Some(dimension) = reduced.dimension()
            && dimension.in_base_units() != whole
        {
            text.push_str(&format!(" = {dimension}"));
        }
        Some(text)
    }

    /// What is multiplied and divided in a term, in order.
    fn factors(&self, root: ExpressionId) -> Vec<(ExpressionId, bool)> {
        let mut factors = Vec::new();
        let mut pending = vec![(root, false)];
        while let Some((id, divide)) = pending.pop() {
            let ExpressionKind::Binary {
                operator,
                left,
                right,
            } = &self.problem.expressions[id].kind
            else {
                factors.push((id, divide));
                continue;
            };
            match operator {
                BinaryOperator::Multiply => pending.extend([(*right, divide), (*left, divide)]),
                BinaryOperator::Divide => pending.extend([(*right, !divide), (*left, divide)]),
                BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Power => {
                    factors.push((id, divide));
                }
            }
            if factors.len() > MOST_SHOWN {
                break;
            }
        }
        factors
    }

    /// An expression as written, or printed where it is made of what is written elsewhere.
    fn text(&self, id: ExpressionId) -> String {
        let span = self.problem.expressions[id].span;
        let written = self.source.slice(span);
        // Several terms of a `laplacian` stand at the same place.
        let made = written.contains('(')
            && matches!(
                self.problem.expressions[id].kind,
                ExpressionKind::Derivative { .. }
            )
            && !written.starts_with("d(");
        let text = if written.is_empty() || made {
            hir::expression(self.problem, id)
        } else {
            written.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        if text.chars().count() > LONGEST {
            let head: String = text.chars().take(LONGEST - 1).collect();
            return format!("{head}…");
        }
        text
    }

    /// "in m/s", "a plain number"
    fn described(&self, reduced: &Monomial) -> String {
        if *reduced == Monomial::number() {
            "a plain number".to_owned()
        } else {
            format!("in {}", self.shape_text(reduced))
        }
    }

    fn shape_text(&self, reduced: &Monomial) -> String {
        match reduced.dimension() {
            Some(dimension) => self.named(&dimension),
            None => reduced.text(|symbol| {
                let owner = self.owners.iter().find(|(other, ..)| *other == symbol);
                owner.map_or("?".to_owned(), |(_, name, _)| format!("[{name}]"))
            }),
        }
    }

    /// A dimension in the units that the file speaks of.
    pub(super) fn named(&self, dimension: &Dimension) -> String {
        let problem = self.problem;
        let coordinates = problem
            .coordinates
            .iter()
            .filter_map(|(_, it)| it.unit.as_ref());
        let fields = problem.fields.iter().filter_map(|(_, it)| it.unit.as_ref());
        let parameters = problem
            .parameters
            .iter()
            .filter_map(|(_, it)| it.unit.as_ref());
        let declared = coordinates.chain(fields).chain(parameters);
        // What is in millimetres everywhere in the file is told in millimetres.
        let mut texts: Vec<&str> = declared
            .filter(|unit| unit.dimension == *dimension && !dimension.is_number())
            .map(|unit| unit.text.as_str())
            .collect();
        texts.sort_unstable();
        texts.dedup();
        match texts.as_slice() {
            [only] => (*only).to_owned(),
            [] | [_, ..] => dimension.in_named_units(&self.favourites),
        }
    }
}

/// A fraction as it is written in a formula.
pub(super) fn fraction(value: Rational) -> String {
    match (value.numerator(), value.denominator()) {
        (whole, 1) => whole.to_string(),
        (above, below) => format!("{above}/{below}"),
    }
}

const RULE: &str = "What is added, compared or equated has one dimension.";

fn is_charge(reduced: &Monomial) -> bool {
    reduced.dimension() == Some(Dimension::new([0, 0, 1, 1, 0, 0, 0]))
}

fn with_mends(error: Diagnostic, mends: Vec<Mend>, generic: String) -> Diagnostic {
    let mut mends = mends.into_iter();
    let Some(first) = mends.next() else {
        return error.with_help(generic);
    };
    let mut help = first.text;
    if let Some(second) = mends.next() {
        help = format!("{help}; or {}", second.text);
    }
    let error = error.with_help(help);
    match first.edit {
        Some((span, replacement)) => error.with_edit(span, replacement),
        None => error,
    }
}
