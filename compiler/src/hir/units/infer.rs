//! The dimension of every expression, and the equations between them.

use super::solve::{Monomial, Solver, Symbol};
use super::table::named_in;
use super::usage::{Usage, Uses, is_sum};
use super::{Annotations, Dimension, Quantity, Rational};
use crate::diagnostic::Diagnostic;
use crate::function::Function;
use crate::hir::{BinaryOperator, CoordinateId, ExpressionId, ExpressionKind, Problem, Unit};
use crate::source::{Source, Span};

/// The dimension of an expression. None where it has every dimension: 0, and what a mistake has been reported in.
pub(super) type Shape = Option<Monomial>;

/// What inference has found for the quantities of a problem, in the order of their declaration. None where a dimension
/// is left open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inferred {
    /// The coordinates.
    pub coordinates: Vec<Option<Dimension>>,
    /// The fields.
    pub fields: Vec<Option<Dimension>>,
    /// The parameters.
    pub parameters: Vec<Option<Dimension>>,
    /// The unknown numbers.
    pub unknowns: Vec<Option<Dimension>>,
    /// SI units of both sides of each equation, as the file would say them.
    pub equations: Vec<Option<String>>,
    /// The same of conditions.
    pub conditions: Vec<Option<String>>,
    /// The same of constraints.
    pub constraints: Vec<Option<String>>,
}

/// Infers the dimensions of a problem and checks that they agree.
#[must_use]
pub fn check(
    source: &Source,
    problem: &Problem,
    annotations: &Annotations,
) -> (Inferred, Vec<Diagnostic>) {
    let mut inference = Inference::new(source, problem, annotations);
    for (id, expression) in problem.expressions.iter() {
        if inference.usage.reachable[id.index()] {
            inference.shapes[id.index()] = inference.shape(id, &expression.kind);
        }
    }
    inference.given();
    inference.statements();
    let known = |list: &[Monomial]| -> Vec<Option<Dimension>> {
        let solver = &inference.solver;
        list.iter().map(|m| solver.reduced(m).dimension()).collect()
    };
    let inferred = Inferred {
        coordinates: known(&inference.coordinates),
        fields: known(&inference.fields),
        parameters: known(&inference.parameters),
        unknowns: known(&inference.unknowns),
        equations: inference.units(problem.equations.iter().map(|it| [it.left, it.right])),
        conditions: inference.units(problem.conditions.iter().map(|it| [it.left, it.right])),
        constraints: inference.units(problem.constraints.iter().map(|it| [it.left, it.right])),
    };
    // A slip in `let f(w) = …` is met at every call.
    let mut found = inference.found;
    found.sort_by_key(|error| error.primary.span);
    found.dedup_by_key(|error| error.primary.span);
    (inferred, found)
}

/// The state of checking one problem.
pub(super) struct Inference<'a> {
    pub(super) source: &'a Source,
    pub(super) problem: &'a Problem,
    pub(super) annotations: &'a Annotations,
    pub(super) usage: Usage,
    pub(super) solver: Solver,
    pub(super) coordinates: Vec<Monomial>,
    pub(super) fields: Vec<Monomial>,
    pub(super) parameters: Vec<Monomial>,
    pub(super) unknowns: Vec<Monomial>,
    /// The name that each unknown dimension belongs to, and where it is declared.
    pub(super) owners: Vec<(Symbol, String, Span)>,
    /// The named units that the file speaks of.
    pub(super) favourites: Vec<&'static str>,
    pub(super) shapes: Vec<Shape>,
    pub(super) found: Vec<Diagnostic>,
}

/// What must agree, for the message.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// What the terms are terms of: "the equation `heat`".
    pub(super) what: String,
    /// Its place.
    pub(super) span: Span,
    pub(super) form: Form,
}

/// What is free to change where terms do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// All terms have equal rights.
    Statement,
    /// What the first term is has been declared: an initial condition.
    Initial,
    /// A part of an expression, which expects the dimension that most of it has.
    Part,
}

/// One of several expressions that must agree.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// The expression; none for a declaration.
    pub(super) id: Option<ExpressionId>,
    /// How it is called.
    pub(super) text: String,
    pub(super) span: Span,
    pub(super) shape: Monomial,
}

impl<'a> Inference<'a> {
    fn new(source: &'a Source, problem: &'a Problem, annotations: &'a Annotations) -> Self {
        let mut solver = Solver::default();
        let mut uses = Uses::new(problem).0.into_iter();
        let mut owners = Vec::new();
        let mut declared = |unit: &Option<Unit>, name: &str, span: Span| {
            let count = uses.next().unwrap_or(0);
            if let Some(unit) = unit {
                Monomial::of(&unit.dimension)
            } else {
                let symbol = solver.fresh(count);
                owners.push((symbol, name.to_owned(), span));
                Monomial::symbol(symbol)
            }
        };
        let coordinates = problem.coordinates.iter();
        let coordinates = coordinates.map(|(_, it)| declared(&it.unit, &it.name, it.span));
        let coordinates: Vec<Monomial> = coordinates.collect();
        let fields = problem.fields.iter();
        let fields = fields.map(|(_, it)| declared(&it.unit, &it.name, it.span));
        let fields: Vec<Monomial> = fields.collect();
        let parameters = problem.parameters.iter();
        let parameters = parameters.map(|(_, it)| declared(&it.unit, &it.name, it.span));
        let parameters: Vec<Monomial> = parameters.collect();
        let unknowns = problem.unknowns.iter();
        let unknowns = unknowns.map(|(_, it)| declared(&it.unit, &it.name, it.span));
        let unknowns: Vec<Monomial> = unknowns.collect();
        Self {
            source,
            problem,
            annotations,
            usage: Usage::new(problem, annotations),
            solver,
            coordinates,
            fields,
            parameters,
            unknowns,
            owners,
            favourites: named_in(&source.text),
            shapes: vec![None; problem.expressions.len()],
            found: Vec::new(),
        }
    }

    /// The dimension of an expression whose operands have theirs; what must agree in it does after this.
    fn shape(&mut self, id: ExpressionId, kind: &ExpressionKind) -> Shape {
        let of = |inference: &Self, id: &ExpressionId| inference.shapes[id.index()].clone();
        match kind {
            ExpressionKind::Number(value) => match self.annotations.literals.get(&id) {
                Some(dimension) => Some(Monomial::of(dimension)),
                None if *value == 0.0 || value.is_nan() => None,
                None => Some(Monomial::number()),
            },
            ExpressionKind::Constant(_) => Some(Monomial::number()),
            ExpressionKind::Coordinate(id) => Some(self.coordinates[id.index()].clone()),
            ExpressionKind::Parameter(id) => Some(self.parameters[id.index()].clone()),
            ExpressionKind::Field(id) => Some(self.fields[id.index()].clone()),
            ExpressionKind::Unknown(id) => Some(self.unknowns[id.index()].clone()),
            ExpressionKind::Definition(id) => of(self, &self.problem.definitions[*id].value),
            ExpressionKind::Derivative { operand, by } => {
                Some(of(self, operand)?.over(&self.volume(by)))
            }
            ExpressionKind::Integral { operand, over } => {
                Some(of(self, operand)?.times(&self.volume(over)))
            }
            ExpressionKind::Negate(_) => self.sum(id),
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => match operator {
                BinaryOperator::Add | BinaryOperator::Subtract => self.sum(id),
                BinaryOperator::Multiply => Some(of(self, left)?.times(&of(self, right)?)),
                BinaryOperator::Divide => Some(of(self, left)?.over(&of(self, right)?)),
                BinaryOperator::Power => self.power(*left, *right),
            },
            ExpressionKind::Call { function, argument } => self.call(*function, *argument),
            ExpressionKind::Minimum(left, right) | ExpressionKind::Maximum(left, right) => {
                self.pair(id, *left, *right, "what is compared")
            }
            ExpressionKind::Select {
                left,
                right,
                then,
                otherwise,
            } => {
                self.pair(id, *left, *right, "what is compared");
                self.pair(id, *then, *otherwise, "the two values of `if`")
            }
        }
    }

    fn volume(&self, coordinates: &[CoordinateId]) -> Monomial {
        coordinates.iter().fold(Monomial::number(), |volume, id| {
            volume.times(&self.coordinates[id.index()])
        })
    }

    /// A sum that something needs the dimension of; one inside another sum waits for that one.
    fn sum(&mut self, id: ExpressionId) -> Shape {
        if !self.usage.demanded[id.index()] {
            return None;
        }
        let subject = Subject {
            what: "this sum".to_owned(),
            span: self.problem.expressions[id].span,
            form: Form::Part,
        };
        let terms = self.terms(&[id], true);
        self.agree(&subject, terms)
    }

    fn pair(
        &mut self,
        id: ExpressionId,
        left: ExpressionId,
        right: ExpressionId,
        what: &str,
    ) -> Shape {
        let subject = Subject {
            what: what.to_owned(),
            span: self.problem.expressions[id].span,
            form: Form::Part,
        };
        let terms = self.terms(&[left, right], false);
        self.agree(&subject, terms)
    }

    fn power(&mut self, base: ExpressionId, exponent: ExpressionId) -> Shape {
        if let Some(shape) = self.shapes[exponent.index()].clone() {
            self.must_be_number(exponent, &shape, "an exponent");
        }
        let shape = self.shapes[base.index()].clone()?;
        if let Some(power) = self.usage.exponents[exponent.index()] {
            return Some(shape.power(power));
        }
        self.must_be_number(base, &shape, "what is raised to a power that varies")
            .then(Monomial::number)
    }

    fn call(&mut self, function: Function, argument: ExpressionId) -> Shape {
        let shape = self.shapes[argument.index()].clone();
        match function {
            Function::Abs => shape,
            Function::Sqrt => Some(shape?.power(Rational::new(1, 2))),
            Function::Sign | Function::Heaviside => Some(Monomial::number()),
            Function::Sin
            | Function::Cos
            | Function::Tan
            | Function::Exp
            | Function::Log
            | Function::Tanh
            | Function::Sinh
            | Function::Cosh
            | Function::Sech
            | Function::Atan
            | Function::Erf => {
                if let Some(shape) = shape {
                    let what = format!("the argument of `{}`", function.name());
                    self.must_be_number(argument, &shape, &what);
                }
                Some(Monomial::number())
            }
        }
    }

    /// Whether it is one; what is not is reported.
    fn must_be_number(&mut self, id: ExpressionId, shape: &Monomial, what: &str) -> bool {
        let span = self.problem.expressions[id].span;
        if self.solver.unify(shape, &Monomial::number(), span).is_ok() {
            return true;
        }
        let error = self.not_a_number(id, shape, what);
        self.found.push(error);
        false
    }

    /// The terms of expressions whose sums belong together. With `open`, the first is taken apart in any case.
    fn terms(&self, roots: &[ExpressionId], open: bool) -> Vec<Term> {
        let mut terms = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        let mut pending: Vec<(ExpressionId, bool)> = roots.iter().map(|id| (*id, open)).collect();
        pending.reverse();
        while let Some((id, open)) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let expression = &self.problem.expressions[id];
            // What something else needs as well has been checked there.
            if is_sum(&expression.kind) && (open || !self.usage.demanded[id.index()]) {
                let operands: Vec<ExpressionId> = expression.kind.operands().collect();
                pending.extend(operands.into_iter().rev().map(|operand| (operand, false)));
            } else if let Some(shape) = &self.shapes[id.index()] {
                terms.push(Term {
                    id: Some(id),
                    text: String::new(),
                    span: expression.span,
                    shape: shape.clone(),
                });
            }
        }
        terms
    }

    /// Demands that terms agree. Those whose dimension is known decide about the others, and most of them about the
    /// rest.
    fn agree(&mut self, subject: &Subject, terms: Vec<Term>) -> Shape {
        let first = terms.first()?.shape.clone();
        let known = terms
            .iter()
            .find(|term| self.solver.reduced(&term.shape).dimension().is_some())
            .map_or(first, |term| term.shape.clone());
        // Known ones first, so that no unknown is determined by what turns out to be a mistake. Then all of them: one
        // that was open may have become known with a term before it.
        let mut agree = true;
        for also_open in [false, true] {
            for term in &terms {
                let open = self.solver.reduced(&term.shape).dimension().is_none();
                if agree && (also_open || !open) {
                    let unified = self.solver.unify(&term.shape, &known, term.span);
                    agree = unified.is_ok();
                }
            }
        }
        if agree {
            return Some(known);
        }
        let error = self.disagreement(subject, terms);
        self.found.push(error);
        None
    }

    /// Numbers that have been given for what is declared.
    fn given(&mut self) {
        for given in &self.annotations.given {
            let expressions = &self.problem.expressions;
            if super::is_plain(expressions, &self.annotations.literals, given.value) {
                continue;
            }
            let problem = self.problem;
            let (name, span, shape) = match given.quantity {
                Quantity::Coordinate(id) => {
                    let it = &problem.coordinates[id];
                    (&it.name, it.span, &self.coordinates[id.index()])
                }
                Quantity::Field(id) => {
                    let it = &problem.fields[id];
                    (&it.name, it.span, &self.fields[id.index()])
                }
                Quantity::Parameter(id) => {
                    let it = &problem.parameters[id];
                    (&it.name, it.span, &self.parameters[id.index()])
                }
                Quantity::Unknown(id) => {
                    let it = &problem.unknowns[id];
                    (&it.name, it.span, &self.unknowns[id.index()])
                }
            };
            let mut terms = vec![Term {
                id: None,
                text: name.clone(),
                span,
                shape: shape.clone(),
            }];
            terms.extend(self.terms(&[given.value], false));
            let subject = Subject {
                what: format!("the declaration of `{name}`"),
                span: expressions[given.value].span,
                form: Form::Statement,
            };
            self.agree(&subject, terms);
        }
    }

    fn statements(&mut self) {
        let problem = self.problem;
        for equation in &problem.equations {
            let what = format!("the equation `{}`", equation.label);
            let subject = Subject {
                what,
                span: equation.span,
                form: Form::Statement,
            };
            self.sides(subject, equation.left, equation.right);
        }
        let mut last = None;
        for condition in &problem.conditions {
            // `on x = 0, x = 1` is one statement.
            if last.replace((condition.left, condition.right))
                == Some((condition.left, condition.right))
            {
                continue;
            }
            let (what, form) = if problem.is_initial(condition.part) {
                ("the initial condition", Form::Initial)
            } else {
                ("the condition", Form::Statement)
            };
            let subject = Subject {
                what: what.to_owned(),
                span: condition.span,
                form,
            };
            self.sides(subject, condition.left, condition.right);
        }
        for constraint in &problem.constraints {
            let what = format!("the constraint `{}`", constraint.label);
            let subject = Subject {
                what,
                span: constraint.span,
                form: Form::Statement,
            };
            self.sides(subject, constraint.left, constraint.right);
        }
        for exact in &problem.exact {
            let field = &problem.fields[exact.field];
            let mut terms = vec![Term {
                id: None,
                text: field.name.clone(),
                span: field.span,
                shape: self.fields[exact.field.index()].clone(),
            }];
            terms.extend(self.terms(&[exact.value], false));
            let subject = Subject {
                what: format!("the exact solution of `{}`", field.name),
                span: exact.span,
                form: Form::Statement,
            };
            self.agree(&subject, terms);
        }
        for energy in &problem.energies {
            let terms = self.terms(&[energy.value], false);
            let subject = Subject {
                what: format!("the energy `{}`", energy.label),
                span: energy.span,
                form: Form::Statement,
            };
            self.agree(&subject, terms);
        }
    }

    /// The SI units of the first of two sides whose dimension is known.
    fn units(&self, statements: impl Iterator<Item = [ExpressionId; 2]>) -> Vec<Option<String>> {
        let known = |id: &ExpressionId| {
            let shape = self.shapes[id.index()].as_ref()?;
            self.solver.reduced(shape).dimension()
        };
        let text = |dimension: Dimension| dimension.in_named_units(&self.favourites);
        statements
            .map(|sides| sides.iter().find_map(known).map(text))
            .collect()
    }

    fn sides(&mut self, subject: Subject, left: ExpressionId, right: ExpressionId) {
        let terms = self.terms(&[left, right], false);
        self.agree(&subject, terms);
    }
}
