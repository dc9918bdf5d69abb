//! Machine code for the CPU at hand, by Cranelift.
//!
//! A kernel is cut into *segments* at its calls of transcendental functions. Each segment is a loop over
//! the lanes, two at a time in one 128-bit register; between segments, whole rows of lanes go through the
//! run time's vector functions, which use the widest registers there are. A value that crosses a call lives
//! in a row of scratch memory.

use crate::function::{FUNCTIONS, Function};
use crate::kernel::{Instruction, Kernel, Value};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{
    self, AbiParam, InstBuilder, MemFlagsData, Signature, UserFuncName, types,
};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Linkage, Module};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// The number of lanes of a kernel's run is a multiple of this.
pub const LANE_MULTIPLE: usize = 8;

/// Lanes in one register of generated code.
const REGISTER_LANES: i64 = 2;

/// Rows are valid memory but need not be aligned to a register.
const ROW_ACCESS: MemFlagsData = MemFlagsData::new().with_notrap();

/// `y[i] = f(x[i])` for `i < n`; `x` and `y` may be the same.
pub type UnaryVectorFunction = unsafe extern "C" fn(x: *const f64, y: *mut f64, n: usize);

/// `z[i] = f(x[i], y[i])` for `i < n`; `z` may be `x` or `y`.
pub type BinaryVectorFunction =
    unsafe extern "C" fn(x: *const f64, y: *const f64, z: *mut f64, n: usize);

/// The vector functions that generated code calls. The run time supplies them.
#[derive(Clone, Copy)]
pub struct VectorFunctions {
    /// One for each function of the language.
    pub unary: fn(Function) -> UnaryVectorFunction,
    /// `x^y`
    pub power: BinaryVectorFunction,
}

/// Why there is no machine code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendError(String);

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no machine code for this processor: {}", self.0)
    }
}

impl std::error::Error for BackendError {}

impl BackendError {
    fn new(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Compiled kernels. The code lives as long as this.
pub struct Code {
    /// Owns the memory of the code; nobody looks inside until it is freed.
    module: Mutex<Option<JITModule>>,
    kernels: Vec<Entry>,
}

type EntryPoint = unsafe extern "C" fn(
    inputs: *const *const f64,
    uniforms: *const f64,
    outputs: *const *mut f64,
    scratch: *mut f64,
    lanes: usize,
);

struct Entry {
    function: EntryPoint,
    inputs: usize,
    outputs: usize,
    uniforms: usize,
    scratch_rows: usize,
}

impl Code {
    /// The rows of scratch memory, each as long as the number of lanes, that a run of this kernel needs.
    #[must_use]
    pub fn scratch_rows(&self, kernel: usize) -> usize {
        self.kernels[kernel].scratch_rows
    }

    /// Runs a kernel over `lanes` lanes.
    ///
    /// # Safety
    ///
    /// Every pointer in `inputs` and `outputs` must be valid for `lanes` numbers, aligned to 8 bytes, and
    /// the outputs must overlap neither each other nor the inputs.
    ///
    /// # Panics
    ///
    /// If the number of pointers or uniforms is not the kernel's, `lanes` is not a multiple of
    /// [`LANE_MULTIPLE`], or `scratch` is shorter than [`Self::scratch_rows`] rows.
    #[allow(unsafe_code)] // the one door to generated code
    pub unsafe fn run(
        &self,
        kernel: usize,
        inputs: &[*const f64],
        uniforms: &[f64],
        outputs: &[*mut f64],
        scratch: &mut [f64],
        lanes: usize,
    ) {
        let entry = &self.kernels[kernel];
        assert_eq!(inputs.len(), entry.inputs);
        assert_eq!(outputs.len(), entry.outputs);
        assert_eq!(uniforms.len(), entry.uniforms);
        assert_eq!(lanes % LANE_MULTIPLE, 0);
        assert!(scratch.len() >= entry.scratch_rows * lanes);
        // SAFETY: the code was generated for exactly these counts (asserted above), reads and writes
        // `lanes` numbers behind each pointer, which the caller vouches for, and stays in `scratch`.
        unsafe {
            (entry.function)(
                inputs.as_ptr(),
                uniforms.as_ptr(),
                outputs.as_ptr(),
                scratch.as_mut_ptr(),
                lanes,
            );
        }
    }
}

impl Drop for Code {
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        let module = self
            .module
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = module.take() {
            // SAFETY: the function pointers into this memory are private and die with `self`.
            unsafe { module.free_memory() };
        }
    }
}

/// Compiles verified kernels.
///
/// # Errors
///
/// If the processor is not supported.
pub fn compile(kernels: &[Kernel], functions: VectorFunctions) -> Result<Code, BackendError> {
    let isa = host_isa()?;
    let call_conv = isa.default_call_conv();
    let mut builder = JITBuilder::with_isa(isa, cranelift_module::default_libcall_names());
    for (name, function) in FUNCTIONS {
        builder.symbol(symbol(name), (functions.unary)(function) as *const u8);
    }
    builder.symbol(symbol("pow"), functions.power as *const u8);
    let mut module = JITModule::new(builder);
    let imports = Imports::declare(&mut module, call_conv)?;
    let mut context = module.make_context();
    let mut builder_context = FunctionBuilderContext::new();
    let mut declared = Vec::new();
    for (number, kernel) in kernels.iter().enumerate() {
        context.func.signature = kernel_signature(&module, call_conv);
        context.func.name = UserFuncName::user(0, u32::try_from(number).unwrap_or(u32::MAX));
        let scratch_rows = generate(
            kernel,
            &mut context.func,
            &mut builder_context,
            &mut module,
            &imports,
        );
        let id = module
            .declare_function(
                &format!("kernel{number}"),
                Linkage::Local,
                &context.func.signature,
            )
            .map_err(BackendError::new)?;
        module
            .define_function(id, &mut context)
            .map_err(BackendError::new)?;
        module.clear_context(&mut context);
        declared.push((id, scratch_rows));
    }
    module.finalize_definitions().map_err(BackendError::new)?;
    let entries = kernels
        .iter()
        .zip(declared)
        .map(|(kernel, (id, scratch_rows))| Entry {
            function: entry_point(module.get_finalized_function(id)),
            inputs: kernel.inputs.len(),
            outputs: kernel.outputs.len(),
            uniforms: kernel.uniforms.len(),
            scratch_rows,
        })
        .collect();
    Ok(Code {
        module: Mutex::new(Some(module)),
        kernels: entries,
    })
}

/// The Cranelift IR of a kernel, for people.
///
/// # Errors
///
/// If the processor is not supported.
pub fn print(kernel: &Kernel) -> Result<String, BackendError> {
    let isa = host_isa()?;
    let call_conv = isa.default_call_conv();
    let builder = JITBuilder::with_isa(isa, cranelift_module::default_libcall_names());
    let mut module = JITModule::new(builder);
    let imports = Imports::declare(&mut module, call_conv)?;
    let mut function = ir::Function::with_name_signature(
        UserFuncName::testcase(&kernel.name),
        kernel_signature(&module, call_conv),
    );
    generate(
        kernel,
        &mut function,
        &mut FunctionBuilderContext::new(),
        &mut module,
        &imports,
    );
    Ok(function.display().to_string())
}

#[allow(unsafe_code)]
fn entry_point(code: *const u8) -> EntryPoint {
    // SAFETY: `code` is the start of a finished function that was generated with the signature of
    // `EntryPoint` (see `kernel_signature`) and the host's C calling convention.
    unsafe { std::mem::transmute::<*const u8, EntryPoint>(code) }
}

fn host_isa() -> Result<OwnedTargetIsa, BackendError> {
    let mut flags = settings::builder();
    flags.set("opt_level", "speed").map_err(BackendError::new)?;
    flags.set("is_pic", "false").map_err(BackendError::new)?;
    cranelift_native::builder()
        .map_err(BackendError::new)?
        .finish(settings::Flags::new(flags))
        .map_err(BackendError::new)
}

fn symbol(function: &str) -> String {
    format!("pdec_{function}")
}

/// The vector functions as seen from generated code.
struct Imports {
    unary: BTreeMap<Function, FuncId>,
    power: FuncId,
}

impl Imports {
    fn declare(module: &mut JITModule, call_conv: CallConv) -> Result<Self, BackendError> {
        let pointer = AbiParam::new(module.target_config().pointer_type());
        let mut signature = Signature::new(call_conv);
        signature.params = vec![pointer; 3];
        let mut unary = BTreeMap::new();
        for (name, function) in FUNCTIONS {
            let id = module
                .declare_function(&symbol(name), Linkage::Import, &signature)
                .map_err(BackendError::new)?;
            unary.insert(function, id);
        }
        signature.params = vec![pointer; 4];
        let power = module
            .declare_function(&symbol("pow"), Linkage::Import, &signature)
            .map_err(BackendError::new)?;
        Ok(Self { unary, power })
    }
}

fn kernel_signature(module: &JITModule, call_conv: CallConv) -> Signature {
    let mut signature = Signature::new(call_conv);
    signature.params = vec![AbiParam::new(module.target_config().pointer_type()); 5];
    signature
}

/// The segment of each instruction: one more than that of the latest call among its operands.
fn segments(kernel: &Kernel) -> Vec<usize> {
    let mut segments = vec![0; kernel.instructions.len()];
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        let mut segment = 0;
        instruction.for_each_operand(|operand| {
            let after = usize::from(is_call(&kernel.instructions[operand.index()]));
            segment = segment.max(segments[operand.index()] + after);
        });
        segments[index] = segment;
    }
    segments
}

/// Calls happen after the loop of their segment.
fn is_call(instruction: &Instruction) -> bool {
    match instruction {
        Instruction::Power(..) => true,
        // A square root is one machine instruction, as are sign operations.
        Instruction::Call(function, _) => !matches!(function, Function::Sqrt | Function::Abs),
        Instruction::Number(_)
        | Instruction::Load(_)
        | Instruction::Uniform(_)
        | Instruction::Negate(_)
        | Instruction::Add(..)
        | Instruction::Subtract(..)
        | Instruction::Multiply(..)
        | Instruction::Divide(..)
        | Instruction::MultiplyAdd(..)
        | Instruction::Select { .. }
        | Instruction::Store { .. } => false,
    }
}

/// Leaves are read again wherever they are needed.
fn is_leaf(instruction: &Instruction) -> bool {
    matches!(
        instruction,
        Instruction::Number(_) | Instruction::Load(_) | Instruction::Uniform(_)
    )
}

/// Where a row of lanes is in memory.
#[derive(Clone, Copy)]
enum Row {
    Input(u32),
    Output(u32),
    Scratch(usize),
}

/// Which values live in memory, and where.
struct Placement {
    rows: HashMap<Value, Row>,
    scratch_rows: usize,
}

fn place(kernel: &Kernel, segments: &[usize]) -> Placement {
    let mut rows = HashMap::new();
    // A value that is an output has its place there.
    for instruction in &kernel.instructions {
        if let Instruction::Store { output, value } = *instruction {
            rows.entry(value).or_insert(Row::Output(output));
        }
    }
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        if let Instruction::Load(input) = *instruction {
            rows.insert(value(index), Row::Input(input));
        }
    }
    let mut scratch_rows = 0;
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        let mut needs_memory = Vec::new();
        instruction.for_each_operand(|operand| {
            let producer = &kernel.instructions[operand.index()];
            let crosses = is_call(instruction)
                || is_call(producer)
                || (segments[operand.index()] < segments[index] && !is_leaf(producer));
            if crosses {
                needs_memory.push(operand);
            }
        });
        if is_call(instruction) {
            needs_memory.push(value(index));
        }
        for operand in needs_memory {
            rows.entry(operand).or_insert_with(|| {
                scratch_rows += 1;
                Row::Scratch(scratch_rows - 1)
            });
        }
    }
    Placement { rows, scratch_rows }
}

fn value(index: usize) -> Value {
    Value(u32::try_from(index).unwrap_or(u32::MAX))
}

/// Writes the body of a kernel and returns the rows of scratch memory that it needs.
fn generate(
    kernel: &Kernel,
    function: &mut ir::Function,
    builder_context: &mut FunctionBuilderContext,
    module: &mut JITModule,
    imports: &Imports,
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
    inputs: ir::Value,
    uniforms: ir::Value,
    outputs: ir::Value,
    scratch: ir::Value,
    lanes: ir::Value,
}

impl Body<'_> {
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
                let bytes = builder
                    .ins()
                    .imul_imm_s(self.lanes, i64::try_from(row * 8).unwrap_or(i64::MAX));
                builder.ins().iadd(self.scratch, bytes)
            }
        }
    }

    /// One loop that computes what belongs to this segment.
    fn loop_over_lanes(&mut self, builder: &mut FunctionBuilder, segment: usize) {
        let work: Vec<usize> = (0..self.kernel.instructions.len())
            .filter(|&index| {
                let instruction = &self.kernel.instructions[index];
                self.segments[index] == segment && !is_call(instruction) && !is_leaf(instruction)
            })
            .filter(|&index| self.has_effect(index))
            .collect();
        if work.is_empty() {
            return;
        }
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
                    Instruction::Number(number) => {
                        if !fixed.contains_key(&operand) {
                            let scalar = builder.ins().f64const(number);
                            let splat = builder.ins().splat(types::F64X2, scalar);
                            fixed.insert(operand, splat);
                        }
                    }
                    Instruction::Uniform(uniform) => {
                        if !fixed.contains_key(&operand) {
                            let offset = i32::try_from(uniform * 8).unwrap_or(i32::MAX);
                            let scalar =
                                builder
                                    .ins()
                                    .load(types::F64, ROW_ACCESS, self.uniforms, offset);
                            let splat = builder.ins().splat(types::F64X2, scalar);
                            fixed.insert(operand, splat);
                        }
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
                        if !work.contains(&operand.index())
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

        let header = builder.create_block();
        let exit = builder.create_block();
        let offset = builder.append_block_param(header, types::I64);
        let bytes = builder.ins().imul_imm_s(self.lanes, 8);
        let zero = builder.ins().iconst(types::I64, 0);
        builder.ins().jump(header, &[zero.into()]);
        builder.switch_to_block(header);

        let mut values: HashMap<Value, ir::Value> = fixed;
        for &index in &work {
            let instruction = self.kernel.instructions[index];
            // Operands that live in memory are read once, where they are first needed.
            let mut operands = Vec::new();
            instruction.for_each_operand(|operand| operands.push(operand));
            for operand in operands {
                if !values.contains_key(&operand) {
                    let address = builder.ins().iadd(bases[&operand], offset);
                    let lanes = builder.ins().load(types::F64X2, ROW_ACCESS, address, 0);
                    values.insert(operand, lanes);
                }
            }
            let at = |operand: Value| values[&operand];
            if let Instruction::Store { output, value } = instruction {
                let address = builder.ins().iadd(stores[&output], offset);
                builder.ins().store(ROW_ACCESS, at(value), address, 0);
                continue;
            }
            let result = arithmetic(builder, &instruction, at);
            values.insert(value(index), result);
            if matches!(
                self.placement.rows.get(&value(index)),
                Some(Row::Scratch(_))
            ) {
                let address = builder.ins().iadd(bases[&value(index)], offset);
                builder.ins().store(ROW_ACCESS, result, address, 0);
            }
        }
        let next = builder.ins().iadd_imm_s(offset, REGISTER_LANES * 8);
        let more = builder
            .ins()
            .icmp(ir::condcodes::IntCC::UnsignedLessThan, next, bytes);
        builder.ins().brif(more, header, &[next.into()], exit, &[]);
        builder.seal_block(header);
        builder.switch_to_block(exit);
        builder.seal_block(exit);
    }

    /// A store of a call's result into the row where the call has put it already does nothing.
    fn has_effect(&self, index: usize) -> bool {
        match self.kernel.instructions[index] {
            Instruction::Store { output, value } => {
                let by_call = is_call(&self.kernel.instructions[value.index()]);
                let there =
                    matches!(self.placement.rows.get(&value), Some(Row::Output(o)) if *o == output);
                !(by_call && there)
            }
            Instruction::Number(_)
            | Instruction::Load(_)
            | Instruction::Uniform(_)
            | Instruction::Negate(_)
            | Instruction::Add(..)
            | Instruction::Subtract(..)
            | Instruction::Multiply(..)
            | Instruction::Divide(..)
            | Instruction::MultiplyAdd(..)
            | Instruction::Power(..)
            | Instruction::Call(..)
            | Instruction::Select { .. } => true,
        }
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
            Instruction::Number(number) => builder.ins().f64const(number),
            Instruction::Uniform(uniform) => {
                let offset = i32::try_from(uniform * 8).unwrap_or(i32::MAX);
                builder
                    .ins()
                    .load(types::F64, ROW_ACCESS, self.uniforms, offset)
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
            | Instruction::Store { .. } => return address,
        };
        let splat = builder.ins().splat(types::F64X2, scalar);
        let bytes = builder.ins().imul_imm_s(self.lanes, 8);
        let header = builder.create_block();
        let exit = builder.create_block();
        let offset = builder.append_block_param(header, types::I64);
        let zero = builder.ins().iconst(types::I64, 0);
        builder.ins().jump(header, &[zero.into()]);
        builder.switch_to_block(header);
        let target = builder.ins().iadd(address, offset);
        builder.ins().store(ROW_ACCESS, splat, target, 0);
        let next = builder.ins().iadd_imm_s(offset, REGISTER_LANES * 8);
        let more = builder
            .ins()
            .icmp(ir::condcodes::IntCC::UnsignedLessThan, next, bytes);
        builder.ins().brif(more, header, &[next.into()], exit, &[]);
        builder.seal_block(header);
        builder.switch_to_block(exit);
        builder.seal_block(exit);
        address
    }
}

/// The machine operation of an instruction that is neither leaf, call nor store.
fn arithmetic(
    builder: &mut FunctionBuilder,
    instruction: &Instruction,
    at: impl Fn(Value) -> ir::Value,
) -> ir::Value {
    match *instruction {
        Instruction::Negate(a) => builder.ins().fneg(at(a)),
        Instruction::Add(a, b) => builder.ins().fadd(at(a), at(b)),
        Instruction::Subtract(a, b) => builder.ins().fsub(at(a), at(b)),
        Instruction::Multiply(a, b) => builder.ins().fmul(at(a), at(b)),
        Instruction::Divide(a, b) => builder.ins().fdiv(at(a), at(b)),
        Instruction::MultiplyAdd(a, b, c) => builder.ins().fma(at(a), at(b), at(c)),
        Instruction::Select {
            left,
            right,
            less,
            otherwise,
        } => {
            let mask = builder.ins().fcmp(FloatCC::LessThan, at(left), at(right));
            let flags = MemFlagsData::new().with_endianness(ir::Endianness::Little);
            let mask = builder.ins().bitcast(types::F64X2, flags, mask);
            builder.ins().bitselect(mask, at(less), at(otherwise))
        }
        Instruction::Call(Function::Abs, a) => builder.ins().fabs(at(a)),
        // Of the calls only square roots and absolute values are arithmetic (see `is_call`); the other
        // instructions never come here.
        Instruction::Call(_, a) => builder.ins().sqrt(at(a)),
        Instruction::Number(_)
        | Instruction::Load(_)
        | Instruction::Uniform(_)
        | Instruction::Power(..)
        | Instruction::Store { .. } => {
            let zero = builder.ins().f64const(0.0);
            builder.ins().splat(types::F64X2, zero)
        }
    }
}
