//! What is said about dimensions that do not agree.

use super::infer::{Form, Inference, Subject, Term};
use super::mend::Mend;
use super::quantity;
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
        let (culprit, reference) = self.culprit(subject, &terms, &reduced);
        let (wrong, right) = (&terms[culprit], &terms[reference]);
        let described = |index: usize| self.described(&reduced[index]);
        let others = reduced.iter().filter(|it| **it == reduced[reference]);
        // Where one number has lost its unit, the others of this sum have as well.
        let shapes: Vec<&Term> = terms.iter().filter(|term| self.is_shape(term)).collect();
        let shapes = if self.is_shape(wrong) {
            shapes
        } else {
            Vec::new()
        };
        let message = if let [_, second, more @ ..] = shapes.as_slice() {
            let and = if more.is_empty() { " and " } else { ", " };
            let last = if more.is_empty() { "" } else { " …" };
            format!(
                "`{}`{and}`{}`{last} are plain numbers, but `{}` is {}",
                wrong.text,
                second.text,
                right.text,
                described(reference)
            )
        } else if others.count() > 1 && wrong.id.is_some() && right.id.is_some() {
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
        for other in shapes.iter().filter(|term| term.span != wrong.span) {
            error = error.with_label(other.span, described(culprit));
        }
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
        let inverse = ratio.power(Rational::whole(-1));
        let alike = |index: usize| reduced.iter().filter(|it| **it == reduced[index]).count();
        let mut mends = Vec::new();
        if !shapes.is_empty() && self.misprints(wrong, &ratio, subject).is_empty() {
            mends.extend(self.with_units(&shapes, &ratio, subject));
        }
        if mends.is_empty() {
            mends = self.mends(wrong, &ratio, subject, &terms);
            // Two sides have equal rights: what can be meant on the other one comes before another unit.
            if alike(reference) == 1 && subject.form == Form::Statement {
                if self.slips(wrong, &ratio, subject).is_empty() {
                    mends.splice(0..0, self.slips(right, &inverse, subject));
                }
                if mends.iter().all(|mend| mend.edit.is_none()) {
                    mends.extend(self.mends(right, &inverse, subject, &terms));
                }
            }
        }
        // An edit mends the statement as a whole, or is none.
        let formula = self.is_in_a_solution(subject) && shapes.is_empty();
        if formula || alike(reference) + shapes.len().max(1) < terms.len() {
            for mend in &mut mends {
                mend.edit = None;
            }
        }
        if reduced.iter().any(is_charge) {
            error = error.with_note("`C` is the coulomb; temperatures are in kelvin, `K`.");
        }
        // A single other unit is not all that can be meant where what is missing has a name.
        if let [only] = mends.as_slice()
            && only.declared
            && (quantity::name(&ratio).is_some() || quantity::name(&inverse).is_some())
        {
            mends.push(Mend {
                text: self.any_factor(&wrong.text, &ratio),
                edit: None,
                declared: false,
            });
        }
        with_mends(error, mends, self.any_factor(&wrong.text, &ratio))
    }

    /// "divide `p_x` by a density, in kg/m^3"
    fn any_factor(&self, text: &str, ratio: &Dimension) -> String {
        let inverse = ratio.power(Rational::whole(-1));
        let (times, over) = (self.named(ratio), self.named(&inverse));
        match (quantity::name(ratio), quantity::name(&inverse)) {
            // By a length rather than with a wavenumber.
            (Some(_), Some(name)) if times.starts_with("1/") => {
                format!("divide `{text}` by {name}, in {over}")
            }
            (Some(name), _) => format!("multiply `{text}` by {name}, in {times}"),
            (None, Some(name)) => format!("divide `{text}` by {name}, in {over}"),
            (None, None) if times.starts_with("1/") || over.len() < times.len() => {
                format!("divide `{text}` by something in {over}")
            }
            (None, None) => format!("multiply `{text}` by something in {times}"),
        }
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
            form: Form::Part,
        };
        let ratio = dimension.power(Rational::whole(-1));
        let mut mends = self.mends(&term, &ratio, &subject, &[]);
        mends.extend(self.by_its_interval(&term, &dimension));
        if self.is_in_a_solution(&subject) {
            for mend in &mut mends {
                mend.edit = None;
            }
        }
        with_mends(error, mends, self.any_factor(&term.text, &ratio))
    }

    /// Whether a statement is a solution or a part of one: what makes its units agree need not make it a solution.
    pub(super) fn is_in_a_solution(&self, subject: &Subject) -> bool {
        let place = subject.span.range();
        self.problem.exact.iter().any(|exact| {
            let whole = exact.span.range();
            whole.start <= place.start && place.end <= whole.end
        })
    }

    /// The positions of a term that stands out and of one that it should agree with.
    fn culprit(&self, subject: &Subject, terms: &[Term], reduced: &[Monomial]) -> (usize, usize) {
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
            let declared = alike.clone().any(|other| {
                let given = subject.form == Form::Initial && *other == 0;
                given || terms[*other].id.is_none()
            });
            let plain = reduced[index] == Monomial::number();
            (
                declared,
                !self.is_shape(&terms[index]),
                alike.count(),
                !plain,
            )
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
        let plain = factors.iter().all(|(id, _)| {
            let shape = self.shapes[id.index()].clone().unwrap_or_default();
            self.solver.reduced(&shape) == Monomial::number()
        });
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
            let sum = self.is_bare_sum(*id);
            let (open, close) = if sum { ("(", ")") } else { ("", "") };
            text.push_str(&format!("{open}{}{close}", self.text(*id)));
            if self.annotations.literals.contains_key(id) || shape == Monomial::number() {
                continue;
            }
            match (shape.dimension(), shape.unknowns().count()) {
                (None, 1) if shape == self.shapes[id.index()].clone().unwrap_or_default() => {
                    text.push_str(" (no unit given)");
                }
                (None, _) => text.push_str(&format!(" (in {})", self.shape_text(&shape))),
                (Some(_), _) => text.push_str(&format!(" [{}]", self.shape_text(&shape))),
            }
        }
        // Plain numbers multiplied say nothing.
        if plain {
            return None;
        }
        let whole = if *reduced == Monomial::number() {
            "a plain number".to_owned()
        } else {
            self.shape_text(reduced)
        };
        text.push_str(&format!(" = {whole}"));
        if let Some(dimension) = reduced.dimension()
            && !dimension.is_number()
            && dimension.in_base_units() != whole
        {
            text.push_str(&format!(" = {dimension}"));
        }
        Some(text)
    }

    /// Whether an expression is a sum that is written without its brackets.
    fn is_bare_sum(&self, id: ExpressionId) -> bool {
        let ExpressionKind::Binary { operator, .. } = self.problem.expressions[id].kind else {
            return false;
        };
        matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract)
            && self.text(id).contains(['+', '-'])
            && !self.text(id).starts_with('(')
    }

    /// What is multiplied and divided in a term, in order.
    fn factors(&self, root: ExpressionId) -> Vec<(ExpressionId, bool)> {
        let mut factors = Vec::new();
        let mut pending = vec![(root, false)];
        while let Some((id, divide)) = pending.pop() {
            if let ExpressionKind::Negate(operand) = &self.problem.expressions[id].kind {
                pending.push((*operand, divide));
                continue;
            }
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
    pub(super) fn text(&self, id: ExpressionId) -> String {
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
                owner.map_or("?".to_owned(), |(_, name, _)| format!("[unit of {name}]"))
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
