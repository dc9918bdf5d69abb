//! Machine code for the CPU at hand, by Cranelift.
//!
//! A kernel is cut into *segments* at its calls of transcendental functions. Each segment is a loop over
//! the lanes, a 128-bit register at a time, or 512 bits where there are such registers (`avx512` writes that code;
//! memory, symbols and entry points are Cranelift's either way); between segments, whole rows of lanes go through the
//! run time's vector functions, which use the widest registers there are. A value that crosses a call lives
//! in a row of scratch memory.

mod arithmetic;
mod functions;
mod generate;

pub use functions::{BinaryVectorFunction, UnaryVectorFunction, VectorFunctions};

use super::avx512;
use crate::function::{FUNCTIONS, Function};
use crate::kernel::Kernel;
use crate::precision::{Number, Precision};
use cranelift_codegen::ir::{self, AbiParam, Signature, UserFuncName};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::FunctionBuilderContext;
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Linkage, Module};
use generate::generate;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// The number of lanes of a kernel's run is a multiple of this in double precision, and of twice as many in single
/// precision.
pub const LANE_MULTIPLE: usize = 8;

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
    precision: Precision,
}

/// Pointers are to numbers of the code's precision.
type EntryPoint = unsafe extern "C" fn(
    inputs: *const *const u8,
    uniforms: *const u8,
    outputs: *const *mut u8,
    scratch: *mut u8,
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

    /// The number of lane inputs of a kernel.
    #[must_use]
    pub fn inputs(&self, kernel: usize) -> usize {
        self.kernels[kernel].inputs
    }

    /// Runs a kernel over `lanes` lanes.
    ///
    /// # Safety
    ///
    /// Every pointer in `inputs` and `outputs` must be valid for `lanes` numbers and aligned to one, and
    /// the outputs must overlap neither each other nor the inputs.
    ///
    /// # Panics
    ///
    /// If the numbers are not of the code's precision, the number of pointers or uniforms is not the kernel's,
    /// `lanes` is not a multiple as [`LANE_MULTIPLE`] says, or `scratch` is shorter than [`Self::scratch_rows`] rows.
    #[allow(unsafe_code)] // the one door to generated code
    pub unsafe fn run<R: Number>(
        &self,
        kernel: usize,
        inputs: &[*const R],
        uniforms: &[R],
        outputs: &[*mut R],
        scratch: &mut [R],
        lanes: usize,
    ) {
        let entry = &self.kernels[kernel];
        assert_eq!(R::PRECISION, self.precision);
        assert_eq!(inputs.len(), entry.inputs);
        assert_eq!(outputs.len(), entry.outputs);
        assert_eq!(uniforms.len(), entry.uniforms);
        assert!(lanes.is_multiple_of(LANE_MULTIPLE * 8 / R::PRECISION.bytes()));
        assert!(scratch.len() >= entry.scratch_rows * lanes);
        // SAFETY: the code was generated for exactly these counts (asserted above), reads and writes
        // `lanes` numbers behind each pointer, which the caller vouches for, and stays in `scratch`.
        unsafe {
            (entry.function)(
                inputs.as_ptr().cast(),
                uniforms.as_ptr().cast(),
                outputs.as_ptr().cast(),
                scratch.as_mut_ptr().cast(),
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
pub fn compile(
    kernels: &[Kernel],
    functions: VectorFunctions,
    precision: Precision,
) -> Result<Code, BackendError> {
    compile_for(kernels, functions, precision, avx512::is_available())
}

/// The same by Cranelift alone, with registers of 128 bits.
///
/// # Errors
///
/// If the processor is not supported.
pub fn compile_narrow(
    kernels: &[Kernel],
    functions: VectorFunctions,
    precision: Precision,
) -> Result<Code, BackendError> {
    compile_for(kernels, functions, precision, false)
}

fn compile_for(
    kernels: &[Kernel],
    functions: VectorFunctions,
    precision: Precision,
    wide: bool,
) -> Result<Code, BackendError> {
    let isa = host_isa()?;
    let call_conv = isa.default_call_conv();
    let mut builder = JITBuilder::with_isa(isa, cranelift_module::default_libcall_names());
    for (name, function) in FUNCTIONS {
        builder.symbol(symbol(name), functions.unary(function, precision));
    }
    builder.symbol(symbol("pow"), functions.power(precision));
    let mut module = JITModule::new(builder);
    let imports = Imports::declare(&mut module, call_conv)?;
    let mut context = module.make_context();
    let mut builder_context = FunctionBuilderContext::new();
    let mut declared = Vec::new();
    for (number, kernel) in kernels.iter().enumerate() {
        context.func.signature = kernel_signature(&module, call_conv);
        context.func.name = UserFuncName::user(0, u32::try_from(number).unwrap_or(u32::MAX));
        let id = module
            .declare_function(
                &format!("kernel{number}"),
                Linkage::Local,
                &context.func.signature,
            )
            .map_err(BackendError::new)?;
        if wide {
            let address = |function: Option<Function>| match function {
                Some(function) => functions.unary(function, precision) as u64,
                None => functions.power(precision) as u64,
            };
            let (bytes, scratch_rows) = avx512::generate(kernel, precision, address);
            module
                .define_function_bytes(id, 64, &bytes, &[])
                .map_err(BackendError::new)?;
            module.clear_context(&mut context);
            declared.push((id, scratch_rows));
            continue;
        }
        let scratch_rows = generate(
            kernel,
            &mut context.func,
            &mut builder_context,
            &mut module,
            &imports,
            precision,
        );
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
        precision,
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
        Precision::Double,
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
