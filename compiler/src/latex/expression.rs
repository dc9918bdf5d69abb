//! Expressions in LaTeX, as they are written in the file: brackets where the file has them, fractions where it
//! divides, `∇` where it says `grad`.

use super::name::{subscripted, symbol, upright};
use crate::hir::{Problem, Segmentation, segment, split};
use crate::syntax::{
    BinaryOperator, CallArgument, Comparator, Document, ExpressionId, ExpressionKind, Nabla, Name,
    Unit,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is still to be written.
enum Rest {
    Text(&'static str),
    Made(String),
    Expression(ExpressionId),
    /// Without the brackets around it: in a fraction, an exponent, between bars.
    Bare(ExpressionId),
    /// In brackets, unless it has some or needs none.
    Operand(ExpressionId),
}

use Rest::{Bare, Expression, Made, Operand, Text};

/// Writes the expressions of a document.
pub(super) struct Writer<'a> {
    document: &'a Document,
    /// The names of the coordinates, of which subscripts are made.
    coordinates: Vec<String>,
    /// The names of all else, which may have subscripts of their own.
    declared: BTreeSet<&'a str>,
    /// Whether a subtree is taller than a line.
    tall: Vec<bool>,
    /// Where the interval of a coordinate begins and ends, for integrals; those of regions are not there.
    limits: Limits,
}

/// The ends of intervals as they are typeset, by the names of coordinates.
pub(super) type Limits = BTreeMap<String, (String, String)>;

impl<'a> Writer<'a> {
    pub(super) fn new(document: &'a Document, problem: &'a Problem) -> Self {
        let mut tall = Vec::with_capacity(document.expressions.len());
        for (_, expression) in document.expressions.iter() {
            let own = match &expression.kind {
                ExpressionKind::Binary { operator, .. } => *operator == BinaryOperator::Divide,
                ExpressionKind::Call { function, .. } => {
                    matches!(function.text.as_str(), "integral" | "sum" | "if")
                }
                ExpressionKind::Tuple(_) => true,
                _ => false,
            };
            // An exponent is small, however tall it is.
            let exponent = match &expression.kind {
                ExpressionKind::Binary {
                    operator: BinaryOperator::Power,
                    right,
                    ..
                } => Some(*right),
                _ => None,
            };
            let is_exp = matches!(&expression.kind, ExpressionKind::Call { function, .. } if function.text == "exp");
            let below =
                !is_exp
                    && expression.kind.operands().iter().any(|id| {
                        Some(*id) != exponent && tall.get(id.index()).is_some_and(|it| *it)
                    });
            tall.push(own || below);
        }
        let coordinates = problem.coordinates.iter();
        let fields = problem.fields.iter().map(|(_, it)| it.name.as_str());
        let groups = problem.groups.iter().map(|it| it.name.as_str());
        let parameters = problem.parameters.iter().map(|(_, it)| it.name.as_str());
        let definitions = problem.definitions.iter().map(|(_, it)| it.name.as_str());
        let unknowns = problem.unknowns.iter().map(|(_, it)| it.name.as_str());
        Self {
            document,
            coordinates: coordinates.map(|(_, it)| it.name.clone()).collect(),
            declared: fields
                .chain(groups)
                .chain(parameters)
                .chain(definitions)
                .chain(unknowns)
                .collect(),
            tall,
            limits: Limits::new(),
        }
    }

    /// The same, with limits for integrals.
    pub(super) fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// One expression.
    pub(super) fn expression(&self, root: ExpressionId) -> String {
        let mut text = String::new();
        let mut rest = vec![Bare(root)];
        while let Some(next) = rest.pop() {
            let pieces = match next {
                Text(piece) => {
                    text.push_str(piece);
                    continue;
                }
                Made(piece) => {
                    text.push_str(&piece);
                    continue;
                }
                Expression(id) => self.node(id),
                Bare(id) => self.node(self.stripped(id)),
                Operand(id) if self.is_atom(id) => self.node(id),
                Operand(id) => self.bracketed(id),
            };
            rest.extend(pieces.into_iter().rev());
        }
        text
    }

    /// A name; the subscript of a derivative is made of coordinates.
    fn name(&self, name: &str) -> String {
        if self.declared.contains(name) {
            return symbol(name);
        }
        if name == "e" {
            return r"\mathrm{e}".to_owned();
        }
        let derivative =
            split(name).and_then(|(base, subscript)| Some((base, self.letters(subscript)?)));
        match derivative {
            Some((base, letters)) => subscripted(base, &letters),
            None => symbol(name),
        }
    }

    /// The coordinates of a subscript as symbols.
    fn letters(&self, subscript: &str) -> Option<String> {
        let Segmentation::One(positions) = segment(subscript, &self.coordinates) else {
            return None;
        };
        let letters = positions.iter().map(|at| symbol(&self.coordinates[*at]));
        let letters: Vec<String> = letters.collect();
        // A command ends where no letter follows.
        let commands = letters.iter().any(|letter| letter.starts_with('\\'));
        Some(letters.join(if commands { " " } else { "" }))
    }

    /// Whether the first thing written is a sign.
    fn begins_with_sign(&self, mut id: ExpressionId) -> bool {
        loop {
            match self.kind(id) {
                ExpressionKind::Unary { .. } => return true,
                ExpressionKind::Binary { operator, left, .. }
                    if *operator != BinaryOperator::Divide =>
                {
                    id = *left;
                }
                _ => return false,
            }
        }
    }

    fn kind(&self, id: ExpressionId) -> &'a ExpressionKind {
        &self.document.expressions[id].kind
    }

    /// What stands inside of brackets.
    fn stripped(&self, mut id: ExpressionId) -> ExpressionId {
        while let ExpressionKind::Group(inner) = self.kind(id) {
            id = *inner;
        }
        id
    }

    fn is_atom(&self, id: ExpressionId) -> bool {
        match self.kind(id) {
            ExpressionKind::Binary { .. }
            | ExpressionKind::Unary { .. }
            | ExpressionKind::Comparison { .. } => false,
            // What is written between or behind signs is no whole by itself.
            ExpressionKind::Call { function, .. } => !matches!(
                function.text.as_str(),
                "dot" | "cross" | "inner" | "outer" | "if" | "sum" | "integral"
            ),
            ExpressionKind::Number { .. }
            | ExpressionKind::Name(_)
            | ExpressionKind::Group(_)
            | ExpressionKind::Absolute(_)
            | ExpressionKind::Tuple(_)
            | ExpressionKind::Member { .. }
            | ExpressionKind::Index { .. }
            | ExpressionKind::Measured { .. }
            | ExpressionKind::Raised { .. }
            | ExpressionKind::Nabla { .. }
            | ExpressionKind::Partial { .. }
            | ExpressionKind::Advection { .. } => true,
        }
    }

    fn bracketed(&self, id: ExpressionId) -> Vec<Rest> {
        if self.tall.get(id.index()).is_some_and(|it| *it) {
            vec![Text(r"\left("), Bare(id), Text(r"\right)")]
        } else {
            vec![Text("("), Bare(id), Text(")")]
        }
    }

    fn node(&self, id: ExpressionId) -> Vec<Rest> {
        match self.kind(id) {
            ExpressionKind::Number { text, .. } => vec![Made(number(text))],
            ExpressionKind::Name(name) => vec![Made(self.name(name))],
            ExpressionKind::Group(inner) => self.bracketed(*inner),
            ExpressionKind::Unary { operator, operand } => vec![
                Text(match operator {
                    crate::syntax::UnaryOperator::Minus => "-",
                    crate::syntax::UnaryOperator::Plus => "+",
                }),
                Expression(*operand),
            ],
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, *left, *right),
            ExpressionKind::Call {
                function,
                arguments,
            } => self.call(function, arguments),
            ExpressionKind::Absolute(inner) => self.between_bars(*inner),
            ExpressionKind::Tuple(items) => {
                let mut pieces = vec![Text(r"\begin{pmatrix} ")];
                let matrix = items
                    .iter()
                    .all(|item| matches!(self.kind(*item), ExpressionKind::Tuple(_)));
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        pieces.push(Text(r" \\ "));
                    }
                    // The rows of a matrix are its rows.
                    if let (true, ExpressionKind::Tuple(row)) = (matrix, self.kind(*item)) {
                        for (column, entry) in row.iter().enumerate() {
                            if column > 0 {
                                pieces.push(Text(" & "));
                            }
                            pieces.push(Bare(*entry));
                        }
                    } else {
                        pieces.push(Bare(*item));
                    }
                }
                pieces.push(Text(r" \end{pmatrix}"));
                pieces
            }
            ExpressionKind::Member { operand, member } => match member.text.as_str() {
                "re" => vec![Text(r"\operatorname{Re} "), Operand(*operand)],
                "im" => vec![Text(r"\operatorname{Im} "), Operand(*operand)],
                // A subscript would be a derivative.
                name => vec![Operand(*operand), Made(format!("^{{({})}}", symbol(name)))],
            },
            ExpressionKind::Index { operand, index } => {
                let named = matches!(
                    self.kind(*operand),
                    ExpressionKind::Name(_)
                        | ExpressionKind::Index { .. }
                        | ExpressionKind::Group(_)
                );
                // A component of `w ⊗ w` is not the product with one of `w`.
                let mut pieces = if named {
                    vec![Operand(*operand)]
                } else {
                    self.bracketed(*operand)
                };
                pieces.extend([Text("_{"), Bare(*index), Text("}")]);
                pieces
            }
            ExpressionKind::Measured {
                operand,
                unit: measure,
            } => {
                vec![Expression(*operand), Made(format!(r"\,{}", unit(measure)))]
            }
            ExpressionKind::Raised { operand, power, .. } => {
                self.raised(*operand, vec![Made(power.to_string())])
            }
            ExpressionKind::Nabla {
                operator, operand, ..
            } => vec![Text(nabla(*operator)), Operand(*operand)],
            ExpressionKind::Partial { by, operand } => vec![
                Made(format!(
                    r"\partial_{{{}}} ",
                    self.letters(&by.text).unwrap_or_else(|| symbol(&by.text))
                )),
                Operand(*operand),
            ],
            ExpressionKind::Advection { velocity, operand } => vec![
                Text("("),
                Operand(*velocity),
                Text(r" \cdot \nabla) "),
                Operand(*operand),
            ],
            ExpressionKind::Comparison {
                operands,
                comparators,
            } => {
                let mut pieces = Vec::new();
                for (index, operand) in operands.iter().enumerate() {
                    if let Some(before) = index.checked_sub(1).and_then(|at| comparators.get(at)) {
                        pieces.push(Text(match before {
                            Comparator::Less => " < ",
                            Comparator::LessOrEqual => r" \le ",
                            Comparator::Greater => " > ",
                            Comparator::GreaterOrEqual => r" \ge ",
                        }));
                    }
                    pieces.push(Expression(*operand));
                }
                pieces
            }
        }
    }

    fn between_bars(&self, inner: ExpressionId) -> Vec<Rest> {
        if self.tall.get(inner.index()).is_some_and(|it| *it) {
            vec![Text(r"\left\lvert "), Bare(inner), Text(r" \right\rvert")]
        } else {
            vec![Text(r"\lvert "), Bare(inner), Text(r" \rvert")]
        }
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        left: ExpressionId,
        right: ExpressionId,
    ) -> Vec<Rest> {
        // Two signs do not stand beside each other.
        let signed = self.begins_with_sign(right);
        // The right brace of cases is open: what follows would belong to the last of them.
        let cases = |id| matches!(self.kind(id), ExpressionKind::Call { function, .. } if function.text == "if");
        let between = |sign| {
            let before = if cases(left) {
                Operand(left)
            } else {
                Expression(left)
            };
            let after = if signed || cases(right) {
                Operand(right)
            } else {
                Expression(right)
            };
            vec![before, Text(sign), after]
        };
        match operator {
            BinaryOperator::Union => between(r" \cup "),
            BinaryOperator::Intersect => between(r" \cap "),
            BinaryOperator::Minus => between(r" \setminus "),
            BinaryOperator::Add => between(" + "),
            BinaryOperator::Subtract => between(" - "),
            BinaryOperator::Dot => between(r" \cdot "),
            BinaryOperator::Cross => between(r" \times "),
            BinaryOperator::Multiply if self.begins_with_digit(right) => between(r" \cdot "),
            BinaryOperator::Multiply => between(" "),
            BinaryOperator::Divide => vec![
                Text(r"\frac{"),
                Bare(left),
                Text("}{"),
                Bare(right),
                Text("}"),
            ],
            BinaryOperator::Power => self.raised(left, vec![Bare(right)]),
        }
    }

    fn begins_with_digit(&self, mut id: ExpressionId) -> bool {
        loop {
            match self.kind(id) {
                ExpressionKind::Number { .. } => return true,
                ExpressionKind::Binary { operator, left, .. }
                    if *operator != BinaryOperator::Divide =>
                {
                    id = *left;
                }
                ExpressionKind::Measured { operand, .. }
                | ExpressionKind::Raised { operand, .. } => {
                    id = *operand;
                }
                _ => return false,
            }
        }
    }

    fn raised(&self, base: ExpressionId, exponent: Vec<Rest>) -> Vec<Rest> {
        // sin²(x), but not sin⁻¹(x), which is something else.
        if let ExpressionKind::Call {
            function,
            arguments,
        } = self.kind(base)
            && let (Some(command), [argument]) = (command(&function.text), arguments.as_slice())
            && !matches!(exponent.as_slice(), [Bare(id)] if !matches!(self.kind(*id), ExpressionKind::Number { .. }))
            && !matches!(exponent.as_slice(), [Made(text)] if text.starts_with('-'))
        {
            let mut pieces = vec![Text(command), Text("^{")];
            pieces.extend(exponent);
            pieces.push(Text("}"));
            pieces.extend(self.bracketed(argument.value));
            return pieces;
        }
        // What carries an exponent of its own, or begins or ends with a sign, needs brackets: ∇uᵀ is not (∇u)ᵀ.
        let open = match self.kind(base) {
            ExpressionKind::Call { function, .. } => matches!(
                function.text.as_str(),
                "exp" | "sqrt" | "transpose" | "grad" | "div" | "curl" | "laplacian" | "d"
            ),
            ExpressionKind::Number { text, .. } => text.contains(['e', 'E']),
            ExpressionKind::Member { .. }
            | ExpressionKind::Raised { .. }
            | ExpressionKind::Nabla { .. }
            | ExpressionKind::Partial { .. }
            | ExpressionKind::Advection { .. } => true,
            ExpressionKind::Name(_)
            | ExpressionKind::Group(_)
            | ExpressionKind::Unary { .. }
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Absolute(_)
            | ExpressionKind::Tuple(_)
            | ExpressionKind::Index { .. }
            | ExpressionKind::Measured { .. }
            | ExpressionKind::Comparison { .. } => false,
        };
        let mut pieces = if open {
            self.bracketed(base)
        } else {
            vec![Operand(base)]
        };
        pieces.push(Text("^{"));
        pieces.extend(exponent);
        pieces.push(Text("}"));
        pieces
    }

    fn call(&self, function: &Name, arguments: &[CallArgument]) -> Vec<Rest> {
        let values: Vec<ExpressionId> = arguments.iter().map(|argument| argument.value).collect();
        match (function.text.as_str(), values.as_slice()) {
            ("exp", [x]) => vec![Text(r"\mathrm{e}^{"), Bare(*x), Text("}")],
            ("sqrt", [x]) => vec![Text(r"\sqrt{"), Bare(*x), Text("}")],
            ("abs", [x]) => self.between_bars(*x),
            ("grad", [x]) => vec![Text(r"\nabla "), Operand(*x)],
            ("div", [x]) => vec![Text(r"\nabla \cdot "), Operand(*x)],
            ("curl", [x]) => vec![Text(r"\nabla \times "), Operand(*x)],
            ("laplacian", [x]) => vec![Text(r"\nabla^2 "), Operand(*x)],
            ("dot", [a, b]) => vec![Operand(*a), Text(r" \cdot "), Operand(*b)],
            ("cross", [a, b]) => vec![Operand(*a), Text(r" \times "), Operand(*b)],
            ("inner", [a, b]) => vec![Operand(*a), Text(" : "), Operand(*b)],
            ("outer", [a, b]) => vec![Operand(*a), Text(r" \otimes "), Operand(*b)],
            ("transpose", [a]) => self.raised(*a, vec![Text(r"\mathsf{T}")]),
            ("jump", [a]) => vec![Text(r"[\![ "), Bare(*a), Text(r" ]\!]")],
            ("mean", [a]) => vec![Text(r"\{\!\{ "), Bare(*a), Text(r" \}\!\}")],
            ("identity", [_]) => vec![Text(r"\mathsf{I}")],
            ("conj", [a]) => vec![Text(r"\overline{"), Bare(*a), Text("}")],
            ("sum", [index, term]) => {
                let term = match self.kind(*term) {
                    ExpressionKind::Binary {
                        operator: BinaryOperator::Multiply | BinaryOperator::Divide,
                        ..
                    } => Expression(*term),
                    _ => Operand(*term),
                };
                vec![Text(r"\sum_{"), Bare(*index), Text("} "), term]
            }
            ("integral", [operand, over @ ..]) => self.integral(*operand, over),
            ("if", [condition, then, otherwise]) => vec![
                Text(r"\begin{cases} "),
                Bare(*then),
                Text(r" & \text{if } "),
                Bare(*condition),
                Text(r" \\ "),
                Bare(*otherwise),
                Text(r" & \text{else} \end{cases}"),
            ],
            ("d", [operand, by @ ..]) if !by.is_empty() => self.derivative(*operand, by),
            (name, [x]) if let Some(command) = command(name) => {
                let mut pieces = vec![Text(command)];
                pieces.extend(self.bracketed(self.stripped(*x)));
                pieces
            }
            (name, _) => self.listed(name, arguments),
        }
    }

    /// `∫₀¹ … dx`, the innermost coordinate first.
    fn integral(&self, operand: ExpressionId, over: &[ExpressionId]) -> Vec<Rest> {
        let named = |id: &ExpressionId| match self.kind(*id) {
            ExpressionKind::Name(name) => Some(name.as_str()),
            _ => None,
        };
        let mut pieces = Vec::new();
        for id in over.iter().rev() {
            pieces.push(Text(r"\int"));
            let name = named(id);
            match name.and_then(|name| self.limits.get(name)) {
                Some((low, high)) => pieces.push(Made(format!("_{{{low}}}^{{{high}}} "))),
                None if name.is_some_and(|name| self.coordinates.iter().any(|it| it == name)) => {
                    pieces.push(Text(" "));
                }
                None => pieces.extend([Text("_{"), Bare(*id), Text("} ")]),
            }
        }
        // A product needs no brackets between the sign and its differential.
        let sum = matches!(
            self.kind(operand),
            ExpressionKind::Unary { .. }
                | ExpressionKind::Binary {
                    operator: BinaryOperator::Add | BinaryOperator::Subtract,
                    ..
                }
        );
        pieces.push(if sum {
            Operand(operand)
        } else {
            Expression(operand)
        });
        for id in over {
            pieces.extend([Text(r" \, \mathrm{d}"), Bare(*id)]);
        }
        pieces
    }

    /// `∂ₓ² (…)`
    fn derivative(&self, operand: ExpressionId, by: &[ExpressionId]) -> Vec<Rest> {
        let mut pieces = Vec::new();
        for (index, id) in by.iter().enumerate() {
            if let ExpressionKind::Number { .. } = self.kind(*id) {
                continue;
            }
            pieces.extend([Text(r"\partial_{"), Bare(*id), Text("}")]);
            let order = by.get(index + 1).filter(|next| match self.kind(**next) {
                ExpressionKind::Number { value, .. } => *value != 1.0,
                _ => false,
            });
            if let Some(order) = order {
                pieces.extend([Text("^{"), Bare(*order), Text("}")]);
            }
            pieces.push(Text(" "));
        }
        pieces.push(Operand(operand));
        pieces
    }

    /// `f(x, y)`
    fn listed(&self, name: &str, arguments: &[CallArgument]) -> Vec<Rest> {
        let tall = arguments
            .iter()
            .any(|argument| self.tall.get(argument.value.index()).is_some_and(|it| *it));
        let (open, close) = if tall {
            (r"\left(", r"\right)")
        } else {
            ("(", ")")
        };
        let head = match name {
            "min" => r"\min".to_owned(),
            "max" => r"\max".to_owned(),
            _ => symbol(name),
        };
        let mut pieces = vec![Made(head), Text(open)];
        for (index, argument) in arguments.iter().enumerate() {
            if index > 0 {
                pieces.push(Text(", "));
            }
            if let Some(name) = &argument.name {
                pieces.push(Made(format!("{} = ", symbol(&name.text))));
            }
            pieces.push(Bare(argument.value));
        }
        pieces.push(Text(close));
        pieces
    }
}

fn nabla(operator: Nabla) -> &'static str {
    match operator {
        Nabla::Gradient => r"\nabla ",
        Nabla::Divergence => r"\nabla \cdot ",
        Nabla::Curl => r"\nabla \times ",
        Nabla::Laplacian => r"\nabla^2 ",
    }
}

/// A number as it is written, powers of ten as such.
fn number(text: &str) -> String {
    let Some((digits, power)) = text.split_once(['e', 'E']) else {
        return text.to_owned();
    };
    let power = power.trim_start_matches('+');
    match digits {
        "1" => format!("10^{{{power}}}"),
        _ => format!(r"{digits} \times 10^{{{power}}}"),
    }
}

/// `\mathrm{m\,s^{-1}}`
pub(super) fn unit(unit: &Unit) -> String {
    let factors = unit.factors.iter().map(|factor| {
        let name = upright(&factor.name.text);
        match factor.power {
            (1, 1) => name,
            (power, 1) => format!("{name}^{{{power}}}"),
            (power, root) => format!("{name}^{{{power}/{root}}}"),
        }
    });
    let factors: Vec<String> = factors.collect();
    format!(r"\mathrm{{{}}}", factors.join(r"\,"))
}

/// The command of a function that is written before brackets.
fn command(name: &str) -> Option<&'static str> {
    Some(match name {
        "sin" => r"\sin",
        "cos" => r"\cos",
        "tan" => r"\tan",
        "log" => r"\log",
        "log10" => r"\log_{10}",
        "tanh" => r"\tanh",
        "sinh" => r"\sinh",
        "cosh" => r"\cosh",
        "sech" => r"\operatorname{sech}",
        "atan" => r"\arctan",
        "erf" => r"\operatorname{erf}",
        "erfc" => r"\operatorname{erfc}",
        "sign" => r"\operatorname{sign}",
        "trace" => r"\operatorname{tr}",
        "re" => r"\operatorname{Re}",
        "im" => r"\operatorname{Im}",
        "heaviside" => "H",
        _ => return None,
    })
}
