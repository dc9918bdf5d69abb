//! The vector functions as the compiler's back end asks for them.

use super::{extern_c, single};
use pdec_compiler::backend::cranelift::{UnaryVectorFunction, VectorFunctions};
use pdec_compiler::function::Function;

/// The functions that generated code calls.
#[must_use]
pub fn vector_functions() -> VectorFunctions {
    VectorFunctions {
        unary,
        power: extern_c::pow,
        unary_single: single::unary,
        power_single: single::pow,
    }
}

fn unary(function: Function) -> UnaryVectorFunction {
    match function {
        Function::Sin => extern_c::sin,
        Function::Cos => extern_c::cos,
        Function::Tan => extern_c::tan,
        Function::Exp => extern_c::exp,
        Function::Log => extern_c::log,
        Function::Sqrt => extern_c::sqrt,
        Function::Tanh => extern_c::tanh,
        Function::Sinh => extern_c::sinh,
        Function::Cosh => extern_c::cosh,
        Function::Sech => extern_c::sech,
        Function::Atan => extern_c::atan,
        Function::Erf => extern_c::erf,
        Function::Abs => extern_c::abs,
        Function::Sign => extern_c::sign,
        Function::Heaviside => extern_c::heaviside,
    }
}
