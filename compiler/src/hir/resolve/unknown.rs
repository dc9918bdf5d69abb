//! Names that nothing declares, with what was meant by them.

use super::Resolver;
use super::expression::Environment;
use super::scope::is_reserved;
use super::subscript::{Segmentation, segment, split};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::suggest::{self, nearest, typed};

impl Resolver<'_> {
    /// Reports a name that nothing declares, with the nearest one that is.
    pub(super) fn unknown(&mut self, name: &str, span: Span, environment: &Environment) {
        self.undetermined = true;
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
            return;
        }
        if let Some(dotted) = self.dotted(name, span) {
            self.error(dotted);
            return;
        }
        if matches!(name, "inf" | "Inf" | "infty" | "infinity" | "oo") {
            self.error(
                diagnostic
                    .with_note("There is no number infinity, and intervals are finite.")
                    .with_help("take an interval that is wide enough"),
            );
            return;
        }
        let greek = [("Pi", "pi"), ("PI", "pi"), ("I", "i"), ("j", "i")]
            .into_iter()
            .find(|(written, _)| *written == name)
            .map(|(_, meant)| meant.to_owned());
        let meant = greek
            .or_else(|| self.run_together(name))
            .or_else(|| self.subscripts_apart(name))
            .or_else(|| self.product_run_together(name))
            .or_else(|| self.meant(name, environment));
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
            None if name == "n" => diagnostic
                .with_note("The outward normal `n` of the boundary exists in conditions only, unless the file declares `n`.")
                .with_help("write it in a condition: `on boundary: dot(n, grad(u)) = 0`, or declare `param n = 1`"),
            None if super::shape::shape_named(name).is_some() => diagnostic
                .with_note("A region has a name when it is declared; the sides of a box of intervals are the ends of its coordinates.")
                .with_help(format!(
                    "give conditions at the ends of intervals, `on x = 0: u = 1`; or make a region, `let plate = {name}(…)`, \
                     `domain Omega = plate`, whose sides are then `plate.…`"
                )),
            None if matches!(name, "x" | "y" | "z" | "r" | "t") => diagnostic.with_help(format!(
                "declare it: `{} {name} in [0, 1]` for a coordinate, `param {name} = 1` for a number",
                if name == "t" { "time" } else { "coord" }
            )),
            None => diagnostic.with_help(format!(
                "declare it: `param {name} = 1` for a number, `let {name} = …` for a formula, \
                 `field {name}(…)` for an unknown function"
            )),
        };
        self.error(diagnostic);
    }

    /// `u_xx` of `u_x_x`
    pub(super) fn subscripts_apart(&self, name: &str) -> Option<String> {
        let (base, rest) = name.split_once('_')?;
        let parts: Vec<&str> = rest.split('_').collect();
        let coordinates = self.coordinate_names();
        let known = |part: &&str| coordinates.iter().any(|it| it == part);
        let declared = self.scope.entries.get(base)?;
        let meant = declared.symbol.has_derivatives() && parts.len() > 1 && parts.iter().all(known);
        let short = parts.iter().all(|part| part.chars().count() == 1);
        meant.then(|| {
            if short {
                format!("{base}_{}", parts.concat())
            } else {
                format!("{base}_{{{}}}", parts.join(" "))
            }
        })
    }

    /// `k*x` of `kx`, `π*x` of `πx`: two names that are declared, one a coordinate, with no sign between.
    pub(super) fn product_run_together(&self, name: &str) -> Option<String> {
        let coordinates = self.coordinate_names();
        let is_coordinate = |part: &str| coordinates.iter().any(|it| it == part);
        let is_number = |part: &str| {
            matches!(part, "pi" | "π")
                || self.scope.entries.contains_key(part) && !is_coordinate(part)
        };
        let splits = name.char_indices().skip(1);
        let mut splits = splits.map(|(at, _)| name.split_at(at));
        let (first, second) =
            splits.find(|(first, second)| is_number(first) && is_coordinate(second))?;
        Some(format!("{first}*{second}"))
    }

    /// `u_xx` of `uxx`: a field or definition, and behind it coordinates of one letter each.
    pub(super) fn run_together(&self, name: &str) -> Option<String> {
        let coordinates = self.coordinate_names();
        let is_coordinate = |letter: char| {
            coordinates
                .iter()
                .any(|it| it.chars().eq(std::iter::once(letter)))
        };
        let splits = name.char_indices().map(|(at, _)| name.split_at(at));
        let mut splits = splits.filter(|(base, by)| {
            let declared = self.scope.entries.get(*base);
            declared.is_some_and(|entry| entry.symbol.has_derivatives())
                && by.chars().all(is_coordinate)
        });
        let (base, by) = splits.next()?;
        Some(format!("{base}_{by}"))
    }

    pub(super) fn meant(&mut self, name: &str, environment: &Environment) -> Option<String> {
        if self.suggestions == 0 {
            return None;
        }
        self.suggestions -= 1;
        let declared = self.scope.entries.keys().map(String::as_str);
        let formal = environment.keys().map(String::as_str);
        let candidates: Vec<&str> = declared.chain(formal).chain(["pi"]).collect();
        // Written on another keyboard: `α` and `alpha`, `κ₁` and `kappa_1`, a Cyrillic `х`.
        let same = |written: &str| {
            let typed = typed(written);
            candidates
                .iter()
                .find(|it| suggest::typed(it) == typed)
                .copied()
        };
        if let Some(meant) = same(name) {
            return Some(meant.to_owned());
        }
        if let Some((base, subscript)) = split(name)
            && let Some(meant) = same(base)
        {
            return Some(format!("{meant}_{subscript}"));
        }
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
