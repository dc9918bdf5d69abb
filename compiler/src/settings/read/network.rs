//! The network, and what it reads.

use super::number::{Range, wrong_type};
use super::{ON_OFF, Reader, choice};
use crate::diagnostic::Diagnostic;
use crate::network::{
    ACTIVATIONS, Activation, Architecture, Chaos, Fourier, Gaussians, Patches, ProPinn, Region,
};
use crate::syntax::{Argument, Value, ValueKind};

/// Parts that every network has.
const LAYERS: [&str; 3] = ["width", "depth", "activation"];

impl Reader<'_> {
    pub(super) fn network(&mut self, value: &Value) {
        let Some((name, arguments)) = self.call("network", value, "mlp(width = 24, depth = 2)")
        else {
            return;
        };
        let (width, depth, activation) = self.settings.network.layers();
        let same = |name: &str| (self.settings.network.name() == name).then_some(&self.settings);
        let piratenet = Architecture::PirateNet {
            width: 64,
            depth: 2,
            activation: Activation::Tanh,
        };
        // A kind that is there already keeps what is not mentioned.
        let kept = |name: &str, standard: Architecture| {
            same(name).map_or(standard, |settings| settings.network.clone())
        };
        let kinds = [
            Architecture::of_layers(false, width, depth, activation),
            Architecture::of_layers(true, width, depth, activation),
            kept("piratenet", piratenet),
            kept("propinn", Architecture::ProPinn(ProPinn::default())),
            kept("gaussians", Architecture::Gaussians(Gaussians::default())),
            Architecture::of_layers(false, width, depth, Activation::Rational),
            kept("chaos", Architecture::Chaos(Chaos::default())),
            kept("patches", Architecture::Patches(Patches::default())),
        ];
        const NAMES: [(&str, usize); 8] = [
            ("mlp", 0),
            ("modified_mlp", 1),
            ("piratenet", 2),
            ("propinn", 3),
            ("gaussians", 4),
            ("rational", 5),
            ("chaos", 6),
            ("patches", 7),
        ];
        if let Some(kind) = self.choose("network", &name, &NAMES, &choice::LATER_NETWORKS) {
            self.settings.network = kinds[kind].clone();
            self.layers(&arguments);
        }
    }

    pub(super) fn layers(&mut self, arguments: &[Argument]) {
        let mut network = self.settings.network.clone();
        let own: &[&'static str] = match network {
            Architecture::Mlp { .. }
            | Architecture::ModifiedMlp { .. }
            | Architecture::PirateNet { .. } => &[],
            Architecture::ProPinn(_) => &["hidden", "channels", "regions"],
            Architecture::Gaussians(_) => &["count", "sigma"],
            Architecture::Chaos(_) => &["degree"],
            Architecture::Patches(_) => &["count", "images"],
        };
        let known = if matches!(network, Architecture::Patches(_)) {
            own.to_vec()
        } else {
            [&LAYERS, own].concat()
        };
        let (mut width, mut depth, mut activation) = network.layers();
        // A layer of waves that is solved for has more neurons than anybody trains.
        let widths = Range::counts(1, 32_768);
        let counts = Range::counts(1, 4096);
        for (part, value) in self.parts("network", arguments, &known) {
            match (part, &mut network) {
                ("count", Architecture::Patches(of)) => {
                    let range = Range::counts(1, 100_000);
                    of.count = self.whole(part, value, range).unwrap_or(of.count);
                    width = of.count;
                }
                (_, Architecture::Patches(of)) => {
                    of.images = self.choice(part, value, &ON_OFF, &[]).unwrap_or(of.images);
                }
                ("width", _) => width = self.whole(part, value, widths).unwrap_or(width),
                ("depth", network) => {
                    let least = match network {
                        Architecture::Gaussians(_) | Architecture::Chaos(_) => 0,
                        Architecture::Mlp { .. }
                        | Architecture::ModifiedMlp { .. }
                        | Architecture::PirateNet { .. }
                        | Architecture::ProPinn(_)
                        | Architecture::Patches(_) => 1,
                    };
                    let range = Range::counts(least, 64);
                    depth = self.whole(part, value, range).unwrap_or(depth);
                }
                ("activation", _) => {
                    if let Some(rough) = rough(value) {
                        self.report(rough);
                        continue;
                    }
                    let choice = self.choice(part, value, &ACTIVATIONS, &[]);
                    activation = choice.unwrap_or(activation);
                }
                ("hidden", Architecture::ProPinn(of)) => {
                    of.hidden = self.whole(part, value, counts).unwrap_or(of.hidden);
                }
                ("channels", Architecture::ProPinn(of)) => {
                    of.channels = self.whole(part, value, counts).unwrap_or(of.channels);
                }
                (_, Architecture::ProPinn(of)) => self.regions(value, &mut of.regions),
                ("count", Architecture::Gaussians(of)) => {
                    let range = Range::counts(1, 100_000);
                    of.count = self.whole(part, value, range).unwrap_or(of.count);
                }
                (_, Architecture::Gaussians(of)) => {
                    let sigma = self.real(part, value, Range::positive(100.0));
                    of.sigma = sigma.unwrap_or(of.sigma);
                }
                (_, Architecture::Chaos(of)) => {
                    let range = Range::counts(1, 8);
                    of.degree = self.whole(part, value, range).unwrap_or(of.degree);
                }
                // `own` has no parts of these
                (
                    _,
                    Architecture::Mlp { .. }
                    | Architecture::ModifiedMlp { .. }
                    | Architecture::PirateNet { .. },
                ) => {}
            }
        }
        if matches!(network, Architecture::PirateNet { .. }) {
            // the features come in pairs of cosine and sine
            width = width.next_multiple_of(2);
        }
        network.set_layers((width, depth, activation));
        self.settings.network = network;
    }

    /// `regions = [(0.01, 3), (0.05, 5)]`: how far each grid reaches, and its points along a coordinate.
    fn regions(&mut self, value: &Value, regions: &mut Vec<Region>) {
        let ValueKind::List(items) = &value.kind else {
            let example = "regions = [(0.01, 3), (0.05, 5)]";
            self.report(wrong_type("regions", "a list of pairs", example, value));
            return;
        };
        let mut found = Vec::new();
        for Argument { value: item, .. } in items {
            let pair = match &item.kind {
                ValueKind::Tuple(parts) => parts.as_slice(),
                ValueKind::Number(_)
                | ValueKind::Text(_)
                | ValueKind::Word(_)
                | ValueKind::Call { .. }
                | ValueKind::List(_) => &[],
            };
            let [reach, points] = pair else {
                let example = "regions = [(0.01, 3), (0.05, 5)]";
                self.report(wrong_type(
                    "regions",
                    "pairs of reach and points",
                    example,
                    item,
                ));
                continue;
            };
            let reach = self.real("reach", reach, Range::positive(2.0));
            let points = self.whole("points of a region", points, Range::counts(1, 64));
            found.extend(
                reach
                    .zip(points)
                    .map(|(reach, points)| Region { reach, points }),
            );
        }
        *regions = found;
    }

    /// `features = none`, `fourier(…)`, `periodic(…)`, or a list of them.
    pub(super) fn input_features(&mut self, value: &Value) {
        let mut features = super::super::InputFeatures::default();
        let items: Vec<&Value> = match &value.kind {
            ValueKind::List(items) => items.iter().map(|item| &item.value).collect(),
            ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::Word(_)
            | ValueKind::Call { .. }
            | ValueKind::Tuple(_) => vec![value],
        };
        for item in items {
            let Some((name, arguments)) = self.call("features", item, "fourier(count = 64)") else {
                continue;
            };
            const NAMES: [(&str, usize); 3] = [("fourier", 0), ("periodic", 1), ("none", 2)];
            match self.choose("features", &name, &NAMES, &[]) {
                Some(0) => {
                    let mut fourier = Fourier {
                        count: 64,
                        scale: 1.0,
                        trained: false,
                    };
                    let known = ["count", "scale", "trained"];
                    for (part, value) in self.parts("fourier", &arguments, &known) {
                        match part {
                            "count" => {
                                let count = self.whole(part, value, Range::counts(1, 4096));
                                fourier.count = count.unwrap_or(fourier.count);
                            }
                            "scale" => {
                                let scale = self.real(part, value, Range::positive(1e6));
                                fourier.scale = scale.unwrap_or(fourier.scale);
                            }
                            _ => {
                                let trained = self.choice(part, value, &ON_OFF, &[]);
                                fourier.trained = trained.unwrap_or(fourier.trained);
                            }
                        }
                    }
                    features.fourier = Some(fourier);
                }
                Some(1) => {
                    for (part, value) in self.parts("periodic", &arguments, &["harmonics"]) {
                        let harmonics = self.whole(part, value, Range::counts(1, 64));
                        features.harmonics = harmonics.unwrap_or(features.harmonics);
                    }
                }
                Some(_) | None => {}
            }
        }
        self.settings.features = features;
    }
}

/// Activations of other systems that are not smooth, and what is like them and smooth.
const ROUGH: [(&str, &str); 10] = [
    ("relu", "gelu"),
    ("relu6", "gelu"),
    ("leaky_relu", "gelu"),
    ("prelu", "gelu"),
    ("rrelu", "gelu"),
    ("elu", "softplus"),
    ("celu", "softplus"),
    ("selu", "swish"),
    ("hardtanh", "tanh"),
    ("softsign", "tanh"),
];

/// `activation = relu`: equations differentiate a network as often as their order says, and this one has no second
/// derivative.
fn rough(value: &Value) -> Option<Diagnostic> {
    let written = choice::word(value)?;
    let lower = written.to_lowercase();
    let (_, smooth) = ROUGH.iter().find(|(name, _)| *name == lower)?;
    Some(
        Diagnostic::error(
            "order-too-high",
            format!("`{written}` has no second derivative everywhere"),
            value.span,
            "too rough for a differential equation",
        )
        .with_note(
            "An equation of order k differentiates the network k times, and training once more. What is made of straight \
             or broken pieces has second derivatives that are zero or jump.",
        )
        .with_help(format!("write `{smooth}`, which is like it and smooth"))
        .with_edit(value.span, *smooth),
    )
}
