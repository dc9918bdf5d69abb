//! The text in the hands of other compilers: g++ through a shim that stands in for CUDA, and NVRTC.

use crate::bounds::{Arithmetic, DOUBLE, SINGLE, evaluate};
use crate::corpus;
use crate::random::{example_kernels, interpreted};
use pdec_compiler::backend::cuda::{Precision, unit};
use pdec_compiler::kernel::Kernel;
use proptest::prelude::Rng as _;
use proptest::test_runner::TestRunner;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A kernel with the numbers it runs on.
struct Case {
    kernel: Kernel,
    inputs: Vec<Vec<f64>>,
    uniforms: Vec<f64>,
}

#[test]
fn double_precision_agrees_with_the_interpreter() {
    let agreement = agreement(Precision::Double, DOUBLE, 1e-13, 1_000);
    assert!(agreement.is_none_or(|share| share > 0.95), "{agreement:?}");
}

#[test]
fn single_precision_agrees_with_the_interpreter() {
    let agreement = agreement(Precision::Single, SINGLE, 1e-4, 200);
    assert!(agreement.is_none_or(|share| share > 0.95), "{agreement:?}");
}

/// Compares on random numbers. The result is the share of outputs so well conditioned that two evaluations
/// agree to the given tolerance.
fn agreement(
    precision: Precision,
    arithmetic: Arithmetic,
    tolerance: f64,
    expressions: usize,
) -> Option<f64> {
    let mut runner = TestRunner::deterministic();
    let mut number = |low: f64, high: f64| {
        let unit = f64::from(runner.rng().next_u32()) / f64::from(u32::MAX);
        round(precision, low + (high - low) * unit)
    };
    let kernels = corpus::examples()
        .into_iter()
        .chain(corpus::regions())
        .chain(corpus::random(expressions))
        .chain(corpus::names());
    let cases: Vec<Case> = kernels
        .enumerate()
        .map(|(index, kernel)| {
            // fewer lanes than the grid has threads, as many, and more; odd ones among them
            let lanes = [7, 32, 33, 101][index % 4];
            let mut row = |_| (0..lanes).map(|_| number(-1.5, 1.5)).collect();
            let inputs = (0..kernel.inputs.len()).map(&mut row).collect();
            // the ends of the time window are apart
            let uniforms = (0..kernel.uniforms.len()).map(|i| number(0.2, 0.8) + i as f64);
            let uniforms = uniforms.map(|x| round(precision, x)).collect();
            Case {
                kernel,
                inputs,
                uniforms,
            }
        })
        .collect();
    let found = run(&format!("{precision:?}"), precision, &cases)?;
    let (mut outputs, mut bounded, mut well_conditioned) = (0, 0, 0);
    for (case, rows) in cases.iter().zip(&found) {
        let meaning = interpreted(&case.kernel, &case.inputs, &case.uniforms);
        for lane in 0..rows.first().map_or(0, Vec::len) {
            let inputs: Vec<f64> = case.inputs.iter().map(|row| row[lane]).collect();
            let bounds = evaluate(&case.kernel, &inputs, &case.uniforms, arithmetic);
            for (output, (value, bound)) in bounds.into_iter().enumerate() {
                let (expected, got) = (meaning[output][lane], rows[output][lane]);
                assert!(same(value, expected), "{}", case.kernel.name);
                outputs += 1;
                if !bound.is_finite() {
                    continue;
                }
                bounded += 1;
                well_conditioned += usize::from(4.0 * bound <= tolerance * (1.0 + value.abs()));
                assert!(
                    same(got, expected) || (got - expected).abs() <= 4.0 * bound,
                    "{} of {}: {got} against {expected} ± {bound}",
                    case.kernel.outputs[output],
                    case.kernel.name
                );
            }
        }
    }
    println!("{outputs} outputs, {bounded} with a bound, {well_conditioned} within {tolerance}");
    Some(f64::from(well_conditioned as u32) / f64::from(outputs))
}

/// Zeros of either sign, infinities and numbers that are none, for every operation; and literals.
#[test]
fn special_numbers_are_treated_alike() {
    const SPECIAL: [f64; 11] = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        1.0,
        -1.0,
        2.0,
        -3.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    let lanes = SPECIAL.len().pow(3);
    let operand = |place: u32| {
        (0..lanes)
            .map(|lane| SPECIAL[lane / 11_usize.pow(place) % 11])
            .collect()
    };
    let inputs: Vec<Vec<f64>> = (0..3).map(operand).collect();
    let kernels = [corpus::operations(), corpus::numbers()];
    let cases: Vec<Case> = kernels
        .into_iter()
        .map(|kernel| Case {
            kernel,
            inputs: inputs.clone(),
            uniforms: Vec::new(),
        })
        .collect();
    for (precision, tolerance) in [(Precision::Double, 1e-15), (Precision::Single, 1e-6)] {
        let Some(found) = run(&format!("Special{precision:?}"), precision, &cases) else {
            return;
        };
        let operations = &cases[0].kernel;
        for (output, row) in interpreted(operations, &inputs, &[]).iter().enumerate() {
            for (lane, (&expected, &got)) in row.iter().zip(&found[0][output]).enumerate() {
                let close = (got - expected).abs() <= tolerance * expected.abs() && expected != 0.0;
                // the sign of a result that only rounding keeps from zero is not asked for
                assert!(
                    same(got, expected) || close,
                    "{:?} of {}, {}, {}: {got} against {expected}",
                    operations.instructions[3 + output],
                    inputs[0][lane],
                    inputs[1][lane],
                    inputs[2][lane]
                );
            }
        }
        for (number, row) in corpus::NUMBERS.iter().zip(&found[1]) {
            assert!(
                row.iter().all(|&got| same(got, round(precision, *number))),
                "{number:?}"
            );
        }
        for (number, row) in corpus::NUMBERS
            .iter()
            .zip(&found[1][corpus::NUMBERS.len()..])
        {
            assert!(
                row.iter().all(|&got| same(got, round(precision, -number))),
                "-{number:?}"
            );
        }
    }
}

/// Every kernel of every example, and of the tests above, is accepted for two generations of processors.
#[test]
fn nvrtc_accepts_the_text() {
    let folder = scratch();
    let mut units: Vec<(String, Vec<Kernel>)> = example_kernels();
    let mut rest = corpus::names();
    rest.extend([corpus::operations(), corpus::numbers()]);
    rest.extend(corpus::regions());
    rest.extend(corpus::random(20));
    units.push(("rest".to_string(), rest));
    let mut files = Vec::new();
    for (name, kernels) in &units {
        for precision in [Precision::Single, Precision::Double] {
            let path = folder.join(format!("nvrtc_{name}_{precision:?}.cu"));
            std::fs::write(&path, unit(kernels, precision).text).unwrap();
            files.push(path);
        }
    }
    let script = corpus::folder().join("nvrtc.py");
    let Ok(finished) = Command::new("python3").arg(script).args(&files).output() else {
        println!("skipped: no Python");
        return;
    };
    let said = String::from_utf8_lossy(&finished.stdout);
    match finished.status.code() {
        Some(0) => println!("{said}"),
        Some(77) => println!("skipped: {said}"),
        _ => panic!("{said}{}", String::from_utf8_lossy(&finished.stderr)),
    }
}

/// Compiles all kernels as one program and runs it: the rows of each kernel's outputs.
fn run(name: &str, precision: Precision, cases: &[Case]) -> Option<Vec<Vec<Vec<f64>>>> {
    if Command::new("g++").arg("--version").output().is_err() {
        println!("skipped: no g++");
        return None;
    }
    let folder = scratch();
    let (source, program) = (folder.join(format!("{name}.cpp")), folder.join(name));
    std::fs::write(&source, cpp(precision, cases)).unwrap();
    let compiled = Command::new("g++")
        .args(["-std=c++17", "-O1", "-ffp-contract=off", "-Wall", "-Werror"])
        // dead code in a kernel is not the printer's to remove
        .args(["-Wno-unused-variable", "-Wno-overflow", "-I"])
        .arg(corpus::folder())
        .arg("-o")
        .args([&program, &source])
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&compiled.stderr);
    assert!(compiled.status.success(), "{complaint:.4000}");

    let mut numbers = Vec::new();
    for case in cases {
        let lanes = case.inputs.first().map_or(0, Vec::len) as u64;
        numbers.extend(lanes.to_le_bytes());
        for &number in case.uniforms.iter().chain(case.inputs.iter().flatten()) {
            match precision {
                Precision::Single => numbers.extend((number as f32).to_le_bytes()),
                Precision::Double => numbers.extend(number.to_le_bytes()),
            }
        }
    }
    let input = folder.join(format!("{name}.in"));
    std::fs::write(&input, numbers).unwrap();
    let finished = Command::new(&program)
        .stdin(Stdio::from(File::open(&input).unwrap()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&finished.stderr);
    assert!(finished.status.success(), "{said}");
    let written: Vec<f64> = match precision {
        Precision::Single => {
            let words = finished.stdout.as_chunks::<4>().0.iter();
            words
                .map(|word| f64::from(f32::from_le_bytes(*word)))
                .collect()
        }
        Precision::Double => {
            let words = finished.stdout.as_chunks::<8>().0.iter();
            words.map(|word| f64::from_le_bytes(*word)).collect()
        }
    };
    let mut written = written.into_iter();
    let rows = cases.iter().map(|case| {
        let lanes = case.inputs.first().map_or(0, Vec::len);
        let outputs = 0..case.kernel.outputs.len();
        outputs
            .map(|_| written.by_ref().take(lanes).collect())
            .collect()
    });
    Some(rows.collect())
}

/// The program: the kernels as they are printed, and a table of them.
fn cpp(precision: Precision, cases: &[Case]) -> String {
    let kernels: Vec<Kernel> = cases.iter().map(|case| case.kernel.clone()).collect();
    let unit = unit(&kernels, precision);
    let real = match precision {
        Precision::Single => "float",
        Precision::Double => "double",
    };
    let mut text = format!(
        "#include \"driver.h\"\n{}\ntypedef {real} Real;\nstatic const Entry<Real> entries[] = {{\n",
        unit.text
    );
    for (kernel, function) in kernels.iter().zip(&unit.functions) {
        let (inputs, outputs) = (kernel.inputs.len(), kernel.outputs.len());
        let arguments: Vec<String> = (0..inputs)
            .map(|input| format!("in[{input}]"))
            .chain(["uniforms".to_string()])
            .chain((0..outputs).map(|output| format!("out[{output}]")))
            .chain(["lanes".to_string()])
            .collect();
        let _ = writeln!(
            text,
            "{{{inputs}, {}, {outputs}, [](const Real* const* in, const Real* uniforms, \
             Real* const* out, size_t lanes) {{ {function}({}); }}}},",
            kernel.uniforms.len(),
            arguments.join(", ")
        );
    }
    text.push_str("};\nint main() { return run(entries); }\n");
    text
}

/// A folder for what is compiled, among the other things that building leaves.
fn scratch() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cuda");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn round(precision: Precision, number: f64) -> f64 {
    match precision {
        Precision::Single => f64::from(number as f32),
        Precision::Double => number,
    }
}

/// The same number, zeros told apart, or both none.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}
