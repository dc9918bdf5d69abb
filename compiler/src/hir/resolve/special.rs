//! Sums over an index and integrals: calls whose arguments are not all values.

use super::Resolver;
use super::expression::{Environment, Reading, Task};
use super::quantity::{Entry, Quantity};
use super::scope::Symbol;
use crate::diagnostic::Diagnostic;
use crate::hir::{CoordinateId, ExpressionKind, Role};
use crate::source::Span;
use crate::syntax::{self, ExpressionId, Name};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What evaluation can do, and training cannot.
pub const OPEN_INTEGRALS: &str = "integrals that leave a function of the other coordinates";

/// Integrals over more coordinates need too many points.
const MOST_INTEGRATED: usize = 3;

impl Resolver<'_> {
    /// `sum(i, body)`: the body for every value that `i` has as an index in it.
    pub(super) fn plan_sum(
        &mut self,
        arguments: &[ExpressionId],
        span: Span,
        environment: &Rc<Environment>,
        reading: &mut Reading,
    ) {
        let range = match arguments {
            [index, body] => match &self.document.expressions[*index].kind {
                syntax::ExpressionKind::Name(name) => {
                    let name = name.clone();
                    self.index_range(&name, *body, environment, span)
                        .map(|range| (name, *body, range))
                }
                _ => {
                    let place = self.document.expressions[*index].span;
                    self.sum_form(place, "not a name");
                    None
                }
            },
            _ => {
                self.sum_form(span, "an index and a term are needed");
                None
            }
        };
        let Some((name, body, range)) = range else {
            self.undetermined = true;
            reading.results.push(Quantity::Any);
            return;
        };
        // In the body of a function, the range may be known only where it is called.
        if range == 0 {
            reading.results.push(Quantity::Any);
            return;
        }
        reading.writing_out.get_or_insert(span);
        reading.tasks.push(Task::Sum(range, span));
        for value in (1..=range).rev() {
            let mut inner = (**environment).clone();
            let number = self.number(value as f64, span);
            inner.insert(name.clone(), Quantity::scalar(number));
            reading.tasks.push(Task::Read(body, Rc::new(inner)));
        }
    }

    fn sum_form(&mut self, span: Span, here: &str) {
        self.error(
            Diagnostic::error(
                "wrong-argument-count",
                "a sum has an index and a term",
                span,
                here,
            )
            .with_help("write for instance `sum(i, d(u, x[i], 2))`"),
        );
    }

    /// How far an index runs: the number of components of what it stands behind.
    fn index_range(
        &mut self,
        index: &str,
        body: ExpressionId,
        environment: &Rc<Environment>,
        span: Span,
    ) -> Option<usize> {
        let mut ranges = BTreeSet::new();
        let mut open = false;
        let document = self.document;
        for id in document.within(body) {
            let syntax::ExpressionKind::Index { operand, index: at } =
                &document.expressions[id].kind
            else {
                continue;
            };
            if !matches!(&document.expressions[*at].kind, syntax::ExpressionKind::Name(name) if name == index)
            {
                continue;
            }
            let syntax::ExpressionKind::Name(name) = &document.expressions[*operand].kind else {
                continue;
            };
            match environment.get(name) {
                Some(Quantity::Any) => open = true,
                Some(Quantity::Numbers { shape, .. }) => {
                    ranges.insert(match shape {
                        super::quantity::Shape::Scalar => 1,
                        super::quantity::Shape::Vector(n)
                        | super::quantity::Shape::Matrix(n, _) => *n,
                    });
                }
                Some(Quantity::Truth(_) | Quantity::Solid(_) | Quantity::Part(_)) => {}
                None => ranges.extend(self.size_of(name)),
            }
        }
        let ranges: Vec<usize> = ranges.into_iter().collect();
        match ranges.as_slice() {
            [range] => Some(*range),
            [] if open => Some(0),
            [] => {
                self.error(
                    Diagnostic::error(
                        "sum-without-range",
                        format!("how far `{index}` runs cannot be seen"),
                        span,
                        format!("nothing here has the index `{index}`"),
                    )
                    .with_note("The index of a sum runs over the components of what it stands behind: `x[i]`, `v[i]`.")
                    .with_help(self.indexed_derivative(index, body).unwrap_or_else(|| {
                        "use the index, as in `sum(i, x[i])`; a sum over numbers is written out: `sin(x) + sin(2*x)`".to_owned()
                    })),
                );
                None
            }
            several => {
                let counts: Vec<String> = several.iter().map(ToString::to_string).collect();
                self.error(
                    Diagnostic::error(
                        "sum-without-range",
                        format!("`{index}` runs over things of different sizes"),
                        span,
                        format!("{} components", counts.join(" and ")),
                    )
                    .with_help("sum over things with the same number of components"),
                );
                None
            }
        }
    }

    /// `d(u, x[i])` for `u_x[i]`.
    fn indexed_derivative(&self, index: &str, body: ExpressionId) -> Option<String> {
        let document = self.document;
        document.within(body).into_iter().find_map(|id| {
            let syntax::ExpressionKind::Index { operand, .. } = &document.expressions[id].kind
            else {
                return None;
            };
            let syntax::ExpressionKind::Name(name) = &document.expressions[*operand].kind else {
                return None;
            };
            let (base, by) = name.rsplit_once('_')?;
            let list = self.scope.entries.get(by)?;
            matches!(list.symbol, Symbol::Coordinates(_)).then(|| {
                format!("the derivative by one of a list is written `d({base}, {by}[{index}])`")
            })
        })
    }

    /// The number of components of a declared name.
    pub(super) fn size_of(&self, name: &str) -> Option<usize> {
        match self.scope.entries.get(name)?.symbol {
            Symbol::Coordinates(index) => Some(self.families.get(index)?.len()),
            Symbol::Group(index) => {
                let group = self.problem.groups.get(index)?;
                let parts = if group.complex { 2 } else { 1 };
                Some(group.components.len() / parts)
            }
            Symbol::Definition(Some(index)) => self.defined.get(index)?.size(),
            Symbol::Coordinate(_)
            | Symbol::Field(_)
            | Symbol::Parameter(_)
            | Symbol::Unknown(_)
            | Symbol::Definition(None)
            | Symbol::Domain
            | Symbol::Boundary
            | Symbol::Function(_) => None,
        }
    }

    /// The sum of the results.
    pub(super) fn add_up(&mut self, terms: &[Quantity], span: Span) -> Quantity {
        let mut total: Option<Quantity> = None;
        for term in terms {
            total = Some(match total {
                None => term.clone(),
                Some(total) => self.operate(syntax::BinaryOperator::Add, &total, term, span),
            });
        }
        total.unwrap_or(Quantity::Any)
    }

    /// `integral(f, x, y)` and `integral(f, Omega)`
    pub(super) fn plan_integral(
        &mut self,
        arguments: &[ExpressionId],
        span: Span,
        environment: &Rc<Environment>,
        reading: &mut Reading,
    ) {
        let (Some(operand), over) = (arguments.first(), arguments.get(1..).unwrap_or(&[])) else {
            self.integral_form(span, "nothing to integrate");
            reading.results.push(Quantity::Any);
            return;
        };
        let mut coordinates: BTreeSet<CoordinateId> = BTreeSet::new();
        if over.is_empty() {
            self.integral_form(span, "over what?");
        }
        for id in over {
            let expression = &self.document.expressions[*id];
            let syntax::ExpressionKind::Name(name) = &expression.kind else {
                self.integral_form(expression.span, "neither a coordinate nor a domain");
                break;
            };
            let name = Name {
                text: name.clone(),
                span: expression.span,
            };
            match self.scope.entries.get_mut(&name.text) {
                Some(entry) if entry.symbol == Symbol::Domain => {
                    entry.used = true;
                    coordinates.extend(self.space());
                }
                Some(entry) if entry.symbol == Symbol::Boundary => {
                    entry.used = true;
                    coordinates.extend(self.space());
                }
                Some(entry) if let Symbol::Coordinates(index) = entry.symbol => {
                    entry.used = true;
                    coordinates.extend(self.families.get(index).cloned().unwrap_or_default());
                }
                _ => {
                    let known = self.coordinate_named(&name);
                    self.undetermined |= known.is_none();
                    if let Some(id) = known
                        && !coordinates.insert(id)
                    {
                        self.integral_form(name.span, "a second time");
                    }
                }
            }
        }
        reading
            .tasks
            .push(Task::Integrate(coordinates.into_iter().collect(), span));
        reading
            .tasks
            .push(Task::Read(*operand, environment.clone()));
    }

    fn integral_form(&mut self, span: Span, here: &str) {
        self.undetermined = true;
        self.error(
            Diagnostic::error(
                "integral-form",
                "an integral has a function and what it is integrated over",
                span,
                here,
            )
            .with_note("It is taken over the whole interval of each coordinate, or over the whole domain.")
            .with_help("write for instance `integral(u^2, x)`, `integral(p, x, y)` or `integral(p, Omega)`"),
        );
    }

    /// An integral of each entry.
    pub(super) fn integrate(
        &mut self,
        operand: &Quantity,
        over: Vec<CoordinateId>,
        span: Span,
    ) -> Quantity {
        let Some((shape, entries)) = self.numbers(operand, span) else {
            return Quantity::Any;
        };
        let family = over
            .iter()
            .any(|id| self.problem.coordinates[*id].role == Role::Family);
        if family {
            self.integral_form(span, "a parameter is nothing to integrate over");
            return Quantity::Any;
        }
        let open = entries.iter().any(|entry| {
            let parts = [Some(entry.re), entry.im];
            let mut parts = parts.into_iter().flatten();
            parts.any(|part| self.varies_beyond(part, &over))
        });
        if open {
            self.later(OPEN_INTEGRALS, span);
        } else if over.len() > MOST_INTEGRATED {
            self.later("integrals over more than three coordinates", span);
        }
        let mut made = Vec::with_capacity(entries.len());
        for entry in entries {
            let mut of = |operand| {
                let over = over.clone();
                self.push(ExpressionKind::Integral { operand, over }, span)
            };
            made.push(Entry {
                re: of(entry.re),
                im: entry.im.map(of),
            });
        }
        Quantity::Numbers {
            shape,
            entries: made,
        }
    }

    /// `1.5[m/s]`
    pub(super) fn measured(
        &mut self,
        operand: ExpressionId,
        unit: &syntax::Unit,
        span: Span,
    ) -> Quantity {
        let value = match &self.document.expressions[operand].kind {
            syntax::ExpressionKind::Number { value, .. } => *value,
            _ => f64::NAN,
        };
        Quantity::scalar(self.measured_number(value, unit, span))
    }
}
