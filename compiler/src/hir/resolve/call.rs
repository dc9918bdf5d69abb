//! Calls: functions of the language, derivatives `d(expression, x)`, and functions that the file defines.

use super::Resolver;
use super::expression::{Environment, Reading, Task};
use super::scope::{LATER_FUNCTIONS, Symbol};
use crate::diagnostic::Diagnostic;
use crate::function::{FUNCTIONS, Function};
use crate::source::Span;
use crate::syntax::suggest::nearest;
use crate::syntax::{self, DeclarationKind, ExpressionId, ExpressionKind, Name};

impl Resolver<'_> {
    /// Plans the tasks of a call; their result is the value of the call.
    pub(super) fn call(
        &mut self,
        function: &Name,
        arguments: &[ExpressionId],
        span: Span,
        environment: usize,
        reading: &mut Reading,
    ) {
        let name = function.text.as_str();
        let (task, wanted) = match (name, Function::from_name(name)) {
            ("d", _) => {
                self.plan_derivative(arguments, span, environment, reading);
                return;
            }
            ("min", _) => (Task::Minimum(span), 2),
            ("max", _) => (Task::Maximum(span), 2),
            (_, Some(builtin)) => (Task::Apply(builtin, span), 1),
            (_, None) => match self.scope.entries.get_mut(name) {
                Some(entry) if let Symbol::Function(declaration) = entry.symbol => {
                    entry.used = true;
                    let wanted = self.formal_arguments(declaration).len();
                    (Task::Expand(declaration, span), wanted)
                }
                Some(_) | None => {
                    self.not_a_function(function, arguments, span);
                    let hole = self.hole(span);
                    reading.results.push(hole);
                    return;
                }
            },
        };
        if arguments.len() != wanted {
            let hole = self.wrong_count(function, arguments.len(), wanted, span);
            reading.results.push(hole);
            return;
        }
        reading.tasks.push(task);
        let read = |argument: &ExpressionId| Task::Read(*argument, environment);
        reading.tasks.extend(arguments.iter().rev().map(read));
    }

    /// Puts the body of a function in place of its arguments.
    pub(super) fn expand(&mut self, declaration: usize, span: Span, reading: &mut Reading) {
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
            let actual = self.take(reading, span);
            environment.insert(argument.text.clone(), actual);
        }
        // What is wrong in the body has been reported; one that uses itself would never end.
        if self.unusable.contains(&declaration) {
            let hole = self.hole(span);
            reading.results.push(hole);
            return;
        }
        reading.environments.push(environment);
        reading
            .tasks
            .push(Task::Read(*value, reading.environments.len() - 1));
    }

    fn formal_arguments(&self, declaration: usize) -> &[Name] {
        match &self.document.declarations[declaration].kind {
            DeclarationKind::Definition {
                arguments: Some(arguments),
                ..
            } => arguments,
            DeclarationKind::Definition { .. }
            | DeclarationKind::Parameter { .. }
            | DeclarationKind::Title(_)
            | DeclarationKind::Coordinates { .. }
            | DeclarationKind::Time { .. }
            | DeclarationKind::Field { .. }
            | DeclarationKind::Equation { .. }
            | DeclarationKind::Initial(_)
            | DeclarationKind::Condition { .. }
            | DeclarationKind::Periodic(_)
            | DeclarationKind::Exact { .. }
            | DeclarationKind::Reference { .. }
            | DeclarationKind::Unknown { .. }
            | DeclarationKind::Domain { .. }
            | DeclarationKind::Boundary { .. }
            | DeclarationKind::At { .. }
            | DeclarationKind::Manufactured { .. }
            | DeclarationKind::Observe { .. }
            | DeclarationKind::Minimize { .. }
            | DeclarationKind::Constraint { .. }
            | DeclarationKind::Train(_) => &[],
        }
    }

    fn wrong_count(
        &mut self,
        function: &Name,
        given: usize,
        wanted: usize,
        span: Span,
    ) -> crate::hir::ExpressionId {
        let plural = if wanted == 1 { "" } else { "s" };
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
        self.error(diagnostic);
        self.hole(span)
    }

    fn not_a_function(&mut self, function: &Name, arguments: &[ExpressionId], span: Span) {
        let name = function.text.as_str();
        if LATER_FUNCTIONS.contains(&name) {
            self.error(syntax::not_supported_yet(
                &format!("functions such as `{name}`"),
                function.span,
            ));
            return;
        }
        let Some(entry) = self.scope.entries.get_mut(name) else {
            self.unknown_function(function);
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
            Symbol::Field(_) => diagnostic
                .with_note("A field is written without its arguments: its value is meant at the point at hand.")
                .with_help("values on the boundary are given with `on x = 0: …`, at the beginning with `initial`"),
            Symbol::Coordinate(_) | Symbol::Parameter(_) | Symbol::Definition(_) | Symbol::Function(_) => diagnostic
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
                ExpressionKind::Number { .. }
                | ExpressionKind::Group(_)
                | ExpressionKind::Unary { .. }
                | ExpressionKind::Binary { .. }
                | ExpressionKind::Call { .. }
                | ExpressionKind::Absolute(_) => None,
                _ => None,
            });
        declared.eq(given)
    }

    fn unknown_function(&mut self, function: &Name) {
        let name = function.text.as_str();
        let defined = self
            .scope
            .entries
            .iter()
            .filter(|(_, entry)| matches!(entry.symbol, Symbol::Function(_)))
            .map(|(name, _)| name.as_str());
        let known: Vec<&str> = FUNCTIONS
            .iter()
            .map(|(name, _)| *name)
            .chain(["min", "max"])
            .chain(defined)
            .collect();
        let diagnostic = Diagnostic::error(
            "unknown-function",
            format!("there is no function `{name}`"),
            function.span,
            "not a function",
        );
        let elsewhere = [
            ("ln", "log"),
            ("arctan", "atan"),
            ("sgn", "sign"),
            ("step", "heaviside"),
        ];
        let meant = elsewhere
            .iter()
            .find(|(written, _)| *written == name)
            .map(|(_, meant)| *meant)
            .or_else(|| nearest(name, known.iter().copied()));
        let diagnostic = match meant {
            Some(meant) => diagnostic
                .with_help(format!("did you mean `{meant}`?"))
                .with_edit(function.span, meant),
            None => diagnostic.with_help(format!("the functions are {}", known.join(", "))),
        };
        self.error(diagnostic);
    }
}
