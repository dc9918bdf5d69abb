//! Windows whose networks have fewer neurons than the widest.
//!
//! * Input: the networks of all windows, of one layer, padded to the same width with neurons that count for nothing.
//! * Output: for windows with at most half the neurons of the widest, a narrower program and the same function in it.
//! * Invariants: what is left out is zero times something.

use crate::engine::Engine;
use crate::solution::Window;
use pdec_compiler::hir::Problem;
use pdec_compiler::network::{Affine, Architecture, Network};
use pdec_compiler::program::build;
use pdec_compiler::settings::Settings;

/// Widths are halved so many times at most.
const HALVINGS: u32 = 5;

/// Narrower programs, and which windows they are for.
#[derive(Default)]
pub struct Narrow {
    engines: Vec<Engine>,
    /// For each window its engine, and its parameters there.
    windows: Vec<Option<(usize, Vec<f64>)>>,
}

impl Narrow {
    /// Narrower programs for these windows of a problem that was trained with these settings.
    #[must_use]
    pub fn new(problem: &Problem, settings: &Settings, whole: &Engine, windows: &[Window]) -> Self {
        let nothing = Self::default();
        let Architecture::Mlp {
            width, depth: 1, ..
        } = settings.network
        else {
            return nothing;
        };
        let network = &whole.program().network;
        let Some((hidden, last)) = layers(network) else {
            return nothing;
        };
        if windows.len() < 2 || hidden.outputs != width {
            return nothing;
        }
        let threads = whole.with_threads(rayon::current_num_threads);
        let mut narrow = Self::default();
        let mut widths: Vec<usize> = Vec::new();
        for window in windows {
            let used = used(&window.parameters, last);
            let halved = (1..=HALVINGS).rev().map(|k| width.div_ceil(1 << k));
            let own = halved.into_iter().find(|&own| own >= used);
            narrow.windows.push(own.and_then(|own| {
                let engine = match widths.iter().position(|&it| it == own) {
                    Some(engine) => engine,
                    None => {
                        let mut settings = settings.clone();
                        if let Architecture::Mlp { width, .. } = &mut settings.network {
                            *width = own;
                        }
                        let program = build(problem, &settings).program;
                        narrow.engines.push(Engine::new(program, threads).ok()?);
                        widths.push(own);
                        narrow.engines.len() - 1
                    }
                };
                let target = &narrow.engines[engine].program().network;
                Some((
                    engine,
                    narrowed(&window.parameters, (hidden, last), target)?,
                ))
            }));
        }
        narrow
    }

    /// The narrower program of a window, where it has one, with its parameters.
    #[must_use]
    pub fn of(&self, window: usize) -> Option<(&Engine, &[f64])> {
        let (engine, parameters) = self.windows.get(window)?.as_ref()?;
        Some((&self.engines[*engine], parameters))
    }
}

/// The two layers of a network that has no others.
fn layers(network: &Network) -> Option<(&Affine, &Affine)> {
    let mut layers = network.affines();
    match (layers.next(), layers.next(), layers.next()) {
        (Some(hidden), Some(last), None) => Some((hidden, last)),
        _ => None,
    }
}

/// The neurons up to the last that counts.
fn used(parameters: &[f64], last: &Affine) -> usize {
    let of_field = |field: usize| {
        let row = &parameters[last.weight + field * last.inputs..][..last.inputs];
        row.iter()
            .rposition(|&weight| weight != 0.0)
            .map_or(0, |place| place + 1)
    };
    (0..last.outputs).map(of_field).max().unwrap_or(0)
}

/// The parameters without the last neurons.
fn narrowed(
    parameters: &[f64],
    (hidden, last): (&Affine, &Affine),
    target: &Network,
) -> Option<Vec<f64>> {
    let (to_hidden, to_last) = layers(target)?;
    let width = to_hidden.outputs;
    let mut narrow = vec![0.0; target.parameters];
    let mut copy = |from: usize, to: usize, count: usize| {
        narrow[to..to + count].copy_from_slice(&parameters[from..from + count]);
    };
    copy(hidden.weight, to_hidden.weight, width * hidden.inputs);
    copy(hidden.bias, to_hidden.bias, width);
    for field in 0..last.outputs {
        let (from, to) = (field * last.inputs, field * to_last.inputs);
        copy(last.weight + from, to_last.weight + to, width);
    }
    copy(last.bias, to_last.bias, last.outputs);
    Some(narrow)
}
