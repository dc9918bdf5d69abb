//! The body of a kernel in Cranelift IR: loops over the lanes, and calls between them.

use super::super::place::{Placement, Row, has_effect, is_call, is_leaf, place, segments, value};
use super::Imports;
use super::arithmetic::{arithmetic, number};
use crate::kernel::{Instruction, Kernel, Value};
use crate::precision::Precision;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, types};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::JITModule;
use cranelift_module::Module;
use std::collections::HashMap;

/// Bytes in one register of generated code.
const REGISTER: i64 = 16;

/// Rows are valid memory but need not be aligned to a register.
const ROW_ACCESS: MemFlagsData = MemFlagsData::new().with_notrap();

/// Writes the body of a kernel and returns the rows of scratch memory that it needs.
pub fn generate(
    kernel: &Kernel,
    function: &mut ir::Function,
    builder_context: &mut FunctionBuilderContext,
    module: &mut JITModule,
    imports: &Imports,
    precision: Precision,
) -> usize {
    let segments = segments(kernel);
    let placement = place(kernel, &segments);
    let pointer_type = module.target_config().pointer_type();
    let mut builder = FunctionBuilder::new(function, builder_context);
    let entry = builder.create_block();
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    builder.seal_block(entry);
    let parameters = builder.block_params(entry).to_vec();
    let mut body = Body {
        kernel,
        segments: &segments,
        placement: &placement,
        pointer_type,
        scalar: scalar_type(precision),
        inputs: parameters[0],
        uniforms: parameters[1],
        outputs: parameters[2],
        scratch: parameters[3],
        lanes: parameters[4],
    };
    let last = segments.iter().copied().max().unwrap_or(0);
    for segment in 0..=last {
        body.loop_over_lanes(&mut builder, segment);
        body.calls(&mut builder, segment, module, imports);
    }
    builder.ins().return_(&[]);
    builder.finalize(module.target_config());
    placement.scratch_rows
}

struct Body<'a> {
    kernel: &'a Kernel,
    segments: &'a [usize],
    placement: &'a Placement,
    pointer_type: ir::Type,
    /// The type of a number.
    scalar: ir::Type,
    inputs: ir::Value,
    uniforms: ir::Value,
    outputs: ir::Value,
    scratch: ir::Value,
    lanes: ir::Value,
}

fn scalar_type(precision: Precision) -> ir::Type {
    match precision {
        Precision::Single => types::F32,
        Precision::Double => types::F64,
    }
}

/// A loop under construction.
struct Loop {
    body: ir::Block,
    /// Bytes from the first lane to the lanes of this round.
    offset: ir::Value,
    /// Bytes of a whole row.
    bytes: ir::Value,
}

impl Body<'_> {
    /// The type of a register.
    fn vector(&self) -> ir::Type {
        match self.scalar {
            types::F32 => types::F32X4,
            _ => types::F64X2,
        }
    }

    /// Bytes of a number.
    fn bytes(&self) -> i64 {
        i64::from(self.scalar.bytes())
    }

    /// The address of the first lane of a row.
    fn row_address(&self, builder: &mut FunctionBuilder, row: Row) -> ir::Value {
        let nth = |index: u32| i32::try_from(index * 8).unwrap_or(i32::MAX);
        match row {
            Row::Input(input) => {
                builder
                    .ins()
                    .load(self.pointer_type, ROW_ACCESS, self.inputs, nth(input))
            }
            Row::Output(output) => {
                builder
                    .ins()
                    .load(self.pointer_type, ROW_ACCESS, self.outputs, nth(output))
            }
            Row::Scratch(row) => {
                let bytes = builder.ins().imul_imm_s(
                    self.lanes,
                    i64::try_from(row).unwrap_or(i64::MAX) * self.bytes(),
                );
                builder.ins().iadd(self.scratch, bytes)
            }
        }
    }

    /// The number of a uniform.
    fn uniform(&self, builder: &mut FunctionBuilder, uniform: u32) -> ir::Value {
        let offset = i32::try_from(uniform * self.scalar.bytes()).unwrap_or(i32::MAX);
        builder
            .ins()
            .load(self.scalar, ROW_ACCESS, self.uniforms, offset)
    }

    /// Opens a loop over the lanes; what follows is its body.
    fn begin_loop(&self, builder: &mut FunctionBuilder) -> Loop {
        let bytes = builder.ins().imul_imm_s(self.lanes, self.bytes());
        let body = builder.create_block();
        let offset = builder.append_block_param(body, types::I64);
        let zero = builder.ins().iconst(types::I64, 0);
        builder.ins().jump(body, &[zero.into()]);
        builder.switch_to_block(body);
        Loop {
            body,
            offset,
            bytes,
        }
    }

    /// Closes the loop; what follows comes after it.
    fn end_loop(builder: &mut FunctionBuilder, round: Loop) {
        let exit = builder.create_block();
        let next = builder.ins().iadd_imm_s(round.offset, REGISTER);
        let more = builder
            .ins()
            .icmp(IntCC::UnsignedLessThan, next, round.bytes);
        builder
            .ins()
            .brif(more, round.body, &[next.into()], exit, &[]);
        builder.seal_block(round.body);
        builder.switch_to_block(exit);
        builder.seal_block(exit);
    }

    /// One loop that computes what belongs to this segment.
    fn loop_over_lanes(&mut self, builder: &mut FunctionBuilder, segment: usize) {
        let work: Vec<usize> = (0..self.kernel.instructions.len())
            .filter(|&index| {
                let instruction = &self.kernel.instructions[index];
                self.segments[index] == segment && !is_call(instruction) && !is_leaf(instruction)
            })
            .filter(|&index| has_effect(self.kernel, self.placement, index))
            .collect();
        if work.is_empty() {
            return;
        }
        let is_computed_here = |operand: Value| {
            let producer = &self.kernel.instructions[operand.index()];
            self.segments[operand.index()] == segment && !is_call(producer) && !is_leaf(producer)
        };
        // Everything that does not change from lane to lane is read before the loop.
        let mut fixed: HashMap<Value, ir::Value> = HashMap::new();
        let mut bases: HashMap<Value, ir::Value> = HashMap::new();
        let mut stores: HashMap<u32, ir::Value> = HashMap::new();
        for &index in &work {
            let instruction = &self.kernel.instructions[index];
            let mut operands = Vec::new();
            instruction.for_each_operand(|operand| operands.push(operand));
            for operand in operands {
                match self.kernel.instructions[operand.index()] {
                    Instruction::Number(constant) => {
                        fixed.entry(operand).or_insert_with(|| {
                            let scalar = number(builder, self.scalar, constant);
                            builder.ins().splat(self.vector(), scalar)
                        });
                    }
                    Instruction::Uniform(uniform) => {
                        fixed.entry(operand).or_insert_with(|| {
                            let scalar = self.uniform(builder, uniform);
                            builder.ins().splat(self.vector(), scalar)
                        });
                    }
                    Instruction::Load(_)
                    | Instruction::Negate(_)
                    | Instruction::Add(..)
                    | Instruction::Subtract(..)
                    | Instruction::Multiply(..)
                    | Instruction::Divide(..)
                    | Instruction::MultiplyAdd(..)
                    | Instruction::Power(..)
                    | Instruction::Call(..)
                    | Instruction::Select { .. }
                    | Instruction::Store { .. } => {
                        if !is_computed_here(operand)
                            && !bases.contains_key(&operand)
                            && let Some(&row) = self.placement.rows.get(&operand)
                        {
                            let address = self.row_address(builder, row);
                            bases.insert(operand, address);
                        }
                    }
                }
            }
            if let Instruction::Store { output, .. } = *instruction {
                let address = self.row_address(builder, Row::Output(output));
                stores.insert(output, address);
            } else if let Some(&row @ Row::Scratch(_)) = self.placement.rows.get(&value(index)) {
                let address = self.row_address(builder, row);
                bases.insert(value(index), address);
            }
        }

        let round = self.begin_loop(builder);
        let offset = round.offset;
        let mut values: HashMap<Value, ir::Value> = fixed;
        for &index in &work {
            let instruction = self.kernel.instructions[index];
            // Operands that live in memory are read once, where they are first needed.
            let mut operands = Vec::new();
            instruction.for_each_operand(|operand| operands.push(operand));
            for operand in operands {
                values.entry(operand).or_insert_with(|| {
                    let address = builder.ins().iadd(bases[&operand], offset);
                    builder.ins().load(self.vector(), ROW_ACCESS, address, 0)
                });
            }
            let at = |operand: Value| values[&operand];
            if let Instruction::Store { output, value } = instruction {
                let address = builder.ins().iadd(stores[&output], offset);
                builder.ins().store(ROW_ACCESS, at(value), address, 0);
                continue;
            }
            let result = arithmetic(builder, self.vector(), &instruction, at);
            values.insert(value(index), result);
            if matches!(
                self.placement.rows.get(&value(index)),
                Some(Row::Scratch(_))
            ) {
                let address = builder.ins().iadd(bases[&value(index)], offset);
                builder.ins().store(ROW_ACCESS, result, address, 0);
            }
        }
        Self::end_loop(builder, round);
    }

    /// The calls that end a segment.
    fn calls(
        &mut self,
        builder: &mut FunctionBuilder,
        segment: usize,
        module: &mut JITModule,
        imports: &Imports,
    ) {
        for (index, instruction) in self.kernel.instructions.iter().enumerate() {
            if self.segments[index] != segment || !is_call(instruction) {
                continue;
            }
            let mut arguments = Vec::new();
            let mut operands = Vec::new();
            instruction.for_each_operand(|operand| operands.push(operand));
            for operand in operands.into_iter().chain([value(index)]) {
                let row = self.row_of(builder, operand);
                arguments.push(row);
            }
            arguments.push(self.lanes);
            let id = match *instruction {
                Instruction::Call(function, _) => imports.unary[&function],
                Instruction::Power(..)
                | Instruction::Number(_)
                | Instruction::Load(_)
                | Instruction::Uniform(_)
                | Instruction::Negate(_)
                | Instruction::Add(..)
                | Instruction::Subtract(..)
                | Instruction::Multiply(..)
                | Instruction::Divide(..)
                | Instruction::MultiplyAdd(..)
                | Instruction::Select { .. }
                | Instruction::Store { .. } => imports.power,
            };
            let callee = module.declare_func_in_func(id, builder.func);
            builder.ins().call(callee, &arguments);
        }
    }

    /// The address of the row of a call's operand or result; a number or uniform is spread over a row first.
    fn row_of(&self, builder: &mut FunctionBuilder, operand: Value) -> ir::Value {
        let row = self
            .placement
            .rows
            .get(&operand)
            .copied()
            .unwrap_or(Row::Scratch(0));
        let address = self.row_address(builder, row);
        let scalar = match self.kernel.instructions[operand.index()] {
            Instruction::Number(constant) => number(builder, self.scalar, constant),
            Instruction::Uniform(uniform) => self.uniform(builder, uniform),
            Instruction::Load(_)
            | Instruction::Negate(_)
            | Instruction::Add(..)
            | Instruction::Subtract(..)
            | Instruction::Multiply(..)
            | Instruction::Divide(..)
            | Instruction::MultiplyAdd(..)
            | Instruction::Power(..)
            | Instruction::Call(..)
            | Instruction::Select { .. }
            | Instruction::Store { .. } => return address,
        };
        let splat = builder.ins().splat(self.vector(), scalar);
        let round = self.begin_loop(builder);
        let target = builder.ins().iadd(address, round.offset);
        builder.ins().store(ROW_ACCESS, splat, target, 0);
        Self::end_loop(builder, round);
        address
    }
}
