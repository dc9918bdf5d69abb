//! Kernels as text: what is printed is read back as it was, and what cannot be read is explained.
#![allow(clippy::unwrap_used)] // a test may fail

mod random;

use pdec_compiler::function::FUNCTIONS;
use pdec_compiler::kernel::{Instruction, Kernel, Value, adjoint, print, read};
use proptest::prelude::*;
use random::{build_step, example_kernels, random_kernel};
use std::fmt::Write as _;

/// The text says everything: reading and printing again gives the text, and the kernel, bit for bit.
fn reads_back(kernel: &Kernel) {
    let text = print(kernel);
    let again = read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(print(&again), text);
    assert_eq!(again.name, kernel.name);
    assert_eq!(again.inputs, kernel.inputs);
    assert_eq!(again.outputs, kernel.outputs);
    assert_eq!(again.uniforms, kernel.uniforms);
    assert_eq!(again.instructions.len(), kernel.instructions.len());
    for (a, b) in again.instructions.iter().zip(&kernel.instructions) {
        match (a, b) {
            (Instruction::Number(a), Instruction::Number(b)) => {
                assert_eq!(a.to_bits(), b.to_bits());
            }
            (a, b) => assert_eq!(a, b),
        }
    }
}

#[test]
fn kernels_of_examples_are_read_back() {
    for (_, kernels) in example_kernels() {
        kernels.iter().for_each(reads_back);
    }
}

/// Any instruction, most of them nonsense where they stand.
fn instruction() -> impl Strategy<Value = Instruction> {
    let v = || prop_oneof![9 => 0..12_u32, 1 => Just(u32::MAX)].prop_map(Value);
    let n = || prop_oneof![9 => 0..4_u32, 1 => Just(u32::MAX)];
    let bits = prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        (-40..40_i32).prop_map(|n| f64::from(n) / 8.0),
        Just(-0.0),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(std::f64::consts::PI),
    ];
    prop_oneof![
        bits.prop_map(Instruction::Number),
        n().prop_map(Instruction::Load),
        n().prop_map(Instruction::Uniform),
        v().prop_map(Instruction::Negate),
        (v(), v()).prop_map(|(a, b)| Instruction::Add(a, b)),
        (v(), v()).prop_map(|(a, b)| Instruction::Subtract(a, b)),
        (v(), v()).prop_map(|(a, b)| Instruction::Multiply(a, b)),
        (v(), v()).prop_map(|(a, b)| Instruction::Divide(a, b)),
        (v(), v()).prop_map(|(a, b)| Instruction::Power(a, b)),
        (v(), v(), v()).prop_map(|(a, b, c)| Instruction::MultiplyAdd(a, b, c)),
        (v(), 0..FUNCTIONS.len()).prop_map(|(a, f)| Instruction::Call(FUNCTIONS[f].1, a)),
        (v(), v(), v(), v()).prop_map(|(left, right, less, otherwise)| Instruction::Select {
            left,
            right,
            less,
            otherwise
        }),
        (n(), v()).prop_map(|(output, value)| Instruction::Store { output, value }),
    ]
}

/// Names as the compiler makes them, and any others.
fn names() -> impl Strategy<Value = Vec<String>> {
    let name = prop_oneof![
        "[a-c]",
        "[uθ]_[xt]{1,2}'?",
        Just("u at t = 0".to_string()),
        Just("given[u at t = 0]".to_string()),
        Just("scaled[x]_x".to_string()),
        Just("kernel".to_string()),
        any::<String>(),
    ];
    prop::collection::vec(name, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_kernels_are_read_back(steps in prop::collection::vec(build_step(), 1..40)) {
        let kernel = random_kernel(&steps);
        let derived = adjoint(&kernel, &[2, 3, 4, 5]);
        [kernel, derived.forward, derived.backward].iter().for_each(reads_back);
    }

    #[test]
    fn broken_kernels_are_read_back(
        name in any::<String>(),
        inputs in names(),
        outputs in names(),
        uniforms in names(),
        instructions in prop::collection::vec(instruction(), 0..12),
    ) {
        reads_back(&Kernel { name, inputs, outputs, uniforms, instructions });
    }

    #[test]
    fn nothing_that_is_read_panics(
        steps in prop::collection::vec(build_step(), 1..6),
        cut in any::<prop::sample::Index>(),
        length in 0..8_usize,
        inserted in "[%#0-9a-z\"\\\\{}(),;=<> .\n-]{0,6}|\\PC{0,4}",
    ) {
        let text: Vec<char> = print(&random_kernel(&steps)).chars().collect();
        let cut = cut.index(text.len());
        let before: String = text[..cut].iter().collect();
        let after: String = text[(cut + length).min(text.len())..].iter().collect();
        let _ = read(&format!("{before}{inserted}{after}"));
        let _ = read(&inserted);
    }
}

#[test]
fn what_cannot_be_read_is_explained() {
    let cases = [
        "",
        "; only a comment\n",
        "kernel k(a) -> r\n",
        "kernel k(a, ) -> (r)\n",
        "kernel k(a) -> (r) fast\n",
        "kernel k(a) -> (r)\n  %0 = load b\n",
        "kernel k(a) -> (r)\n  %0 = uniform nu\n",
        "kernel k(a) -> (r)\n\n  %0 = load a\n  %0 = neg %0\n",
        "kernel k(a) -> (r)\n  %0 = load a\n  %1 = neg %7\n",
        "kernel k(a) -> (r)\n  %0 = load a\n  %1 = add %0\n",
        "kernel k(a) -> (r)\n  %0 = load a\n  %1 = neg %0, %0\n",
        "kernel k(a) -> (r)\n  %0 = gamma %0\n",
        "kernel k(a) -> (r)\n  load a\n",
        "kernel k(a) -> (r)\n  %0 = store r, %0\n",
        "kernel k(a) -> (r)\n  %0 = const 1.2.3\n",
        "kernel k(a) -> (r)\n  %0 = const a\n",
        "kernel k(a) -> (r)\n  %99999999999 = load a\n",
        "kernel k(\"a) -> (r)\n",
        "kernel k(\"\\u{110000}\") -> (r)\n",
        "kernel k(a) -> (r)\n  %0 = load a @ 4\n",
    ];
    let mut text = String::new();
    for case in cases {
        let error = read(case).unwrap_err();
        let _ = writeln!(text, "{}\n=> {error}\n", case.trim_end());
    }
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(text);
    });
}
