//! From settings as written to [`Settings`].
//!
//! Every mistake is reported at its place, several at once; a list of settings with a mistake changes
//! nothing. A setting that is not mentioned keeps its value, also inside `points`, `weights` and `network`.

mod balance;
mod choice;
mod network;
mod number;
mod optimizer;

use super::{Conditions, DENSITIES, Points, Precision, SAMPLERS, Settings};
use crate::diagnostic::Diagnostic;
use crate::syntax::{Argument, Name, Setting, Value, ValueKind};
use choice::{repeated, unknown_setting};
use number::Range;
pub use optimizer::optimizer_names;

/// The settings, in the order in which they are printed and listed.
pub(super) const NAMES: [&str; 11] = [
    "network",
    "precision",
    "points",
    "optimizer",
    "windows",
    "conditions",
    "weights",
    "causal",
    "collapse",
    "features",
    "rwf",
];

/// Other names: `time_marching = 10` is `windows = 10`, `residual_adaptive = [share = 0.5]` is `points.adaptive = 0.5`.
pub(super) const ALIASES: [&str; 2] = ["time_marching", "residual_adaptive"];

/// Applies settings in order, over what is there. `auto` keeps what is there.
///
/// # Errors
///
/// All mistakes, each at its place; `settings` is unchanged then.
pub fn apply(settings: &mut Settings, entries: &[Setting]) -> Result<(), Vec<Diagnostic>> {
    let defaults = settings.clone();
    apply_over(settings, &defaults, entries)
}

/// Applies settings in order. `auto` goes back to `defaults`.
///
/// # Errors
///
/// All mistakes, each at its place; `settings` is unchanged then.
pub fn apply_over(
    settings: &mut Settings,
    defaults: &Settings,
    entries: &[Setting],
) -> Result<(), Vec<Diagnostic>> {
    let mut reader = Reader {
        settings: settings.clone(),
        defaults,
        errors: Vec::new(),
    };
    for (position, entry) in entries.iter().enumerate() {
        let before = &entries[..position];
        match before
            .iter()
            .find(|other| other.name.text == entry.name.text)
        {
            Some(first) => reader.report(repeated(&entry.name, &first.name)),
            None => reader.setting(entry),
        }
    }
    if reader.errors.is_empty() {
        *settings = reader.settings;
        Ok(())
    } else {
        Err(reader.errors)
    }
}

/// The settings being made, and what is wrong with what is read.
struct Reader<'a> {
    settings: Settings,
    defaults: &'a Settings,
    errors: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn report(&mut self, error: Diagnostic) {
        self.errors.push(error);
    }

    fn setting(&mut self, entry: &Setting) {
        let Setting { name, value } = entry;
        let (head, part) = match name.text.split_once('.') {
            Some((head, part)) => (head, Some(part)),
            None => (name.text.as_str(), None),
        };
        let head = match head {
            "time_marching" => "windows",
            head => head,
        };
        // `points.interior = 4096` is `points = [interior = 4096]`
        let parts = part.map(|part| {
            vec![Argument {
                name: Some(Name {
                    text: part.to_owned(),
                    span: name.span,
                }),
                value: value.clone(),
            }]
        });
        if parts.is_none() && choice::word(value) == Some("auto") && NAMES.contains(&head) {
            self.reset(head);
            return;
        }
        self.by_hand(head);
        match (head, parts) {
            ("network", None) => self.network(value),
            ("network", Some(parts)) => self.layers(&parts),
            ("points", None) => self.points(value),
            ("points", Some(parts)) => self.point_counts(&parts),
            ("weights", None) => self.weights(value),
            ("weights", Some(parts)) => self.loss_weights(&parts),
            ("optimizer", None) => self.optimizer(value),
            ("optimizer", Some(parts)) => self.optimizer_parts(&parts, name.span),
            ("causal", None) => self.causal(value),
            ("causal", Some(parts)) => self.causal_parts(&parts),
            ("residual_adaptive", None) => self.residual_adaptive(value),
            ("windows", None) => {
                if let Some(count) = self.whole("windows", value, Range::counts(1, 100_000)) {
                    self.settings.windows = count;
                }
            }
            ("conditions", None) => {
                const CHOICES: [(&str, Conditions); 2] =
                    [("hard", Conditions::Hard), ("soft", Conditions::Soft)];
                if let Some(choice) = self.choice("conditions", value, &CHOICES, &[]) {
                    self.settings.conditions = choice;
                }
            }
            ("collapse", None) => {
                if let Some(choice) = self.choice("collapse", value, &ON_OFF, &[]) {
                    self.settings.collapse = choice;
                }
            }
            ("features", None) => self.input_features(value),
            ("rwf", None) => {
                if let Some(choice) = self.choice("rwf", value, &ON_OFF, &[]) {
                    self.settings.rwf = choice;
                }
            }
            ("precision", None) => {
                const CHOICES: [(&str, Precision); 2] =
                    [("f64", Precision::Double), ("f32", Precision::Single)];
                if let Some(choice) = self.choice("precision", value, &CHOICES, &["tf32"]) {
                    self.settings.precision = choice;
                }
            }
            (_, Some(_)) if NAMES.contains(&head) => {
                let here = format!("`{head}` has no parts");
                self.report(unknown_setting(&name.text, name.span, &[], here));
            }
            (_, _) => self.unknown(name),
        }
        // What the network reads and how its weights are written belongs to a network that is given; that there is nothing
        // of the kind, as `settings.toml` says, does not.
        let settings = &mut self.settings;
        let plain =
            settings.features == self.defaults.features && settings.rwf == self.defaults.rwf;
        if matches!(head, "features" | "rwf") && !plain {
            settings.automatic.network = false;
        }
    }

    fn reset(&mut self, name: &str) {
        let defaults = self.defaults.clone();
        match name {
            "network" => {
                self.settings.network = defaults.network;
                self.settings.automatic.network = defaults.automatic.network;
            }
            "points" => {
                self.settings.points = defaults.points;
                self.settings.automatic.points = defaults.automatic.points;
            }
            "weights" => {
                self.settings.weights = defaults.weights;
                self.settings.balance = defaults.balance;
            }
            "causal" => self.settings.causal = defaults.causal,
            "optimizer" => {
                self.settings.optimizer = defaults.optimizer;
                self.settings.automatic.optimizer = defaults.automatic.optimizer;
            }
            "windows" => {
                self.settings.windows = defaults.windows;
                self.settings.automatic.windows = defaults.automatic.windows;
            }
            "conditions" => self.settings.conditions = defaults.conditions,
            "collapse" => self.settings.collapse = defaults.collapse,
            "features" => self.settings.features = defaults.features,
            "rwf" => self.settings.rwf = defaults.rwf,
            _ => self.settings.precision = defaults.precision,
        }
    }

    /// What the user says is not chosen in training.
    fn by_hand(&mut self, name: &str) {
        let automatic = &mut self.settings.automatic;
        match name {
            "network" => automatic.network = false,
            "points" | "residual_adaptive" => automatic.points = false,
            "optimizer" => automatic.optimizer = false,
            "windows" => automatic.windows = false,
            _ => {}
        }
    }

    fn unknown(&mut self, name: &Name) {
        let here = "there is no such setting".to_owned();
        self.report(unknown_setting(&name.text, name.span, &NAMES, here));
    }

    fn points(&mut self, value: &Value) {
        match &value.kind {
            ValueKind::List(arguments) => self.point_counts(arguments),
            ValueKind::Number(_) => {
                if let Some(count) = self.whole("points", value, Range::counts(1, MOST_POINTS)) {
                    self.settings.points.interior = count;
                }
            }
            ValueKind::Text(_)
            | ValueKind::Word(_)
            | ValueKind::Call { .. }
            | ValueKind::Tuple(_) => self.report(number::wrong_type(
                "points",
                "a number or a list",
                "points = [interior = 4096, boundary = 512, initial = 256]",
                value,
            )),
        }
    }

    fn point_counts(&mut self, arguments: &[Argument]) {
        const PARTS: [&str; 9] = [
            "interior", "boundary", "initial", "redraw", "adaptive", "sampler", "density", "power",
            "offset",
        ];
        let counts = Range::counts(1, MOST_POINTS);
        let mut points: Points = self.settings.points;
        for (part, value) in self.parts("points", arguments, &PARTS) {
            if part == "adaptive" {
                points.adaptive = self
                    .real(part, value, Range::closed(0.0, 1.0))
                    .unwrap_or(points.adaptive);
            } else if part == "sampler" {
                let choice = self.choice(part, value, &SAMPLERS, &[]);
                points.sampler = choice.unwrap_or(points.sampler);
            } else if part == "density" {
                let choice = self.choice(part, value, &DENSITIES, &[]);
                points.density = choice.unwrap_or(points.density);
            } else if part == "power" {
                let power = self.real(part, value, Range::positive(100.0));
                points.power = power.unwrap_or(points.power);
            } else if part == "offset" {
                let offset = self.real(part, value, Range::closed(0.0, 1e12));
                points.offset = offset.unwrap_or(points.offset);
            } else if part == "redraw" {
                let steps = self.whole(part, value, Range::counts(0, MOST_STEPS));
                points.redraw = steps.unwrap_or(points.redraw);
            } else {
                let slot = match part {
                    "interior" => &mut points.interior,
                    "boundary" => &mut points.boundary,
                    _ => &mut points.initial,
                };
                *slot = self.whole(part, value, counts).unwrap_or(*slot);
            }
        }
        self.settings.points = points;
    }

    /// The named parts of a list or call, each at most once; others are reported.
    fn parts<'v>(
        &mut self,
        of: &str,
        arguments: &'v [Argument],
        known: &[&'static str],
    ) -> Vec<(&'static str, &'v Value)> {
        let mut parts: Vec<(&'static str, &Value)> = Vec::new();
        let mut seen: Vec<&Name> = Vec::new();
        for Argument { name, value } in arguments {
            let Some(name) = name else {
                let listed = known.join(", ");
                self.report(
                    Diagnostic::error(
                        "setting-type",
                        format!("the parts of `{of}` are given by name"),
                        value.span,
                        "this value has no name",
                    )
                    .with_note(format!("`{of}` has these parts: {listed}"))
                    .with_help(format!("write for instance `{} = …`", known[0])),
                );
                continue;
            };
            if let Some(first) = seen.iter().find(|other| other.text == name.text) {
                self.report(repeated(name, first));
                continue;
            }
            seen.push(name);
            match known.iter().find(|part| **part == name.text) {
                Some(part) => parts.push((part, value)),
                None => {
                    let here = format!("`{of}` has no part of this name");
                    self.report(unknown_setting(&name.text, name.span, known, here));
                }
            }
        }
        parts
    }
}

/// A switch.
const ON_OFF: [(&str, bool); 2] = [("on", true), ("off", false)];
/// More points than any machine trains on.
const MOST_POINTS: usize = 100_000_000;
/// More steps than anybody waits for.
const MOST_STEPS: usize = 100_000_000;
