//! Vector calculus: gradient, divergence, curl, Laplacian, advection.
//!
//! `grad(v)` has the entries ∂vᵢ/∂xⱼ, i the row; `(v·∇)w` is vⱼ ∂w/∂xⱼ; the divergence of a matrix is taken along its
//! rows. The coordinates are those of space, in the order of their declaration.

use super::Resolver;
use super::quantity::{Entry, Quantity, Shape};
use crate::diagnostic::Diagnostic;
use crate::hir::{BinaryOperator, CoordinateId, ExpressionId, ExpressionKind, Role};
use crate::source::Span;
use crate::syntax::Nabla;

impl Resolver<'_> {
    /// The coordinates of space.
    pub(super) fn space(&self) -> Vec<CoordinateId> {
        self.problem
            .coordinates
            .iter()
            .filter(|(_, coordinate)| coordinate.role == Role::Space)
            .map(|(id, _)| id)
            .collect()
    }

    /// `∇u`, `∇·v`, `∇×v`, `∇²u`, and the functions that mean the same.
    pub(super) fn nabla(&mut self, operator: Nabla, operand: &Quantity, span: Span) -> Quantity {
        let Some((shape, entries)) = self.numbers(operand, span) else {
            return Quantity::Any;
        };
        let space = self.space();
        if space.is_empty() {
            return self.rank_mismatch(
                "derivatives in space need coordinates of space",
                span,
                "the problem has none",
                "declare one: `coord x in [0, 1]`",
            );
        }
        match operator {
            Nabla::Gradient => self.gradient(shape, &entries, &space, span),
            Nabla::Divergence => self.divergence(shape, &entries, &space, span),
            Nabla::Curl => self.curl(shape, &entries, &space, span),
            Nabla::Laplacian => {
                let entries = entries
                    .iter()
                    .map(|entry| self.laplacian(*entry, &space, span));
                Quantity::Numbers {
                    shape,
                    entries: entries.collect(),
                }
            }
        }
    }

    fn gradient(
        &mut self,
        shape: Shape,
        entries: &[Entry],
        space: &[CoordinateId],
        span: Span,
    ) -> Quantity {
        let rows = match shape {
            Shape::Scalar => None,
            Shape::Vector(n) => Some(n),
            Shape::Matrix(..) => {
                return self.rank_mismatch(
                    "the gradient of a matrix has three indices",
                    span,
                    format!("this is {}", shape.words()),
                    "write out what is meant with `d(…, x)`",
                );
            }
        };
        let mut made = Vec::with_capacity(entries.len() * space.len());
        for entry in entries {
            for coordinate in space {
                made.push(self.along(*entry, &[*coordinate], span));
            }
        }
        Quantity::Numbers {
            shape: match rows {
                None => Shape::Vector(space.len()),
                Some(rows) => Shape::Matrix(rows, space.len()),
            },
            entries: made,
        }
    }

    fn divergence(
        &mut self,
        shape: Shape,
        entries: &[Entry],
        space: &[CoordinateId],
        span: Span,
    ) -> Quantity {
        let n = space.len();
        let (columns, is_vector) = match shape {
            Shape::Scalar => (1, true),
            Shape::Vector(columns) => (columns, true),
            Shape::Matrix(_, columns) => (columns, false),
        };
        if columns != n || (shape == Shape::Scalar && n > 1) {
            return self.rank_mismatch(
                format!(
                    "a divergence needs {}",
                    match n {
                        1 => "one component".to_owned(),
                        n => format!(
                            "a vector with {n} components, one for each coordinate of space"
                        ),
                    }
                ),
                span,
                format!("this is {}", shape.words()),
                "the gradient of a scalar is `grad(u)`, its Laplacian `laplacian(u)`",
            );
        }
        let mut made = Vec::new();
        for row in entries.chunks(n) {
            let mut total: Option<Entry> = None;
            for (entry, coordinate) in row.iter().zip(space) {
                let term = self.along(*entry, &[*coordinate], span);
                total = Some(match total {
                    None => term,
                    Some(total) => self.combine(BinaryOperator::Add, total, term, span),
                });
            }
            made.extend(total);
        }
        match made.as_slice() {
            [entry] if is_vector => Quantity::entry(*entry),
            _ => Quantity::vector(made),
        }
    }

    fn curl(
        &mut self,
        shape: Shape,
        entries: &[Entry],
        space: &[CoordinateId],
        span: Span,
    ) -> Quantity {
        let mut minor = |i: usize, j: usize| {
            let first = self.along(entries[j], &[space[i]], span);
            let second = self.along(entries[i], &[space[j]], span);
            self.combine(BinaryOperator::Subtract, first, second, span)
        };
        match (shape, space) {
            (Shape::Vector(3), [_, _, _]) => {
                Quantity::vector(vec![minor(1, 2), minor(2, 0), minor(0, 1)])
            }
            (Shape::Vector(2), [_, _]) => Quantity::entry(minor(0, 1)),
            // (∂u/∂y, −∂u/∂x): the velocity of a stream function
            (Shape::Scalar, [x, y]) => {
                let first = self.along(entries[0], &[*y], span);
                let second = self.along(entries[0], &[*x], span);
                let second = self.negate(second, span);
                Quantity::vector(vec![first, second])
            }
            (..) => {
                let n = space.len();
                let components = if n == 1 { "coordinate" } else { "coordinates" };
                self.rank_mismatch(
                    "a curl needs a vector field in two or three dimensions",
                    span,
                    format!("this is {}, in {n} {components} of space", shape.words()),
                    "in two dimensions the curl of a vector is a scalar, that of a scalar a vector",
                )
            }
        }
    }

    fn laplacian(&mut self, entry: Entry, space: &[CoordinateId], span: Span) -> Entry {
        let mut total: Option<Entry> = None;
        for coordinate in space {
            if self.is_constant_along(entry, *coordinate) {
                continue;
            }
            let term = self.along(entry, &[*coordinate, *coordinate], span);
            total = Some(match total {
                None => term,
                Some(total) => self.combine(BinaryOperator::Add, total, term, span),
            });
        }
        match total {
            Some(total) => total,
            None => Entry::real(self.number(0.0, span)),
        }
    }

    /// `(v·∇)w`: vⱼ ∂w/∂xⱼ
    pub(super) fn advection(
        &mut self,
        velocity: &Quantity,
        operand: &Quantity,
        span: Span,
    ) -> Quantity {
        let Some(((velocity_shape, velocity), (shape, entries))) =
            self.both(velocity, operand, span)
        else {
            return Quantity::Any;
        };
        let space = self.space();
        if velocity.len() != space.len() || matches!(velocity_shape, Shape::Matrix(..)) {
            return self.rank_mismatch(
                format!(
                    "a velocity needs {} components, one for each coordinate of space",
                    space.len()
                ),
                span,
                format!("it is {}", velocity_shape.words()),
                "write `(v·∇)u` with a vector `v`",
            );
        }
        let mut made = Vec::with_capacity(entries.len());
        for entry in entries {
            let slopes: Vec<Entry> = space
                .iter()
                .map(|coordinate| self.along(entry, &[*coordinate], span))
                .collect();
            made.push(self.inner(&velocity, &slopes, span));
        }
        Quantity::Numbers {
            shape,
            entries: made,
        }
    }

    /// A derivative by coordinates that nobody wrote: zero where a field does not depend on them.
    fn along(&mut self, entry: Entry, by: &[CoordinateId], span: Span) -> Entry {
        let mut of = |id: ExpressionId| {
            let constant = by
                .iter()
                .any(|coordinate| self.is_constant(id, *coordinate));
            if constant {
                self.number(0.0, span)
            } else {
                self.derivative(id, by, span)
            }
        };
        Entry {
            re: of(entry.re),
            im: entry.im.map(of),
        }
    }

    fn is_constant_along(&self, entry: Entry, coordinate: CoordinateId) -> bool {
        self.is_constant(entry.re, coordinate)
            && entry.im.is_none_or(|im| self.is_constant(im, coordinate))
    }

    fn is_constant(&self, id: ExpressionId, coordinate: CoordinateId) -> bool {
        let mut kind = &self.tree.expressions[id].kind;
        if let ExpressionKind::Derivative { operand, .. } = kind {
            kind = &self.tree.expressions[*operand].kind;
        }
        let ExpressionKind::Field(field) = kind else {
            return false;
        };
        !self.problem.fields[*field].arguments.contains(&coordinate)
    }

    /// `u_n` and the normal `n`: known on a side of the box.
    pub(super) fn normal_derivative(&mut self, operand: &Quantity, span: Span) -> Quantity {
        let Some(normal) = self.normal else {
            self.no_normal("a derivative along the normal", span);
            return Quantity::Any;
        };
        let Some((coordinate, outward)) = normal.side else {
            // A part of a curved boundary: the shape is known, the value is not needed.
            return operand.clone();
        };
        let Some((shape, entries)) = self.numbers(operand, span) else {
            return Quantity::Any;
        };
        let entries = entries
            .into_iter()
            .map(|entry| {
                let slope = self.along(entry, &[coordinate], span);
                if outward {
                    slope
                } else {
                    self.negate(slope, span)
                }
            })
            .collect();
        Quantity::Numbers { shape, entries }
    }

    /// The outward unit normal.
    pub(super) fn normal_vector(&mut self, span: Span) -> Quantity {
        let Some(normal) = self.normal else {
            self.no_normal("the normal `n`", span);
            return Quantity::Any;
        };
        let entries = self
            .space()
            .into_iter()
            .map(|id| {
                let value = match normal.side {
                    Some((coordinate, outward)) if coordinate == id => {
                        if outward {
                            1.0
                        } else {
                            -1.0
                        }
                    }
                    Some(_) => 0.0,
                    None => f64::NAN,
                };
                Entry::real(self.number(value, span))
            })
            .collect();
        Quantity::vector(entries)
    }

    fn no_normal(&mut self, what: &str, span: Span) {
        self.error(
            Diagnostic::error(
                "no-normal",
                format!("{what} exists on the boundary only"),
                span,
                "not on the boundary here",
            )
            .with_note("`n` is the outward unit normal of the boundary, and `u_n` is n·∇u.")
            .with_help("write it in a condition: `on x = 1: u_n = 0`; or declare `n`"),
        );
        self.undetermined = true;
    }
}
