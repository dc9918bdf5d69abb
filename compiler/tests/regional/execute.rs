//! A block at one point by the meaning of its steps: the interpreter of kernels, and sums.

use pdec_compiler::kernel::interpret;
use pdec_compiler::program::{Block, Operand, Program, Step};

/// What the steps run on.
struct Machine<'a> {
    program: &'a Program,
    coefficients: usize,
    parameters: &'a [f64],
    uniforms: &'a [f64],
    memory: Vec<Vec<f64>>,
    gradient: Vec<f64>,
}

/// The expressions of a block, and the gradient of each by the parameters.
pub fn execute(
    program: &Program,
    block: &Block,
    parameters: &[f64],
    uniforms: &[f64],
    (point, data): (&[f64], &[f64]),
) -> (Vec<f64>, Vec<Vec<f64>>) {
    let memory = block.buffers.iter().map(|buffer| vec![0.0; buffer.rows]);
    let mut machine = Machine {
        program,
        coefficients: block.coefficients.len(),
        parameters,
        uniforms,
        memory: memory.collect(),
        gradient: Vec::new(),
    };
    machine.memory[block.coordinates].copy_from_slice(point);
    machine.memory[block.data].copy_from_slice(data);
    block.forward.iter().for_each(|step| machine.step(step));
    let values = machine.memory[block.outputs].clone();
    let mut gradients = Vec::new();
    for output in 0..values.len() {
        machine.gradient = vec![0.0; parameters.len()];
        machine.memory[block.cotangents].fill(0.0);
        machine.memory[block.cotangents][output] = 1.0;
        block.backward.iter().for_each(|step| machine.step(step));
        gradients.push(machine.gradient.clone());
    }
    (values, gradients)
}

impl Machine<'_> {
    fn step(&mut self, step: &Step) {
        let k = self.coefficients;
        match step {
            Step::Kernel {
                kernel,
                repeat,
                inputs,
                outputs,
            } => (0..*repeat).for_each(|neuron| self.kernel(*kernel, neuron, inputs, outputs)),
            Step::Product {
                affine,
                input,
                output,
            } => {
                for o in 0..affine.outputs {
                    for column in 0..affine.sites * k {
                        let is_value = column % k == 0;
                        let mut sum = if is_value {
                            self.parameters[affine.bias + o]
                        } else {
                            0.0
                        };
                        for i in 0..affine.inputs {
                            let weight = self.parameters[affine.weight + o * affine.inputs + i];
                            sum += weight * self.memory[*input][i * affine.sites * k + column];
                        }
                        self.memory[*output][o * affine.sites * k + column] = sum;
                    }
                }
            }
            Step::TransposedProduct {
                affine,
                input,
                output,
            } => {
                for i in 0..affine.inputs {
                    for column in 0..affine.sites * k {
                        let mut sum = 0.0;
                        for o in 0..affine.outputs {
                            let weight = self.parameters[affine.weight + o * affine.inputs + i];
                            sum += weight * self.memory[*input][o * affine.sites * k + column];
                        }
                        self.memory[*output][i * affine.sites * k + column] = sum;
                    }
                }
            }
            Step::ParameterGradient {
                affine,
                input,
                cotangent,
            } => {
                for o in 0..affine.outputs {
                    for column in 0..affine.sites * k {
                        let above = self.memory[*cotangent][o * affine.sites * k + column];
                        if column % k == 0 {
                            self.gradient[affine.bias + o] += above;
                        }
                        for i in 0..affine.inputs {
                            let value = self.memory[*input][i * affine.sites * k + column];
                            self.gradient[affine.weight + o * affine.inputs + i] += above * value;
                        }
                    }
                }
            }
        }
    }

    fn kernel(&mut self, kernel: usize, neuron: usize, inputs: &[Operand], outputs: &[Operand]) {
        let row = |operand: &Operand| operand.first + neuron * operand.stride;
        let read: Vec<[f64; 1]> = inputs
            .iter()
            .map(|operand| [self.memory[operand.buffer][row(operand)]])
            .collect();
        let read: Vec<&[f64]> = read.iter().map(<[f64; 1]>::as_slice).collect();
        let mut written = vec![[f64::NAN]; outputs.len()];
        let mut targets: Vec<&mut [f64]> =
            written.iter_mut().map(<[f64; 1]>::as_mut_slice).collect();
        let kernel = &self.program.kernels[kernel];
        interpret(kernel, &read, self.uniforms, &mut targets);
        for (operand, value) in outputs.iter().zip(&written) {
            self.memory[operand.buffer][row(operand)] = value[0];
        }
    }
}
