//! Weights of the loss, in time and between its terms, and points that follow the residual.

use super::number::Range;
use super::{MOST_STEPS, Reader, choice, number};
use crate::settings::{Balance, Causal, Weights};
use crate::syntax::{Argument, Value, ValueKind};

impl Reader<'_> {
    /// `weights = [initial = 10]`, `ntk`, `grad_norm(every = 50)`.
    pub(super) fn weights(&mut self, value: &Value) {
        match &value.kind {
            ValueKind::List(arguments) => {
                self.settings.balance = Balance::Fixed;
                self.loss_weights(arguments);
            }
            ValueKind::Word(_) | ValueKind::Call { .. } => self.balance(value),
            ValueKind::Number(_) | ValueKind::Text(_) | ValueKind::Tuple(_) => {
                self.report(number::wrong_type(
                    "weights",
                    "a list or a name",
                    "weights = [initial = 10, boundary = 10]",
                    value,
                ));
            }
        }
    }

    fn balance(&mut self, value: &Value) {
        const NAMES: [(&str, usize); 3] = [("fixed", 0), ("grad_norm", 1), ("ntk", 2)];
        let Some((name, arguments)) = self.call("weights", value, "ntk") else {
            return;
        };
        let Some(kind) = self.choose("weights", &name, &NAMES, &[]) else {
            return;
        };
        if kind == 0 {
            self.settings.balance = Balance::Fixed;
            self.loss_weights(&arguments);
            return;
        }
        self.settings.automatic.network = false;
        let mut follow = self.settings.balance.follow().unwrap_or_default();
        // λ takes the place of the weights, unless they are given beside it.
        let begin = match self.settings.balance {
            Balance::Fixed => Weights {
                initial: 1.0,
                boundary: 1.0,
            },
            Balance::GradientNorm(_) | Balance::TangentKernel(_) => self.settings.weights,
        };
        let Weights {
            mut initial,
            mut boundary,
        } = begin;
        let known = ["every", "momentum", "initial", "boundary"];
        for (part, value) in self.parts(&name.text, &arguments, &known) {
            match part {
                "every" => {
                    let every = self.whole(part, value, Range::counts(1, MOST_STEPS));
                    follow.every = every.unwrap_or(follow.every);
                }
                "momentum" => {
                    let momentum = self.real(part, value, Range::closed(0.0, 1.0));
                    follow.momentum = momentum.unwrap_or(follow.momentum);
                }
                "initial" => {
                    let weight = self.real(part, value, Range::positive(1e12));
                    initial = weight.unwrap_or(initial);
                }
                _ => {
                    let weight = self.real(part, value, Range::positive(1e12));
                    boundary = weight.unwrap_or(boundary);
                }
            }
        }
        self.settings.weights = Weights { initial, boundary };
        self.settings.balance = if kind == 1 {
            Balance::GradientNorm(follow)
        } else {
            Balance::TangentKernel(follow)
        };
    }

    pub(super) fn loss_weights(&mut self, arguments: &[Argument]) {
        let mut weights: Weights = self.settings.weights;
        for (part, value) in self.parts("weights", arguments, &["initial", "boundary"]) {
            let slot = match part {
                "initial" => &mut weights.initial,
                _ => &mut weights.boundary,
            };
            *slot = self
                .real(part, value, Range::positive(1e12))
                .unwrap_or(*slot);
        }
        self.settings.weights = weights;
    }

    /// `causal = off`, `on`, `[chunks = 16, epsilon = 1e-2, most = 100, threshold = 0.99]`.
    pub(super) fn causal(&mut self, value: &Value) {
        match (choice::word(value), &value.kind) {
            (Some("off"), _) => self.settings.causal = None,
            (Some("on"), _) => {
                self.settings.automatic.network = false;
                self.settings.causal = self.settings.causal.or(Some(Causal::default()));
            }
            (_, ValueKind::List(arguments)) => {
                let arguments = arguments.clone();
                self.causal_parts(&arguments);
            }
            (
                _,
                ValueKind::Number(_)
                | ValueKind::Text(_)
                | ValueKind::Word(_)
                | ValueKind::Call { .. }
                | ValueKind::Tuple(_),
            ) => self.report(number::wrong_type(
                "causal",
                "`on`, `off` or a list",
                "causal = [chunks = 16, epsilon = 1e-2]",
                value,
            )),
        }
    }

    pub(super) fn causal_parts(&mut self, arguments: &[Argument]) {
        self.settings.automatic.network = false;
        let mut causal = self.settings.causal.unwrap_or_default();
        let known = ["chunks", "epsilon", "most", "threshold"];
        for (part, value) in self.parts("causal", arguments, &known) {
            match part {
                "chunks" => {
                    let chunks = self.whole(part, value, Range::counts(2, 4096));
                    causal.chunks = chunks.unwrap_or(causal.chunks);
                }
                "epsilon" => {
                    let epsilon = self.real(part, value, Range::positive(1e12));
                    causal.epsilon = epsilon.unwrap_or(causal.epsilon);
                }
                "most" => {
                    let most = self.real(part, value, Range::positive(1e12));
                    causal.most = most.unwrap_or(causal.most);
                }
                _ => {
                    let threshold = self.real(part, value, Range::closed(0.0, 1.0));
                    causal.threshold = threshold.unwrap_or(causal.threshold);
                }
            }
        }
        self.settings.causal = Some(causal);
    }

    /// `residual_adaptive = on`, `off`, `[share = 0.5, power = 1, offset = 0]`: the same as parts of `points`.
    pub(super) fn residual_adaptive(&mut self, value: &Value) {
        let standard = self.defaults.points;
        let points = &mut self.settings.points;
        match (choice::word(value), &value.kind) {
            (Some("off"), _) => points.adaptive = 0.0,
            (Some("on"), _) => {
                if points.adaptive == 0.0 {
                    points.adaptive = standard.adaptive;
                }
            }
            (_, ValueKind::List(arguments)) => {
                let mut renamed = arguments.clone();
                for argument in &mut renamed {
                    if let Some(name) = &mut argument.name
                        && name.text == "share"
                    {
                        name.text = "adaptive".to_owned();
                    }
                }
                self.point_counts(&renamed);
            }
            (
                _,
                ValueKind::Number(_)
                | ValueKind::Text(_)
                | ValueKind::Word(_)
                | ValueKind::Call { .. }
                | ValueKind::Tuple(_),
            ) => self.report(number::wrong_type(
                "residual_adaptive",
                "`on`, `off` or a list",
                "residual_adaptive = [share = 0.5, power = 1, offset = 0]",
                value,
            )),
        }
    }
}
