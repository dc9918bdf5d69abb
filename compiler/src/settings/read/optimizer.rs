//! The sequence of optimisers.

use super::number::Range;
use super::{MOST_STEPS, Reader};
use crate::diagnostic::Diagnostic;
use crate::settings::{Features, Optimizer};
use crate::source::Span;
use crate::syntax::{Argument, Value, ValueKind};

/// Every optimiser as it is when nothing is said and the default sequence has none of its kind.
fn kinds() -> [(&'static str, Optimizer); 9] {
    let (steps, learning_rate) = (1000, 1e-3);
    [
        Optimizer::Adam {
            steps,
            learning_rate,
        },
        Optimizer::AdamW {
            steps,
            learning_rate,
            decay: 1e-4,
        },
        Optimizer::Soap {
            steps,
            learning_rate: 3e-3,
        },
        Optimizer::Lbfgs { steps: 200 },
        Optimizer::SsBroyden { steps: 200 },
        Optimizer::NaturalGradient {
            steps: 200,
            learning_rate: 0.5,
            momentum: 0.9,
        },
        Optimizer::GaussNewton { steps: 24 },
        Optimizer::LinearSolve(Features::default()),
        Optimizer::NewtonSolve(Features::default()),
    ]
    .map(|optimizer| (optimizer.name(), optimizer))
}

/// The name of every optimiser that a `train` block may name.
#[must_use]
pub fn optimizer_names() -> Vec<&'static str> {
    kinds().map(|(name, _)| name).to_vec()
}

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
        let kinds = kinds();
        let names: Vec<(&str, usize)> = kinds.iter().map(|(name, _)| *name).zip(0..).collect();
        let kind = self.choose("optimizer", &name, &names, &[])?;
        let (name, standard) = &kinds[kind];
        let mut defaults = self.defaults.optimizer.iter();
        let start = defaults.find(|known| known.name() == *name);
        let start = start.unwrap_or(standard).clone();
        Some(self.changed(start, &arguments))
    }

    fn changed(&mut self, mut optimizer: Optimizer, arguments: &[Argument]) -> Optimizer {
        let name = optimizer.name();
        let known: &[&'static str] = match &optimizer {
            Optimizer::Adam { .. } | Optimizer::Soap { .. } => &["steps", "lr"],
            Optimizer::AdamW { .. } => &["steps", "lr", "decay"],
            Optimizer::NaturalGradient { .. } => &["steps", "lr", "momentum"],
            Optimizer::Lbfgs { .. }
            | Optimizer::SsBroyden { .. }
            | Optimizer::GaussNewton { .. } => &["steps"],
            Optimizer::LinearSolve(_) => &["scale", "sparse"],
            Optimizer::NewtonSolve(_) => &["scale", "sparse", "waves", "patches", "tolerance"],
        };
        for (part, value) in self.parts(name, arguments, known) {
            match &mut optimizer {
                Optimizer::Adam {
                    steps,
                    learning_rate,
                }
                | Optimizer::Soap {
                    steps,
                    learning_rate,
                } => {
                    if part == "steps" {
                        self.steps(value, steps);
                    } else {
                        self.positive(part, value, 10.0, learning_rate);
                    }
                }
                Optimizer::AdamW {
                    steps,
                    learning_rate,
                    decay: more,
                }
                | Optimizer::NaturalGradient {
                    steps,
                    learning_rate,
                    momentum: more,
                } => match part {
                    "steps" => self.steps(value, steps),
                    "lr" => self.positive(part, value, 10.0, learning_rate),
                    _ => {
                        *more = self
                            .real(part, value, Range::closed(0.0, 1.0))
                            .unwrap_or(*more)
                    }
                },
                Optimizer::Lbfgs { steps }
                | Optimizer::SsBroyden { steps }
                | Optimizer::GaussNewton { steps } => self.steps(value, steps),
                Optimizer::LinearSolve(features) | Optimizer::NewtonSolve(features) => {
                    const CHOICES: [(&str, bool); 2] = [("on", true), ("off", false)];
                    match part {
                        "scale" => self.scales(value, features),
                        "tolerance" => {
                            let number = self.real(part, value, Range::positive(1.0));
                            features.tolerance = number.or(features.tolerance);
                        }
                        _ => {
                            let choice = self.choice(part, value, &CHOICES, &[]);
                            let target = match part {
                                "waves" => &mut features.waves,
                                "patches" => &mut features.patches,
                                _ => &mut features.sparse,
                            };
                            *target = choice.unwrap_or(*target);
                        }
                    }
                }
            }
        }
        optimizer
    }

    fn steps(&mut self, value: &Value, steps: &mut usize) {
        let range = Range::counts(1, MOST_STEPS);
        *steps = self.whole("steps", value, range).unwrap_or(*steps);
    }

    fn positive(&mut self, part: &str, value: &Value, most: f64, target: &mut f64) {
        let number = self.real(part, value, Range::positive(most));
        *target = number.unwrap_or(*target);
    }

    /// `scale = 4` or `scale = [4, 16]`, one number for each coordinate.
    fn scales(&mut self, value: &Value, features: &mut Features) {
        let values: Vec<&Value> = match &value.kind {
            ValueKind::List(arguments) => {
                arguments.iter().map(|argument| &argument.value).collect()
            }
            ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::Word(_)
            | ValueKind::Call { .. }
            | ValueKind::Tuple(_) => vec![value],
        };
        let numbers = values.into_iter();
        features.scale = numbers
            .filter_map(|value| self.real("scale", value, Range::positive(1e9)))
            .collect();
    }
}
