//! The forward sweep of kernels against finite differences and against the reverse sweep, and the order of
//! instructions against other orders.
#![allow(clippy::unwrap_used)] // a test may fail

mod random;

use pdec_compiler::backend::cranelift::LANE_MULTIPLE;
use pdec_compiler::kernel::{
    Instruction, Kernel, TangentOutputs, Value, adjoint, live_values, schedule, tangent, verify,
};
use proptest::prelude::*;
use random::{build_step, example_kernels, interpreted, random_kernel, smooth};

/// The lane inputs of random kernels that are differentiated by: u, u_x, u_t, u_xx.
const WANTED: [usize; 4] = [2, 3, 4, 5];

fn lanes(count: usize, range: std::ops::Range<f64>) -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec(range, LANE_MULTIPLE), count)
}

/// How large the terms are of which the outputs are sums: each output with every number replaced by its
/// magnitude and every difference by a sum. Rounding errors are a few units in the last place of this.
fn magnitudes(kernel: &Kernel, inputs: &[Vec<f64>], uniforms: &[f64], lane: usize) -> Vec<f64> {
    let one_lane: Vec<Vec<f64>> = inputs.iter().map(|row| vec![row[lane]]).collect();
    // The values themselves are outputs of a kernel that stores them all.
    let values: Vec<usize> = (0..kernel.instructions.len())
        .filter(|&index| kernel.instructions[index].defines_value())
        .collect();
    let mut all = kernel.clone();
    all.instructions.retain(Instruction::defines_value);
    let image = |value: Value| Value(values.binary_search(&value.index()).unwrap() as u32);
    all.instructions = all
        .instructions
        .into_iter()
        .map(|instruction| instruction.map_operands(image))
        .collect();
    all.outputs = values.iter().map(|index| format!("v{index}")).collect();
    for number in 0..values.len() as u32 {
        all.instructions.push(Instruction::Store {
            output: number,
            value: Value(number),
        });
    }
    let found = interpreted(&all, &one_lane, uniforms);
    let exact = |value: Value| found[image(value).index()][0].abs();

    let mut sizes = vec![0.0; kernel.instructions.len()];
    let mut outputs = vec![0.0; kernel.outputs.len()];
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        let at = |value: Value| sizes[value.index()];
        let relative = |value: Value| at(value) / exact(value);
        let here = Value(index as u32);
        sizes[index] = match *instruction {
            Instruction::Number(_) | Instruction::Load(_) | Instruction::Uniform(_) => exact(here),
            Instruction::Negate(a) => at(a),
            Instruction::Add(a, b) | Instruction::Subtract(a, b) => at(a) + at(b),
            Instruction::Multiply(a, b) => at(a) * at(b),
            Instruction::MultiplyAdd(a, b, c) => at(a) * at(b) + at(c),
            Instruction::Divide(a, b) => at(a) / exact(b) * relative(b),
            // An error of the argument comes out several times as large.
            Instruction::Power(a, b) => {
                exact(here) * (1.0 + exact(b)) * relative(a) * relative(b).max(1.0)
            }
            Instruction::Call(_, a) => (1.0 + exact(here)) * (1.0 + at(a)).powi(2),
            Instruction::Select {
                less, otherwise, ..
            } => at(less).max(at(otherwise)),
            Instruction::Store { output, value } => {
                outputs[output as usize] = at(value);
                0.0
            }
        };
    }
    outputs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1200, failure_persistence: None, ..ProptestConfig::default() })]

    /// ⟨v, J w⟩ = ⟨Jᵀ v, w⟩, and the outputs beside the tangents are those of the kernel.
    #[test]
    fn forward_and_reverse_sweeps_are_transposes(
        steps in prop::collection::vec(build_step(), 1..25),
        x in lanes(6, -1.5..1.5),
        w in lanes(4, -1.0..1.0),
        v in lanes(1, -1.0..1.0),
        uniform in 0.2..2.0_f64,
    ) {
        let kernel = random_kernel(&steps);
        let forward = tangent(&kernel, &WANTED, TangentOutputs::OutputsAndTangents);
        prop_assert_eq!(verify(&forward), Ok(()));
        prop_assert_eq!(&forward.inputs[6..], &["du", "du_x", "du_t", "du_xx"]);
        prop_assert_eq!(&forward.outputs[..], &["r", "dr"]);
        let along: Vec<Vec<f64>> = x.iter().chain(&w).cloned().collect();
        let both = interpreted(&forward, &along, &[uniform]);
        let tangents = interpreted(
            &tangent(&kernel, &WANTED, TangentOutputs::Tangents), &along, &[uniform],
        );

        let derived = adjoint(&kernel, &WANTED);
        let saved = interpreted(&derived.forward, &x, &[uniform]);
        let mut given = x.clone();
        given.extend(derived.reused.iter().map(|&slot| saved[slot].clone()));
        given.extend(v.iter().cloned());
        let cotangents = interpreted(&derived.backward, &given, &[uniform]);
        let value = interpreted(&kernel, &x, &[uniform]);
        for lane in 0..LANE_MULTIPLE {
            let left = v[0][lane] * both[1][lane];
            let right: f64 = (0..4).map(|k| cotangents[k][lane] * w[k][lane]).sum();
            let sizes = magnitudes(&forward, &along, &[uniform], lane);
            let back = magnitudes(&derived.backward, &given, &[uniform], lane);
            let size = v[0][lane].abs() * sizes[1]
                + (0..4).map(|k| back[k] * w[k][lane].abs()).sum::<f64>();
            if !size.is_finite() || !left.is_finite() || size > 1e60 {
                continue;
            }
            let terms: f64 = (0..4).map(|k| (cotangents[k][lane] * w[k][lane]).abs()).sum();
            let close = |a: f64, b: f64, scale: f64, size: f64| {
                (a - b).abs() <= 1e-12 * scale + 1e-15 * size
            };
            prop_assert!(close(left, right, terms, size), "{left} against {right} of {size}");
            prop_assert!(close(both[1][lane], tangents[0][lane], both[1][lane].abs(), sizes[1]));
            prop_assert!(close(both[0][lane], value[0][lane], value[0][lane].abs(), sizes[0]));
        }
    }

    /// Forward sweeps agree with central differences of the interpreter, for smooth expressions.
    #[test]
    fn forward_sweeps_are_derivatives(
        steps in prop::collection::vec(build_step(), 1..12),
        x in lanes(6, 0.2..1.2),
        w in lanes(4, -1.0..1.0),
        uniform in 0.5..2.0_f64,
    ) {
        let kernel = random_kernel(&smooth(steps));
        let forward = tangent(&kernel, &WANTED, TangentOutputs::Tangents);
        let along: Vec<Vec<f64>> = x.iter().chain(&w).cloned().collect();
        let found = interpreted(&forward, &along, &[uniform]);
        let value = interpreted(&kernel, &x, &[uniform]);
        // Two step sizes, extrapolated: error O(h⁴).
        let difference = |h: f64| {
            let moved = |h: f64| {
                let mut x = x.clone();
                for (k, &input) in WANTED.iter().enumerate() {
                    x[input].iter_mut().zip(&w[k]).for_each(|(x, w)| *x += h * w);
                }
                interpreted(&kernel, &x, &[uniform])[0].clone()
            };
            let (up, down) = (moved(h), moved(-h));
            up.iter().zip(down).map(|(a, b)| (a - b) / (2.0 * h)).collect::<Vec<f64>>()
        };
        let (coarse, fine) = (difference(2e-4), difference(1e-4));
        for lane in 0..LANE_MULTIPLE {
            let expected = (4.0 * fine[lane] - coarse[lane]) / 3.0;
            let rough = (fine[lane] - coarse[lane]).abs();
            let value = value[0][lane];
            // differences tell nothing where the function is violent
            if !expected.is_finite() || rough > 1e-3 * (1.0 + expected.abs()) || value.abs() > 1e4 {
                continue;
            }
            prop_assert!(
                (found[0][lane] - expected).abs() <= 1e-6 * (1.0 + expected.abs() + value.abs()),
                "{} against {expected}", found[0][lane]
            );
        }
    }

    /// From any order that the definitions allow, scheduling makes one that computes the same bits with no
    /// more live values.
    #[test]
    fn scheduling_keeps_results_and_registers(
        steps in prop::collection::vec(build_step(), 1..40),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 400),
        x in lanes(6, -1.5..1.5),
        uniform in -2.0..2.0_f64,
    ) {
        let kernel = random_kernel(&steps);
        let derived = adjoint(&kernel, &WANTED);
        let given = shuffled(&kernel, &choices);
        let after = schedule(given.clone());
        prop_assert_eq!(verify(&after), Ok(()));
        prop_assert!(live_values(&after) <= live_values(&given));
        prop_assert_eq!(after.instructions.len(), given.instructions.len());
        let (a, b) = (interpreted(&given, &x, &[uniform]), interpreted(&after, &x, &[uniform]));
        for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
            prop_assert_eq!(a.to_bits(), b.to_bits());
        }
        for kernel in [kernel, derived.forward, derived.backward] {
            let again = schedule(kernel.clone());
            prop_assert!(live_values(&again) <= live_values(&kernel));
        }
    }
}

/// Another order of the same instructions.
fn shuffled(kernel: &Kernel, choices: &[prop::sample::Index]) -> Kernel {
    let mut images: Vec<Option<Value>> = vec![None; kernel.instructions.len()];
    let mut left: Vec<usize> = (0..kernel.instructions.len()).collect();
    let mut instructions = Vec::new();
    let mut choices = choices.iter().cycle();
    while !left.is_empty() {
        let ready: Vec<usize> = (0..left.len())
            .filter(|&slot| {
                let mut ready = true;
                kernel.instructions[left[slot]]
                    .for_each_operand(|operand| ready &= images[operand.index()].is_some());
                ready
            })
            .collect();
        let index = left.remove(ready[choices.next().unwrap().index(ready.len())]);
        images[index] = Some(Value(instructions.len() as u32));
        instructions.push(
            kernel.instructions[index].map_operands(|operand| images[operand.index()].unwrap()),
        );
    }
    Kernel {
        instructions,
        ..kernel.clone()
    }
}

/// The kernels of the examples against the order of their depths, leaves first.
#[test]
fn kernels_of_examples_need_few_registers() {
    for (name, kernels) in example_kernels() {
        for kernel in &kernels {
            let level = by_level(kernel);
            let (before, now) = (live_values(&level), live_values(kernel));
            println!("{name}: {}: {before} -> {now}", kernel.name);
            assert!(now <= before);
            assert!(live_values(&schedule(level)) <= before);
        }
    }
}

/// A hundred thousand instructions, wide and deep, take no more than a moment.
#[test]
fn long_kernels_are_scheduled() {
    let mut instructions = vec![Instruction::Load(0), Instruction::Load(1)];
    let next = |instructions: &Vec<Instruction>| instructions.len() as u32;
    let mut sums = Vec::new();
    for _ in 0..2_000 {
        let mut last = Value(0);
        for step in 0..49 {
            instructions.push(Instruction::Multiply(last, Value(step % 2)));
            last = Value(next(&instructions) - 1);
        }
        sums.push(last);
    }
    let mut sum = sums[0];
    for term in &sums {
        instructions.push(Instruction::Add(sum, *term));
        sum = Value(next(&instructions) - 1);
    }
    instructions.push(Instruction::Store {
        output: 0,
        value: sum,
    });
    let kernel = Kernel {
        name: "long".into(),
        inputs: vec!["x".into(), "y".into()],
        outputs: vec!["r".into()],
        uniforms: Vec::new(),
        instructions,
    };
    let after = schedule(kernel.clone());
    assert_eq!(verify(&after), Ok(()));
    assert_eq!((live_values(&kernel), live_values(&after)), (2_002, 4));
}

/// The instructions by their depth, leaves first.
fn by_level(kernel: &Kernel) -> Kernel {
    let mut levels = vec![0; kernel.instructions.len()];
    for (index, instruction) in kernel.instructions.iter().enumerate() {
        instruction.for_each_operand(|operand| {
            levels[index] = levels[index].max(levels[operand.index()] + 1);
        });
    }
    let mut order: Vec<usize> = (0..levels.len()).collect();
    order.sort_by_key(|&index| levels[index]);
    let mut images = vec![Value(0); levels.len()];
    for (position, &index) in order.iter().enumerate() {
        images[index] = Value(position as u32);
    }
    let instructions = order
        .iter()
        .map(|&index| kernel.instructions[index].map_operands(|operand| images[operand.index()]))
        .collect();
    Kernel {
        instructions,
        ..kernel.clone()
    }
}
