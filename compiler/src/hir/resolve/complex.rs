//! Arithmetic of entries: real numbers, and complex ones as pairs of real ones.

use super::Resolver;
use super::quantity::Entry;
use crate::diagnostic::Diagnostic;
use crate::function::Function;
use crate::hir::{BinaryOperator, ExpressionId, ExpressionKind};
use crate::source::Span;

/// Powers of complex numbers are written out up to this one.
const HIGHEST_POWER: f64 = 16.0;

impl Resolver<'_> {
    /// `left operator right` of real numbers.
    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: ExpressionId,
        right: ExpressionId,
        span: Span,
    ) -> ExpressionId {
        let kind = ExpressionKind::Binary {
            operator,
            left,
            right,
        };
        self.push(kind, span)
    }

    pub(super) fn call_real(
        &mut self,
        function: Function,
        argument: ExpressionId,
        span: Span,
    ) -> ExpressionId {
        self.push(ExpressionKind::Call { function, argument }, span)
    }

    pub(super) fn negate(&mut self, entry: Entry, span: Span) -> Entry {
        let mut of = |id| self.push(ExpressionKind::Negate(id), span);
        Entry {
            re: of(entry.re),
            im: entry.im.map(of),
        }
    }

    /// `left operator right` of real or complex numbers.
    pub(super) fn combine(
        &mut self,
        operator: BinaryOperator,
        left: Entry,
        right: Entry,
        span: Span,
    ) -> Entry {
        if left.im.is_none() && right.im.is_none() {
            if operator == BinaryOperator::Power
                && let Some(square) = self.norms.get(&left.re).copied()
                && self.tree.value(right.re) == Some(2.0)
            {
                // |v|² is smooth where |v| is not.
                return Entry::real(square);
            }
            return Entry::real(self.reduced(operator, left.re, right.re, span));
        }
        match operator {
            BinaryOperator::Add | BinaryOperator::Subtract => self.sum(operator, left, right, span),
            BinaryOperator::Multiply => self.product(left, right, span),
            BinaryOperator::Divide => self.quotient(left, right, span),
            BinaryOperator::Power => self.power(left, right, span),
        }
    }

    /// `left operator right` of real numbers, without what the zeros and ones of the normal take away.
    fn reduced(
        &mut self,
        operator: BinaryOperator,
        left: ExpressionId,
        right: ExpressionId,
        span: Span,
    ) -> ExpressionId {
        let folded = self.folded(operator, left, right, span);
        folded.unwrap_or_else(|| self.binary(operator, left, right, span))
    }

    /// In a condition, what the zeros and ones of the normal leave: `n×E` has a component that is nothing at all. A
    /// parameter that happens to be 1 stays: it has a unit.
    fn folded(
        &mut self,
        operator: BinaryOperator,
        left: ExpressionId,
        right: ExpressionId,
        span: Span,
    ) -> Option<ExpressionId> {
        self.normal?;
        let is = |id: ExpressionId, value: f64| self.plain(id) == Some(value);
        match operator {
            BinaryOperator::Multiply if is(left, 0.0) || is(right, 0.0) => {
                Some(self.number(0.0, span))
            }
            BinaryOperator::Multiply if is(left, 1.0) => Some(right),
            BinaryOperator::Multiply if is(right, 1.0) => Some(left),
            BinaryOperator::Add | BinaryOperator::Subtract if is(right, 0.0) => Some(left),
            BinaryOperator::Add if is(left, 0.0) => Some(right),
            BinaryOperator::Subtract if is(left, 0.0) => {
                Some(self.push(ExpressionKind::Negate(right), span))
            }
            BinaryOperator::Multiply
            | BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Divide
            | BinaryOperator::Power => None,
        }
    }

    /// The value of a number without a unit, such as the entries of the normal are, signs included.
    fn plain(&self, mut id: ExpressionId) -> Option<f64> {
        let mut sign = 1.0;
        while let ExpressionKind::Negate(operand) = self.tree.expressions[id].kind {
            sign = -sign;
            id = operand;
        }
        let ExpressionKind::Number(value) = self.tree.expressions[id].kind else {
            return None;
        };
        (!self.tree.measured.contains_key(&id)).then_some(sign * value)
    }

    fn sum(&mut self, operator: BinaryOperator, left: Entry, right: Entry, span: Span) -> Entry {
        let re = self.reduced(operator, left.re, right.re, span);
        let im = match (left.im, right.im) {
            (Some(left), Some(right)) => Some(self.reduced(operator, left, right, span)),
            (Some(left), None) => Some(left),
            (None, Some(right)) if operator == BinaryOperator::Subtract => {
                Some(self.push(ExpressionKind::Negate(right), span))
            }
            (None, right) => right,
        };
        Entry { re, im }
    }

    fn product(&mut self, left: Entry, right: Entry, span: Span) -> Entry {
        let mut times = |a, b| self.reduced(BinaryOperator::Multiply, a, b, span);
        match (left.im, right.im) {
            (None, None) => Entry::real(times(left.re, right.re)),
            (None, Some(im)) => Entry {
                re: times(left.re, right.re),
                im: Some(times(left.re, im)),
            },
            (Some(im), None) => Entry {
                re: times(left.re, right.re),
                im: Some(times(im, right.re)),
            },
            (Some(a), Some(b)) => {
                let (rr, ii) = (times(left.re, right.re), times(a, b));
                let (ri, ir) = (times(left.re, b), times(a, right.re));
                Entry {
                    re: self.reduced(BinaryOperator::Subtract, rr, ii, span),
                    im: Some(self.reduced(BinaryOperator::Add, ri, ir, span)),
                }
            }
        }
    }

    fn quotient(&mut self, left: Entry, right: Entry, span: Span) -> Entry {
        let over = |this: &mut Self, entry: Entry, by: ExpressionId| Entry {
            re: this.binary(BinaryOperator::Divide, entry.re, by, span),
            im: entry
                .im
                .map(|im| this.binary(BinaryOperator::Divide, im, by, span)),
        };
        if right.im.is_none() {
            return over(self, left, right.re);
        }
        let square = self.square(right, span);
        let conjugate = self.conjugate(right, span);
        let above = self.product(left, conjugate, span);
        over(self, above, square)
    }

    fn power(&mut self, base: Entry, exponent: Entry, span: Span) -> Entry {
        // exp(i*k*x) is written with `exp`; a power of a complex number has a whole exponent here.
        let whole = self
            .tree
            .value(exponent.re)
            .filter(|value| exponent.im.is_none() && value.fract() == 0.0)
            .filter(|value| value.abs() <= HIGHEST_POWER && *value != 0.0);
        let Some(whole) = whole else {
            self.error(
                Diagnostic::error(
                    "complex-value",
                    "a power of a complex number needs a whole exponent",
                    span,
                    format!("not a whole number up to {HIGHEST_POWER}"),
                )
                .with_note("Other powers have several values, and which is meant is not said.")
                .with_help("write it with `exp` and `|…|`"),
            );
            return Entry::real(self.hole(span));
        };
        let mut result = base;
        let mut count = whole.abs();
        while count > 1.0 {
            result = self.product(result, base, span);
            count -= 1.0;
        }
        if whole < 0.0 {
            let one = Entry::real(self.number(1.0, span));
            return self.quotient(one, result, span);
        }
        result
    }

    /// `re² + im²`
    pub(super) fn square(&mut self, entry: Entry, span: Span) -> ExpressionId {
        let two = self.number(2.0, span);
        let re = self.binary(BinaryOperator::Power, entry.re, two, span);
        match entry.im {
            None => re,
            Some(im) => {
                let im = self.binary(BinaryOperator::Power, im, two, span);
                self.binary(BinaryOperator::Add, re, im, span)
            }
        }
    }

    /// The root of a sum of squares, which is remembered: its own square is what stands under it.
    pub(super) fn norm(&mut self, square: ExpressionId, span: Span) -> ExpressionId {
        let root = self.call_real(Function::Sqrt, square, span);
        self.norms.insert(root, square);
        root
    }

    pub(super) fn conjugate(&mut self, entry: Entry, span: Span) -> Entry {
        Entry {
            re: entry.re,
            im: entry
                .im
                .map(|im| self.push(ExpressionKind::Negate(im), span)),
        }
    }

    /// A function of a real or complex number.
    pub(super) fn apply(&mut self, function: Function, argument: Entry, span: Span) -> Entry {
        let Some(im) = argument.im else {
            return Entry::real(self.call_real(function, argument.re, span));
        };
        let re = argument.re;
        match function {
            // e^(a+bi) = e^a (cos b + i sin b)
            Function::Exp => {
                let size = self.call_real(Function::Exp, re, span);
                self.turned(size, im, span)
            }
            Function::Abs => {
                let square = self.square(argument, span);
                Entry::real(self.norm(square, span))
            }
            // cos(a+bi) = cos a cosh b − i sin a sinh b
            Function::Cos => {
                let (cos, sin) = self.pair(Function::Cos, Function::Sin, re, span);
                let (cosh, sinh) = self.pair(Function::Cosh, Function::Sinh, im, span);
                let minus = self.push(ExpressionKind::Negate(sin), span);
                Entry {
                    re: self.binary(BinaryOperator::Multiply, cos, cosh, span),
                    im: Some(self.binary(BinaryOperator::Multiply, minus, sinh, span)),
                }
            }
            // sin(a+bi) = sin a cosh b + i cos a sinh b
            Function::Sin => {
                let (cos, sin) = self.pair(Function::Cos, Function::Sin, re, span);
                let (cosh, sinh) = self.pair(Function::Cosh, Function::Sinh, im, span);
                Entry {
                    re: self.binary(BinaryOperator::Multiply, sin, cosh, span),
                    im: Some(self.binary(BinaryOperator::Multiply, cos, sinh, span)),
                }
            }
            Function::Tan
            | Function::Log
            | Function::Sqrt
            | Function::Tanh
            | Function::Sinh
            | Function::Cosh
            | Function::Sech
            | Function::Atan
            | Function::Erf
            | Function::Sign
            | Function::Heaviside => {
                self.error(
                    Diagnostic::error(
                        "complex-value",
                        format!("`{}` takes real numbers only", function.name()),
                        span,
                        "the argument has an imaginary part",
                    )
                    .with_note("Of complex numbers there are `exp`, `sin`, `cos`, `abs`, `re`, `im` and `conj`.")
                    .with_help("write it with these"),
                );
                Entry::real(self.hole(span))
            }
        }
    }

    fn pair(
        &mut self,
        first: Function,
        second: Function,
        argument: ExpressionId,
        span: Span,
    ) -> (ExpressionId, ExpressionId) {
        (
            self.call_real(first, argument, span),
            self.call_real(second, argument, span),
        )
    }

    fn turned(&mut self, size: ExpressionId, angle: ExpressionId, span: Span) -> Entry {
        let (cos, sin) = self.pair(Function::Cos, Function::Sin, angle, span);
        Entry {
            re: self.binary(BinaryOperator::Multiply, size, cos, span),
            im: Some(self.binary(BinaryOperator::Multiply, size, sin, span)),
        }
    }
}
