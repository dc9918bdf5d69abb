//! The forward steps of a block as a graph: a buffer is a matrix with a row for each of its rows and a column for each
//! point.

use super::ExportError;
use super::function::call;
use super::graph::{Graph, Name};
use pdec_compiler::kernel::{Instruction, Kernel};
use pdec_compiler::network::Affine;
use pdec_compiler::program::{Block, BufferId, Operand, Program, Step};

/// Rows of a buffer that one step has written.
struct Piece {
    first: usize,
    stride: usize,
    count: usize,
    matrix: Name,
}

/// A value of a kernel: a number, one row for all neurons, or a row for each.
#[derive(Clone)]
struct Known {
    name: Name,
    rows: usize,
}

/// The translation of one block with the parameters of one window.
pub struct Translation<'a> {
    graph: &'a mut Graph,
    program: &'a Program,
    block: &'a Block,
    parameters: &'a [f64],
    uniforms: &'a [f64],
    points: Name,
    pieces: Vec<Vec<Piece>>,
    whole: Vec<Option<Name>>,
}

impl<'a> Translation<'a> {
    /// A translation that reads the points from a matrix with a row for each coordinate.
    pub fn new(
        graph: &'a mut Graph,
        program: &'a Program,
        block: &'a Block,
        parameters: &'a [f64],
        uniforms: &'a [f64],
        points: &str,
    ) -> Self {
        let mut whole = vec![None; block.buffers.len()];
        whole[block.coordinates] = Some(points.to_owned());
        Self {
            graph,
            program,
            block,
            parameters,
            uniforms,
            points: points.to_owned(),
            pieces: block.buffers.iter().map(|_| Vec::new()).collect(),
            whole,
        }
    }

    /// A matrix with a row for each output.
    pub fn outputs(&mut self) -> Result<Name, ExportError> {
        let block = self.block;
        for step in &block.forward {
            match step {
                Step::Kernel {
                    kernel,
                    repeat,
                    inputs,
                    outputs,
                } => self.kernel(*kernel, *repeat, inputs, outputs)?,
                Step::Product {
                    affine,
                    input,
                    output,
                } => self.product(affine, *input, *output),
                // No forward step goes back.
                Step::TransposedProduct { .. } | Step::ParameterGradient { .. } => {}
            }
        }
        Ok(self.matrix(block.outputs))
    }

    /// The whole buffer, put together from its pieces.
    fn matrix(&mut self, buffer: BufferId) -> Name {
        if let Some(name) = &self.whole[buffer] {
            return name.clone();
        }
        let rows = self.block.buffers[buffer].rows;
        // Where each row of the buffer is among the rows of its pieces.
        let mut places: Vec<Option<usize>> = vec![None; rows];
        let pieces = std::mem::take(&mut self.pieces[buffer]);
        let mut parts: Vec<Name> = Vec::new();
        let mut above = 0;
        for piece in &pieces {
            for k in 0..piece.count {
                if let Some(place) = places.get_mut(piece.first + k * piece.stride) {
                    *place = Some(above + k);
                }
            }
            above += piece.count;
            parts.push(piece.matrix.clone());
        }
        // What no step writes is zero, as in the engine: a derivative that vanishes has no step.
        if places.contains(&None) {
            let zero = self.zero();
            parts.push(zero);
        }
        let names: Vec<&str> = parts.iter().map(String::as_str).collect();
        let stacked = if let [only] = names.as_slice() {
            (*only).to_owned()
        } else {
            self.graph.node_with("Concat", &names, Some(("axis", 0)))
        };
        let order: Vec<i64> = places
            .iter()
            .map(|place| i64::try_from(place.unwrap_or(above)).unwrap_or(0))
            .collect();
        let in_order = (0..above).eq(order.iter().map(|row| usize::try_from(*row).unwrap_or(0)));
        let matrix = if in_order {
            stacked
        } else {
            self.rows(&stacked, &order)
        };
        self.pieces[buffer] = pieces;
        self.whole[buffer] = Some(matrix.clone());
        matrix
    }

    /// A row of zeros, one for each point.
    fn zero(&mut self) -> Name {
        let first = self.rows(&self.points.clone(), &[0]);
        let zero = self.graph.number(0.0);
        self.graph.node("Mul", &[&first, &zero])
    }

    fn rows(&mut self, matrix: &str, rows: &[i64]) -> Name {
        let indices = self.graph.integers(rows);
        self.graph
            .node_with("Gather", &[matrix, &indices], Some(("axis", 0)))
    }

    /// The rows that a kernel reads for its neurons.
    fn operand(&mut self, operand: &Operand, repeat: usize) -> Known {
        let Operand {
            buffer,
            first,
            stride,
        } = *operand;
        // A row for each neuron, as it was written.
        let same = self.pieces[buffer]
            .iter()
            .find(|it| it.first == first && it.stride == stride && it.count == repeat);
        if let Some(piece) = same {
            return Known {
                name: piece.matrix.clone(),
                rows: repeat,
            };
        }
        let count = if stride == 0 { 1 } else { repeat };
        let matrix = self.matrix(buffer);
        let all = self.block.buffers[buffer].rows;
        if first == 0 && stride == 1 && count == all {
            return Known {
                name: matrix,
                rows: count,
            };
        }
        let rows: Vec<i64> = (0..count)
            .map(|k| i64::try_from(first + k * stride).unwrap_or(0))
            .collect();
        Known {
            name: self.rows(&matrix, &rows),
            rows: count,
        }
    }

    fn kernel(
        &mut self,
        kernel: usize,
        repeat: usize,
        inputs: &[Operand],
        outputs: &[Operand],
    ) -> Result<(), ExportError> {
        let program = self.program;
        let kernel: &Kernel = &program.kernels[kernel];
        let inputs: Vec<Known> = inputs.iter().map(|it| self.operand(it, repeat)).collect();
        let mut values: Vec<Option<Known>> = vec![None; kernel.instructions.len()];
        for (index, instruction) in kernel.instructions.iter().enumerate() {
            let known = |value: pdec_compiler::kernel::Value| {
                // Verified: every value is defined before its uses.
                values[value.index()].clone().unwrap_or(Known {
                    name: String::new(),
                    rows: 0,
                })
            };
            let mut apply = |operator: &str, operands: &[&Known]| {
                let names: Vec<&str> = operands.iter().map(|it| it.name.as_str()).collect();
                Known {
                    name: self.graph.node(operator, &names),
                    rows: operands.iter().map(|it| it.rows).max().unwrap_or(0),
                }
            };
            let value = match *instruction {
                Instruction::Number(number) => Known {
                    name: self.graph.number(number),
                    rows: 0,
                },
                Instruction::Load(input) => inputs[input as usize].clone(),
                Instruction::Uniform(uniform) => Known {
                    name: self.graph.number(self.uniforms[uniform as usize]),
                    rows: 0,
                },
                Instruction::Negate(a) => apply("Neg", &[&known(a)]),
                Instruction::Add(a, b) => apply("Add", &[&known(a), &known(b)]),
                Instruction::Subtract(a, b) => apply("Sub", &[&known(a), &known(b)]),
                Instruction::Multiply(a, b) => apply("Mul", &[&known(a), &known(b)]),
                Instruction::Divide(a, b) => apply("Div", &[&known(a), &known(b)]),
                Instruction::MultiplyAdd(a, b, c) => {
                    let product = apply("Mul", &[&known(a), &known(b)]);
                    apply("Add", &[&product, &known(c)])
                }
                Instruction::Power(a, b) => apply("Pow", &[&known(a), &known(b)]),
                Instruction::Call(function, a) => {
                    let a = known(a);
                    Known {
                        name: call(self.graph, function, &a.name)?,
                        rows: a.rows,
                    }
                }
                Instruction::Select {
                    left,
                    right,
                    less,
                    otherwise,
                } => {
                    let condition = apply("Less", &[&known(left), &known(right)]);
                    apply("Where", &[&condition, &known(less), &known(otherwise)])
                }
                Instruction::Store { output, value } => {
                    let value = known(value);
                    let matrix = self.spread(&value, repeat);
                    let Operand {
                        buffer,
                        first,
                        stride,
                    } = outputs[output as usize];
                    self.pieces[buffer].push(Piece {
                        first,
                        stride,
                        count: repeat,
                        matrix,
                    });
                    continue;
                }
            };
            values[index] = Some(value);
        }
        Ok(())
    }

    /// A row for each neuron and a column for each point, of a value that has fewer.
    fn spread(&mut self, value: &Known, repeat: usize) -> Name {
        if value.rows == repeat && repeat > 0 {
            return value.name.clone();
        }
        let first = self.rows(&self.points.clone(), &[0]);
        let zeros = self.graph.tensor(&[repeat, 1], &vec![0.0; repeat]);
        let zeros = self.graph.node("MatMul", &[&zeros, &first]);
        self.graph.node("Add", &[&zeros, &value.name])
    }

    /// The weights act on the neurons; sites, coefficients and points are all columns to them.
    fn product(&mut self, affine: &Affine, input: BufferId, output: BufferId) {
        let Affine {
            inputs,
            outputs,
            sites,
            ..
        } = *affine;
        let weights = &self.parameters[affine.weight..affine.weight + inputs * outputs];
        let weights = self.graph.tensor(&[outputs, inputs], weights);
        let rows = self.block.buffers[output].rows;
        let each = rows / outputs.max(1);
        let coefficients = each / sites.max(1);
        let mut bias = vec![0.0; rows];
        for (neuron, value) in self.parameters[affine.bias..affine.bias + outputs]
            .iter()
            .enumerate()
        {
            for site in 0..sites {
                bias[(neuron * sites + site) * coefficients] = *value;
            }
        }
        let bias = self.graph.tensor(&[rows, 1], &bias);
        if inputs == 0 {
            // Trained numbers of functions are an affine map of nothing: the bias at every point.
            let zero = self.zero();
            self.whole[output] = Some(self.graph.node("Add", &[&bias, &zero]));
            return;
        }
        let mut matrix = self.matrix(input);
        if each > 1 {
            let shape = self
                .graph
                .integers(&[i64::try_from(inputs).unwrap_or(-1), -1]);
            matrix = self.graph.node("Reshape", &[&matrix, &shape]);
        }
        let mut product = self.graph.node("MatMul", &[&weights, &matrix]);
        if each > 1 {
            let shape = self
                .graph
                .integers(&[i64::try_from(rows).unwrap_or(-1), -1]);
            product = self.graph.node("Reshape", &[&product, &shape]);
        }
        let matrix = self.graph.node("Add", &[&product, &bias]);
        self.whole[output] = Some(matrix);
    }
}
