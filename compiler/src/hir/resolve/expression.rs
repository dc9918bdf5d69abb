//! Expressions of the text to expressions of the problem.
//!
//! One loop over a list of tasks, so that no expression can exhaust the stack. A function that the file defines
//! is expanded where it is called: its body is read with the arguments in place of its formal ones.

use super::Resolver;
use super::builtin::Builtin;
use super::quantity::Quantity;
use crate::arena::Arena;
use crate::diagnostic::Diagnostic;
use crate::hir::units::Dimension;
use crate::hir::{CoordinateId, Expression, ExpressionId};
use crate::source::Span;
use crate::syntax::{self, BinaryOperator, Comparator, Nabla, Name, UnaryOperator};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How large one expression may become when its functions are expanded. Nobody writes such a formula, but
/// functions that call each other twice double it at every step.
const LARGEST: u64 = 1_000_000;

/// How large an expression may become when its sums over indices and its derivatives in space are written out: a
/// hundred coordinates have ten thousand second derivatives, and a million third ones.
pub(super) const LARGEST_WRITTEN_OUT: u64 = 100_000;

/// Expressions with what is known about each.
#[derive(Default)]
pub(super) struct Tree {
    pub expressions: Arena<Expression>,
    /// Its value, where it is a number.
    pub values: Vec<Option<f64>>,
    /// Whether it mentions a field or an unknown, directly or through a definition.
    pub mentions: Vec<bool>,
    /// How many nodes it has when written out, definitions without arguments as one. What is differentiated has them
    /// written out too, since its derivative has.
    pub sizes: Vec<u64>,
    /// The same with definitions written out everywhere, at most [`LARGEST_WRITTEN_OUT`].
    pub whole: Vec<u64>,
    /// The dimension of each number that is written with a unit.
    pub measured: BTreeMap<ExpressionId, Dimension>,
}

impl Tree {
    /// The value of an expression, where it is a number.
    pub(super) fn value(&self, id: ExpressionId) -> Option<f64> {
        self.values.get(id.index()).copied().flatten()
    }
}

/// What formal arguments stand for.
pub(super) type Environment = BTreeMap<String, Quantity>;

/// What is still to be done for an expression. Operands wait on a stack of results.
pub(super) enum Task {
    /// Read an expression of the text, names by this environment.
    Read(syntax::ExpressionId, Rc<Environment>),
    Negate(Span),
    Combine(BinaryOperator, Span),
    Absolute(Span),
    /// A function of the language; with the places of its arguments.
    Apply(Builtin, Span, Vec<Span>),
    Tuple(usize, Span),
    Member(Name, Span),
    /// The place of the whole and that of the index.
    Index(Span, Span),
    Raise(i32, Span),
    Nabla(Nabla, Span),
    Advect(Span),
    Compare(Vec<Comparator>, Span),
    Differentiate(Vec<CoordinateId>, Span),
    /// The derivative along the outward normal.
    Normal(Span),
    /// So many terms.
    Sum(usize, Span),
    Integrate(Vec<CoordinateId>, Span),
    /// A shape with the names of its arguments.
    Shape(usize, Vec<Option<Name>>, Vec<Span>, Span),
    /// Replace the arguments on the stack by the body of the function declared there.
    Expand(usize, Span),
}

/// The state of reading one expression.
#[derive(Default)]
pub(super) struct Reading {
    pub tasks: Vec<Task>,
    pub results: Vec<Quantity>,
    /// The first call of a function that has been expanded.
    expanding: Option<Span>,
    /// The first sum over an index, or derivative in all of space.
    pub writing_out: Option<Span>,
}

impl Resolver<'_> {
    /// Reads an expression without formal arguments. Sets `undetermined` according to whether it has a hole.
    pub(super) fn lower(&mut self, root: syntax::ExpressionId) -> Quantity {
        self.lower_with(root, Environment::new())
    }

    /// Reads an expression that must be a real scalar. `what` begins the message: "the value of a parameter".
    pub(super) fn lower_real(&mut self, root: syntax::ExpressionId, what: &str) -> ExpressionId {
        let quantity = self.lower(root);
        let span = self.document.expressions[root].span;
        self.real(&quantity, span, what)
    }

    /// Checks the body of a function whether or not it is called.
    pub(super) fn function_body(
        &mut self,
        declaration: usize,
        arguments: &[Name],
        body: syntax::ExpressionId,
    ) {
        let saved = std::mem::take(&mut self.tree);
        let mut environment = Environment::new();
        for argument in arguments {
            if environment
                .insert(argument.text.clone(), Quantity::Any)
                .is_some()
            {
                self.error(
                    Diagnostic::error(
                        "duplicate-name",
                        format!("the argument `{}` is listed twice", argument.text),
                        argument.span,
                        "listed a second time",
                    )
                    .with_note("In a call each argument gets a value of its own.")
                    .with_help("give the second one another name, or leave it out"),
                );
            }
        }
        // A normal and the range of a sum are known where the function is called.
        let normal = self.normal.replace(super::Normal { side: None });
        self.lower_with(body, environment);
        self.normal = normal;
        self.tree = saved;
        self.norms.clear();
        self.vectors.clear();
        if self.undetermined {
            self.unusable.insert(declaration);
        }
    }

    fn lower_with(&mut self, root: syntax::ExpressionId, environment: Environment) -> Quantity {
        self.undetermined = false;
        self.vectors.clear();
        let start = self.tree.expressions.len();
        let mut reading = Reading {
            tasks: vec![Task::Read(root, Rc::new(environment))],
            ..Reading::default()
        };
        let mut steps = 0;
        while let Some(task) = reading.tasks.pop() {
            self.step(task, &mut reading);
            steps += 1;
            let made = (self.tree.expressions.len() - start) as u64;
            let largest = match reading.results.last() {
                Some(Quantity::Numbers { entries, .. }) => entries
                    .iter()
                    .map(|entry| self.tree.sizes[entry.re.index()])
                    .max()
                    .unwrap_or(0),
                _ => 0,
            };
            let size = made.max(largest).max(steps);
            if let Some(place) = reading.writing_out
                && size > LARGEST_WRITTEN_OUT
            {
                self.too_long(place);
                return Quantity::Any;
            }
            if let Some(call) = reading.expanding
                && size > LARGEST
            {
                self.too_large(call);
                return Quantity::Any;
            }
        }
        let written = self.document.expressions[root].span;
        let mut result = reading.results.pop().unwrap_or(Quantity::Any);
        // A call that was written out stands where the call is, not where its body is.
        if let Quantity::Numbers { entries, .. } = &mut result {
            for entry in entries {
                entry.re = self.placed(entry.re, written);
                entry.im = entry.im.map(|im| self.placed(im, written));
            }
        }
        result
    }

    fn placed(&mut self, id: ExpressionId, written: Span) -> ExpressionId {
        if contains(written, self.tree.expressions[id].span) {
            return id;
        }
        let kind = self.tree.expressions[id].kind.clone();
        let placed = self.push(kind, written);
        if let Some(dimension) = self.tree.measured.get(&id).copied() {
            self.tree.measured.insert(placed, dimension);
        }
        placed
    }

    fn too_large(&mut self, call: Span) {
        self.error(
            Diagnostic::error(
                "expansion-too-large",
                "this call becomes too large when its functions are written out",
                call,
                format!("more than {LARGEST} operations"),
            )
            .with_note("A function that uses its argument twice doubles it; a chain of such functions doubles at every step.")
            .with_help("name the arguments with `let`, which is computed once"),
        );
        self.undetermined = true;
    }

    fn too_long(&mut self, place: Span) {
        self.error(
            Diagnostic::error(
                "expansion-too-large",
                "this becomes too large when it is written out for all coordinates",
                place,
                format!("more than {LARGEST_WRITTEN_OUT} operations"),
            )
            .with_note(
                "In n coordinates there are n² second derivatives and n⁴ fourth ones; sums inside sums multiply.",
            )
            .with_help(
                "take fewer coordinates; a derivative of fourth order may be stated by two fields, `v = laplacian(u)`",
            ),
        );
        self.undetermined = true;
    }

    fn step(&mut self, task: Task, reading: &mut Reading) {
        let made = match task {
            Task::Read(id, environment) => {
                self.read(id, &environment, reading);
                return;
            }
            Task::Expand(declaration, span) => {
                reading.expanding.get_or_insert(span);
                self.expand(declaration, reading);
                return;
            }
            Task::Negate(span) => {
                let operand = take(reading);
                self.negative(&operand, span)
            }
            Task::Combine(operator, span) => {
                let right = take(reading);
                let left = take(reading);
                self.operate(operator, &left, &right, span)
            }
            Task::Absolute(span) => {
                let operand = take(reading);
                self.absolute(&operand, span)
            }
            Task::Apply(builtin, span, spans) => {
                if let Builtin::Nabla(_) = builtin {
                    reading.writing_out.get_or_insert(span);
                }
                let arguments = take_all(reading, spans.len());
                self.apply_builtin(builtin, &arguments, &spans, span)
            }
            Task::Tuple(count, span) => {
                let items = take_all(reading, count);
                self.tuple(&items, span)
            }
            Task::Member(name, span) => {
                let operand = take(reading);
                self.member(&operand, &name, span)
            }
            Task::Index(span, index_span) => {
                let index = take(reading);
                let operand = take(reading);
                self.element(&operand, &index, span, index_span)
            }
            Task::Raise(power, span) => {
                let operand = take(reading);
                self.raised(&operand, power, span)
            }
            Task::Nabla(operator, span) => {
                reading.writing_out.get_or_insert(span);
                let operand = take(reading);
                self.nabla(operator, &operand, span)
            }
            Task::Advect(span) => {
                let operand = take(reading);
                let velocity = take(reading);
                self.advection(&velocity, &operand, span)
            }
            Task::Compare(comparators, span) => {
                let operands = take_all(reading, comparators.len() + 1);
                self.compare(&operands, &comparators, span)
            }
            Task::Differentiate(by, span) => {
                let operand = take(reading);
                self.derivative_of(&operand, &by, span)
            }
            Task::Normal(span) => {
                let operand = take(reading);
                self.normal_derivative(&operand, span)
            }
            Task::Sum(count, span) => {
                let terms = take_all(reading, count);
                self.add_up(&terms, span)
            }
            Task::Integrate(over, span) => {
                let operand = take(reading);
                self.integrate(&operand, over, span)
            }
            Task::Shape(shape, names, places, span) => {
                let arguments = take_all(reading, names.len());
                self.solid(shape, &names, &arguments, &places, span)
            }
        };
        reading.results.push(made);
    }

    fn read(
        &mut self,
        id: syntax::ExpressionId,
        environment: &Rc<Environment>,
        reading: &mut Reading,
    ) {
        use syntax::ExpressionKind as Written;
        let document = self.document;
        let expression = &document.expressions[id];
        let span = expression.span;
        let read = |id: &syntax::ExpressionId| Task::Read(*id, environment.clone());
        let tasks = &mut reading.tasks;
        match &expression.kind {
            Written::Number { value, .. } => {
                let made = self.number(*value, span);
                reading.results.push(Quantity::scalar(made));
            }
            Written::Measured { operand, unit } => {
                let made = self.measured(*operand, unit, span);
                reading.results.push(made);
            }
            Written::Name(name) => {
                let made = self.name(name, span, environment);
                reading.results.push(made);
            }
            Written::Group(inner) => tasks.push(read(inner)),
            Written::Absolute(inner) => tasks.extend([Task::Absolute(span), read(inner)]),
            Written::Unary { operator, operand } => {
                match operator {
                    UnaryOperator::Minus => tasks.push(Task::Negate(span)),
                    UnaryOperator::Plus => {}
                }
                tasks.push(read(operand));
            }
            Written::Binary {
                operator,
                left,
                right,
            } => tasks.extend([Task::Combine(*operator, span), read(right), read(left)]),
            Written::Call {
                function,
                arguments,
            } => self.call(function, arguments, span, environment, reading),
            Written::Tuple(items) => {
                tasks.push(Task::Tuple(items.len(), span));
                tasks.extend(items.iter().rev().map(read));
            }
            Written::Member { operand, member } => {
                tasks.extend([Task::Member(member.clone(), span), read(operand)]);
            }
            Written::Index { operand, index } => {
                let place = document.expressions[*index].span;
                tasks.extend([Task::Index(span, place), read(index), read(operand)]);
            }
            Written::Raised { operand, power, .. } => {
                tasks.extend([Task::Raise(*power, span), read(operand)]);
            }
            Written::Nabla {
                operator, operand, ..
            } => tasks.extend([Task::Nabla(*operator, span), read(operand)]),
            Written::Partial { by, operand } if self.is_normal(&by.text) => {
                tasks.extend([Task::Normal(span), read(operand)]);
            }
            Written::Partial { by, operand } => {
                match self.subscript(&format!("∂_{}", by.text), "∂", &by.text, by.span) {
                    Some(by) => tasks.push(Task::Differentiate(by, span)),
                    None => self.undetermined = true,
                }
                tasks.push(read(operand));
            }
            Written::Advection { velocity, operand } => {
                tasks.extend([Task::Advect(span), read(operand), read(velocity)]);
            }
            Written::Comparison {
                operands,
                comparators,
            } => {
                tasks.push(Task::Compare(comparators.clone(), span));
                tasks.extend(operands.iter().rev().map(read));
            }
        }
    }
}

/// The last result. There always is one; anything stands in if not, rather than a panic.
pub(super) fn take(reading: &mut Reading) -> Quantity {
    reading.results.pop().unwrap_or(Quantity::Any)
}

/// The last so many results, in order.
fn take_all(reading: &mut Reading, count: usize) -> Vec<Quantity> {
    let at = reading.results.len().saturating_sub(count);
    reading.results.split_off(at)
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
