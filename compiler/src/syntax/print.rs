//! From [`Document`] to text: one declaration a line, in canonical layout.

use super::{
    Argument, BinaryOperator, DeclarationKind, Document, ExpressionId, ExpressionKind, Interval,
    Name, ParameterKind, Setting, UnaryOperator, Value, ValueKind,
};

/// The text of a document. Parsing it gives the document back, but for places and comments.
#[must_use]
pub fn print(document: &Document) -> String {
    let mut printer = Printer {
        document,
        text: String::new(),
    };
    for declaration in &document.declarations {
        printer.declaration(&declaration.kind);
        printer.text.push('\n');
    }
    printer.text
}

/// The text of one expression.
pub(crate) fn expression(document: &Document, id: ExpressionId) -> String {
    let mut printer = Printer {
        document,
        text: String::new(),
    };
    printer.expression(id);
    printer.text
}

/// The text of one setting.
pub(crate) fn setting(setting: &Setting) -> String {
    let document = Document::default();
    let mut printer = Printer {
        document: &document,
        text: String::new(),
    };
    printer.setting(setting);
    printer.text
}

/// A number as short as it can be written without loss.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:?}");
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// How a binary operator is written: loose ones with spaces.
pub(crate) fn operator(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Union => " union ",
        BinaryOperator::Intersect => " intersect ",
        BinaryOperator::Minus => " minus ",
        BinaryOperator::Dot => "·",
        BinaryOperator::Cross => "×",
        BinaryOperator::Add => " + ",
        BinaryOperator::Subtract => " - ",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Power => "^",
    }
}

struct Printer<'a> {
    document: &'a Document,
    text: String,
}

/// What is still to be printed of an expression.
enum Rest {
    Expression(ExpressionId),
    Text(&'static str),
}

impl Printer<'_> {
    fn declaration(&mut self, kind: &DeclarationKind) {
        match kind {
            DeclarationKind::Title(title) => {
                self.text.push_str("problem ");
                self.quoted(&title.text);
            }
            DeclarationKind::Coordinates { names, interval } => {
                self.text.push_str("coord ");
                self.separated(names, |printer, name| {
                    printer.text.push_str(&name.name.text)
                });
                self.interval(interval.as_ref());
            }
            DeclarationKind::Time { name, interval, .. } => {
                self.text.push_str("time ");
                self.text.push_str(&name.text);
                self.interval(interval.as_ref());
            }
            DeclarationKind::Field {
                name, arguments, ..
            } => {
                self.text.push_str("field ");
                self.text.push_str(&name.text);
                self.arguments(arguments);
            }
            DeclarationKind::Parameter { name, value, .. } => {
                self.text.push_str("param ");
                if let ParameterKind::Fixed(value) = value {
                    self.assigned(name, *value);
                }
            }
            DeclarationKind::Definition {
                name,
                arguments,
                value,
            } => {
                self.text.push_str("let ");
                self.text.push_str(&name.text);
                if let Some(arguments) = arguments {
                    self.arguments(arguments);
                }
                self.text.push_str(" = ");
                self.expression(*value);
            }
            DeclarationKind::Equation {
                label, equation, ..
            } => {
                self.text.push_str("eq ");
                if let Some(label) = label {
                    self.text.push_str(&label.text);
                    self.text.push_str(": ");
                }
                self.equation(equation);
            }
            DeclarationKind::Initial(equation) => {
                self.text.push_str("initial ");
                self.equation(equation);
            }
            DeclarationKind::Condition { places, equation } => {
                self.text.push_str("on ");
                self.separated(places, |printer, place| {
                    if let super::Place::Side(place) = place {
                        printer.assigned(&place.coordinate, place.value);
                    }
                });
                self.text.push_str(": ");
                self.equation(equation);
            }
            DeclarationKind::Periodic(names) => {
                self.text.push_str("periodic ");
                self.names(names);
            }
            DeclarationKind::Exact { target, value } => {
                self.text.push_str("exact ");
                self.assigned(&target.field, *value);
            }
            DeclarationKind::Reference {
                target,
                path,
                columns,
            } => {
                self.text.push_str("reference ");
                self.text.push_str(&target.field.text);
                self.text.push_str(" from ");
                self.quoted(&path.text);
                self.text.push(' ');
                self.arguments(columns);
            }
            DeclarationKind::Train(settings) => self.settings(settings),
            _ => {}
        }
    }

    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        self.text.push_str(text);
        self.text.push('"');
    }

    fn separated<T>(&mut self, items: &[T], mut print: impl FnMut(&mut Self, &T)) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            print(self, item);
        }
    }

    fn names(&mut self, names: &[Name]) {
        self.separated(names, |printer, name| printer.text.push_str(&name.text));
    }

    fn arguments(&mut self, names: &[Name]) {
        self.text.push('(');
        self.names(names);
        self.text.push(')');
    }

    fn assigned(&mut self, name: &Name, value: ExpressionId) {
        self.text.push_str(&name.text);
        self.text.push_str(" = ");
        self.expression(value);
    }

    fn interval(&mut self, interval: Option<&Interval>) {
        if let Some(interval) = interval {
            self.text.push_str(" in [");
            self.expression(interval.low);
            self.text.push_str(", ");
            self.expression(interval.high);
            self.text.push(']');
        }
    }

    fn equation(&mut self, equation: &super::Equation) {
        self.expression(equation.left);
        self.text.push_str(" = ");
        self.expression(equation.right);
    }

    fn expression(&mut self, root: ExpressionId) {
        let mut rest = vec![Rest::Expression(root)];
        while let Some(next) = rest.pop() {
            let id = match next {
                Rest::Text(text) => {
                    self.text.push_str(text);
                    continue;
                }
                Rest::Expression(id) => id,
            };
            match &self.document.expressions[id].kind {
                ExpressionKind::Number { text, .. } | ExpressionKind::Name(text) => {
                    self.text.push_str(text)
                }
                ExpressionKind::Group(inner) => {
                    self.text.push('(');
                    rest.extend([Rest::Text(")"), Rest::Expression(*inner)]);
                }
                ExpressionKind::Absolute(inner) => {
                    self.text.push('|');
                    rest.extend([Rest::Text("|"), Rest::Expression(*inner)]);
                }
                ExpressionKind::Unary { operator, operand } => {
                    self.text.push_str(match operator {
                        UnaryOperator::Minus => "-",
                        UnaryOperator::Plus => "+",
                    });
                    rest.push(Rest::Expression(*operand));
                }
                ExpressionKind::Binary {
                    operator: between,
                    left,
                    right,
                } => rest.extend([
                    Rest::Expression(*right),
                    Rest::Text(operator(*between)),
                    Rest::Expression(*left),
                ]),
                ExpressionKind::Call {
                    function,
                    arguments,
                } => {
                    self.text.push_str(&function.text);
                    self.text.push('(');
                    rest.push(Rest::Text(")"));
                    for (index, argument) in arguments.iter().enumerate().rev() {
                        rest.push(Rest::Expression(argument.value));
                        if index > 0 {
                            rest.push(Rest::Text(", "));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn settings(&mut self, settings: &[Setting]) {
        self.text.push_str("train {");
        for setting in settings {
            self.text.push_str("\n  ");
            self.setting(setting);
        }
        self.text.push_str("\n}");
    }

    fn setting(&mut self, setting: &Setting) {
        self.text.push_str(&setting.name.text);
        self.text.push_str(" = ");
        self.value(&setting.value);
    }

    // Values recurse no deeper than brackets may nest.
    fn value(&mut self, value: &Value) {
        match &value.kind {
            ValueKind::Number(value) => self.text.push_str(&number(*value)),
            ValueKind::Text(text) => self.quoted(text),
            ValueKind::Word(word) => self.text.push_str(word),
            ValueKind::Call { name, arguments } => {
                self.text.push_str(&name.text);
                self.text.push('(');
                self.separated(arguments, Self::argument);
                self.text.push(')');
            }
            ValueKind::List(arguments) => {
                self.text.push('[');
                self.separated(arguments, Self::argument);
                self.text.push(']');
            }
            ValueKind::Tuple(values) => {
                self.text.push('(');
                self.separated(values, Self::value);
                self.text.push(')');
            }
        }
    }

    fn argument(&mut self, argument: &Argument) {
        if let Some(name) = &argument.name {
            self.text.push_str(&name.text);
            self.text.push_str(" = ");
        }
        self.value(&argument.value);
    }
}
