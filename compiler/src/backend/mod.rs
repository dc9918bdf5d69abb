//! Code from verified kernels.
//!
//! * Input: [`Kernel`](crate::kernel::Kernel)s.
//! * Output: machine code by [`cranelift`], or by `avx512` where the processor has such registers; text by [`cuda`]. The reference for both is
//!   [`crate::kernel::interpret`].
//! * Invariants: a back end does not fail on a verified kernel because of the kernel; it can fail because
//!   of the machine ([`cranelift::BackendError`]).

mod avx512;
pub mod cranelift;
pub mod cuda;
mod place;
