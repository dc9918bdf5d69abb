//! From [`Document`] to text: one declaration a line, in canonical layout.
//!
//! Where a sign can be written in two ways, the tree does not say which it was: `plate ∪ hole` is printed
//! `plate union hole`, `a ≤ b` is `a <= b`, and units are products with a `/` before each factor of negative power.

mod declaration;
mod expression;

use super::{Argument, Document, ExpressionId, Setting, Value, ValueKind};

/// The text of a document. Parsing it gives the document back, but for places and comments.
#[must_use]
pub fn print(document: &Document) -> String {
    let mut printer = Printer::new(document);
    for declaration in &document.declarations {
        printer.declaration(&declaration.kind);
        printer.text.push('\n');
    }
    printer.text
}

/// The text of one expression.
pub(crate) fn expression(document: &Document, id: ExpressionId) -> String {
    let mut printer = Printer::new(document);
    printer.expression(id);
    printer.text
}

/// The text of one setting.
pub(crate) fn setting(setting: &Setting) -> String {
    let document = Document::default();
    let mut printer = Printer::new(&document);
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

/// An end of an interval as a physicist writes it, `2*pi` rather than `6.283185307179586`.
pub(crate) fn interval_end(value: f64) -> String {
    for below in 1..=12_u8 {
        let multiple = value / std::f64::consts::PI * f64::from(below);
        let whole = multiple.round();
        let close = (multiple - whole).abs() <= 4.0 * f64::EPSILON * multiple.abs();
        if !close || whole == 0.0 || whole.abs() > 64.0 {
            continue;
        }
        let sign = if whole < 0.0 { "-" } else { "" };
        let above = match whole.abs() {
            1.0 => "pi".to_owned(),
            many => format!("{many}*pi"),
        };
        return match below {
            1 => format!("{sign}{above}"),
            _ => format!("{sign}{above}/{below}"),
        };
    }
    number(value)
}

struct Printer<'a> {
    document: &'a Document,
    text: String,
}

impl<'a> Printer<'a> {
    fn new(document: &'a Document) -> Self {
        Self {
            document,
            text: String::new(),
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
