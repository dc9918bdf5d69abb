//! Code from verified kernels.
//!
//! * Input: [`Kernel`](crate::kernel::Kernel)s.
//! * Output: machine code by [`cranelift`]. The reference for it is [`crate::kernel::interpret`].
//! * Invariants: a back end does not fail on a verified kernel because of the kernel; it can fail because
//!   of the machine ([`cranelift::BackendError`]).

pub mod cranelift;
