//! Reading and printing settings.

use super::{Conditions, Optimizer, Settings, apply, apply_over, entries};
use crate::hir::Problem;
use crate::network::{Activation, Architecture, Chaos, Gaussians, Patches, ProPinn, Region};
use crate::source::Source;
use crate::syntax::{Setting, parse_setting};
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};

fn setting(text: &str) -> Setting {
    parse_setting(&Source::new("--set", text)).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

fn defaults() -> Settings {
    Settings::default_for(&Problem::default())
}

fn read(texts: &[&str]) -> Result<Settings, Vec<(&'static str, String)>> {
    let mut settings = defaults();
    let list: Vec<Setting> = texts.iter().map(|text| setting(text)).collect();
    match apply(&mut settings, &list) {
        Ok(()) => Ok(settings),
        Err(errors) => {
            assert_eq!(settings, defaults(), "a mistake changes nothing");
            let place = |d: &crate::diagnostic::Diagnostic| {
                let span = d.primary.span.range();
                let text = texts.iter().find_map(|text| text.get(span.clone()));
                (d.name, text.unwrap_or_default().to_owned())
            };
            Err(errors.iter().map(place).collect())
        }
    }
}

fn error(text: &str) -> (&'static str, String) {
    match read(&[text]) {
        Ok(settings) => panic!("`{text}` was read as {settings:?}"),
        Err(errors) => {
            assert_eq!(errors.len(), 1, "{errors:?}");
            errors[0].clone()
        }
    }
}

/// As the checkpoint of a run whose choice has not been made yet says it.
#[test]
fn a_network_that_is_chosen_has_no_features_by_hand() {
    let settings = read(&["network = auto", "features = none", "rwf = off"]).unwrap();
    assert!(settings.automatic.network);
    let settings = read(&["network = auto", "rwf = on"]).unwrap();
    assert!(!settings.automatic.network);
}

#[test]
fn a_part_leaves_the_others_alone() {
    let settings = read(&["points = [interior = 4096]", "network = mlp(width = 64)"]).unwrap();
    assert_eq!(settings.points.interior, 4096);
    assert_eq!(settings.points.initial, defaults().points.initial);
    assert_eq!(settings.network.layers(), (64, 2, Activation::Tanh));
    let settings = read(&["network = modified_mlp(depth = 3)"]).unwrap();
    assert_eq!(settings.network.name(), "modified_mlp");
    assert_eq!(settings.network.layers(), (24, 3, Activation::Tanh));
}

#[test]
fn dotted_names_reach_the_parts() {
    let settings = read(&[
        "points.boundary = 17",
        "weights.initial = 100",
        "network.activation = sin",
        "optimizer.steps = 7",
    ])
    .unwrap();
    assert_eq!(settings.points.boundary, 17);
    assert_eq!(settings.weights.initial, 100.0);
    assert_eq!(settings.optimizer, [Optimizer::GaussNewton { steps: 7 }]);
}

#[test]
fn short_forms() {
    // As wide as a layer of 1,024 waves.
    assert!(read(&["network = mlp(width = 22538, depth = 1, activation = sin)"]).is_ok());
    let settings = read(&["points = 4096", "network = mlp", "conditions = soft"]).unwrap();
    assert_eq!(settings.points.interior, 4096);
    assert_eq!(settings.conditions, Conditions::Soft);
    let settings = read(&["optimizer = [adam(lr = 0.01), gauss_newton]"]).unwrap();
    let adam = Optimizer::Adam {
        steps: 1000,
        learning_rate: 0.01,
    };
    assert_eq!(settings.optimizer[0], adam);
    assert_eq!(settings.optimizer[1], defaults().optimizer[0]);
}

#[test]
fn auto_goes_back_to_the_default() {
    let mut settings = read(&["optimizer = adam", "windows = 3"]).unwrap();
    let list = [setting("optimizer = auto"), setting("windows = auto")];
    apply_over(&mut settings, &defaults(), &list).unwrap();
    assert_eq!(settings, defaults());
}

#[test]
fn mistakes_are_named_at_their_place() {
    let named = |name, place: &str| (name, place.to_owned());
    assert_eq!(error("pionts = 3"), named("unknown-setting", "pionts"));
    assert_eq!(
        error("points = [interor = 3]"),
        named("unknown-setting", "interor")
    );
    assert_eq!(
        error("windows.x = 3"),
        named("unknown-setting", "windows.x")
    );
    assert_eq!(error("windows = 0"), named("setting-range", "0"));
    assert_eq!(error("windows = 2.5"), named("setting-type", "2.5"));
    assert_eq!(error("windows = many"), named("setting-type", "many"));
    assert_eq!(error("points.adaptive = 2"), named("setting-range", "2"));
    assert_eq!(error("weights.initial = 0"), named("setting-range", "0"));
    assert_eq!(error("network = mlp(64)"), named("setting-type", "64"));
    assert_eq!(error("network = mpl"), named("unknown-choice", "mpl"));
    assert_eq!(
        error("network = lpinn(width = 3)"),
        named("not-supported-yet", "lpinn")
    );
    assert_eq!(
        error("network = chaos(degree = 9)"),
        named("setting-range", "9")
    );
    assert_eq!(
        error("network = propinn(regions = [0.1])"),
        named("setting-type", "0.1")
    );
    assert_eq!(
        error("network = propinn(regions = [(3, 3)])"),
        named("setting-range", "3")
    );
    assert_eq!(
        error("network = mlp(sigma = 3)"),
        named("unknown-setting", "sigma")
    );
    assert_eq!(
        error("features = furier(count = 3)"),
        named("unknown-choice", "furier")
    );
    assert_eq!(error("rwf = 3"), named("setting-type", "3"));
    assert_eq!(error("optimizer = [sopa]"), named("unknown-choice", "sopa"));
    assert_eq!(
        error("optimizer = lbfgs(lr = 1)"),
        named("unknown-setting", "lr")
    );
    assert_eq!(
        error("optimizer = linear_solve(scale = 0)"),
        named("setting-range", "0")
    );
    assert_eq!(
        error("points.sampler = sobel"),
        named("unknown-choice", "sobel")
    );
    assert_eq!(error("optimizer = []"), named("setting-range", "[]"));
    assert_eq!(error("weights = ntq"), named("unknown-choice", "ntq"));
    assert_eq!(
        error("weights.every = 3"),
        named("unknown-setting", "weights.every")
    );
    assert_eq!(
        error("weights = ntk(momentum = 2)"),
        named("setting-range", "2")
    );
    assert_eq!(error("causal = [chunks = 1]"), named("setting-range", "1"));
    assert_eq!(error("causal = 3"), named("setting-type", "3"));
    assert_eq!(
        error("residual_adaptive = [share = 2]"),
        named("setting-range", "2")
    );
    assert_eq!(
        error("precision = tf32"),
        named("not-supported-yet", "tf32")
    );
    assert_eq!(
        error("points = [redraw = 1, redraw = 2]"),
        named("repeated-setting", "redraw")
    );
}

#[test]
fn several_mistakes_at_once() {
    let errors = read(&["windows = 0", "precision = f16", "windows = 3"]).unwrap_err();
    let names: Vec<&str> = errors.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["setting-range", "unknown-choice", "repeated-setting"]
    );
}

fn any_optimizer() -> impl Strategy<Value = Optimizer> {
    let steps = 1usize..100_000;
    let rate = 1e-12..10.0f64;
    let features = (prop::collection::vec(1e-9..1e9f64, 0..4), any::<bool>());
    let features = features.prop_map(|(scale, sparse)| super::Features {
        scale,
        sparse,
        ..Default::default()
    });
    let waves = (
        features.clone(),
        any::<bool>(),
        any::<bool>(),
        prop::option::of(1e-12..1.0f64),
    );
    let waves = waves.prop_map(|(features, waves, patches, tolerance)| super::Features {
        waves,
        patches,
        tolerance,
        ..features
    });
    prop_oneof![
        (steps.clone(), rate.clone()).prop_map(|(steps, learning_rate)| Optimizer::Adam {
            steps,
            learning_rate
        }),
        (steps.clone(), rate.clone(), 0.0..=1.0f64).prop_map(|(steps, learning_rate, decay)| {
            Optimizer::AdamW {
                steps,
                learning_rate,
                decay,
            }
        }),
        (steps.clone(), rate.clone()).prop_map(|(steps, learning_rate)| Optimizer::Soap {
            steps,
            learning_rate
        }),
        steps.clone().prop_map(|steps| Optimizer::Lbfgs { steps }),
        steps
            .clone()
            .prop_map(|steps| Optimizer::SsBroyden { steps }),
        (steps.clone(), rate, 0.0..=1.0f64).prop_map(|(steps, learning_rate, momentum)| {
            Optimizer::NaturalGradient {
                steps,
                learning_rate,
                momentum,
            }
        }),
        steps.prop_map(|steps| Optimizer::GaussNewton { steps }),
        features.clone().prop_map(Optimizer::LinearSolve),
        waves.prop_map(Optimizer::NewtonSolve),
    ]
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let activation = prop::sample::select(crate::network::ACTIVATIONS.map(|(_, a)| a).to_vec());
    let regions = prop::collection::vec((1e-9..2.0f64, 1usize..64), 0..4);
    let network = (0..7usize, 1usize..2000, 1usize..64, activation, regions).prop_map(
        |(kind, width, depth, activation, regions)| {
            let mut network = match kind {
                0 => Architecture::of_layers(false, width, depth, activation),
                1 => Architecture::of_layers(true, width, depth, activation),
                2 => Architecture::PirateNet {
                    width: 2 * width,
                    depth,
                    activation,
                },
                3 => Architecture::ProPinn(ProPinn {
                    hidden: width,
                    channels: depth,
                    regions: regions
                        .into_iter()
                        .map(|(reach, points)| Region { reach, points })
                        .collect(),
                    ..ProPinn::default()
                }),
                5 => Architecture::Patches(Patches {
                    count: 11 * width,
                    images: depth % 2 == 0,
                }),
                4 => Architecture::Gaussians(Gaussians {
                    count: 7 * width,
                    sigma: 0.37,
                    ..Gaussians::default()
                }),
                _ => Architecture::Chaos(Chaos {
                    degree: 1 + depth % 8,
                    ..Chaos::default()
                }),
            };
            let (width, depth) = (network.layers().0, depth);
            network.set_layers((width, depth, activation));
            network
        },
    );
    let fourier =
        (1usize..4096, 1e-9..1e6f64, any::<bool>()).prop_map(|(count, scale, trained)| {
            crate::network::Fourier {
                count,
                scale,
                trained,
            }
        });
    let features = (prop::option::of(fourier), 1usize..64)
        .prop_map(|(fourier, harmonics)| super::InputFeatures { fourier, harmonics });
    let points = (
        1usize..9999,
        1usize..9999,
        1usize..9999,
        any::<u16>(),
        0.0..=1.0f64,
        prop::sample::select(super::SAMPLERS.map(|(_, sampler)| sampler).to_vec()),
    );
    let points =
        points.prop_map(
            |(interior, initial, boundary, redraw, adaptive, sampler)| super::Points {
                interior,
                initial,
                boundary,
                redraw: usize::from(redraw),
                adaptive,
                sampler,
                density: super::Density::Correlation,
                power: 0.5 + adaptive,
                offset: 2.0 * adaptive,
            },
        );
    let balance = (0..3usize, 1usize..9999, 0.0..=1.0f64).prop_map(|(kind, every, momentum)| {
        let follow = super::Follow { every, momentum };
        match kind {
            0 => super::Balance::Fixed,
            1 => super::Balance::GradientNorm(follow),
            _ => super::Balance::TangentKernel(follow),
        }
    });
    let causal =
        (2usize..4096, 1e-9..1e9f64, 0.0..=1.0f64).prop_map(|(chunks, epsilon, threshold)| {
            super::Causal {
                chunks,
                epsilon,
                most: 3.0 * epsilon,
                threshold,
            }
        });
    let weighing = (balance, prop::option::of(causal));
    let weights = (1e-9..1e12f64, 1e-9..1e12f64)
        .prop_map(|(initial, boundary)| super::Weights { initial, boundary });
    let optimizer = prop::collection::vec(any_optimizer(), 1..4);
    let precision = prop_oneof![
        Just(super::Precision::Single),
        Just(super::Precision::Double)
    ];
    let conditions = prop_oneof![Just(Conditions::Hard), Just(Conditions::Soft)];
    (
        network,
        points,
        optimizer,
        1usize..1000,
        conditions,
        weights,
        (any::<bool>(), precision, features, any::<bool>(), weighing),
    )
        .prop_map(
            |(
                network,
                points,
                optimizer,
                windows,
                conditions,
                weights,
                (collapse, precision, features, rwf, (balance, causal)),
            )| {
                Settings {
                    network,
                    precision,
                    points,
                    optimizer,
                    windows,
                    conditions,
                    weights,
                    balance,
                    causal,
                    collapse,
                    features,
                    rwf,
                    automatic: super::Automatic::default(),
                }
            },
        )
}

proptest! {
    #[test]
    fn printing_and_reading_changes_nothing(settings in any_settings()) {
        let list: Vec<Setting> = entries(&settings)
            .iter()
            .map(|(name, value)| setting(&format!("{name} = {value}")))
            .collect();
        let mut again = defaults();
        apply(&mut again, &list).unwrap();
        assert_eq!(again, settings);
    }
}
