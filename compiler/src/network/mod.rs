//! Networks: graphs of primitives.
//!
//! * Input: an [`Architecture`] and the numbers of inputs and outputs, or primitive after primitive by the
//!   methods of [`Network`].
//! * Output: a [`Network`].
//! * Invariants: a primitive reads only what comes before it; parameters are one flat vector, and every
//!   primitive says which part of it is its own, shared with no other; no architecture has derivative code:
//!   jets and adjoints come from the primitives, and an activation is one line of symbols.
//!
//! **Sites.** A network may look at its inputs not only at the point but also at points displaced from it by
//! fixed amounts, the *sites*. Displacements are constants, so the jet of a displaced evaluation is the jet of
//! the network's input at the displaced point, and everything after that goes the usual way. A value of
//! several sites holds number `neuron · sites + site`; an affine map can act on all sites with the same
//! weights, and a [`Mean`](Primitive::Mean) over regions of sites turns sites into neurons. What is a neuron
//! and what a site is a matter of who reads: a mixer of four tokens, channel by channel, is an affine map of
//! four neurons that has a site for each channel. In memory a value lies in one way only, so an affine map that sees
//! it otherwise than another one does reads a copy, which [`Network::started_affine`] puts in between.
//!
//! **Trained numbers of functions.** A function of neurons may have numbers of its own that are trained: the weights
//! of a wave activation, the share of a skipped block. They are an affine map of nothing: biases without weights. All
//! that knows of affine maps (gradients, rows of the Jacobian, files of models) then knows of them.

mod architecture;
mod beside;
mod chaos;
mod gated;
mod gaussians;
mod patches;
mod pointwise;
mod propinn;
mod start;

pub use architecture::{Architecture, Fourier};
pub use beside::BESIDE;
pub use chaos::Chaos;
pub use gaussians::Gaussians;
pub use patches::Patches;
pub use pointwise::{ACTIVATIONS, Activation, MOST_ARGUMENTS, Pointwise};
pub use propinn::{ProPinn, Region};
pub use start::Start;

use std::ops::Range;

/// The value that a primitive reads: the network's input or another primitive's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The input of the network at the point.
    Input,
    /// The input of the network at every site: number `input · sites + site`.
    Displaced,
    /// The output of the primitive at this position.
    Primitive(usize),
}

/// `W·a + b`, `W` stored row by row (one row for each output) in the flat vector of parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Affine {
    /// Its name, for files and people.
    pub name: String,
    /// How many times it is applied side by side, with the same weights.
    pub sites: usize,
    /// Numbers read, at each site.
    pub inputs: usize,
    /// Numbers written, at each site.
    pub outputs: usize,
    /// Where the `outputs × inputs` weights begin.
    pub weight: usize,
    /// Where the `outputs` biases begin.
    pub bias: usize,
    /// What its parameters are before training.
    pub start: Start,
    /// Whether training changes them.
    pub trained: bool,
}

/// One node of a network.
#[derive(Clone, Debug, PartialEq)]
pub enum Primitive {
    /// `W·a + b`, at every site with the same weights.
    Affine {
        /// What it reads.
        source: Source,
        /// Its shape and parameters.
        affine: Affine,
    },
    /// A function applied to each neuron.
    Pointwise {
        /// What it reads: one value for each argument of the function.
        sources: Vec<Source>,
        /// The function.
        function: Pointwise,
        /// The number of neurons, all sites counted.
        width: usize,
        /// The trained numbers of the function, if it has some: an affine map of nothing. Either every neuron has the
        /// same ones ([`Pointwise::trained`] of them), or each neuron has one of its own.
        numbers: Option<Affine>,
    },
    /// The mean over each region of sites: number `region · neurons + neuron`. No site is in two regions.
    Mean {
        /// What it reads: number `neuron · sites + site`.
        source: Source,
        /// Neurons at each site.
        neurons: usize,
        /// Sites.
        sites: usize,
        /// The sites of each region.
        regions: Vec<Range<usize>>,
    },
    /// Values one after the other.
    Concatenation {
        /// What it reads.
        sources: Vec<Source>,
        /// Numbers read altogether.
        width: usize,
    },
}

impl Primitive {
    /// Numbers written.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Affine { affine, .. } => affine.outputs * affine.sites,
            Self::Pointwise { width, .. } | Self::Concatenation { width, .. } => *width,
            Self::Mean {
                neurons, regions, ..
            } => neurons * regions.len(),
        }
    }

    /// What it reads.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        match self {
            Self::Affine { source, .. } | Self::Mean { source, .. } => std::slice::from_ref(source),
            Self::Pointwise { sources, .. } | Self::Concatenation { sources, .. } => sources,
        }
    }
}

/// What the names of the affine maps begin with that hold numbers to be found.
const NUMBER: &str = "number.";

/// A graph of primitives; the last one is the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Numbers read.
    pub inputs: usize,
    /// Numbers written: the size of the last primitive.
    pub outputs: usize,
    /// How far each site is from the point, one number for each coordinate of the problem. The unit is what
    /// moves an input by one: half of a coordinate's interval, half of the time window.
    pub displacements: Vec<Vec<f64>>,
    /// The nodes, in an order in which they can be evaluated.
    pub primitives: Vec<Primitive>,
    /// The number of parameters.
    pub parameters: usize,
}

impl Network {
    /// A network without primitives.
    #[must_use]
    pub fn empty(inputs: usize, displacements: Vec<Vec<f64>>) -> Self {
        Self {
            inputs,
            outputs: inputs,
            displacements,
            primitives: Vec::new(),
            parameters: 0,
        }
    }

    /// The numbers that a value consists of.
    #[must_use]
    pub fn size(&self, source: Source) -> usize {
        match source {
            Source::Input => self.inputs,
            Source::Displaced => self.inputs * self.displacements.len(),
            Source::Primitive(index) => self.primitives[index].size(),
        }
    }

    /// Whether some primitive reads this value.
    #[must_use]
    pub fn reads(&self, source: Source) -> bool {
        let mut primitives = self.primitives.iter();
        primitives.any(|primitive| primitive.sources().contains(&source))
    }

    /// Appends `W·a + b` of all numbers of a value.
    pub fn affine(&mut self, name: &str, source: Source, outputs: usize) -> Source {
        self.shared_affine(name, source, 1, outputs)
    }

    /// Appends `W·a + b` at each of the sites of a value, with the same weights.
    ///
    /// # Panics
    ///
    /// If the value does not have the same number of neurons at every site.
    pub fn shared_affine(
        &mut self,
        name: &str,
        source: Source,
        sites: usize,
        outputs: usize,
    ) -> Source {
        self.started_affine(name, source, sites, outputs, Start::Glorot, true)
    }

    /// The same with parameters that begin in a way of their own, and may stay as they begin.
    ///
    /// # Panics
    ///
    /// If the value does not have the same number of neurons at every site.
    pub fn started_affine(
        &mut self,
        name: &str,
        source: Source,
        sites: usize,
        outputs: usize,
        start: Start,
        trained: bool,
    ) -> Source {
        let size = self.size(source);
        assert!(
            sites > 0 && size.is_multiple_of(sites),
            "{size} numbers at {sites} sites"
        );
        // What is a neuron and what a site is one thing in memory: who sees a value otherwise gets a copy.
        let source = if self.is_seen_otherwise(source, sites) {
            self.concatenation(&[source])
        } else {
            source
        };
        let affine = self.parameters(name, sites, size / sites, outputs, start, trained);
        self.push(Primitive::Affine { source, affine })
    }

    /// Whether an affine map writes this value, or reads it, with another number of sites.
    fn is_seen_otherwise(&self, value: Source, sites: usize) -> bool {
        self.primitives
            .iter()
            .enumerate()
            .any(|(number, primitive)| match primitive {
                Primitive::Affine { source, affine } => {
                    let touches = *source == value || value == Source::Primitive(number);
                    touches && affine.sites != sites
                }
                Primitive::Pointwise { .. }
                | Primitive::Mean { .. }
                | Primitive::Concatenation { .. } => false,
            })
    }

    /// The next parameters of the flat vector.
    fn parameters(
        &mut self,
        name: &str,
        sites: usize,
        inputs: usize,
        outputs: usize,
        start: Start,
        trained: bool,
    ) -> Affine {
        let weight = self.parameters;
        let bias = weight + inputs * outputs;
        self.parameters = bias + outputs;
        Affine {
            name: name.to_string(),
            sites,
            inputs,
            outputs,
            weight,
            bias,
            start,
            trained,
        }
    }

    /// Appends a function of neurons.
    ///
    /// # Panics
    ///
    /// If the function has another number of arguments, or they differ in size.
    pub fn pointwise(&mut self, function: Pointwise, sources: &[Source]) -> Source {
        let sizes: Vec<usize> = sources.iter().map(|source| self.size(*source)).collect();
        assert_eq!(sizes.len(), function.arguments().len());
        assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
        let width = sizes[0];
        let start = function.start();
        let count = if function.for_each_neuron() {
            width
        } else {
            start.len()
        };
        let numbers = (!start.is_empty()).then(|| {
            let name = format!("{}{}", function.name(), self.primitives.len());
            let start = if function.for_each_neuron() {
                Start::Factors
            } else {
                Start::Numbers(start)
            };
            self.parameters(&name, 1, 0, count, start, true)
        });
        self.push(Primitive::Pointwise {
            sources: sources.to_vec(),
            function,
            width,
            numbers,
        })
    }

    /// Appends the mean over regions of the sites of a value.
    ///
    /// # Panics
    ///
    /// If the value does not have the same number of neurons at every site, a region is empty or contains a site
    /// that the value does not have, or two regions overlap.
    pub fn mean(&mut self, source: Source, sites: usize, regions: &[Range<usize>]) -> Source {
        let size = self.size(source);
        assert!(
            sites > 0 && size.is_multiple_of(sites),
            "{size} numbers at {sites} sites"
        );
        let legal = |region: &Range<usize>| !region.is_empty() && region.end <= sites;
        assert!(regions.iter().all(legal), "{regions:?} of {sites} sites");
        let mut ordered: Vec<&Range<usize>> = regions.iter().collect();
        ordered.sort_by_key(|region| region.start);
        let apart = ordered.windows(2).all(|pair| pair[0].end <= pair[1].start);
        assert!(apart, "{regions:?} overlap");
        self.push(Primitive::Mean {
            source,
            neurons: size / sites,
            sites,
            regions: regions.to_vec(),
        })
    }

    /// Appends a table of numbers, stored by rows, with rows and columns exchanged: what were sites become neurons.
    ///
    /// # Panics
    ///
    /// If the value does not have the same number of neurons in every row.
    pub fn transposed(&mut self, source: Source, rows: usize) -> Source {
        let size = self.size(source);
        assert!(
            rows > 0 && size.is_multiple_of(rows),
            "{size} numbers in {rows} rows"
        );
        let columns = size / rows;
        let each: Vec<Range<usize>> = (0..columns).map(|site| site..site + 1).collect();
        self.mean(source, columns, &each)
    }

    /// Appends values one after the other.
    pub fn concatenation(&mut self, sources: &[Source]) -> Source {
        let width = sources.iter().map(|source| self.size(*source)).sum();
        self.push(Primitive::Concatenation {
            sources: sources.to_vec(),
            width,
        })
    }

    /// Appends numbers to be found behind the outputs so far: outputs that are the same everywhere. Each is the affine map of
    /// the constant 1, so that whatever trains weights trains it as well; it is the sum of its weight and its bias.
    pub fn numbers(&mut self, names: &[String]) {
        let Some(last) = self.primitives.len().checked_sub(1) else {
            return;
        };
        if names.is_empty() || self.inputs == 0 {
            return;
        }
        let first = self.mean(Source::Input, self.inputs, std::slice::from_ref(&(0..1)));
        let one = self.pointwise(Pointwise::One, &[first]);
        let mut parts = vec![Source::Primitive(last)];
        for name in names {
            let start = Start::Numbers(vec![0.0]);
            parts.push(self.started_affine(&format!("{NUMBER}{name}"), one, 1, 1, start, true));
        }
        self.concatenation(&parts);
    }

    /// Where each number to be found has its parameters, in order; their sum is the number.
    #[must_use]
    pub fn number_parameters(&self) -> Vec<[usize; 2]> {
        let numbers = self.affines().filter(|it| it.name.starts_with(NUMBER));
        numbers.map(|it| [it.weight, it.bias]).collect()
    }

    /// The affine map that fields are read off.
    #[must_use]
    pub fn last_layer(&self) -> Option<&Affine> {
        let layers = self.affines();
        layers.filter(|it| !it.name.starts_with(NUMBER)).last()
    }

    fn push(&mut self, primitive: Primitive) -> Source {
        self.outputs = primitive.size();
        self.primitives.push(primitive);
        Source::Primitive(self.primitives.len() - 1)
    }

    /// All affine maps in the order of their parameters, those of nothing included.
    pub fn affines(&self) -> impl Iterator<Item = &Affine> {
        self.primitives
            .iter()
            .filter_map(|primitive| match primitive {
                Primitive::Affine { affine, .. } => Some(affine),
                Primitive::Pointwise { numbers, .. } => numbers.as_ref(),
                Primitive::Mean { .. } | Primitive::Concatenation { .. } => None,
            })
    }
}
