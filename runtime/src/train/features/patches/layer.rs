//! The patches that are seen from a cell, as a network of their own.
//!
//! * Input: cells ([`Mesh`]), the coefficients of all patches.
//! * Output: residuals and values at places, by a network of a few patches for each cell: what lies further away is not
//!   seen. The same function everywhere as one wide network ([`Waves::network`]).
//! * Invariants: coefficients are ordered by patch, then field, then feature; features of all patches are alike but for
//!   where they lie and how long they are.

use super::super::Layer;
use super::mesh::{End, Mesh};
use crate::engine::{BlockRef, EngineError, PointSet};
use pdec_compiler::hir::Problem;
use pdec_compiler::network::{Affine, Architecture, Network, Patches};
use pdec_compiler::settings::{Features, Optimizer, Settings};
use rand::{Rng, RngExt};
use std::f64::consts::TAU;

/// Wavenumbers on either side of zero.
const REACH: i32 = 4;

/// The spacing of wavenumbers of local inputs in [−1, 1]: a period of π, a Fourier extension (Huybrechs 2010).
const SPACING: f64 = 2.0;

/// Local inputs are in [−1, 1] on an interval that is longer than the patch by this.
const EXTENSION: f64 = 1.5;

/// Frequencies in time for each wavenumber: as many coefficients of a polynomial in time.
pub const FREQUENCIES: usize = 6;

/// The largest frequency in time of inputs in [−1, 1].
const FREQUENCY: f64 = 0.5;

/// Patches that are seen from a cell, on either side.
pub const SEEN: usize = 2;

/// The hyperbolic tangent of it is one.
const FAR: f64 = 20.0;

/// The waves of every patch: wavenumber of the local input, frequency, phase.
#[derive(Clone, Debug)]
pub struct Waves {
    waves: Vec<[f64; 3]>,
}

impl Waves {
    /// Each wavenumber has frequencies of its own, one drawn from each of as many equal parts, and random phases.
    #[allow(clippy::cast_precision_loss)] // small whole numbers
    pub fn new(random: &mut impl Rng) -> Self {
        let mut waves = Vec::new();
        for k in -REACH..=REACH {
            for number in 0..FREQUENCIES {
                let part = (number as f64 + random.random::<f64>()) / FREQUENCIES as f64;
                waves.push([
                    SPACING * f64::from(k),
                    FREQUENCY * (2.0 * part - 1.0),
                    TAU * random.random::<f64>(),
                ]);
            }
        }
        Self { waves }
    }

    /// Features of a patch.
    pub fn count(&self) -> usize {
        self.waves.len()
    }

    /// Writes the maps `maps` of a patch that is moved by `shift`, as the neurons from `first` on.
    fn write(
        &self,
        (mesh, cell, shift): (&Mesh, usize, f64),
        maps: &[&Affine],
        (space, time): (usize, usize),
        first: usize,
        parameters: &mut [f64],
    ) {
        let (low, high) = mesh.ends(cell);
        let centre = 0.5 * (low + high) + shift;
        let half = 0.5 * EXTENSION * (high - low);
        let ends = mesh.fading(cell);
        let steep = |end: End, far: f64| match end {
            Some((at, length)) => (1.0 / length, -(at + shift) / length),
            None => (0.0, far),
        };
        for (number, [wave, frequency, phase]) in self.waves.iter().enumerate() {
            let neuron = first + number;
            let values = [
                (steep(ends[0], FAR), 0.0),
                (steep(ends[1], -FAR), 0.0),
                ((wave / half, phase - wave * centre / half), *frequency),
            ];
            for (map, ((slope, bias), rate)) in maps.iter().zip(values) {
                let row = map.weight + neuron * map.inputs;
                parameters[row + space] = slope;
                parameters[row + time] = rate;
                parameters[map.bias + neuron] = bias;
            }
        }
    }

    /// The parameters of one network with all patches; further neurons are zero and count for nothing.
    pub fn network(
        &self,
        mesh: &Mesh,
        coefficients: &[f64],
        axes: (usize, usize),
        network: &Network,
    ) -> Vec<f64> {
        let mut parameters = vec![0.0; network.parameters];
        let maps: Vec<&Affine> = network.affines().collect();
        let Some((last, maps)) = maps.split_last() else {
            return parameters;
        };
        let own = self.count();
        for cell in 0..mesh.len() {
            let first = cell * own;
            self.write((mesh, cell, 0.0), &maps[..3], axes, first, &mut parameters);
            if let Some(images) = maps.get(3..6) {
                // The nearer end is where the image is seen from.
                let shift = if 2 * cell < mesh.len() { 2.0 } else { -2.0 };
                self.write((mesh, cell, shift), images, axes, first, &mut parameters);
            }
            for field in 0..last.outputs {
                let from = (cell * last.outputs + field) * own;
                let to = last.weight + field * last.inputs + first;
                parameters[to..to + own].copy_from_slice(&coefficients[from..from + own]);
            }
        }
        parameters
    }
}

/// The network of the patches that are seen from a cell.
pub struct Local {
    layer: Layer,
    waves: Waves,
    /// The inputs that are space and time.
    axes: (usize, usize),
    /// Fields.
    pub fields: usize,
}

/// Where coefficients are among those of all patches, and how many follow each other there: by patch that is seen; none
/// where there is no patch.
pub type Seen = Vec<Option<usize>>;

impl Local {
    /// Compiles it.
    ///
    /// # Errors
    ///
    /// If the processor is not supported.
    pub fn new(
        problem: &Problem,
        settings: &Settings,
        waves: Waves,
        threads: usize,
    ) -> Result<Self, EngineError> {
        let count = (2 * SEEN + 1) * waves.count();
        let settings = patched(settings, count, false);
        let layer = Layer::of(problem, &settings, count, threads)?;
        let program = layer.engine().program();
        let time = problem.time().map_or(0, |id| id.index());
        let axis = |wanted: bool| {
            let inputs = program.inputs.iter();
            inputs.clone().position(|&c| (c == time) == wanted)
        };
        let axes = (axis(false).unwrap_or(0), axis(true).unwrap_or(0));
        let fields = program.network.outputs;
        Ok(Self {
            layer,
            waves,
            axes,
            fields,
        })
    }

    /// The layer.
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    /// The waves of a patch.
    pub fn waves(&self) -> &Waves {
        &self.waves
    }

    /// The inputs that are space and time.
    pub fn axes(&self) -> (usize, usize) {
        self.axes
    }

    /// Coefficients of a patch.
    pub fn block(&self) -> usize {
        self.fields * self.waves.count()
    }

    /// The patches that are seen from a cell.
    pub fn seen(&self, mesh: &Mesh, cell: usize) -> Seen {
        let patches = neighbourhood(mesh, cell);
        patches.map(|seen| seen.map(|(patch, _)| patch)).collect()
    }

    /// The parameters for a cell, with a last layer of zeros.
    pub fn hidden(&self, mesh: &Mesh, cell: usize) -> Vec<f64> {
        let network = &self.layer.engine().program().network;
        let mut parameters = vec![0.0; network.parameters];
        let maps: Vec<&Affine> = network.affines().collect();
        for (place, seen) in neighbourhood(mesh, cell).enumerate() {
            if let (Some((patch, shift)), Some(maps)) = (seen, maps.get(..3)) {
                let first = place * self.waves.count();
                self.waves.write(
                    (mesh, patch, shift),
                    maps,
                    self.axes,
                    first,
                    &mut parameters,
                );
            }
        }
        parameters
    }

    /// Writes the coefficients of the patches that are seen into the last layer.
    pub fn fill(&self, seen: &Seen, coefficients: &[f64], parameters: &mut [f64]) {
        let network = &self.layer.engine().program().network;
        let own = self.waves.count();
        if let Some(last) = network.affines().last() {
            for (place, patch) in seen.iter().enumerate() {
                for field in 0..self.fields {
                    let to = last.weight + field * last.inputs + place * own;
                    let target = &mut parameters[to..to + own];
                    match patch {
                        Some(patch) => {
                            let from = patch * self.block() + field * own;
                            target.copy_from_slice(&coefficients[from..from + own]);
                        }
                        None => target.fill(0.0),
                    }
                }
            }
        }
    }

    /// The place of a column of a cell's Jacobian among the coefficients; none where there is no patch.
    pub fn place(&self, seen: &Seen, column: usize) -> Option<usize> {
        let own = self.waves.count();
        let inputs = seen.len() * own;
        let (field, neuron) = (column / inputs, column % inputs);
        if field >= self.fields {
            // The bias.
            return None;
        }
        let patch = seen[neuron / own]?;
        Some(patch * self.block() + field * own + neuron % own)
    }

    /// Values of a block at places anywhere, one column for each expression. `scaled` are the places in [−1, 1].
    pub fn values(
        &self,
        block: BlockRef,
        (mesh, coefficients): (&Mesh, &[f64]),
        uniforms: &[f64],
        points: &PointSet,
        scaled: &[f64],
    ) -> Vec<Vec<f64>> {
        let engine = self.layer.engine();
        let outputs = engine.block(block).output_count();
        let mut result = vec![vec![0.0; points.len()]; outputs];
        for cell in 0..mesh.len() {
            let inside = |point: &usize| mesh.cell_of(scaled[*point]) == cell;
            let own: Vec<usize> = (0..points.len()).filter(inside).collect();
            if own.is_empty() {
                continue;
            }
            let part = |columns: &[Vec<f64>]| -> Vec<Vec<f64>> {
                let columns = columns.iter();
                columns
                    .map(|column| own.iter().map(|&point| column[point]).collect())
                    .collect()
            };
            let here = PointSet {
                coordinates: part(&points.coordinates),
                data: part(&points.data),
            };
            let mut parameters = self.hidden(mesh, cell);
            self.fill(&self.seen(mesh, cell), coefficients, &mut parameters);
            let values = engine.values(block, &parameters, uniforms, &here);
            for (column, values) in result.iter_mut().zip(values) {
                for (&point, value) in own.iter().zip(values) {
                    column[point] = value;
                }
            }
        }
        result
    }
}

/// The patches around a cell, with what is to be added to their places.
fn neighbourhood(mesh: &Mesh, cell: usize) -> impl Iterator<Item = Option<(usize, f64)>> {
    let reach = SEEN.cast_signed();
    (-reach..=reach).map(move |distance| mesh.neighbour(cell, distance))
}

/// The same settings with a layer of patches.
pub fn patched(settings: &Settings, count: usize, images: bool) -> Settings {
    let mut settings = settings.clone();
    settings.network = Architecture::Patches(Patches { count, images });
    settings.optimizer = vec![Optimizer::NewtonSolve(Features {
        patches: true,
        ..Features::default()
    })];
    settings
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail

    use super::*;
    use crate::engine::Engine;
    use crate::sampling::{Purpose, stream};
    use crate::solution::uniforms;
    use pdec_compiler::hir::{Overrides, resolve};
    use pdec_compiler::program::build;
    use pdec_compiler::source::Source;
    use pdec_compiler::syntax::parse;

    /// What is seen from each cell is the wide network, on an interval and on a circle, with cells of different lengths.
    #[test]
    fn cells_see_the_wide_network() {
        for periodic in [false, true] {
            let condition = if periodic {
                "periodic x"
            } else {
                "on boundary: u = 0"
            };
            let text = format!(
                "coord x in [-1, 1]\ntime t in [0, 1]\nfield u(x, t)\neq u_t + u*u_x = u_xx\n\
                 initial u = sin(pi*x)\n{condition}"
            );
            let source = Source::new("test.pde", text.as_str());
            let document = parse(&source).unwrap();
            let problem = resolve(&source, &document, &Overrides::new()).unwrap().0;
            let settings = Settings::default_for(&problem);
            let waves = Waves::new(&mut stream(3, Purpose::Weights));
            let local = Local::new(&problem, &settings, waves, 1).unwrap();
            let mesh = Mesh::new(periodic).halved(|cell| cell == 0 || cell == 4);
            let size = mesh.len() * local.block();
            let coefficients: Vec<f64> = (0..size)
                .map(|k| ((k * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5)
                .collect();
            let count = mesh.len() * local.waves().count() + 5;
            let wide = build(&problem, &patched(&settings, count, periodic)).program;
            let parameters =
                local
                    .waves()
                    .network(&mesh, &coefficients, local.axes(), &wide.network);
            let engine = Engine::new(wide, 1).unwrap();
            let x: Vec<f64> = (0..200).map(|k| -1.0 + 0.01 * f64::from(k)).collect();
            let t: Vec<f64> = (0..200).map(|k| f64::from(k % 7) / 7.0).collect();
            let points = PointSet::new(vec![x.clone(), t]);
            let own = uniforms(&problem.parameter_values(), 0.0, 1.0);
            let all = engine.values(BlockRef::Fields, &parameters, &own, &points);
            let here = local.values(BlockRef::Fields, (&mesh, &coefficients), &own, &points, &x);
            for ((x, all), here) in x.iter().zip(&all[0]).zip(&here[0]) {
                // What is not seen is as small as the tail of the hyperbolic tangent.
                assert!((all - here).abs() < 1e-6, "{x} {all} {here}");
            }
        }
    }
}
