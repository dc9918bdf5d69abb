//! Expressions of the text to expressions of the problem.
//!
//! One loop over a list of tasks, so that no expression can exhaust the stack. A function that the file defines
//! is expanded where it is called: its body is read with the arguments in place of its formal ones.

use super::Resolver;
use crate::arena::Arena;
use crate::diagnostic::Diagnostic;
use crate::function::Function;
use crate::hir::{CoordinateId, Expression, ExpressionId, ExpressionKind};
use crate::source::Span;
use crate::syntax::{self, BinaryOperator, UnaryOperator};
use std::collections::BTreeMap;

/// How large one expression may become when its functions are expanded. Nobody writes such a formula, but
/// functions that call each other twice double it at every step.
const LARGEST: u64 = 1_000_000;

/// Expressions with what is known about each.
#[derive(Default)]
pub(super) struct Tree {
    pub expressions: Arena<Expression>,
    /// Its value, where it is a number.
    pub values: Vec<Option<f64>>,
    /// Whether it mentions a field, directly or through a definition.
    pub mentions: Vec<bool>,
    /// How many nodes it has when written out.
    pub sizes: Vec<u64>,
}

impl Tree {
    /// The value of an expression, where it is a number.
    pub(super) fn value(&self, id: ExpressionId) -> Option<f64> {
        self.values.get(id.index()).copied().flatten()
    }
}

/// What formal arguments stand for.
pub(super) type Environment = BTreeMap<String, ExpressionId>;

/// What is still to be done for an expression. Operands wait on a stack of results.
pub(super) enum Task {
    /// Read an expression of the text, names by this environment.
    Read(syntax::ExpressionId, usize),
    Negate(Span),
    Combine(BinaryOperator, Span),
    Apply(Function, Span),
    Minimum(Span),
    Maximum(Span),
    Differentiate(Vec<CoordinateId>, Span),
    /// Replace the arguments on the stack by the body of the function declared there.
    Expand(usize, Span),
}

/// The state of reading one expression.
#[derive(Default)]
pub(super) struct Reading {
    pub tasks: Vec<Task>,
    pub results: Vec<ExpressionId>,
    pub environments: Vec<Environment>,
    /// The first call of a function that has been expanded.
    expanding: Option<Span>,
}

impl Resolver<'_> {
    /// Reads an expression without formal arguments. Sets `undetermined` according to whether it has a hole.
    pub(super) fn lower(&mut self, root: syntax::ExpressionId) -> ExpressionId {
        self.lower_with(root, Environment::new())
    }

    /// Checks the body of a function whether or not it is called.
    pub(super) fn function_body(
        &mut self,
        declaration: usize,
        arguments: &[syntax::Name],
        body: syntax::ExpressionId,
    ) {
        let saved = std::mem::take(&mut self.tree);
        let mut environment = Environment::new();
        for argument in arguments {
            let any = self.push(ExpressionKind::Number(f64::NAN), argument.span);
            if environment.insert(argument.text.clone(), any).is_some() {
                self.error(Diagnostic::error(
                    "duplicate-name",
                    format!("the argument `{}` is listed twice", argument.text),
                    argument.span,
                    "listed a second time",
                ));
            }
        }
        self.lower_with(body, environment);
        self.tree = saved;
        if self.undetermined {
            self.unusable.insert(declaration);
        }
    }

    fn lower_with(&mut self, root: syntax::ExpressionId, environment: Environment) -> ExpressionId {
        self.undetermined = false;
        let start = self.tree.expressions.len();
        let mut reading = Reading {
            tasks: vec![Task::Read(root, 0)],
            environments: vec![environment],
            ..Reading::default()
        };
        while let Some(task) = reading.tasks.pop() {
            self.step(task, &mut reading);
            let made = (self.tree.expressions.len() - start) as u64;
            let largest = reading
                .results
                .last()
                .map_or(0, |id| self.tree.sizes[id.index()]);
            if let Some(call) = reading.expanding
                && made.max(largest) > LARGEST
            {
                return self.too_large(call);
            }
        }
        let written = self.document.expressions[root].span;
        match reading.results.pop() {
            // A call that was written out stands where the call is, not where its body is.
            Some(id) if !contains(written, self.tree.expressions[id].span) => {
                let kind = self.tree.expressions[id].kind.clone();
                self.push(kind, written)
            }
            Some(id) => id,
            None => self.hole(written),
        }
    }

    fn too_large(&mut self, call: Span) -> ExpressionId {
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
        self.hole(call)
    }

    fn step(&mut self, task: Task, reading: &mut Reading) {
        let made = match task {
            Task::Read(id, environment) => {
                self.read(id, environment, reading);
                return;
            }
            Task::Negate(span) => {
                let operand = self.take(reading, span);
                self.push(ExpressionKind::Negate(operand), span)
            }
            Task::Combine(operator, span) => {
                let right = self.take(reading, span);
                let left = self.take(reading, span);
                let kind = ExpressionKind::Binary {
                    operator: match operator {
                        BinaryOperator::Add => crate::hir::BinaryOperator::Add,
                        BinaryOperator::Subtract => crate::hir::BinaryOperator::Subtract,
                        BinaryOperator::Divide => crate::hir::BinaryOperator::Divide,
                        BinaryOperator::Power => crate::hir::BinaryOperator::Power,
                        _ => crate::hir::BinaryOperator::Multiply,
                    },
                    left,
                    right,
                };
                self.push(kind, span)
            }
            Task::Apply(function, span) => {
                let argument = self.take(reading, span);
                self.push(ExpressionKind::Call { function, argument }, span)
            }
            Task::Minimum(span) => {
                let right = self.take(reading, span);
                let left = self.take(reading, span);
                self.push(ExpressionKind::Minimum(left, right), span)
            }
            Task::Maximum(span) => {
                let right = self.take(reading, span);
                let left = self.take(reading, span);
                self.push(ExpressionKind::Maximum(left, right), span)
            }
            Task::Differentiate(by, span) => {
                let operand = self.take(reading, span);
                self.derivative(operand, &by, span)
            }
            Task::Expand(declaration, span) => {
                reading.expanding.get_or_insert(span);
                self.expand(declaration, span, reading);
                return;
            }
        };
        reading.results.push(made);
    }

    /// The last result. There always is one; a hole stands in if not, rather than a panic.
    pub(super) fn take(&mut self, reading: &mut Reading, span: Span) -> ExpressionId {
        match reading.results.pop() {
            Some(id) => id,
            None => self.hole(span),
        }
    }

    fn read(&mut self, id: syntax::ExpressionId, environment: usize, reading: &mut Reading) {
        let document = self.document;
        let expression = &document.expressions[id];
        let span = expression.span;
        match &expression.kind {
            syntax::ExpressionKind::Number { value, .. } => {
                let made = self.push(ExpressionKind::Number(*value), span);
                reading.results.push(made);
            }
            syntax::ExpressionKind::Name(name) => {
                let made = self.name(name, span, &reading.environments[environment]);
                reading.results.push(made);
            }
            syntax::ExpressionKind::Group(inner) => {
                reading.tasks.push(Task::Read(*inner, environment))
            }
            syntax::ExpressionKind::Absolute(inner) => reading.tasks.extend([
                Task::Apply(Function::Abs, span),
                Task::Read(*inner, environment),
            ]),
            syntax::ExpressionKind::Unary { operator, operand } => {
                match operator {
                    UnaryOperator::Minus => reading.tasks.push(Task::Negate(span)),
                    UnaryOperator::Plus => {}
                }
                reading.tasks.push(Task::Read(*operand, environment));
            }
            syntax::ExpressionKind::Binary {
                operator,
                left,
                right,
            } => reading.tasks.extend([
                Task::Combine(*operator, span),
                Task::Read(*right, environment),
                Task::Read(*left, environment),
            ]),
            syntax::ExpressionKind::Call {
                function,
                arguments,
            } => {
                let arguments: Vec<_> = arguments.iter().map(|argument| argument.value).collect();
                self.call(function, &arguments, span, environment, reading)
            }
            _ => {
                let hole = self.hole(span);
                reading.results.push(hole);
            }
        }
    }

    /// Stands where a mistake has left nothing; the mistake has been reported.
    pub(super) fn hole(&mut self, span: Span) -> ExpressionId {
        self.undetermined = true;
        self.push(ExpressionKind::Number(f64::NAN), span)
    }

    /// Appends a node, and works out its value where it is a number.
    pub(super) fn push(&mut self, kind: ExpressionKind, span: Span) -> ExpressionId {
        let value = self.evaluate(&kind);
        let size = kind.operands().fold(1_u64, |size, operand| {
            size.saturating_add(self.tree.sizes[operand.index()])
        });
        let mentions = match &kind {
            ExpressionKind::Field(_) | ExpressionKind::Unknown(_) => true,
            ExpressionKind::Definition(id) => self
                .definition_mentions
                .get(id.index())
                .is_some_and(|it| *it),
            _ => kind
                .operands()
                .any(|operand| self.tree.mentions[operand.index()]),
        };
        self.tree.mentions.push(mentions);
        self.tree.values.push(value);
        self.tree.sizes.push(size);
        self.tree.expressions.push(Expression { kind, span })
    }
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
