//! Compiles the slice loop of a function for several vector widths and chooses one at run time.
//!
//! A function is one branch-free expression per lane ([`Function::value`]), inlined into loops that LLVM vectorises:
//! eight lanes with AVX-512, four with AVX2, two with the aarch64 baseline. Every operation of it is exactly defined
//! (IEEE arithmetic, fused `mul_add`, bit operations), and LLVM neither contracts nor reorders, so that all variants
//! give the same bits. On x86-64 without FMA `mul_add` is a call of the C library: right, but slow.
#![allow(unsafe_code)] // Calls of `#[target_feature]` functions after the features were detected.

/// A function of one variable.
pub(super) trait Function {
    /// The value for any argument.
    fn value(x: f64) -> f64;

    /// Replaces each element by the value there. Overridden where rare arguments need another path.
    #[inline(always)]
    fn lanes(y: &mut [f64]) {
        for v in y {
            *v = Self::value(*v);
        }
    }

    /// The same in single precision, for at most [`BLOCK`] elements. Overridden where that is worth another core.
    #[inline(always)]
    fn single_lanes(y: &mut [f32])
    where
        Self: Sized,
    {
        widened::<Self>(y);
    }
}

/// A function of two variables, called for one lane at a time.
pub(super) trait BinaryFunction {
    /// The value for any arguments.
    fn value(x: f64, p: f64) -> f64;
}

/// The widest vector in use: slices are padded to a multiple of it, so that no element takes a scalar remainder loop.
const LANES: usize = 8;

/// Elements per call of a loop: the copy from the input stays in the first-level cache, and one argument that needs
/// a slow path slows only its block.
const BLOCK: usize = 256;

/// `y[i] = F(x[i])`.
///
/// # Panics
///
/// If the lengths differ.
pub(super) fn map<F: Function>(level: Level, x: &[f64], y: &mut [f64]) {
    assert_eq!(x.len(), y.len(), "argument and result differ in length");
    for (x, y) in x.chunks(BLOCK).zip(y.chunks_mut(BLOCK)) {
        y.copy_from_slice(x);
        block::<F>(level, y);
    }
}

/// `y[i] = F(y[i])`.
pub(super) fn in_place<F: Function>(level: Level, y: &mut [f64]) {
    for y in y.chunks_mut(BLOCK) {
        block::<F>(level, y);
    }
}

/// `y[i] = F(y[i])` in single precision.
pub(super) fn single<F: Function>(level: Level, y: &mut [f32]) {
    for y in y.chunks_mut(BLOCK) {
        match level.0 {
            Registers::Baseline => F::single_lanes(y),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a `Level` of this kind exists only where the CPU has AVX2 and FMA (`Level::available`).
            Registers::Avx2 => unsafe { single_avx2::<F>(y) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a `Level` of this kind exists only where the CPU has these AVX-512 sets (`Level::available`).
            Registers::Avx512 => unsafe { single_avx512::<F>(y) },
        }
    }
}

/// Values in double precision, rounded, of at most [`BLOCK`] elements.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)] // rounding is what is asked for
fn widened<F: Function>(y: &mut [f32]) {
    let mut wide = [1.0; BLOCK];
    for (wide, y) in wide.iter_mut().zip(&*y) {
        *wide = f64::from(*y);
    }
    F::lanes(&mut wide[..y.len().next_multiple_of(LANES)]);
    for (y, wide) in y.iter_mut().zip(&wide) {
        *y = *wide as f32;
    }
}

/// `F(x)`, with the bits that [`map`] gives.
#[inline]
pub(super) fn one<F: Function>(level: Level, x: f64) -> f64 {
    match level.0 {
        Registers::Baseline => F::value(x),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a `Level` of this kind exists only where the CPU has AVX2 and FMA (`Level::available`).
        Registers::Avx2 | Registers::Avx512 => unsafe { one_avx2::<F>(x) },
    }
}

/// `F(x, p)`.
#[inline]
pub(super) fn two<F: BinaryFunction>(level: Level, x: f64, p: f64) -> f64 {
    match level.0 {
        Registers::Baseline => F::value(x, p),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a `Level` of this kind exists only where the CPU has AVX2 and FMA (`Level::available`).
        Registers::Avx2 | Registers::Avx512 => unsafe { two_avx2::<F>(x, p) },
    }
}

fn block<F: Function>(level: Level, y: &mut [f64]) {
    let (whole, tail) = y.split_at_mut(y.len() / LANES * LANES);
    if !whole.is_empty() {
        run::<F>(level, whole);
    }
    if !tail.is_empty() {
        let mut padded = [1.0; LANES];
        padded[..tail.len()].copy_from_slice(tail);
        run::<F>(level, &mut padded);
        tail.copy_from_slice(&padded[..tail.len()]);
    }
}

fn run<F: Function>(level: Level, y: &mut [f64]) {
    match level.0 {
        Registers::Baseline => F::lanes(y),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a `Level` of this kind exists only where the CPU has AVX2 and FMA (`Level::available`).
        Registers::Avx2 => unsafe { lanes_avx2::<F>(y) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a `Level` of this kind exists only where the CPU has these AVX-512 sets (`Level::available`).
        Registers::Avx512 => unsafe { lanes_avx512::<F>(y) },
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512cd,avx2,fma")]
fn lanes_avx512<F: Function>(y: &mut [f64]) {
    F::lanes(y);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn lanes_avx2<F: Function>(y: &mut [f64]) {
    F::lanes(y);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512cd,avx2,fma")]
fn single_avx512<F: Function>(y: &mut [f32]) {
    F::single_lanes(y);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn single_avx2<F: Function>(y: &mut [f32]) {
    F::single_lanes(y);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn one_avx2<F: Function>(x: f64) -> f64 {
    F::value(x)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn two_avx2<F: BinaryFunction>(x: f64, p: f64) -> f64 {
    F::value(x, p)
}

/// The registers of a set of vector instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Registers {
    /// What every processor of this kind has.
    Baseline,
    /// Four numbers, fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Eight numbers.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// A set of vector instructions that this CPU has. The field is private: only detection makes a `Level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level(Registers);

impl Level {
    /// The widest one, detected once.
    #[inline]
    pub(super) fn best() -> Level {
        static BEST: std::sync::OnceLock<Level> = std::sync::OnceLock::new();
        *BEST.get_or_init(|| {
            Level::available()
                .last()
                .unwrap_or(Level(Registers::Baseline))
        })
    }

    /// Its registers.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn registers(self) -> Registers {
        self.0
    }

    /// All that this CPU has, from narrow to wide.
    pub(super) fn available() -> impl Iterator<Item = Level> {
        let baseline = std::iter::once(Level(Registers::Baseline));
        #[cfg(target_arch = "x86_64")]
        let wider = {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            let avx512 = avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512cd");
            let avx2 = avx2.then_some(Level(Registers::Avx2));
            avx2.into_iter()
                .chain(avx512.then_some(Level(Registers::Avx512)))
        };
        #[cfg(not(target_arch = "x86_64"))]
        let wider = std::iter::empty();
        baseline.chain(wider)
    }
}
