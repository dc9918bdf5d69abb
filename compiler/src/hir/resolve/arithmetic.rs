//! Operators between quantities: which shapes fit together, and what comes out, entry by entry.

use super::Resolver;
use super::quantity::{Entry, Quantity, Shape};
use crate::diagnostic::Diagnostic;
use crate::hir::BinaryOperator;
use crate::source::Span;
use crate::syntax;

/// Numbers with the shape in which they stand.
type Shaped = (Shape, Vec<Entry>);

impl Resolver<'_> {
    /// `-operand`
    pub(super) fn negative(&mut self, operand: &Quantity, span: Span) -> Quantity {
        let Some((shape, entries)) = self.numbers(operand, span) else {
            return Quantity::Any;
        };
        let entries = entries.into_iter().map(|it| self.negate(it, span));
        Quantity::Numbers {
            shape,
            entries: entries.collect(),
        }
    }

    /// `left operator right`
    pub(super) fn operate(
        &mut self,
        operator: syntax::BinaryOperator,
        left: &Quantity,
        right: &Quantity,
        span: Span,
    ) -> Quantity {
        use syntax::BinaryOperator as Written;
        match operator {
            Written::Union | Written::Intersect | Written::Minus => {
                self.combine_solids(operator, left, right, span)
            }
            Written::Add => self.add(BinaryOperator::Add, left, right, span),
            Written::Subtract => self.add(BinaryOperator::Subtract, left, right, span),
            Written::Multiply => self.multiply(left, right, span),
            Written::Divide => self.divide(left, right, span),
            Written::Dot => self.dot(left, right, span),
            Written::Cross => self.cross(left, right, span),
            Written::Power => self.raise(left, right, span),
        }
    }

    /// Both as numbers; what is not is reported.
    pub(super) fn both(
        &mut self,
        left: &Quantity,
        right: &Quantity,
        span: Span,
    ) -> Option<(Shaped, Shaped)> {
        let left = self.numbers(left, span);
        let right = self.numbers(right, span);
        Some((left?, right?))
    }

    /// A scalar zero written where a vector or matrix is due has its shape.
    pub(super) fn stretch(
        &mut self,
        (shape, entries): Shaped,
        wanted: Shape,
        span: Span,
    ) -> Shaped {
        if shape == wanted || shape.count() != 1 || wanted.count() == 1 {
            return (shape, entries);
        }
        let zero = entries
            .iter()
            .all(|entry| entry.im.is_none() && self.tree.value(entry.re) == Some(0.0));
        if !zero {
            return (shape, entries);
        }
        let entries = (0..wanted.count())
            .map(|_| Entry::real(self.number(0.0, span)))
            .collect();
        (wanted, entries)
    }

    /// Two quantities of one shape; anything else is reported. `what` says what happens to them: "added".
    pub(super) fn alike(
        &mut self,
        left: &Quantity,
        right: &Quantity,
        span: Span,
        what: &str,
    ) -> Option<(Shape, Vec<Entry>, Vec<Entry>)> {
        let (left, right) = self.both(left, right, span)?;
        let (wanted_left, wanted_right) = (right.0, left.0);
        let (left_shape, left) = self.stretch(left, wanted_left, span);
        let (right_shape, right) = self.stretch(right, wanted_right, span);
        if !left_shape.fits(right_shape) {
            self.rank_mismatch(
                format!(
                    "{} and {} cannot be {what}",
                    left_shape.words(),
                    right_shape.words()
                ),
                span,
                format!("left {}, right {}", left_shape.words(), right_shape.words()),
                self.shape_help(left_shape, right_shape),
            );
            return None;
        }
        Some((left_shape, left, right))
    }

    fn shape_help(&self, left: Shape, right: Shape) -> String {
        match (left, right) {
            (Shape::Scalar, Shape::Vector(n)) | (Shape::Vector(n), Shape::Scalar) => {
                let component = match self.component_names(n).first() {
                    Some(name) => format!(".{name}"),
                    None => "[1]".to_owned(),
                };
                format!(
                    "make a scalar of the vector: a component (`v{component}`), its length (`|v|`), its divergence \
                     (`div(v)`); or a vector of the scalar: its gradient (`grad(p)`), `(…, …)`"
                )
            }
            (Shape::Vector(_), Shape::Vector(_)) => {
                "both sides need the same number of components".to_owned()
            }
            (Shape::Scalar | Shape::Vector(_) | Shape::Matrix(..), _) => {
                "both sides need the same shape".to_owned()
            }
        }
    }

    fn add(
        &mut self,
        operator: BinaryOperator,
        left: &Quantity,
        right: &Quantity,
        span: Span,
    ) -> Quantity {
        let what = match operator {
            BinaryOperator::Subtract => "subtracted",
            BinaryOperator::Add
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Power => "added",
        };
        let Some((shape, left, right)) = self.alike(left, right, span, what) else {
            return Quantity::Any;
        };
        let entries = left
            .into_iter()
            .zip(right)
            .map(|(left, right)| self.combine(operator, left, right, span));
        Quantity::Numbers {
            shape,
            entries: entries.collect(),
        }
    }

    fn multiply(&mut self, left: &Quantity, right: &Quantity, span: Span) -> Quantity {
        let Some(((left_shape, left), (right_shape, right))) = self.both(left, right, span) else {
            return Quantity::Any;
        };
        let times = BinaryOperator::Multiply;
        match (left.as_slice(), right.as_slice()) {
            ([factor], _) => {
                let entries = right
                    .iter()
                    .map(|entry| self.combine(times, *factor, *entry, span));
                Quantity::Numbers {
                    shape: right_shape,
                    entries: entries.collect(),
                }
            }
            (_, [factor]) => {
                let entries = left
                    .iter()
                    .map(|entry| self.combine(times, *entry, *factor, span));
                Quantity::Numbers {
                    shape: left_shape,
                    entries: entries.collect(),
                }
            }
            (..) => self.rank_mismatch(
                format!(
                    "{} and {} have no product `*`",
                    left_shape.words(),
                    right_shape.words()
                ),
                span,
                format!("left {}, right {}", left_shape.words(), right_shape.words()),
                match (left_shape, right_shape) {
                    (Shape::Matrix(..), Shape::Vector(_) | Shape::Matrix(..)) => {
                        "write `dot(A, b)` or `A·b` for Aᵢⱼ bⱼ, `inner(A, B)` for Aᵢⱼ Bᵢⱼ"
                    }
                    (Shape::Vector(_), Shape::Matrix(..)) => {
                        "write `(v·∇)w` for vⱼ ∂w/∂xⱼ, `dot(transpose(A), v)` for vᵢ Aᵢⱼ"
                    }
                    (Shape::Scalar | Shape::Vector(_), _) | (Shape::Matrix(..), Shape::Scalar) => {
                        "write `dot(a, b)` or `a·b` for the inner product, `cross(a, b)` or `a×b` for the cross product"
                    }
                },
            ),
        }
    }

    fn divide(&mut self, left: &Quantity, right: &Quantity, span: Span) -> Quantity {
        let Some(((shape, left), (right_shape, right))) = self.both(left, right, span) else {
            return Quantity::Any;
        };
        let [divisor] = right.as_slice() else {
            return self.rank_mismatch(
                format!("nothing can be divided by {}", right_shape.words()),
                span,
                format!("the divisor is {}", right_shape.words()),
                "divide by a component or by the length `|v|`",
            );
        };
        let entries = left
            .into_iter()
            .map(|entry| self.combine(BinaryOperator::Divide, entry, *divisor, span));
        Quantity::Numbers {
            shape,
            entries: entries.collect(),
        }
    }

    fn raise(&mut self, left: &Quantity, right: &Quantity, span: Span) -> Quantity {
        let Some(((shape, left), (exponent_shape, right))) = self.both(left, right, span) else {
            return Quantity::Any;
        };
        let ([base], [exponent]) = (left.as_slice(), right.as_slice()) else {
            let (what, shape) = if left.len() == 1 {
                ("an exponent", exponent_shape)
            } else {
                ("what is raised to a power", shape)
            };
            return self.rank_mismatch(
                format!("{what} must be a scalar"),
                span,
                format!("this is {}", shape.words()),
                "write `dot(v, v)` or `|v|^2` for the square of a vector",
            );
        };
        Quantity::entry(self.combine(BinaryOperator::Power, *base, *exponent, span))
    }

    /// `u²`
    pub(super) fn raised(&mut self, operand: &Quantity, power: i32, span: Span) -> Quantity {
        let exponent = self.number(f64::from(power), span);
        self.raise(operand, &Quantity::scalar(exponent), span)
    }

    /// Reports a comparison where none can stand.
    pub(super) fn stray_comparison(&mut self, span: Span) -> Quantity {
        self.error(
            Diagnostic::error(
                "rank-mismatch",
                "a comparison stands only in `if` and after `where`",
                span,
                "true or false, not a number",
            )
            .with_help("a value that depends on a comparison is written `if(x < 0, 1, 2)`"),
        );
        self.undetermined = true;
        Quantity::Any
    }
}
