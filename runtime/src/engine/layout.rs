//! Where the rows of a block's buffers are in the memory of a tile, and in which pieces kernels run over them.
//!
//! The compiler numbers the rows of a layer neuron after neuron, with the Taylor coefficients of a neuron (and its
//! sites) adjacent. In memory, a coefficient of all neurons is adjacent, one strip of lanes after the other:
//! `((coefficient · strips + strip) · neurons + neuron) · STRIP`. A product then reads and writes whole strips, and a
//! kernel runs along many neurons at once.

use super::buffers::Buffers;
use crate::math::real::Real;
use pdec_compiler::program::{Operand, Step};
use std::collections::HashMap;
use std::ops::Range;

/// Neurons that a kernel runs along at a time: its rows stay in the first-level cache.
const NEURONS: usize = 10;

/// Numbers beyond the end of a buffer that may be read.
const SLACK: usize = 64;

/// The memory of a block's buffers for one number of lanes.
#[derive(Debug)]
pub struct Layout {
    /// The numbers of each buffer.
    pub buffers: Vec<Range<usize>>,
    /// Numbers in all.
    pub size: usize,
    /// The pieces of each kernel step: of the forward steps, then of the backward ones.
    pub kernels: Vec<Vec<Piece>>,
    /// Rows that are the same for all neurons, spread over the neurons of a piece before a step.
    pub spreads: Vec<Vec<Spread>>,
    /// The longest piece, in lanes.
    pub longest: usize,
}

/// A run of a kernel: where the rows of its inputs and then of its outputs begin.
#[derive(Debug)]
pub struct Piece {
    /// Lanes.
    pub lanes: usize,
    /// The first number of each row.
    pub rows: Vec<usize>,
}

/// A strip of a row, to be repeated.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// Where it is.
    pub from: usize,
    /// Where the copies go.
    pub to: usize,
    /// How many.
    pub count: usize,
}

impl Layout {
    /// The memory of these buffers for kernels that are steps.
    pub fn new<R: Real>(
        Buffers {
            rows,
            neurons,
            lives,
        }: &Buffers,
        steps: &[Option<KernelStep<'_>>],
        lanes: usize,
    ) -> Self {
        let mut size = 0;
        let mut place = |numbers: usize| {
            let first = size;
            size += (numbers + SLACK).next_multiple_of(R::STRIP);
            first..first + numbers
        };
        let mut shared: Vec<(Range<usize>, usize)> = Vec::new();
        let buffers: Vec<Range<usize>> = rows
            .iter()
            .zip(lives)
            .map(|(rows, life)| {
                let Some(life) = life else {
                    return place(rows * lanes);
                };
                // Memory of the same size whose last reader is done.
                let free = shared
                    .iter_mut()
                    .find(|(range, last)| range.len() == rows * lanes && last < life.start());
                match free {
                    Some((range, last)) => {
                        *last = *life.end();
                        range.clone()
                    }
                    None => {
                        let range = place(rows * lanes);
                        shared.push((range.clone(), *life.end()));
                        range
                    }
                }
            })
            .collect();
        let mut spread: HashMap<(usize, usize), usize> = HashMap::new();
        let mut kernels = Vec::new();
        let mut spreads = Vec::new();
        let mut longest = 0;
        let strips = lanes / R::STRIP;
        for step in steps {
            let mut pieces = Vec::new();
            let mut before = Vec::new();
            if let Some(step) = step {
                let at = |operand: &Operand, neuron: usize, strip: usize| {
                    let row = operand.first + neuron * operand.stride;
                    let neurons = neurons[operand.buffer];
                    let group = rows[operand.buffer] / neurons;
                    let (neuron, coefficient) = (row / group, row % group);
                    let first = (coefficient * strips + strip) * neurons + neuron;
                    buffers[operand.buffer].start + first * R::STRIP
                };
                let operands: Vec<&Operand> = step.inputs.iter().chain(step.outputs).collect();
                for strip in 0..strips {
                    // In the order of memory, so that neighbours can be joined.
                    let mut order: Vec<usize> = (0..step.repeat).collect();
                    if let Some(output) = step.outputs.first() {
                        order.sort_by_key(|&neuron| at(output, neuron, strip));
                    }
                    let mut joined: Vec<Piece> = Vec::new();
                    for neuron in order {
                        let own: Vec<usize> = operands
                            .iter()
                            .map(|operand| at(operand, neuron, strip))
                            .collect();
                        let continues = |piece: &Piece| {
                            piece.lanes < NEURONS * R::STRIP
                                && operands.iter().zip(piece.rows.iter().zip(&own)).all(
                                    |(operand, (first, own))| {
                                        let next = if operand.stride == 0 {
                                            *first
                                        } else {
                                            first + piece.lanes
                                        };
                                        next == *own
                                    },
                                )
                        };
                        match joined.last_mut() {
                            Some(piece) if continues(piece) => piece.lanes += R::STRIP,
                            _ => joined.push(Piece {
                                lanes: R::STRIP,
                                rows: own,
                            }),
                        }
                    }
                    for mut piece in joined {
                        if piece.lanes > R::STRIP {
                            let fixed = operands.iter().zip(&mut piece.rows);
                            for (_, row) in fixed.filter(|(operand, _)| operand.stride == 0) {
                                let key = (*row, NEURONS);
                                let to = *spread.entry(key).or_insert_with(|| {
                                    let count = NEURONS;
                                    let to = place(count * R::STRIP).start;
                                    let from = *row;
                                    before.push(Spread { from, to, count });
                                    to
                                });
                                *row = to;
                            }
                        }
                        longest = longest.max(piece.lanes);
                        pieces.push(piece);
                    }
                }
            }
            kernels.push(pieces);
            spreads.push(before);
        }
        Self {
            buffers,
            size,
            kernels,
            spreads,
            longest,
        }
    }
}

/// The rows of a kernel step.
#[derive(Clone, Copy)]
pub struct KernelStep<'a> {
    /// Neurons.
    pub repeat: usize,
    /// Its inputs.
    pub inputs: &'a [Operand],
    /// Its outputs.
    pub outputs: &'a [Operand],
}

impl<'a> KernelStep<'a> {
    /// The rows of a step, if it is a kernel.
    pub fn of(step: &'a Step) -> Option<Self> {
        match step {
            Step::Kernel {
                repeat,
                inputs,
                outputs,
                ..
            } => Some(Self {
                repeat: *repeat,
                inputs,
                outputs,
            }),
            Step::Product { .. }
            | Step::TransposedProduct { .. }
            | Step::ParameterGradient { .. } => None,
        }
    }
}
