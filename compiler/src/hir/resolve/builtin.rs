//! The functions of the language: their names, how many arguments each takes, and what it makes of them.

use super::Resolver;
use super::quantity::{Entry, Less, Quantity, Shape};
use crate::diagnostic::Diagnostic;
use crate::function::Function;
use crate::hir::{BinaryOperator, ExpressionId, ExpressionKind};
use crate::source::Span;
use crate::syntax::{Comparator, Nabla, not_supported_yet};

/// A function of the language, beside `d`, `sum` and `integral`, whose arguments are no values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    /// A function of one scalar.
    Scalar(Function),
    Minimum,
    Maximum,
    /// `log(x)/log(10)`
    Log10,
    /// `1 - erf(x)`
    Erfc,
    If,
    Dot,
    Cross,
    Inner,
    Outer,
    Transpose,
    Trace,
    Identity,
    Re,
    Im,
    Conj,
    Nabla(Nabla),
    Jump,
    Mean,
}

/// The names of functions that are not in the table of scalar functions, with the number of their arguments.
pub(super) const BUILTINS: [(&str, Builtin, usize, usize); 21] = [
    ("min", Builtin::Minimum, 2, usize::MAX),
    ("max", Builtin::Maximum, 2, usize::MAX),
    ("log10", Builtin::Log10, 1, 1),
    ("erfc", Builtin::Erfc, 1, 1),
    ("if", Builtin::If, 3, 3),
    ("dot", Builtin::Dot, 2, 2),
    ("cross", Builtin::Cross, 2, 2),
    ("inner", Builtin::Inner, 2, 2),
    ("outer", Builtin::Outer, 2, 2),
    ("transpose", Builtin::Transpose, 1, 1),
    ("trace", Builtin::Trace, 1, 1),
    ("identity", Builtin::Identity, 1, 1),
    ("re", Builtin::Re, 1, 1),
    ("im", Builtin::Im, 1, 1),
    ("conj", Builtin::Conj, 1, 1),
    ("grad", Builtin::Nabla(Nabla::Gradient), 1, 1),
    ("div", Builtin::Nabla(Nabla::Divergence), 1, 1),
    ("curl", Builtin::Nabla(Nabla::Curl), 1, 1),
    ("laplacian", Builtin::Nabla(Nabla::Laplacian), 1, 1),
    ("jump", Builtin::Jump, 1, 1),
    ("mean", Builtin::Mean, 1, 1),
];

/// The names of functions whose arguments are no values.
pub(super) const SPECIAL: [&str; 3] = ["d", "sum", "integral"];

/// The names of all functions and shapes that the language has, but for `d`.
pub(crate) fn functions() -> impl Iterator<Item = &'static str> {
    let scalar = crate::function::FUNCTIONS.iter().map(|(name, _)| *name);
    let further = BUILTINS.iter().map(|(name, ..)| *name);
    let special = SPECIAL.into_iter().filter(|name| *name != "d");
    let shapes = super::shape::SHAPES.iter().map(|shape| shape.name);
    scalar.chain(further).chain(special).chain(shapes)
}

/// The largest identity matrix.
const LARGEST_MATRIX: f64 = 16.0;

/// The function of this name, with the least and largest number of its arguments.
pub(super) fn builtin(name: &str) -> Option<(Builtin, usize, usize)> {
    if let Some(function) = Function::from_name(name) {
        return Some((Builtin::Scalar(function), 1, 1));
    }
    BUILTINS
        .iter()
        .find(|(candidate, ..)| *candidate == name)
        .map(|(_, builtin, least, most)| (*builtin, *least, *most))
}

impl Resolver<'_> {
    /// The value of a function; there are as many arguments as it takes.
    pub(super) fn apply_builtin(
        &mut self,
        builtin: Builtin,
        arguments: &[Quantity],
        spans: &[Span],
        span: Span,
    ) -> Quantity {
        let any = Quantity::Any;
        let first = arguments.first().unwrap_or(&any);
        let second = arguments.get(1).unwrap_or(&any);
        let place = spans.first().copied().unwrap_or(span);
        match builtin {
            Builtin::Scalar(Function::Abs) => self.absolute(first, span),
            Builtin::Scalar(function) => {
                let what = format!("the argument of `{}`", function.name());
                match self.single(first, place, &what) {
                    Some(entry) => Quantity::entry(self.apply(function, entry, span)),
                    None => Quantity::Any,
                }
            }
            Builtin::Minimum => self.extreme(arguments, spans, span, ExpressionKind::Minimum),
            Builtin::Maximum => self.extreme(arguments, spans, span, ExpressionKind::Maximum),
            Builtin::Log10 => {
                let Some(entry) = self.single(first, place, "the argument of `log10`") else {
                    return Quantity::Any;
                };
                let above = self.apply(Function::Log, entry, span);
                let ten = self.number(10.0, span);
                let below = Entry::real(self.call_real(Function::Log, ten, span));
                Quantity::entry(self.combine(BinaryOperator::Divide, above, below, span))
            }
            Builtin::Erfc => {
                let Some(entry) = self.single(first, place, "the argument of `erfc`") else {
                    return Quantity::Any;
                };
                let erf = self.apply(Function::Erf, entry, span);
                let one = Entry::real(self.number(1.0, span));
                Quantity::entry(self.combine(BinaryOperator::Subtract, one, erf, span))
            }
            Builtin::If => self.choose(arguments, span, place),
            Builtin::Dot => self.dot(first, second, span),
            Builtin::Cross => self.cross(first, second, span),
            Builtin::Inner => self.contract(first, second, span),
            Builtin::Outer => self.outer(first, second, span),
            Builtin::Transpose => self.transpose(first, span),
            Builtin::Trace => self.trace(first, span),
            Builtin::Identity => self.identity(first, place, span),
            Builtin::Re => self.complex_part(first, true, span),
            Builtin::Im => self.complex_part(first, false, span),
            Builtin::Conj => self.conjugated(first, span),
            Builtin::Nabla(operator) => self.nabla(operator, first, span),
            Builtin::Jump | Builtin::Mean if self.normal.is_none() => {
                self.error(
                    Diagnostic::error(
                        "no-normal",
                        "a jump is one across a surface, and an equation holds inside the domain",
                        span,
                        "no surface here",
                    )
                    .with_note("`jump(u)` is the difference of `u` between the two sides of an interface, `mean(u)` half of their sum.")
                    .with_help("write it in a condition, `on gamma: jump(u) = 0`; an average over the domain is `integral(u, x)`"),
                );
                first.clone()
            }
            Builtin::Jump => {
                self.later("interface conditions (`jump(u) = 0`)", span);
                first.clone()
            }
            Builtin::Mean => {
                self.later("interface conditions (`mean(u)`)", span);
                first.clone()
            }
        }
    }

    /// Notes what training cannot do yet.
    pub(super) fn later(&mut self, what: &str, span: Span) {
        let diagnostic = not_supported_yet(what, span);
        if !self.problem.unsupported.contains(&diagnostic) {
            self.problem.unsupported.push(diagnostic);
        }
    }

    fn extreme(
        &mut self,
        arguments: &[Quantity],
        spans: &[Span],
        span: Span,
        make: fn(ExpressionId, ExpressionId) -> ExpressionKind,
    ) -> Quantity {
        let mut best: Option<ExpressionId> = None;
        for (argument, place) in arguments.iter().zip(spans) {
            if matches!(argument, Quantity::Any) {
                return Quantity::Any;
            }
            let value = self.real(argument, *place, "what is compared");
            best = Some(match best {
                None => value,
                Some(best) => self.push(make(best, value), span),
            });
        }
        best.map_or(Quantity::Any, Quantity::scalar)
    }

    fn identity(&mut self, size: &Quantity, place: Span, span: Span) -> Quantity {
        if matches!(size, Quantity::Any) {
            return Quantity::Any;
        }
        let size = self.real(size, place, "the size of a matrix");
        let size = self
            .tree
            .value(size)
            .filter(|size| size.fract() == 0.0 && (1.0..=LARGEST_MATRIX).contains(size));
        let Some(size) = size else {
            return self.rank_mismatch(
                format!("the size of a matrix is a whole number from 1 to {LARGEST_MATRIX}"),
                place,
                "not such a number",
                "write for instance `identity(2)`",
            );
        };
        // In range by the lines above.
        let size = size as usize;
        let mut entries = Vec::with_capacity(size * size);
        for index in 0..size * size {
            let value = if index % (size + 1) == 0 { 1.0 } else { 0.0 };
            entries.push(Entry::real(self.number(value, span)));
        }
        Quantity::Numbers {
            shape: Shape::Matrix(size, size),
            entries,
        }
    }

    /// `a < b <= c`
    pub(super) fn compare(
        &mut self,
        operands: &[Quantity],
        comparators: &[Comparator],
        span: Span,
    ) -> Quantity {
        if operands.iter().any(|it| matches!(it, Quantity::Any)) {
            return Quantity::Any;
        }
        let values: Vec<ExpressionId> = operands
            .iter()
            .map(|operand| self.real(operand, span, "what is compared"))
            .collect();
        if self.undetermined {
            return Quantity::Any;
        }
        let pairs = values.windows(2).zip(comparators);
        let all = pairs.filter_map(|(pair, comparator)| {
            let (left, right) = (*pair.first()?, *pair.last()?);
            let (left, right) = match comparator {
                Comparator::Less | Comparator::LessOrEqual => (left, right),
                Comparator::Greater | Comparator::GreaterOrEqual => (right, left),
            };
            let or_equal = match comparator {
                Comparator::Less | Comparator::Greater => false,
                Comparator::LessOrEqual | Comparator::GreaterOrEqual => true,
            };
            Some(Less {
                left,
                right,
                or_equal,
            })
        });
        Quantity::Truth(all.collect())
    }

    /// `if(comparison, then, otherwise)`
    fn choose(&mut self, arguments: &[Quantity], span: Span, place: Span) -> Quantity {
        let [condition, then, otherwise] = arguments else {
            return Quantity::Any;
        };
        let comparisons = match condition {
            Quantity::Any => return Quantity::Any,
            Quantity::Truth(comparisons) => comparisons.clone(),
            Quantity::Numbers { .. } | Quantity::Solid(_) | Quantity::Part(_) => {
                return self.rank_mismatch(
                    "the first argument of `if` must be a comparison",
                    place,
                    format!("this is {}", condition.words()),
                    "write for instance `if(x < 0, 1, 2)`",
                );
            }
        };
        let Some((shape, mut then, otherwise)) =
            self.alike(then, otherwise, span, "the two values of `if`")
        else {
            return Quantity::Any;
        };
        for less in comparisons.into_iter().rev() {
            then = then
                .into_iter()
                .zip(&otherwise)
                .map(|(then, otherwise)| Entry {
                    re: self.select(less, then.re, otherwise.re, span),
                    im: match (then.im, otherwise.im) {
                        (None, None) => None,
                        (then, otherwise) => {
                            let then = then.unwrap_or_else(|| self.number(0.0, span));
                            let otherwise = otherwise.unwrap_or_else(|| self.number(0.0, span));
                            Some(self.select(less, then, otherwise, span))
                        }
                    },
                })
                .collect();
        }
        Quantity::Numbers {
            shape,
            entries: then,
        }
    }

    fn select(
        &mut self,
        less: Less,
        then: ExpressionId,
        otherwise: ExpressionId,
        span: Span,
    ) -> ExpressionId {
        let Less { left, right, .. } = less;
        // a ≤ b is not b < a
        let kind = if less.or_equal {
            ExpressionKind::Select {
                left: right,
                right: left,
                then: otherwise,
                otherwise: then,
            }
        } else {
            ExpressionKind::Select {
                left,
                right,
                then,
                otherwise,
            }
        };
        self.push(kind, span)
    }
}
