//! The sequence of optimisers.

use super::choice::LATER_OPTIMIZERS;
use super::number::Range;
use super::{MOST_STEPS, Reader};
use crate::diagnostic::Diagnostic;
use crate::settings::Optimizer;
use crate::source::Span;
use crate::syntax::{Argument, Value, ValueKind};

/// The names of the optimisers.
#[derive(Clone, Copy)]
enum Kind {
    Adam,
    GaussNewton,
}

const KINDS: [(&str, Kind); 2] = [("adam", Kind::Adam), ("gauss_newton", Kind::GaussNewton)];

/// What `adam` does when nothing is said.
const ADAM: Optimizer = Optimizer::Adam {
    steps: 1000,
    learning_rate: 1e-3,
};

/// What `gauss_newton` does when nothing is said and the default sequence has none.
const GAUSS_NEWTON: Optimizer = Optimizer::GaussNewton { steps: 24 };

impl Reader<'_> {
    pub(super) fn optimizer(&mut self, value: &Value) {
        let mut sequence = Vec::new();
        if let ValueKind::List(arguments) = &value.kind {
            if arguments.is_empty() {
                self.report(
                    Diagnostic::error(
                        "setting-range",
                        "`optimizer` needs at least one optimiser",
                        value.span,
                        "this list is empty",
                    )
                    .with_help("write for instance `optimizer = gauss_newton`"),
                );
            }
            for Argument { name, value } in arguments {
                if let Some(name) = name {
                    self.report(
                        Diagnostic::error(
                            "setting-type",
                            "optimisers in a list have no names of their own",
                            name.span,
                            "remove this name and the `=`",
                        )
                        .with_help(
                            "write for instance `[adam(steps = 1000), gauss_newton(steps = 200)]`",
                        ),
                    );
                } else {
                    sequence.extend(self.one_optimizer(value));
                }
            }
        } else {
            sequence.extend(self.one_optimizer(value));
        }
        if !sequence.is_empty() {
            self.settings.optimizer = sequence;
        }
    }

    /// `optimizer.steps = 50`: a part of the only optimiser there is.
    pub(super) fn optimizer_parts(&mut self, parts: &[Argument], span: Span) {
        match self.settings.optimizer.as_slice() {
            [only] => {
                let changed = self.changed(only.clone(), parts);
                self.settings.optimizer = vec![changed];
            }
            several => {
                let message = format!(
                    "there are {} optimisers in the sequence; which one is meant?",
                    several.len()
                );
                self.report(
                    Diagnostic::error("setting-type", message, span, "this needs a single one")
                        .with_help(
                            "give the whole sequence: `optimizer = [adam(…), gauss_newton(…)]`",
                        ),
                );
            }
        }
    }

    fn one_optimizer(&mut self, value: &Value) -> Option<Optimizer> {
        let (name, arguments) = self.call("optimizer", value, "gauss_newton(steps = 200)")?;
        let kind = self.choose("optimizer", &name, &KINDS, &LATER_OPTIMIZERS)?;
        let start = self.starting_point(kind);
        Some(self.changed(start, &arguments))
    }

    /// The optimiser of a kind as the defaults have it.
    fn starting_point(&self, kind: Kind) -> Optimizer {
        let mut defaults = self.defaults.optimizer.iter();
        match kind {
            Kind::Adam => defaults
                .find(|optimizer| matches!(optimizer, Optimizer::Adam { .. }))
                .cloned()
                .unwrap_or(ADAM),
            Kind::GaussNewton => defaults
                .find(|optimizer| matches!(optimizer, Optimizer::GaussNewton { .. }))
                .cloned()
                .unwrap_or(GAUSS_NEWTON),
        }
    }

    fn changed(&mut self, optimizer: Optimizer, arguments: &[Argument]) -> Optimizer {
        let steps_range = Range::counts(1, MOST_STEPS);
        match optimizer {
            Optimizer::Adam {
                mut steps,
                mut learning_rate,
            } => {
                for (part, value) in self.parts("adam", arguments, &["steps", "lr"]) {
                    if part == "steps" {
                        steps = self.whole(part, value, steps_range).unwrap_or(steps);
                    } else {
                        learning_rate = self
                            .real(part, value, Range::positive(10.0))
                            .unwrap_or(learning_rate);
                    }
                }
                Optimizer::Adam {
                    steps,
                    learning_rate,
                }
            }
            Optimizer::GaussNewton { mut steps } => {
                for (part, value) in self.parts("gauss_newton", arguments, &["steps"]) {
                    steps = self.whole(part, value, steps_range).unwrap_or(steps);
                }
                Optimizer::GaussNewton { steps }
            }
        }
    }
}
