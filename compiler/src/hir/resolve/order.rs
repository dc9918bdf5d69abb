//! The order in which parameters and abbreviations are resolved: each after all that it uses.

use super::Resolver;
use super::name::Defined;
use super::quantity::{Quantity, Shape};
use super::scope::Symbol;
use super::subscript::split;
use crate::diagnostic::Diagnostic;
use crate::hir::{Definition, DefinitionId};
use crate::source::Span;
use crate::syntax::{DeclarationKind, ExpressionId, ExpressionKind, Name, ParameterKind};
use std::collections::BTreeMap;

/// How far the search has come with a declaration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

impl Resolver<'_> {
    /// Resolves all parameters and abbreviations.
    pub(super) fn definitions(&mut self) {
        for index in self.by_use() {
            let document = self.document;
            match &document.declarations[index].kind {
                DeclarationKind::Parameter {
                    name,
                    value: ParameterKind::Fixed(value),
                    ..
                } => self.parameter(name, *value),
                DeclarationKind::Definition {
                    name,
                    arguments: None,
                    value,
                } => self.definition(name, *value),
                DeclarationKind::Definition {
                    arguments: Some(arguments),
                    value,
                    ..
                } => self.function_body(index, arguments, *value),
                _ => {}
            }
        }
    }

    fn definition(&mut self, name: &Name, value: ExpressionId) {
        let span = self.document.expressions[value].span;
        let quantity = self.lower(value);
        let defined = match quantity {
            _ if self.undetermined => return,
            Quantity::Any => return,
            Quantity::Solid(_) | Quantity::Part(_) => Defined::Region(quantity),
            Quantity::Truth(_) => {
                self.stray_comparison(span);
                return;
            }
            Quantity::Numbers { shape, entries } => {
                let names = self.component_names(entries.len());
                let count = entries.len();
                let mut made = Vec::with_capacity(count);
                for (index, entry) in entries.into_iter().enumerate() {
                    let base = match names.get(index) {
                        _ if shape == Shape::Scalar => name.text.clone(),
                        Some(member) if matches!(shape, Shape::Vector(_)) => {
                            format!("{}.{member}", name.text)
                        }
                        Some(_) | None => format!("{}[{}]", name.text, index + 1),
                    };
                    let (re, im) = match entry.im {
                        None => (base, None),
                        Some(im) => (
                            format!("{base}.re"),
                            Some(self.define(format!("{base}.im"), im, name.span)),
                        ),
                    };
                    made.push((self.define(re, entry.re, name.span), im));
                }
                Defined::Numbers {
                    shape,
                    entries: made,
                }
            }
        };
        self.defined.push(defined);
        if let Some(entry) = self.scope.entries.get_mut(&name.text)
            && entry.span == name.span
        {
            entry.symbol = Symbol::Definition(Some(self.defined.len() - 1));
        }
    }

    fn define(
        &mut self,
        name: String,
        value: crate::hir::ExpressionId,
        span: Span,
    ) -> DefinitionId {
        self.definition_values.push(self.tree.value(value));
        self.definition_mentions
            .push(self.tree.mentions[value.index()]);
        self.definition_sizes.push(self.tree.whole[value.index()]);
        self.problem
            .definitions
            .push(Definition { name, value, span })
    }

    /// The declarations of parameters and abbreviations, each after all that it uses; those that use themselves
    /// are reported and left out.
    fn by_use(&mut self) -> Vec<usize> {
        let uses = self.uses();
        let mut marks: BTreeMap<usize, Mark> =
            uses.keys().map(|index| (*index, Mark::New)).collect();
        let mut order = Vec::new();
        for root in uses.keys() {
            if marks[root] != Mark::New {
                continue;
            }
            // Depth first, with the path and the next use to follow in place of a recursion.
            let mut path = vec![(*root, 0)];
            marks.insert(*root, Mark::Open);
            while let Some((index, next)) = path.last_mut() {
                let Some(used) = uses[&*index].get(*next) else {
                    marks.insert(*index, Mark::Done);
                    order.push(*index);
                    path.pop();
                    continue;
                };
                *next += 1;
                match marks[used] {
                    Mark::Done => {}
                    Mark::New => {
                        marks.insert(*used, Mark::Open);
                        path.push((*used, 0));
                    }
                    Mark::Open => {
                        let start = path
                            .iter()
                            .position(|(index, _)| index == used)
                            .unwrap_or(0);
                        let cycle: Vec<usize> =
                            path[start..].iter().map(|(index, _)| *index).collect();
                        self.report_cycle(&cycle);
                        self.unusable.extend(cycle);
                    }
                }
            }
        }
        order.retain(|index| !self.unusable.contains(index));
        order
    }

    fn report_cycle(&mut self, cycle: &[usize]) {
        let names: Vec<&Name> = cycle
            .iter()
            .filter_map(|index| self.declared(*index).map(|(name, ..)| name))
            .collect();
        let Some(first) = names.first() else { return };
        let (message, here) = match names.as_slice() {
            [_] => (
                format!("`{}` is defined by itself", first.text),
                "uses itself".to_owned(),
            ),
            [_, second, ..] => (
                format!("{} are defined by each other", listed(&names)),
                format!("uses `{}`", second.text),
            ),
            [] => return,
        };
        let mut diagnostic = Diagnostic::error("recursive-definition", message, first.span, here);
        for (index, name) in names.iter().enumerate().skip(1).take(8) {
            let next = names[(index + 1) % names.len()];
            diagnostic = diagnostic.with_label(name.span, format!("uses `{}`", next.text));
        }
        self.error(
            diagnostic
                .with_note("A definition stands for its right side wherever it is used, so it cannot contain itself.")
                .with_help("an unknown function is declared with `field`"),
        );
    }

    fn declared(&self, index: usize) -> Option<(&Name, &[Name], ExpressionId)> {
        match &self.document.declarations[index].kind {
            DeclarationKind::Parameter {
                name,
                value: ParameterKind::Fixed(value),
                ..
            } => Some((name, &[], *value)),
            DeclarationKind::Definition {
                name,
                arguments,
                value,
            } => Some((name, arguments.as_deref().unwrap_or(&[]), *value)),
            _ => None,
        }
    }

    /// Which parameters and abbreviations each of them uses, by the position of the declaration.
    fn uses(&self) -> BTreeMap<usize, Vec<usize>> {
        let indices: Vec<usize> = (0..self.document.declarations.len())
            .filter(|index| self.declared(*index).is_some())
            .collect();
        let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
        for index in &indices {
            if let Some((name, ..)) = self.declared(*index) {
                positions.entry(&name.text).or_insert(*index);
            }
        }
        let position = |name: &str| {
            positions.get(name).copied().or_else(|| {
                if self.scope.entries.contains_key(name) {
                    return None;
                }
                positions.get(split(name)?.0).copied()
            })
        };
        let mut uses = BTreeMap::new();
        for index in indices {
            let mut used = Vec::new();
            if let Some((_, arguments, value)) = self.declared(index) {
                self.each_name(value, |name| {
                    let base = split(name).map_or(name, |(base, _)| base);
                    let formal = arguments
                        .iter()
                        .any(|argument| argument.text == name || argument.text == base);
                    if !formal && let Some(position) = position(name) {
                        used.push(position);
                    }
                });
            }
            used.sort_unstable();
            used.dedup();
            uses.insert(index, used);
        }
        uses
    }

    fn each_name(&self, root: ExpressionId, mut visit: impl FnMut(&str)) {
        for id in self.document.within(root) {
            match &self.document.expressions[id].kind {
                ExpressionKind::Name(name) => visit(name),
                ExpressionKind::Call { function, .. } => visit(&function.text),
                _ => {}
            }
        }
    }
}
/// "`a`, `b` and `c`", at most four by name.
fn listed(names: &[&Name]) -> String {
    const MOST: usize = 4;
    let mut shown: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{}`", name.text))
        .collect();
    let last = match names.len() - shown.len() {
        0 => shown.pop().unwrap_or_default(),
        more => format!("{more} more"),
    };
    format!("{} and {last}", shown.join(", "))
}
