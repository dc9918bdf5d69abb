//! Manufactured solutions: the solution is chosen, and every equation and condition gets the source term that makes
//! it one.
//!
//! `L = R` becomes `L = R + (L[û] − R[û])`, with the chosen solution û in place of the field. Nothing is worked out
//! here: a derivative of û is a derivative node, which later stages take apart.

use super::Resolver;
use super::quantity::Quantity;
use crate::diagnostic::Diagnostic;
use crate::hir::{BinaryOperator, Exact, ExpressionId, ExpressionKind, FieldId};
use crate::source::Span;
use crate::syntax::{DeclarationKind, ExpressionId as Written, Target};
use std::collections::{BTreeMap, BTreeSet};

impl Resolver<'_> {
    /// Reads all manufactured solutions and adds the sources.
    pub(super) fn manufacture(&mut self) {
        let document = self.document;
        let mut solutions: BTreeMap<FieldId, ExpressionId> = BTreeMap::new();
        let mut first: Option<Span> = None;
        for declaration in &document.declarations {
            if let DeclarationKind::Manufactured { target, value } = &declaration.kind {
                first.get_or_insert(declaration.keyword);
                let Some(found) = self.solution_entries(target, *value, "manufactured solution")
                else {
                    continue;
                };
                for (field, value) in found {
                    let known = self.problem.exact.iter().find(|it| it.field == field);
                    if let Some(known) = known {
                        let span = known.span;
                        self.second_solution("solution", &target.field, span);
                        continue;
                    }
                    self.without_integrals(value, declaration.span);
                    solutions.insert(field, value);
                    self.problem.exact.push(Exact {
                        field,
                        value,
                        manufactured: true,
                        span: declaration.span,
                    });
                }
            }
        }
        let Some(keyword) = first.filter(|_| self.errors.is_empty()) else {
            return;
        };
        let missing = self
            .problem
            .fields
            .iter()
            .find(|(id, field)| !solutions.contains_key(id) && field.sought.is_none());
        if let Some((_, field)) = missing {
            let diagnostic = Diagnostic::error(
                "manufactured-is-incomplete",
                format!("field `{}` has no manufactured solution", field.name),
                keyword,
                "the others have one",
            )
            .with_label(field.span, "declared here")
            .with_note("Source terms can be worked out only when all fields are known.")
            .with_help(format!("add `manufactured {} = …`", field.name));
            self.error(diagnostic);
            return;
        }
        self.sources(&solutions);
    }

    fn sources(&mut self, solutions: &BTreeMap<FieldId, ExpressionId>) {
        let mut images: BTreeMap<ExpressionId, ExpressionId> = BTreeMap::new();
        for index in 0..self.problem.equations.len() {
            let equation = &self.problem.equations[index];
            let (left, right) = (equation.left, equation.right);
            self.problem.equations[index].right = self.source(left, right, solutions, &mut images);
        }
        for index in 0..self.problem.conditions.len() {
            let condition = &self.problem.conditions[index];
            let (left, right) = (condition.left, condition.right);
            self.problem.conditions[index].right = self.source(left, right, solutions, &mut images);
        }
    }

    fn source(
        &mut self,
        left: ExpressionId,
        right: ExpressionId,
        solutions: &BTreeMap<FieldId, ExpressionId>,
        images: &mut BTreeMap<ExpressionId, ExpressionId>,
    ) -> ExpressionId {
        let span = self.tree.expressions[right].span;
        let there = self.substituted(left, solutions, images);
        let here = self.substituted(right, solutions, images);
        // A right side without fields is its own image, and falls out.
        if here == right {
            return there;
        }
        let added = self.binary(BinaryOperator::Subtract, there, here, span);
        self.binary(BinaryOperator::Add, right, added, span)
    }

    /// An expression with solutions in place of fields; itself, where it mentions none.
    fn substituted(
        &mut self,
        root: ExpressionId,
        solutions: &BTreeMap<FieldId, ExpressionId>,
        images: &mut BTreeMap<ExpressionId, ExpressionId>,
    ) -> ExpressionId {
        let mut needed: BTreeSet<ExpressionId> = BTreeSet::new();
        let mut rest = vec![root];
        while let Some(id) = rest.pop() {
            if images.contains_key(&id) || !self.tree.mentions[id.index()] || !needed.insert(id) {
                continue;
            }
            rest.extend(self.below(id));
        }
        // Children have smaller handles than their parents.
        for id in needed {
            let image = |of: &ExpressionId| images.get(of).copied().unwrap_or(*of);
            let expression = self.tree.expressions[id].clone();
            let made = match expression.kind {
                ExpressionKind::Field(field) => solutions.get(&field).copied().unwrap_or(id),
                ExpressionKind::Definition(definition) => {
                    image(&self.problem.definitions[definition].value)
                }
                kind => {
                    let kind = kind.with_operands(image);
                    match kind {
                        ExpressionKind::Derivative { operand, by } => {
                            self.derivative(operand, &by, expression.span)
                        }
                        kind => self.push(kind, expression.span),
                    }
                }
            };
            images.insert(id, made);
        }
        images.get(&root).copied().unwrap_or(root)
    }

    /// What an expression is made of directly, definitions included.
    fn below(&self, id: ExpressionId) -> Vec<ExpressionId> {
        match &self.tree.expressions[id].kind {
            ExpressionKind::Definition(id) => vec![self.problem.definitions[*id].value],
            kind => kind.operands().collect(),
        }
    }

    /// The entries of `exact v = …` or `manufactured v = …`, one for each scalar field; what is wrong is reported.
    pub(super) fn solution_entries(
        &mut self,
        target: &Target,
        value: Written,
        what: &str,
    ) -> Option<Vec<(FieldId, ExpressionId)>> {
        let fields = self.target(target);
        let span = self.document.expressions[value].span;
        let quantity = self.lower(value);
        let fields = fields?;
        if self.undetermined {
            return None;
        }
        let complex = self
            .problem
            .groups
            .iter()
            .any(|group| group.complex && group.name == target.field.text);
        if let ([field], false) = (fields.as_slice(), complex) {
            let value = self.real(&quantity, span, &format!("the {what} of a scalar field"));
            return (!self.undetermined).then(|| vec![(*field, value)]);
        }
        let is_part = target
            .component
            .as_ref()
            .is_some_and(|it| matches!(it.text.as_str(), "re" | "im"));
        let (shape, entries) = self.numbers(&quantity, span)?;
        let parts = if complex && !is_part { 2 } else { 1 };
        let wanted = fields.len() / parts;
        if shape.count() != wanted {
            self.rank_mismatch(
                format!(
                    "the {what} of `{}` needs {wanted} components",
                    target.field.text
                ),
                span,
                format!("this is {}", Quantity::Numbers { shape, entries }.words()),
                "write one value for each: `(…, …)`",
            );
            return None;
        }
        let mut values = Vec::new();
        for entry in entries {
            values.push(entry.re);
            if parts == 2 {
                values.push(match entry.im {
                    Some(im) => im,
                    None => self.number(0.0, span),
                });
            } else if entry.im.is_some() {
                self.complex_value(&format!("the {what}"), span);
                return None;
            }
        }
        Some(fields.into_iter().zip(values).collect())
    }
}
