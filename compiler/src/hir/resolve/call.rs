//! Calls: functions of the language, derivatives `d(expression, x)`, shapes, and functions that the file defines.

use super::Resolver;
use super::builtin::{SPECIAL, builtin};
use super::expression::{Environment, Reading, Task, take};
use super::quantity::Quantity;
use super::scope::Symbol;
use super::shape::shape_named;
use super::subscript::split;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::{CallArgument, DeclarationKind, ExpressionId, ExpressionKind, Name};
use std::rc::Rc;

impl Resolver<'_> {
    /// Plans the tasks of a call; their result is the value of the call.
    pub(super) fn call(
        &mut self,
        function: &Name,
        arguments: &[CallArgument],
        span: Span,
        environment: &Rc<Environment>,
        reading: &mut Reading,
    ) {
        let name = function.text.as_str();
        let values: Vec<ExpressionId> = arguments.iter().map(|argument| argument.value).collect();
        let declared = self.scope.entries.contains_key(name);
        if !declared && let Some(shape) = shape_named(name) {
            let names = arguments.iter().map(|argument| argument.name.clone());
            let places = values.iter().map(|id| self.document.expressions[*id].span);
            let task = Task::Shape(shape, names.collect(), places.collect(), span);
            self.plan(task, &values, environment, reading);
            return;
        }
        let called = match self.scope.entries.get(name) {
            Some(entry) => matches!(entry.symbol, Symbol::Function(_)),
            None => builtin(name).is_some() || SPECIAL.contains(&name),
        };
        if let Some(named) = arguments.iter().find_map(|argument| argument.name.as_ref())
            && called
        {
            self.named_argument(named, function);
            reading.results.push(Quantity::Any);
            return;
        }
        match name {
            "d" => {
                self.plan_derivative(&values, span, environment, reading);
                return;
            }
            "sum" => {
                self.plan_sum(&values, span, environment, reading);
                return;
            }
            "integral" => {
                self.plan_integral(&values, span, environment, reading);
                return;
            }
            _ => {}
        }
        // A function that the file defines wins.
        let found = builtin(name).filter(|_| {
            let entry = self.scope.entries.get(name);
            !entry.is_some_and(|entry| matches!(entry.symbol, Symbol::Function(_)))
        });
        let (task, least, most) = match found {
            Some((builtin, least, most)) => {
                let document = self.document;
                let spans = values.iter().map(|id| document.expressions[*id].span);
                (Task::Apply(builtin, span, spans.collect()), least, most)
            }
            None => match self.scope.entries.get_mut(name) {
                Some(entry) if let Symbol::Function(declaration) = entry.symbol => {
                    entry.used = true;
                    let wanted = self.formal_arguments(declaration).len();
                    (Task::Expand(declaration, span), wanted, wanted)
                }
                Some(_) | None => {
                    self.not_a_function(function, &values, span);
                    self.undetermined = true;
                    reading.results.push(Quantity::Any);
                    return;
                }
            },
        };
        if !(least..=most).contains(&values.len()) {
            self.wrong_count(function, values.len(), least, most, span);
            reading.results.push(Quantity::Any);
            return;
        }
        self.plan(task, &values, environment, reading);
    }

    fn plan(
        &mut self,
        task: Task,
        arguments: &[ExpressionId],
        environment: &Rc<Environment>,
        reading: &mut Reading,
    ) {
        reading.tasks.push(task);
        let read = |argument: &ExpressionId| Task::Read(*argument, environment.clone());
        reading.tasks.extend(arguments.iter().rev().map(read));
    }

    fn named_argument(&mut self, named: &Name, function: &Name) {
        self.undetermined = true;
        let diagnostic = Diagnostic::error(
            "named-argument",
            format!("`{}` takes its arguments by position", function.text),
            named.span,
            "an argument with a name",
        )
        .with_note("Shapes take arguments by name: `disk((0, 0), radius = 1)`.");
        self.error(if function.text == "if" {
            diagnostic
                .with_note("That two numbers are equal is true at single points, which training does not meet.")
                .with_help(format!("compare with `<` or `>`: `if({} < 0, 1, 2)`", named.text))
        } else {
            diagnostic.with_help(format!("leave `{} =` out", named.text))
        });
    }

    /// Puts the body of a function in place of its arguments.
    pub(super) fn expand(&mut self, declaration: usize, reading: &mut Reading) {
        let document = self.document;
        let DeclarationKind::Definition {
            arguments: Some(formal),
            value,
            ..
        } = &document.declarations[declaration].kind
        else {
            return;
        };
        let mut environment = Environment::new();
        for argument in formal.iter().rev() {
            let actual = take(reading);
            environment.insert(argument.text.clone(), actual);
        }
        // What is wrong in the body has been reported, and one that uses itself would never end. In the body of another
        // function, where arguments are not known, there is nothing to find that its own body does not show.
        let blind = environment
            .values()
            .all(|actual| matches!(actual, Quantity::Any));
        self.undetermined |= self.unusable.contains(&declaration);
        if blind || self.unusable.contains(&declaration) {
            reading.results.push(Quantity::Any);
            return;
        }
        reading.tasks.push(Task::Read(*value, Rc::new(environment)));
    }

    fn formal_arguments(&self, declaration: usize) -> &[Name] {
        if let DeclarationKind::Definition {
            arguments: Some(arguments),
            ..
        } = &self.document.declarations[declaration].kind
        {
            arguments
        } else {
            &[]
        }
    }

    pub(super) fn wrong_count(
        &mut self,
        function: &Name,
        given: usize,
        least: usize,
        most: usize,
        span: Span,
    ) {
        self.undetermined = true;
        let plural = if least == 1 { "" } else { "s" };
        let wanted = if least == most {
            least.to_string()
        } else {
            format!("{least} or more")
        };
        let declared = self
            .scope
            .entries
            .get(&function.text)
            .map(|entry| entry.span);
        let mut diagnostic = Diagnostic::error(
            "wrong-argument-count",
            format!(
                "`{}` takes {wanted} argument{plural}, not {given}",
                function.text
            ),
            span,
            format!("{given} given here"),
        );
        if let Some(declared) = declared {
            diagnostic = diagnostic.with_label(declared, "defined here");
        }
        diagnostic = if function.text == "if" {
            diagnostic.with_help("write `if(x < 0, 1, 2)`")
        } else {
            let named: Vec<&str> = ["a", "b", "c", "d"].into_iter().take(least).collect();
            let more = if named.len() < least { ", …" } else { "" };
            diagnostic.with_help(format!(
                "write `{}({}{more})`",
                function.text,
                named.join(", ")
            ))
        };
        self.error(diagnostic);
    }

    fn not_a_function(&mut self, function: &Name, arguments: &[ExpressionId], span: Span) {
        let name = function.text.as_str();
        if !self.scope.entries.contains_key(name)
            && self.derivative_with_arguments(function, arguments, span)
        {
            return;
        }
        let initial = self.at_the_beginning(name, arguments, span);
        let Some(entry) = self.scope.entries.get_mut(name) else {
            self.unknown_function(function, arguments);
            return;
        };
        // It is used, if wrongly.
        entry.used = true;
        let (symbol, declared) = (entry.symbol, entry.span);
        let message = format!("`{name}` is {}, not a function", symbol.kind());
        let diagnostic = Diagnostic::error(
            "not-a-function",
            message,
            function.span,
            "called like a function",
        )
        .with_label(declared, "declared here");
        let diagnostic = match symbol {
            Symbol::Field(id) if self.repeats_arguments(id, arguments) => diagnostic
                .with_note("A field is written without its arguments: its value is meant at the point at hand.")
                .with_help(format!("write `{name}`"))
                .with_edit(span, name),
            Symbol::Field(_) if initial => diagnostic
                .with_note("An initial value is given at the beginning of time: `initial` says so.")
                .with_help(format!("write `{name}`"))
                .with_edit(span, name),
            Symbol::Field(_) => diagnostic
                .with_note("A field is written without its arguments: its value is meant at the point at hand.")
                .with_help("values on the boundary are given with `on x = 0: …`, at the beginning with `initial`"),
            Symbol::Group(_) => diagnostic
                .with_note("A field is written without its arguments: its value is meant at the point at hand.")
                .with_help(format!("write `{name}`")),
            Symbol::Coordinate(_)
            | Symbol::Coordinates(_)
            | Symbol::Parameter(_)
            | Symbol::Unknown(_)
            | Symbol::Definition(_)
            | Symbol::Domain
            | Symbol::Boundary
            | Symbol::Function(_) => diagnostic
                .with_note("A product is always written with `*`.")
                .with_help(format!("write `{name}*(…)`"))
                .with_edit(Span::new(function.span.range().end, function.span.range().end), "*"),
        };
        self.error(diagnostic);
    }

    /// Whether the arguments of `u(x, t)` are just those of its declaration.
    fn repeats_arguments(&self, field: crate::hir::FieldId, arguments: &[ExpressionId]) -> bool {
        let declared = self.problem.fields[field]
            .arguments
            .iter()
            .map(|id| Some(self.problem.coordinates[*id].name.as_str()));
        let given = arguments
            .iter()
            .map(|id| match &self.document.expressions[*id].kind {
                ExpressionKind::Name(name) => Some(name.as_str()),
                _ => None,
            });
        declared.eq(given)
    }

    /// Reports `u_t(x, t)`, a derivative with the arguments of its field written out, or with the time of an initial
    /// value.
    fn derivative_with_arguments(
        &mut self,
        function: &Name,
        arguments: &[ExpressionId],
        span: Span,
    ) -> bool {
        let name = function.text.as_str();
        let Some((base, _)) = split(name) else {
            return false;
        };
        let Some(entry) = self.scope.entries.get_mut(base) else {
            return false;
        };
        let (symbol, declared) = (entry.symbol, entry.span);
        let Symbol::Field(id) = symbol else {
            return false;
        };
        entry.used = true;
        let diagnostic = Diagnostic::error(
            "not-a-function",
            format!("`{name}` is a derivative of a field, not a function"),
            function.span,
            "called like a function",
        )
        .with_label(declared, "declared here")
        .with_note("A field and its derivatives are written without arguments: their value is meant at the point at hand.");
        let repeats =
            self.repeats_arguments(id, arguments) || self.at_the_beginning(base, arguments, span);
        self.error(if repeats {
            diagnostic.with_help(format!("write `{name}`")).with_edit(span, name)
        } else {
            diagnostic.with_help("values on the boundary are given with `on x = 0: …`, at the beginning with `initial`")
        });
        true
    }

    /// Whether a call is `u(x, 0)` in an initial value: the arguments of the field, with the beginning of time.
    fn at_the_beginning(&self, field: &str, arguments: &[ExpressionId], span: Span) -> bool {
        let Some(Symbol::Field(id)) = self.scope.entries.get(field).map(|entry| entry.symbol)
        else {
            return false;
        };
        let stands = self.document.declarations.iter().any(|declaration| {
            matches!(declaration.kind, DeclarationKind::Initial(_))
                && declaration.span.start <= span.start
                && span.end <= declaration.span.end
        });
        let declared = &self.problem.fields[id].arguments;
        let (Some(time), true) = (
            self.problem.time(),
            stands && declared.len() == arguments.len(),
        ) else {
            return false;
        };
        declared
            .iter()
            .zip(arguments)
            .all(|(coordinate, argument)| {
                let coordinate_of = &self.problem.coordinates[*coordinate];
                match &self.document.expressions[*argument].kind {
                    ExpressionKind::Name(name) => *name == coordinate_of.name,
                    ExpressionKind::Number { value, .. } => {
                        *coordinate == time && value.total_cmp(&coordinate_of.low).is_eq()
                    }
                    _ => false,
                }
            })
    }
}
