//! Vectors and matrices: products, lengths, components.

use super::Resolver;
use super::quantity::{Entry, Quantity, Shape};
use crate::diagnostic::Diagnostic;
use crate::hir::{BinaryOperator, Role};
use crate::source::Span;
use crate::syntax::Name;
use crate::syntax::suggest::nearest;

impl Resolver<'_> {
    /// The names of the components of vectors of this size: the coordinates of space, where there are as many.
    pub(super) fn component_names(&self, count: usize) -> Vec<String> {
        let names: Vec<String> = self
            .problem
            .coordinates
            .iter()
            .filter(|(_, coordinate)| coordinate.role == Role::Space)
            .map(|(_, coordinate)| coordinate.name.clone())
            .collect();
        // Those of indexed coordinates are no names.
        if names.len() == count && names.iter().all(|name| !name.contains('[')) {
            names
        } else {
            Vec::new()
        }
    }

    /// `Σ aᵢ bᵢ`
    pub(super) fn inner(&mut self, left: &[Entry], right: &[Entry], span: Span) -> Entry {
        let mut total: Option<Entry> = None;
        for (left, right) in left.iter().zip(right) {
            let product = self.combine(BinaryOperator::Multiply, *left, *right, span);
            total = Some(match total {
                None => product,
                Some(total) => self.combine(BinaryOperator::Add, total, product, span),
            });
        }
        match total {
            Some(total) => total,
            None => Entry::real(self.number(0.0, span)),
        }
    }

    /// `dot(a, b)` and `a·b`
    pub(super) fn dot(&mut self, left: &Quantity, right: &Quantity, span: Span) -> Quantity {
        let Some(((left_shape, left), (right_shape, right))) = self.both(left, right, span) else {
            return Quantity::Any;
        };
        match (left_shape, right_shape) {
            (Shape::Vector(m), Shape::Vector(n)) if m == n => {
                Quantity::entry(self.inner(&left, &right, span))
            }
            (Shape::Matrix(_, m), Shape::Vector(n)) if m == n => Quantity::vector(
                left.chunks(m)
                    .map(|row| self.inner(row, &right, span))
                    .collect(),
            ),
            (Shape::Matrix(rows, m), Shape::Matrix(n, columns)) if m == n => {
                let mut entries = Vec::with_capacity(rows * columns);
                for row in left.chunks(m) {
                    for column in 0..columns {
                        let column: Vec<Entry> =
                            right.iter().skip(column).step_by(columns).copied().collect();
                        entries.push(self.inner(row, &column, span));
                    }
                }
                Quantity::Numbers {
                    shape: Shape::Matrix(rows, columns),
                    entries,
                }
            }
            (Shape::Vector(_), Shape::Matrix(..)) => self.rank_mismatch(
                "the product of a vector and a matrix can be read in two ways",
                span,
                "a vector before a matrix",
                "write `dot(grad(w), v)` or `(v·∇)w` for vⱼ ∂w/∂xⱼ, `dot(transpose(A), v)` for vᵢ Aᵢⱼ",
            ),
            (Shape::Scalar, Shape::Scalar) => self.rank_mismatch(
                "the inner product `·` is one of vectors, and both of these are scalars",
                span,
                "two scalars",
                "the product of scalars is written `*`",
            ),
            (Shape::Scalar, _) | (_, Shape::Scalar) => self.rank_mismatch(
                format!("{} and {} have no inner product", left_shape.words(), right_shape.words()),
                span,
                "one of them is a scalar",
                "the product with a scalar is written `*`",
            ),
            (Shape::Vector(_) | Shape::Matrix(..), Shape::Vector(_) | Shape::Matrix(..)) => self
                .rank_mismatch(
                    format!("{} and {} have no inner product", left_shape.words(), right_shape.words()),
                    span,
                    "their sizes differ",
                    "both need the same number of components",
                ),
        }
    }

    /// `cross(a, b)` and `a×b`: a vector in three dimensions, a scalar in two.
    pub(super) fn cross(&mut self, left: &Quantity, right: &Quantity, span: Span) -> Quantity {
        let Some(((left_shape, left), (right_shape, right))) = self.both(left, right, span) else {
            return Quantity::Any;
        };
        let mut minor = |i: usize, j: usize| {
            let first = self.combine(BinaryOperator::Multiply, left[i], right[j], span);
            let second = self.combine(BinaryOperator::Multiply, left[j], right[i], span);
            self.combine(BinaryOperator::Subtract, first, second, span)
        };
        match (left_shape, right_shape) {
            (Shape::Vector(2), Shape::Vector(2)) => Quantity::entry(minor(0, 1)),
            (Shape::Vector(3), Shape::Vector(3)) => {
                Quantity::vector(vec![minor(1, 2), minor(2, 0), minor(0, 1)])
            }
            (..) => self.rank_mismatch(
                format!(
                    "{} and {} have no cross product",
                    left_shape.words(),
                    right_shape.words()
                ),
                span,
                "a cross product takes two vectors with 2 or 3 components",
                "in three dimensions a vector of the plane is `(v.x, v.y, 0)`",
            ),
        }
    }

    /// `|v|`: the absolute value of a scalar, the length of a vector.
    pub(super) fn absolute(&mut self, operand: &Quantity, span: Span) -> Quantity {
        let Some((shape, entries)) = self.numbers(operand, span) else {
            return Quantity::Any;
        };
        if let [entry] = entries.as_slice() {
            return Quantity::entry(self.apply(crate::function::Function::Abs, *entry, span));
        }
        if let Shape::Matrix(..) = shape {
            return self.rank_mismatch(
                "the absolute value of a matrix is not defined",
                span,
                format!("this is {}", shape.words()),
                "write `sqrt(inner(A, A))` for the Frobenius norm",
            );
        }
        let mut square = None;
        for entry in entries {
            let term = self.square(entry, span);
            square = Some(match square {
                None => term,
                Some(sum) => self.binary(BinaryOperator::Add, sum, term, span),
            });
        }
        match square {
            Some(square) => Quantity::scalar(self.norm(square, span)),
            None => Quantity::Any,
        }
    }

    /// `v_x` where `v.x` fits, in the text of a vector.
    fn component_meant(&self, span: Span) -> Option<(String, String)> {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let mut words = self.source.slice(span).split(|letter| !is_part(letter));
        words.find_map(|word| {
            let (base, member) = word.split_once('_')?;
            let names = self.component_names(self.size_of(base).filter(|size| *size > 1)?);
            names
                .iter()
                .any(|name| name == member)
                .then(|| (word.to_owned(), format!("{base}.{member}")))
        })
    }

    /// `(a, b)`: a vector of scalars, a matrix of vectors.
    pub(super) fn tuple(&mut self, items: &[Quantity], span: Span) -> Quantity {
        let mut rows: Vec<(Shape, Vec<Entry>)> = Vec::with_capacity(items.len());
        let mut known = true;
        for item in items {
            match self.numbers(item, span) {
                Some(row) => rows.push(row),
                None => known = false,
            }
        }
        let Some((first, _)) = rows.first().filter(|_| known) else {
            return Quantity::Any;
        };
        let first = *first;
        if rows.iter().any(|(shape, _)| !shape.fits(first)) {
            if let Some((word, component)) = self.component_meant(span) {
                return self.rank_mismatch(
                    "the entries of a vector must be of one kind",
                    span,
                    format!("`{word}` is the derivative of a vector, others are scalars"),
                    format!("the component is written `{component}`"),
                );
            }
            return self.rank_mismatch(
                "the entries of a vector must be of one kind",
                span,
                "some are scalars, some are not",
                "a vector has scalars for its entries, a matrix has vectors for its rows",
            );
        }
        let count = rows.len();
        let entries: Vec<Entry> = rows.into_iter().flat_map(|(_, row)| row).collect();
        match first {
            Shape::Scalar | Shape::Vector(1) => Quantity::vector(entries),
            Shape::Vector(n) => Quantity::Numbers {
                shape: Shape::Matrix(count, n),
                entries,
            },
            Shape::Matrix(..) => self.rank_mismatch(
                "there are no vectors of matrices",
                span,
                "a third index",
                "write out what is meant by components",
            ),
        }
    }

    /// `operand[index]`
    pub(super) fn element(
        &mut self,
        operand: &Quantity,
        index: &Quantity,
        span: Span,
        index_span: Span,
    ) -> Quantity {
        let numbers = self.numbers(operand, span);
        let index = self.real(index, index_span, "an index");
        let Some((shape, entries)) = numbers else {
            return Quantity::Any;
        };
        let size = match shape {
            Shape::Scalar => {
                return self.rank_mismatch(
                    "a scalar has no components",
                    span,
                    "this is a scalar",
                    "vectors and indexed coordinates have an index: `v[1]`",
                );
            }
            Shape::Vector(n) | Shape::Matrix(n, _) => n,
        };
        let position = self
            .tree
            .value(index)
            .filter(|value| value.fract() == 0.0 && (1.0..=size as f64).contains(value));
        let Some(position) = position else {
            if !self.undetermined {
                self.error(
                    Diagnostic::error(
                        "index-out-of-range",
                        format!("an index is a whole number from 1 to {size} here"),
                        index_span,
                        "not such a number",
                    )
                    .with_help("write for instance `[1]`, or sum with `sum(i, …)`"),
                );
                self.undetermined = true;
            }
            return Quantity::Any;
        };
        // From 1 to the size, as checked.
        let position = position as usize - 1;
        match shape {
            Shape::Scalar | Shape::Vector(_) => Quantity::entry(entries[position]),
            Shape::Matrix(_, columns) => {
                Quantity::vector(entries[position * columns..(position + 1) * columns].to_vec())
            }
        }
    }

    /// `operand.member`: a component, its derivative (`v.x_t`), or a part of a complex number (`psi.re`).
    pub(super) fn member(&mut self, operand: &Quantity, member: &Name, span: Span) -> Quantity {
        let (shape, entries) = match operand {
            Quantity::Solid(solid) => return self.side_of(solid, member),
            Quantity::Any => return Quantity::Any,
            Quantity::Numbers { shape, entries } => (*shape, entries),
            Quantity::Truth(_) | Quantity::Part(_) => {
                self.numbers(operand, span);
                return Quantity::Any;
            }
        };
        let names = self.component_names(entries.len());
        let is_vector = matches!(shape, Shape::Vector(_));
        if is_vector && let Some(at) = names.iter().position(|name| *name == member.text) {
            return Quantity::entry(entries[at]);
        }
        if matches!(member.text.as_str(), "re" | "im") && entries.iter().any(|it| it.im.is_some()) {
            return self.complex_part(operand, member.text == "re", span);
        }
        if is_vector
            && let Some((base, subscript)) = super::subscript::split(&member.text)
            && let Some(at) = names.iter().position(|name| name == base)
        {
            let entry = Quantity::entry(entries[at]);
            if subscript == "n" && !self.coordinate_names().iter().any(|it| it == "n") {
                return self.normal_derivative(&entry, span);
            }
            let Some(by) = self.subscript(&member.text, base, subscript, member.span) else {
                return Quantity::Any;
            };
            return self.derivative_of(&entry, &by, span);
        }
        let diagnostic = Diagnostic::error(
            "not-a-component",
            format!("there is no component `{}`", member.text),
            member.span,
            format!("of {}", operand.words()),
        );
        let is_complex = entries.iter().any(|it| it.im.is_some());
        let diagnostic = match nearest(&member.text, names.iter().map(String::as_str)) {
            _ if !is_vector && is_complex => {
                let diagnostic = diagnostic.with_help("the parts of a complex number are `re` and `im`");
                match member.text.to_lowercase().as_str() {
                    "r" | "real" => diagnostic.with_edit(member.span, "re"),
                    "i" | "imag" | "imaginary" => diagnostic.with_edit(member.span, "im"),
                    _ => diagnostic,
                }
            }
            _ if matches!(member.text.as_str(), "re" | "im") => {
                diagnostic.with_help("only complex numbers have parts; a complex field is declared with `in C`")
            }
            _ if !is_vector && self.coordinate_names().contains(&member.text) => {
                let whole = self.source.slice(span);
                let base = whole.split('.').next().unwrap_or("u").trim();
                let base = if self.coordinate_names().iter().any(|it| it == base) {
                    "u"
                } else {
                    base
                };
                diagnostic.with_help(format!(
                    "only vectors have components; a derivative is written with `_`: `{base}_{}`",
                    member.text
                ))
            }
            _ if !is_vector => diagnostic.with_help(
                "only vectors have components; a product is written `*`, a derivative `u_x`",
            ),
            Some(meant) => diagnostic
                .with_help(format!("did you mean `{meant}`?"))
                .with_edit(member.span, meant),
            None if names.is_empty() => diagnostic
                .with_note("Components are named after the coordinates of space where there are as many; else they are numbered.")
                .with_help("write `v[1]`, `v[2]`, …"),
            None => diagnostic.with_help(format!("the components are {}", names.join(", "))),
        };
        self.error(diagnostic);
        self.undetermined = true;
        Quantity::Any
    }

    /// The real or the imaginary part.
    pub(super) fn complex_part(&mut self, operand: &Quantity, real: bool, span: Span) -> Quantity {
        let Some((shape, entries)) = self.numbers(operand, span) else {
            return Quantity::Any;
        };
        let entries = entries
            .into_iter()
            .map(|entry| match (real, entry.im) {
                (true, _) => Entry::real(entry.re),
                (false, Some(im)) => Entry::real(im),
                (false, None) => Entry::real(self.number(0.0, span)),
            })
            .collect();
        Quantity::Numbers { shape, entries }
    }

    /// `conj(z)`
    pub(super) fn conjugated(&mut self, operand: &Quantity, span: Span) -> Quantity {
        let Some((shape, entries)) = self.numbers(operand, span) else {
            return Quantity::Any;
        };
        let entries = entries.into_iter().map(|it| self.conjugate(it, span));
        Quantity::Numbers {
            shape,
            entries: entries.collect(),
        }
    }

    /// `transpose(A)`
    pub(super) fn transpose(&mut self, operand: &Quantity, span: Span) -> Quantity {
        let Some((m, n, entries)) = self.matrix(operand, span, "transpose") else {
            return Quantity::Any;
        };
        let mut turned = Vec::with_capacity(entries.len());
        for column in 0..n {
            turned.extend((0..m).map(|row| entries[row * n + column]));
        }
        Quantity::Numbers {
            shape: Shape::Matrix(n, m),
            entries: turned,
        }
    }

    /// `trace(A)`
    pub(super) fn trace(&mut self, operand: &Quantity, span: Span) -> Quantity {
        let Some((m, n, entries)) = self.matrix(operand, span, "trace") else {
            return Quantity::Any;
        };
        if m != n {
            return self.rank_mismatch(
                "only a square matrix has a trace",
                span,
                format!("this is a {m} by {n} matrix"),
                "take the trace of a square matrix",
            );
        }
        let mut total: Option<Entry> = None;
        for index in 0..n {
            let entry = entries[index * n + index];
            total = Some(match total {
                None => entry,
                Some(total) => self.combine(BinaryOperator::Add, total, entry, span),
            });
        }
        total.map_or(Quantity::Any, Quantity::entry)
    }

    /// `inner(A, B)`: the sum of the products of all entries.
    pub(super) fn contract(&mut self, left: &Quantity, right: &Quantity, span: Span) -> Quantity {
        match self.alike(left, right, span, "contracted") {
            Some((_, left, right)) => Quantity::entry(self.inner(&left, &right, span)),
            None => Quantity::Any,
        }
    }

    /// `outer(a, b)`: the matrix aᵢ bⱼ.
    pub(super) fn outer(&mut self, left: &Quantity, right: &Quantity, span: Span) -> Quantity {
        let Some(((left_shape, left), (right_shape, right))) = self.both(left, right, span) else {
            return Quantity::Any;
        };
        let (Shape::Vector(m), Shape::Vector(n)) = (left_shape, right_shape) else {
            return self.rank_mismatch(
                "an outer product takes two vectors",
                span,
                format!("left {}, right {}", left_shape.words(), right_shape.words()),
                "the product with a scalar is written `*`",
            );
        };
        let mut entries = Vec::with_capacity(m * n);
        for a in &left {
            for b in &right {
                entries.push(self.combine(BinaryOperator::Multiply, *a, *b, span));
            }
        }
        Quantity::Numbers {
            shape: Shape::Matrix(m, n),
            entries,
        }
    }

    fn matrix(
        &mut self,
        operand: &Quantity,
        span: Span,
        function: &str,
    ) -> Option<(usize, usize, Vec<Entry>)> {
        let (shape, entries) = self.numbers(operand, span)?;
        if let Shape::Matrix(m, n) = shape {
            return Some((m, n, entries));
        }
        self.rank_mismatch(
            format!("`{function}` takes a matrix"),
            span,
            format!("this is {}", shape.words()),
            "a matrix is for instance the gradient of a vector, `grad(v)`",
        );
        None
    }
}
