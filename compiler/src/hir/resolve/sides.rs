//! The two sides of an equation, taken apart into scalar equations: one for each component, and for each of the real
//! and the imaginary part.

use super::Resolver;
use super::quantity::{Entry, Shape};
use crate::diagnostic::Diagnostic;
use crate::hir::ExpressionId;
use crate::source::Span;
use crate::syntax::Equation;

/// A scalar equation.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    /// What is added to the label of the equation: `.x`, `[1]`, `.re`; nothing for a scalar.
    pub suffix: String,
    pub left: ExpressionId,
    pub right: ExpressionId,
}

impl Resolver<'_> {
    /// The scalar equations of an equation; what is wrong is reported, and leaves none.
    pub(super) fn sides(&mut self, equation: &Equation) -> Option<Vec<Pair>> {
        let place = |side| self.document.expressions[side].span;
        let (left_span, right_span) = (place(equation.left), place(equation.right));
        let left = self.lower(equation.left);
        let hole = self.undetermined;
        let right = self.lower(equation.right);
        self.undetermined |= hole;
        let left = self.numbers(&left, left_span);
        let right = self.numbers(&right, right_span);
        let (left, right) = (left?, right?);
        let (wanted_left, wanted_right) = (right.0, left.0);
        let (left_shape, left) = self.stretch(left, wanted_left, left_span);
        let (right_shape, right) = self.stretch(right, wanted_right, right_span);
        if !left_shape.fits(right_shape) {
            self.undetermined = true;
            self.error(
                Diagnostic::error(
                    "rank-mismatch",
                    format!(
                        "the two sides differ in kind: {} and {}",
                        left_shape.words(),
                        right_shape.words()
                    ),
                    left_span,
                    format!("this is {}", left_shape.words()),
                )
                .with_label(right_span, format!("this is {}", right_shape.words()))
                .with_help(match (left_shape, right_shape) {
                    (Shape::Scalar, Shape::Vector(_)) | (Shape::Vector(_), Shape::Scalar) => {
                        if left.iter().chain(&right).any(|entry| entry.im.is_some()) {
                            "a complex number is written `a + i*b`"
                        } else {
                            "make both sides vectors, `(…, …)`, `grad(p)`, or both scalars: a component, a divergence"
                        }
                    }
                    (Shape::Matrix(..), Shape::Vector(_)) | (Shape::Vector(_), Shape::Matrix(..)) => {
                        "the divergence of a matrix is a vector: `div(…)`"
                    }
                    (Shape::Matrix(..), Shape::Scalar) | (Shape::Scalar, Shape::Matrix(..)) => {
                        "the divergence of a vector is a scalar, `div(…)`; so is the trace of a matrix, `trace(…)`"
                    }
                    (Shape::Scalar | Shape::Vector(_) | Shape::Matrix(..), _) => {
                        "both sides need the same number of components"
                    }
                }),
            );
            return None;
        }
        let complex = left.iter().chain(&right).any(|entry| entry.im.is_some());
        if complex && !self.problem.groups.iter().any(|group| group.complex) {
            let of_left = left.iter().any(|entry| entry.im.is_some());
            self.complex_equation(if of_left { left_span } else { right_span });
            return None;
        }
        // `psi = i` in an equation whose sides are both real says nothing about imaginary parts.
        let names = self.component_names(left.len());
        let mut pairs = Vec::new();
        for (index, (left, right)) in left.into_iter().zip(right).enumerate() {
            let component = match (left_shape, names.get(index)) {
                (Shape::Scalar | Shape::Vector(1), _) => String::new(),
                (Shape::Vector(_), Some(name)) => format!(".{name}"),
                (Shape::Vector(_) | Shape::Matrix(..), _) => format!("[{}]", index + 1),
            };
            if !complex {
                pairs.push(Pair {
                    suffix: component,
                    left: left.re,
                    right: right.re,
                });
                continue;
            }
            pairs.push(Pair {
                suffix: format!("{component}.re"),
                left: left.re,
                right: right.re,
            });
            let (left, right) = (
                self.imaginary(left, left_span),
                self.imaginary(right, right_span),
            );
            pairs.push(Pair {
                suffix: format!("{component}.im"),
                left,
                right,
            });
        }
        Some(pairs)
    }

    fn imaginary(&mut self, entry: Entry, span: Span) -> ExpressionId {
        match entry.im {
            Some(im) => im,
            None => self.number(0.0, span),
        }
    }

    fn complex_equation(&mut self, span: Span) {
        self.undetermined = true;
        self.error(
            Diagnostic::error(
                "complex-value",
                "an equation between real fields has an imaginary part",
                span,
                "this is complex",
            )
            .with_note("`i` is the imaginary unit where no such name is declared.")
            .with_help("declare a complex field, `field psi(x, t) in C`, or declare `i`"),
        );
    }
}
