//! Kernels against independent ways of getting the same numbers: the interpreter against direct evaluation
//! of the graph, Cranelift against the interpreter, reverse sweeps against finite differences, symbolic
//! derivatives against power series.
#![allow(unsafe_code)] // generated code is called, and calls back
#![allow(clippy::unwrap_used)] // a test may fail

mod random;
mod series;

use pdec_compiler::backend::cranelift::{
    self, Code, LANE_MULTIPLE, UnaryVectorFunction, VectorFunctions,
};
use pdec_compiler::backend::cuda;
use pdec_compiler::function::{Algebra, FUNCTIONS, Function};
use pdec_compiler::jet::{Graph, MultiIndex, Names, Node, NodeId, Unknown};
use pdec_compiler::kernel::{
    self, Adjoint, Kernel, Leaf, TangentOutputs, adjoint, evaluate_function, tangent, verify,
};
use pdec_compiler::precision::Precision;
use proptest::prelude::*;
use random::{
    build_step, evaluate, expression, interpreted, leaves, new_graph, smooth, verified_kernel,
};

/// `y[i] = f(x[i])` with the interpreter's functions: what is tested is the code around the calls.
macro_rules! vector_function {
    ($($function:ident)*) => {
        fn unary_single(function: Function) -> UnaryVectorFunction<f32> {
            match function {
                $(Function::$function => {
                    unsafe extern "C" fn map(x: *const f32, y: *mut f32, n: usize) {
                        for i in 0..n {
                            // SAFETY: generated code passes rows of `n` lanes.
                            unsafe {
                                let x = f64::from(*x.add(i));
                                *y.add(i) = evaluate_function(Function::$function, x) as f32;
                            }
                        }
                    }
                    map
                })*
            }
        }

        fn unary(function: Function) -> UnaryVectorFunction {
            match function {
                $(Function::$function => {
                    unsafe extern "C" fn map(x: *const f64, y: *mut f64, n: usize) {
                        for i in 0..n {
                            // SAFETY: generated code passes rows of `n` lanes.
                            unsafe { *y.add(i) = evaluate_function(Function::$function, *x.add(i)) };
                        }
                    }
                    map
                })*
            }
        }
    };
}
vector_function!(Sin Cos Tan Exp Log Sqrt Tanh Sinh Cosh Sech Atan Erf Abs Sign Heaviside);

unsafe extern "C" fn power(x: *const f64, y: *const f64, z: *mut f64, n: usize) {
    for i in 0..n {
        // SAFETY: generated code passes rows of `n` lanes.
        unsafe { *z.add(i) = libm::pow(*x.add(i), *y.add(i)) };
    }
}

unsafe extern "C" fn power_single(x: *const f32, y: *const f32, z: *mut f32, n: usize) {
    for i in 0..n {
        // SAFETY: generated code passes rows of `n` lanes.
        unsafe { *z.add(i) = libm::powf(*x.add(i), *y.add(i)) };
    }
}

fn compile(kernels: &[Kernel]) -> Code {
    cranelift::compile(kernels, functions(), Precision::Double).unwrap()
}

/// With registers of 128 bits, whatever the processor has.
fn compile_narrow(kernels: &[Kernel]) -> Code {
    cranelift::compile_narrow(kernels, functions(), Precision::Double).unwrap()
}

fn functions() -> VectorFunctions {
    VectorFunctions {
        unary,
        power,
        unary_single,
        power_single,
    }
}

fn run(
    code: &Code,
    number: usize,
    kernel: &Kernel,
    inputs: &[Vec<f64>],
    uniforms: &[f64],
) -> Vec<Vec<f64>> {
    let lanes = inputs.first().map_or(LANE_MULTIPLE, Vec::len);
    let mut outputs = vec![vec![f64::NAN; lanes]; kernel.outputs.len()];
    let mut scratch = vec![0.0; code.scratch_rows(number) * lanes];
    let read: Vec<*const f64> = inputs.iter().map(|row| row.as_ptr()).collect();
    let write: Vec<*mut f64> = outputs.iter_mut().map(|row| row.as_mut_ptr()).collect();
    // SAFETY: every row has `lanes` numbers and is its own allocation.
    unsafe { code.run(number, &read, uniforms, &write, &mut scratch, lanes) };
    outputs
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a.is_nan() && b.is_nan())
        || a == b
        || (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Graph, interpreter and machine code agree; so do the reverse sweeps of the last two.
    #[test]
    fn every_way_to_run_an_expression_agrees(
        steps in prop::collection::vec(build_step(), 1..25),
        lanes in prop::collection::vec(prop::collection::vec(-1.5..1.5_f64, LANE_MULTIPLE), 6),
        uniform in -2.0..2.0_f64,
    ) {
        let (inputs, names) = leaves();
        let mut graph = new_graph();
        let root = expression(&mut graph, &steps);
        let kernel = kernel::lower(&graph, &names, "random", &inputs, &[("r".into(), root)]);
        prop_assert_eq!(verify(&kernel), Ok(()));
        let direct = |lane: usize| evaluate(&graph, root, &|node| match node {
            Node::Uniform(_) => uniform,
            Node::Coordinate(c) => lanes[usize::from(*c)][lane],
            Node::Jet { index, .. } => {
                let leaf = Leaf::Jet(0, index.clone());
                lanes[inputs.iter().position(|l| *l == leaf).unwrap()][lane]
            }
            Node::Number(_) | Node::Datum(_) | Node::Sum { .. } | Node::Product(_) | Node::Power { .. }
            | Node::Call(..) | Node::Select { .. } => f64::NAN,
        });
        let meaning = interpreted(&kernel, &lanes, &[uniform]);
        for lane in 0..LANE_MULTIPLE {
            // Discontinuous functions may fall on different sides after rounding: allow for none here, the
            // operations before them are few and the points random.
            let expected = direct(lane);
            prop_assert!(close(meaning[0][lane], expected, 1e-9) || expected.abs() > 1e12,
                "{} against {expected}", meaning[0][lane]);
        }

        let Adjoint { forward, backward, reused, primal_outputs } = adjoint(&kernel, &[2, 3, 4, 5]);
        prop_assert_eq!(verify(&forward), Ok(()));
        prop_assert_eq!(verify(&backward), Ok(()));
        prop_assert_eq!(primal_outputs, 1);
        let kernels = [kernel.clone(), forward.clone(), backward.clone()];
        let code = compile(&kernels);
        prop_assert_eq!(&run(&code, 0, &kernel, &lanes, &[uniform]), &meaning);
        let saved = interpreted(&forward, &lanes, &[uniform]);
        let mut given = lanes.clone();
        given.extend(reused.iter().map(|&slot| saved[slot].clone()));
        given.push(vec![1.0; LANE_MULTIPLE]);
        let sweep = interpreted(&backward, &given, &[uniform]);
        let compiled = run(&code, 2, &backward, &given, &[uniform]);
        for (a, b) in sweep.iter().flatten().zip(compiled.iter().flatten()) {
            prop_assert!(a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()), "{a} against {b}");
        }
    }

    /// Back ends take whatever the verifier takes, and machine code does what the interpreter does.
    #[test]
    fn any_verified_kernel_is_compiled(
        kernel in verified_kernel(60),
        lanes in prop::collection::vec(prop::collection::vec(-1.5..1.5_f64, LANE_MULTIPLE), 3),
    ) {
        compiled_as_interpreted(&kernel, &lanes)?;
    }

    /// Reverse sweeps agree with central differences of the interpreter, for smooth expressions.
    #[test]
    fn reverse_sweeps_are_derivatives(
        steps in prop::collection::vec(build_step(), 1..12),
        lanes in prop::collection::vec(prop::collection::vec(0.2..1.2_f64, LANE_MULTIPLE), 6),
        uniform in 0.5..2.0_f64,
    ) {
        let (inputs, names) = leaves();
        let mut graph = new_graph();
        let root = expression(&mut graph, &smooth(steps));
        let kernel = kernel::lower(&graph, &names, "random", &inputs, &[("r".into(), root)]);
        let wanted = [2, 3, 4, 5];
        let derived = adjoint(&kernel, &wanted);
        let saved = interpreted(&derived.forward, &lanes, &[uniform]);
        let mut given = lanes.clone();
        given.extend(derived.reused.iter().map(|&slot| saved[slot].clone()));
        given.push(vec![1.0; LANE_MULTIPLE]);
        let sweep = interpreted(&derived.backward, &given, &[uniform]);
        for (output, &input) in wanted.iter().enumerate() {
            // Two step sizes, extrapolated: error O(h⁴).
            let difference = |h: f64| {
                let moved = |sign: f64| {
                    let mut lanes = lanes.clone();
                    lanes[input].iter_mut().for_each(|x| *x += sign * h);
                    interpreted(&kernel, &lanes, &[uniform])[0].clone()
                };
                let (up, down) = (moved(1.0), moved(-1.0));
                up.iter().zip(down).map(|(a, b)| (a - b) / (2.0 * h)).collect::<Vec<f64>>()
            };
            let (coarse, fine) = (difference(2e-4), difference(1e-4));
            for lane in 0..LANE_MULTIPLE {
                let expected = (4.0 * fine[lane] - coarse[lane]) / 3.0;
                let rough = (fine[lane] - coarse[lane]).abs();
                let value = saved[0][lane];
                // differences tell nothing where the function is violent
                if !expected.is_finite() || rough > 1e-3 * (1.0 + expected.abs()) || value.abs() > 1e4 {
                    continue;
                }
                prop_assert!(
                    (sweep[output][lane] - expected).abs() <= 1e-6 * (1.0 + expected.abs() + value.abs()),
                    "d/d{input}: {} against {expected}", sweep[output][lane]
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// Loops that are cut in parts pass their values on.
    #[test]
    fn any_long_kernel_is_compiled(
        kernel in verified_kernel(4000),
        lanes in prop::collection::vec(prop::collection::vec(-1.5..1.5_f64, LANE_MULTIPLE), 3),
    ) {
        compiled_as_interpreted(&kernel, &lanes)?;
    }
}

/// Compares both, of a kernel and of its sweeps; the text of all of them can be printed.
fn compiled_as_interpreted(kernel: &Kernel, lanes: &[Vec<f64>]) -> Result<(), TestCaseError> {
    prop_assert_eq!(verify(kernel), Ok(()));
    let derived = adjoint(kernel, &[0, 1, 2]);
    let forward = tangent(kernel, &[0, 2], TangentOutputs::OutputsAndTangents);
    let kernels = [kernel.clone(), derived.forward, derived.backward, forward];
    let codes = [compile(&kernels), compile_narrow(&kernels)];
    let uniforms = [0.75, -1.25];
    for (number, kernel) in kernels.iter().enumerate() {
        prop_assert_eq!(verify(kernel), Ok(()));
        let given: Vec<Vec<f64>> = (0..kernel.inputs.len())
            .map(|input| lanes[input % lanes.len()].clone())
            .collect();
        let meaning = interpreted(kernel, &given, &uniforms);
        for code in &codes {
            let found = run(code, number, kernel, &given, &uniforms);
            for (a, b) in meaning.iter().flatten().zip(found.iter().flatten()) {
                prop_assert!(
                    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
                    "{a} against {b}"
                );
            }
        }
        for precision in [cuda::Precision::Single, cuda::Precision::Double] {
            prop_assert!(cuda::print(kernel, precision).contains("__global__"));
        }
        prop_assert!(cranelift::print(kernel).is_ok());
    }
    Ok(())
}

/// `tanh(z(x, t))` for a given jet of z, to order 4 in x and with one order in t, against power series with
/// a complex step.
#[test]
fn activation_jets_agree_with_power_series_and_complex_steps() {
    use pdec_compiler::network::Activation;
    use series::{Complex, TERMS};
    let mut graph = Graph::new(vec![Unknown {
        name: "z".into(),
        arguments: vec![0, 1],
    }]);
    let z = graph.jet(0, MultiIndex::zero());
    let a = Activation::Tanh.expression(&mut graph, z, &[]);
    let mut indices: Vec<MultiIndex> = Vec::new();
    for order in 0..TERMS {
        indices.push(MultiIndex::new(vec![0; order]));
        indices.push(MultiIndex::new([vec![0; order], vec![1]].concat()));
    }
    let leaves: Vec<Leaf> = indices.iter().map(|i| Leaf::Jet(0, i.clone())).collect();
    let names = Names {
        coordinates: vec!["x".into(), "t".into()],
        ..Names::default()
    };
    let outputs: Vec<(String, NodeId)> = indices
        .iter()
        .map(|i| (names.jet("a", i), graph.differentiate_by(a, i)))
        .collect();
    let kernel = kernel::lower(&graph, &names, "tanh", &leaves, &outputs);
    let jet: Vec<f64> = (0..indices.len())
        .map(|k| ((k * k * 37 + 11 * k + 5) % 17) as f64 / 10.0 - 0.8)
        .collect();
    let inputs: Vec<Vec<f64>> = jet.iter().map(|v| vec![*v; LANE_MULTIPLE]).collect();
    let found = interpreted(&kernel, &inputs, &[]);

    const STEP: f64 = 1e-30;
    let mut factorial = 1.0;
    let mut z = [Complex(0.0, 0.0); TERMS];
    for order in 0..TERMS {
        factorial *= if order > 1 { order as f64 } else { 1.0 };
        z[order] = Complex(
            jet[2 * order] / factorial,
            STEP * jet[2 * order + 1] / factorial,
        );
    }
    let y = series::tanh(&z);
    let mut factorial = 1.0;
    for order in 0..TERMS {
        factorial *= if order > 1 { order as f64 } else { 1.0 };
        let value = factorial * y[order].0;
        let by_t = factorial * y[order].1 / STEP;
        for (position, expected) in [(2 * order, value), (2 * order + 1, by_t)] {
            let got = found[position][0];
            assert!(
                (got - expected).abs() <= 1e-12 * (1.0 + expected.abs()),
                "{}: {got} against {expected}",
                kernel.outputs[position]
            );
        }
    }
}

/// The derivatives of every function of the table, against the complex step or central differences.
#[test]
fn every_derivative_rule_is_a_derivative() {
    for (name, function) in FUNCTIONS {
        for x in [0.3, 0.9, 1.2] {
            let mut graph = Graph::new(Vec::new());
            let argument = graph.coordinate(0);
            let call = graph.function(function, argument);
            let derivative = graph.differentiate(call, 0);
            let got = evaluate(&graph, derivative, &|_| x);
            let difference = |h: f64| {
                (evaluate_function(function, x + h) - evaluate_function(function, x - h))
                    / (2.0 * h)
            };
            let expected = (4.0 * difference(1e-3) - difference(2e-3)) / 3.0;
            assert!(
                (got - expected).abs() < 1e-8 * (1.0 + expected.abs()),
                "{name} at {x}: {got}, {expected}"
            );
        }
    }
}

/// Values that cross several calls, outputs that are inputs, an output stored twice under two names.
#[test]
fn segments_keep_their_values() {
    let (inputs, names) = leaves();
    let mut graph = new_graph();
    let u = graph.jet(0, MultiIndex::zero());
    let x = graph.coordinate(0);
    let e = graph.function(Function::Exp, u);
    let s = graph.function(Function::Sin, e);
    let es = graph.multiply(e, s);
    let t = graph.function(Function::Tanh, es);
    let sum = graph.sum(&[(t, 1.0), (u, 2.0), (s, -1.0), (x, 0.5)], 3.0);
    let three = graph.number(3.0);
    let outputs = [
        ("a".to_string(), sum),
        ("b".to_string(), e),
        ("c".to_string(), x),
        ("d".to_string(), e),
        ("e".to_string(), three),
    ];
    let kernel = kernel::lower(&graph, &names, "segments", &inputs, &outputs);
    let lanes: Vec<Vec<f64>> = (0..6)
        .map(|row| {
            (0..24)
                .map(|lane| f64::from(row * 24 + lane) / 100.0)
                .collect()
        })
        .collect();
    let code = compile(std::slice::from_ref(&kernel));
    assert_eq!(
        run(&code, 0, &kernel, &lanes, &[0.0]),
        interpreted(&kernel, &lanes, &[0.0])
    );
}

/// In single precision the interpreter rounds less, but both kinds of code do the same operations.
#[test]
fn single_precision_has_the_same_bits_in_registers_of_any_width() {
    let (inputs, names) = leaves();
    let mut graph = new_graph();
    let x = graph.coordinate(0);
    let mut roots = Vec::new();
    for (name, function) in FUNCTIONS {
        let value = graph.call(function, x);
        roots.push(((*name).to_string(), graph.differentiate(value, 0)));
        roots.push(((*name).to_string(), value));
    }
    let kernel = kernel::lower(&graph, &names, "all", &inputs, &roots);
    let kernels = std::slice::from_ref(&kernel);
    let lanes = 48;
    let columns: Vec<Vec<f32>> = (0..kernel.inputs.len())
        .map(|input| {
            (0..lanes)
                .map(|k| 0.05 + ((k * 37 + input * 11) % 97) as f32 / 101.0)
                .collect()
        })
        .collect();
    let results: Vec<Vec<Vec<f32>>> = [cranelift::compile, cranelift::compile_narrow]
        .into_iter()
        .map(|compile| {
            let code = compile(kernels, functions(), Precision::Single).unwrap();
            let mut outputs = vec![vec![f32::NAN; lanes]; kernel.outputs.len()];
            let mut scratch = vec![0.0; code.scratch_rows(0) * lanes];
            let given: Vec<*const f32> = columns.iter().map(|column| column.as_ptr()).collect();
            let taken: Vec<*mut f32> = outputs.iter_mut().map(|row| row.as_mut_ptr()).collect();
            let uniforms = vec![0.5_f32; kernel.uniforms.len()];
            // SAFETY: rows of `lanes` numbers, as many as the kernel has.
            unsafe { code.run(0, &given, &uniforms, &taken, &mut scratch, lanes) };
            outputs
        })
        .collect();
    assert_eq!(results[0], results[1]);
    let wide: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| column.iter().map(|x| f64::from(*x)).collect())
        .collect();
    let meaning = interpreted(&kernel, &wide, &vec![0.5; kernel.uniforms.len()]);
    for (found, expected) in results[0].iter().flatten().zip(meaning.iter().flatten()) {
        let error = (f64::from(*found) - expected).abs();
        assert!(
            error <= 1e-5 * (1.0 + expected.abs()),
            "{found} against {expected}"
        );
    }
}
