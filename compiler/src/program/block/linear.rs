//! Means over regions, concatenations and sums of cotangents: linear maps with fixed coefficients. They act on
//! every Taylor coefficient alike, so one small kernel does for all of them, and its reverse sweep is derived
//! like any other.

use super::{BlockBuilder, Draft, run};
use crate::jet::{Graph, MultiIndex, Names, NodeId, Unknown};
use crate::kernel::{self, Leaf};
use crate::program::{BufferId, Operand, Step};
use std::ops::Range;

/// How a mean finds its rows.
pub struct Regions<'a> {
    neurons: usize,
    sites: usize,
    regions: &'a [Range<usize>],
    count: usize,
}

impl<'a> Regions<'a> {
    /// The mean over `regions` of a value with so many neurons, sites and coefficients.
    pub fn new(neurons: usize, sites: usize, regions: &'a [Range<usize>], count: usize) -> Self {
        Self {
            neurons,
            sites,
            regions,
            count,
        }
    }

    /// The rows of one coefficient at the sites of a region, neuron after neuron.
    fn parts(&self, region: &Range<usize>, coefficient: usize, buffer: BufferId) -> Vec<Operand> {
        region
            .clone()
            .map(|site| Operand {
                buffer,
                first: site * self.count + coefficient,
                stride: self.sites * self.count,
            })
            .collect()
    }

    /// The rows of one coefficient of a region's mean, neuron after neuron.
    fn mean(&self, region: usize, coefficient: usize, buffer: BufferId) -> Operand {
        Operand {
            buffer,
            first: region * self.neurons * self.count + coefficient,
            stride: self.count,
        }
    }
}

impl BlockBuilder<'_> {
    /// Appends the means of `input`.
    pub(super) fn mean_steps(
        &mut self,
        draft: &mut Draft,
        layout: &Regions<'_>,
        input: BufferId,
        value: BufferId,
    ) {
        for (number, region) in layout.regions.iter().enumerate() {
            let kernel = self.mean_kernel(region.len());
            for coefficient in 0..layout.count {
                draft.forward.push(Step::Kernel {
                    kernel,
                    repeat: layout.neurons,
                    inputs: layout.parts(region, coefficient, input),
                    outputs: vec![layout.mean(number, coefficient, value)],
                });
            }
        }
    }

    /// Appends the reverse sweep of the means. No site is in two regions; the cotangents of sites in no region
    /// are rows that nobody writes.
    pub(super) fn mean_adjoint_steps(
        &mut self,
        draft: &mut Draft,
        layout: &Regions<'_>,
        cotangent: BufferId,
        output: BufferId,
    ) {
        for (number, region) in layout.regions.iter().enumerate() {
            let forward = self.mean_kernel(region.len());
            let kernel = self.transposed(forward);
            for coefficient in 0..layout.count {
                draft.backward.push(Step::Kernel {
                    kernel,
                    repeat: layout.neurons,
                    inputs: vec![layout.mean(number, coefficient, cotangent)],
                    outputs: layout.parts(region, coefficient, output),
                });
            }
        }
    }

    /// Appends the copies of `parts` to `value`, one after the other.
    pub(super) fn concatenation_steps(
        &mut self,
        draft: &mut Draft,
        parts: &[BufferId],
        value: BufferId,
    ) {
        let kernel = self.copy_kernel();
        let mut first = 0;
        for &part in parts {
            let rows = draft.buffers[part].rows;
            draft.forward.push(Step::Kernel {
                kernel,
                repeat: rows,
                inputs: vec![run(part, 0)],
                outputs: vec![run(value, first)],
            });
            first += rows;
        }
    }

    /// Appends the reverse sweep of a concatenation to one of its parts, which begins at row `first`.
    pub(super) fn part_adjoint_step(
        &mut self,
        draft: &mut Draft,
        cotangent: BufferId,
        first: usize,
        output: BufferId,
    ) {
        let forward = self.copy_kernel();
        let kernel = self.transposed(forward);
        draft.backward.push(Step::Kernel {
            kernel,
            repeat: draft.buffers[output].rows,
            inputs: vec![run(cotangent, first)],
            outputs: vec![run(output, 0)],
        });
    }

    /// The sum of buffers of one size, in a new one.
    pub(super) fn sum_step(&mut self, draft: &mut Draft, parts: &[BufferId], total: BufferId) {
        let kernel = self.linear_kernel("add_up", "part", "sum", &vec![1.0; parts.len()]);
        draft.backward.push(Step::Kernel {
            kernel,
            repeat: draft.buffers[total].rows,
            inputs: parts.iter().map(|part| run(*part, 0)).collect(),
            outputs: vec![run(total, 0)],
        });
    }

    #[allow(clippy::cast_precision_loss)] // regions are far smaller than 2^52 sites
    fn mean_kernel(&mut self, sites: usize) -> usize {
        let share = 1.0 / sites as f64;
        self.linear_kernel("mean", "site", "mean", &vec![share; sites])
    }

    fn copy_kernel(&mut self) -> usize {
        self.linear_kernel("copy", "from", "to", &[1.0])
    }

    /// `Σ c_k·a_k` as a kernel.
    fn linear_kernel(
        &mut self,
        name: &str,
        input: &str,
        output: &str,
        coefficients: &[f64],
    ) -> usize {
        let mut graph = Graph::new(Vec::new());
        let mut leaves = Vec::new();
        let mut terms: Vec<(NodeId, f64)> = Vec::new();
        for &coefficient in coefficients {
            let unknown = usize::from(graph.add_unknown(Unknown {
                name: format!("{input}{}", leaves.len() + 1),
                arguments: Vec::new(),
            }));
            terms.push((graph.jet(unknown, MultiIndex::zero()), coefficient));
            leaves.push(Leaf::Jet(unknown, MultiIndex::zero()));
        }
        let sum = graph.sum(&terms, 0.0);
        let names = Names {
            uniforms: self.names.uniforms.clone(),
            ..Names::default()
        };
        let outputs = [(output.to_string(), sum)];
        let kernel = kernel::lower(&graph, &names, name, &leaves, &outputs);
        self.add_kernel(kernel)
    }

    /// The reverse sweep of a linear kernel, which reads cotangents alone.
    fn transposed(&mut self, kernel: usize) -> usize {
        let forward = &self.kernels[kernel];
        let wanted: Vec<usize> = (0..forward.inputs.len()).collect();
        let backward = kernel::without_unread_inputs(kernel::adjoint(forward, &wanted).backward);
        self.add_kernel(backward)
    }
}
