//! Names in expressions: declared names, constants, and derivatives written as subscripts.

use super::Resolver;
use super::expression::Environment;
use super::scope::{Symbol, is_reserved};
use super::subscript::{Segmentation, segment, split};
use crate::diagnostic::Diagnostic;
use crate::hir::{Constant, CoordinateId, ExpressionId, ExpressionKind};
use crate::source::Span;
use crate::syntax::suggest::nearest;

impl Resolver<'_> {
    /// The expression that a name stands for.
    ///
    /// A formal argument comes first, then a declared name, then a constant; else the name is split at its
    /// last `_` into something that can be differentiated and coordinates.
    pub(super) fn name(
        &mut self,
        name: &str,
        span: Span,
        environment: &Environment,
    ) -> ExpressionId {
        if let Some(id) = self.plain_name(name, span, environment) {
            return id;
        }
        match name {
            "pi" => return self.push(ExpressionKind::Constant(Constant::Pi), span),
            "e" => return self.push(ExpressionKind::Constant(Constant::E), span),
            _ => {}
        }
        let Some((base, subscript)) = split(name) else {
            return self.unknown(name, span, environment);
        };
        let known = environment.contains_key(base) || self.scope.entries.contains_key(base);
        if !known {
            return self.unknown(name, span, environment);
        }
        let fixed = match self.scope.entries.get(base) {
            Some(entry) if !environment.contains_key(base) => match entry.symbol {
                Symbol::Field(_) | Symbol::Definition(_) => None,
                Symbol::Coordinate(_) | Symbol::Parameter(_) | Symbol::Function(_) => {
                    Some(entry.clone())
                }
            },
            Some(_) | None => None,
        };
        if let Some(entry) = fixed {
            let diagnostic = Diagnostic::error(
                "unknown-name",
                format!("the name `{name}` is not declared"),
                span,
                "not declared",
            )
            .with_label(entry.span, format!("`{base}` is {}", entry.symbol.kind()))
            .with_note("Only fields and definitions have derivatives.");
            self.error(diagnostic);
            return self.hole(span);
        }
        let Some(by) = self.subscript(name, base, subscript, span) else {
            return self.hole(span);
        };
        match self.plain_name(base, span, environment) {
            Some(operand) => self.derivative(operand, &by, span),
            None => self.hole(span),
        }
    }

    /// What a formal argument or declared name stands for.
    fn plain_name(
        &mut self,
        name: &str,
        span: Span,
        environment: &Environment,
    ) -> Option<ExpressionId> {
        if let Some(id) = environment.get(name) {
            return Some(*id);
        }
        let entry = self.scope.entries.get_mut(name)?;
        entry.used = true;
        let kind = match entry.symbol {
            Symbol::Coordinate(id) => ExpressionKind::Coordinate(id),
            Symbol::Field(id) => ExpressionKind::Field(id),
            Symbol::Parameter(id) => ExpressionKind::Parameter(id),
            Symbol::Definition(Some(id)) => ExpressionKind::Definition(id),
            Symbol::Definition(None) => return Some(self.hole(span)),
            Symbol::Function(_) => {
                let diagnostic = Diagnostic::error(
                    "wrong-argument-count",
                    format!("`{name}` is a function and needs its arguments"),
                    span,
                    "no arguments here",
                )
                .with_label(entry.span, "defined here")
                .with_help(format!("write `{name}(…)`"));
                self.error(diagnostic);
                return Some(self.hole(span));
            }
        };
        Some(self.push(kind, span))
    }

    /// The coordinates of a subscript; what is wrong with it is reported.
    fn subscript(
        &mut self,
        name: &str,
        base: &str,
        subscript: &str,
        span: Span,
    ) -> Option<Vec<CoordinateId>> {
        let names = self.coordinate_names();
        let ids: Vec<CoordinateId> = self.problem.coordinates.ids().collect();
        let spelled = |positions: &[usize]| {
            let words: Vec<&str> = positions
                .iter()
                .map(|position| names[*position].as_str())
                .collect();
            format!("{base}_{{{}}}", words.join(" "))
        };
        match segment(subscript, &names) {
            Segmentation::One(positions) => {
                let by = positions.into_iter().map(|position| ids[position]);
                Some(by.collect())
            }
            Segmentation::Several(one, other) => {
                let (one, other) = (spelled(&one), spelled(&other));
                self.error(
                    Diagnostic::error(
                        "ambiguous-subscript",
                        format!("`{name}` can be read in two ways"),
                        span,
                        format!("`{one}` or `{other}`"),
                    )
                    .with_note("A subscript is a sequence of coordinates, here with more than one way to cut it.")
                    .with_help(format!("write `{one}` or `{other}`"))
                    .with_edit(span, one),
                );
                None
            }
            Segmentation::Unknown { offset } => {
                let letter: String = subscript[offset..]
                    .chars()
                    .take_while(|c| *c != ' ' && *c != '}')
                    .collect();
                let letter = if subscript.starts_with('{') {
                    letter
                } else {
                    letter.chars().take(1).collect()
                };
                if self.undeclared.contains(&letter) {
                    return None;
                }
                let start = span.range().start + base.len() + 1 + offset;
                let place = Span::new(start, start + letter.len());
                self.error(
                    Diagnostic::error(
                        "not-a-coordinate",
                        format!("`{letter}` in `{name}` is not a coordinate"),
                        place,
                        "no coordinate of this name is declared",
                    )
                    .with_note(format!(
                        "A subscript after a field or a definition means derivatives by coordinates, here {}.",
                        quoted(&names)
                    ))
                    .with_help(format!(
                        "write a derivative by one of them, or declare `{name}` if it is a name of its own"
                    )),
                );
                None
            }
        }
    }

    /// Reports a name that nothing declares, with the nearest one that is.
    fn unknown(&mut self, name: &str, span: Span, environment: &Environment) -> ExpressionId {
        let diagnostic = Diagnostic::error(
            "unknown-name",
            format!("the name `{name}` is not declared"),
            span,
            "not declared",
        );
        if is_reserved(name) {
            self.error(
                Diagnostic::error(
                    "wrong-argument-count",
                    format!("`{name}` is a function and needs its arguments"),
                    span,
                    "no arguments here",
                )
                .with_help(format!("write `{name}(…)`")),
            );
            return self.hole(span);
        }
        let greek = [("π", "pi"), ("Pi", "pi"), ("PI", "pi")]
            .into_iter()
            .find(|(written, _)| *written == name)
            .map(|(_, meant)| meant.to_owned());
        let meant = greek.or_else(|| self.meant(name, environment));
        let diagnostic = match meant {
            Some(meant) => {
                let diagnostic = diagnostic.with_help(format!("did you mean `{meant}`?"));
                // The place of a name in the body of a function is that of the body: the edit fits there too.
                if self.source.slice(span) == name {
                    diagnostic.with_edit(span, meant)
                } else {
                    diagnostic
                }
            }
            None => diagnostic.with_help(format!(
                "declare it: `param {name} = 1` for a number, `let {name} = …` for a formula, \
                 `field {name}(…)` for an unknown function"
            )),
        };
        self.error(diagnostic);
        self.hole(span)
    }

    fn meant(&self, name: &str, environment: &Environment) -> Option<String> {
        let declared = self.scope.entries.keys().map(String::as_str);
        let formal = environment.keys().map(String::as_str);
        let candidates: Vec<&str> = declared.chain(formal).chain(["pi"]).collect();
        if let Some(meant) = nearest(name, candidates.iter().copied()) {
            return Some(meant.to_owned());
        }
        // `temp_xx` may be a derivative of `temperature` with a slip in the base.
        let (base, subscript) = split(name)?;
        if matches!(
            segment(subscript, &self.coordinate_names()),
            Segmentation::Unknown { .. }
        ) {
            return None;
        }
        nearest(base, candidates).map(|meant| format!("{meant}_{subscript}"))
    }
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
