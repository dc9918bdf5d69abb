//! ONNX models of every kind of network have the values of `pdec eval`, by onnxruntime, where it is installed.

use crate::{HEAT, Workplace, python_has};
use std::process::Command;

const BURGERS: &str = "\
coord x in [-1, 1]
time t in [0, 0.2]
field u(x, t)
eq u_t + u*u_x = 0.1*u_xx
initial u = -sin(pi*x)
on x = -1, x = 1: u = 0
";

const CIRCLE: &str = "\
coord x in [-1, 1]
time t in [0, 0.2]
field u(x, t)
eq u_t + u*u_x = 0.1*u_xx
initial u = sin(pi*x) + 0.2
periodic x
";

const SYSTEM: &str = "\
coord x in [0, 1]
time t in [0, 0.2]
field u(x, t)
field w(x, t)
eq u_t = 0.1*u_xx - u*w
eq w_t = 0.1*w_xx + u*w
initial u = 1 + cos(pi*x)
initial w = 1 + cos(2*pi*x)
on x = 0, x = 1: u_n = 0
on x = 0, x = 1: w_n = 0
";

/// Conditions of every kind, those that are met by construction among them.
const SIDES: &str = "\
coord x, y in [0, 1]
field u(x, y)
eq laplacian(u) = 1 + x*y
on x = 0: u = sin(y)
on x = 1: u_n = 1
on y = 0: u = 0
on y = 1: u_n + u = 2
";

const COMPLEX: &str = "\
coord x in [0, 1]
time t in [0, 0.2]
field psi(x, t) in C
eq i*psi_t = -psi_xx
initial psi = sin(pi*x)
on x = 0, x = 1: psi = 0
";

const FLOW: &str = "\
coord x, y in [0, 1]
time t in [0, 0.5]
field v(x, y, t) in R^2
eq decay: v_t = -v
initial v = (sin(pi*y), x)
";

const FAMILY: &str = "\
coord x in [0, 1]
param Re over [1, 5]
field u(x)
eq Re*u_x = u_xx
on x = 0: u = 0
on x = 1: u = 1
";

/// Training that takes a moment, with windows where there is time.
const SHORT: [&str; 2] = [
    "optimizer=gauss_newton(steps = 3)",
    "points=[interior = 100, initial = 20, boundary = 20]",
];

/// Name, problem, an expression with derivatives, settings.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [&'a str]);

const CASES: [Case; 27] = [
    (
        "mlp",
        HEAT,
        "u_x + t*u_t",
        &["network=mlp(width = 8, depth = 2)", "windows=2"],
    ),
    (
        "sin",
        HEAT,
        "u_x + t*u_t",
        &["network=mlp(width = 8, depth = 2, activation = sin)"],
    ),
    (
        "cos",
        HEAT,
        "u_x + t*u_t",
        &["network=mlp(width = 8, depth = 2, activation = cos)"],
    ),
    (
        "swish",
        HEAT,
        "u_x + t*u_t",
        &["network=mlp(width = 8, depth = 2, activation = swish)"],
    ),
    (
        "softplus",
        HEAT,
        "u_x + t*u_t",
        &["network=mlp(width = 8, depth = 2, activation = softplus)"],
    ),
    (
        "waveact",
        HEAT,
        "u_x + t*u_t",
        &["network=mlp(width = 8, depth = 2, activation = waveact)"],
    ),
    (
        "rational",
        HEAT,
        "u_x + t*u_t",
        &["network=rational(width = 8)"],
    ),
    (
        "modified",
        HEAT,
        "u_x + t*u_t",
        &["network=modified_mlp(width = 8, depth = 2)"],
    ),
    (
        "pirate",
        HEAT,
        "u_x + t*u_t",
        &["network=piratenet(width = 8, depth = 2)"],
    ),
    (
        "propinn",
        HEAT,
        "u_x + t*u_t",
        &["network=propinn(regions = [(0.05, 2)])"],
    ),
    (
        "gaussians",
        HEAT,
        "u_x + t*u_t",
        &["network=gaussians(count = 20)"],
    ),
    ("chaos", HEAT, "u_x + t*u_t", &["network=chaos(degree = 3)"]),
    (
        "fourier",
        HEAT,
        "u_x + t*u_t",
        &[
            "network=mlp(width = 8, depth = 2)",
            "features=fourier(count = 8, scale = 1, trained = on)",
        ],
    ),
    (
        "periodic",
        CIRCLE,
        "u_x + t*u_t",
        &[
            "network=mlp(width = 8, depth = 2)",
            "features=periodic(harmonics = 3)",
        ],
    ),
    (
        "rwf",
        HEAT,
        "u_x + t*u_t",
        &["network=mlp(width = 8, depth = 2)", "rwf=on"],
    ),
    (
        "soft",
        HEAT,
        "u_x + t*u_t",
        &["network=mlp(width = 8, depth = 2)", "conditions=soft"],
    ),
    (
        "system",
        SYSTEM,
        "u_x*w_t",
        &["network=mlp(width = 8, depth = 2)", "windows=2"],
    ),
    (
        "flow",
        FLOW,
        "v.x_t*v.y",
        &["network=mlp(width = 8, depth = 1)", "windows=2"],
    ),
    (
        "sides",
        SIDES,
        "u_x*u_y",
        &["network=mlp(width = 8, depth = 1)"],
    ),
    (
        "linear_solve",
        HEAT,
        "u_x + t*u_t",
        &["optimizer=linear_solve"],
    ),
    (
        "sparse",
        HEAT,
        "u_x + t*u_t",
        &["optimizer=linear_solve(sparse = on)"],
    ),
    ("complex", COMPLEX, "re(psi_x)", &["optimizer=linear_solve"]),
    (
        "family",
        FAMILY,
        "u_xx",
        &["optimizer=linear_solve(scale = 2)"],
    ),
    (
        "waves",
        BURGERS,
        "u_x + t*u_t",
        &["optimizer=newton_solve(waves = on, tolerance = 1e-3)"],
    ),
    (
        "waves_periodic",
        CIRCLE,
        "u_x + t*u_t",
        &["optimizer=newton_solve(waves = on, tolerance = 1e-3)"],
    ),
    (
        "patches",
        BURGERS,
        "u_x + t*u_t",
        &["optimizer=newton_solve(patches = on, tolerance = 0.01)"],
    ),
    (
        "patches_periodic",
        CIRCLE,
        "u_x + t*u_t",
        &["optimizer=newton_solve(patches = on, tolerance = 0.01)"],
    ),
];

/// Rounding is measured by what is summed: last layers of random features are large and of both signs.
const CHECK: &str = "
import json, pathlib, sys
import numpy as np, onnxruntime
for folder in sys.argv[1:]:
    for model in sorted(pathlib.Path(folder).glob('*.onnx')):
        table = json.load(open(model.with_suffix('.json')))
        session = onnxruntime.InferenceSession(str(model), providers=['CPUExecutionProvider'])
        inputs = {name: np.array(values) for name, values in table['coordinates'].items()}
        names = [output.name for output in session.get_outputs()]
        assert names == list(table['values']), (folder, names)
        for name, found in zip(names, session.run(None, inputs)):
            wanted = np.array(table['values'][name])
            assert found.dtype == np.float64 and found.shape == wanted.shape, (folder, name)
            assert np.isfinite(wanted).all() and np.ptp(wanted) > 1e-6, (folder, name)
            difference = np.max(np.abs(found - wanted)) / max(1, np.max(np.abs(wanted)))
            assert difference <= 1e-10, (str(model), name, difference)
            print(model, name, difference)
";

#[test]
fn every_network_is_exported_with_its_values() {
    if !python_has("onnxruntime") {
        eprintln!("onnxruntime is not installed: the values of exported models are not checked");
        return;
    }
    let place = Workplace::new();
    let run = |arguments: &[&str]| {
        let done = place.pdec(arguments);
        assert_eq!(done.status, 0, "{arguments:?}: {}", done.stderr);
    };
    for (name, problem, expression, settings) in CASES {
        place.write(&format!("{name}.pde"), problem);
        let mut sets: Vec<String> = Vec::new();
        if !settings.iter().any(|it| it.starts_with("optimizer")) {
            sets.extend(SHORT.iter().map(|it| format!("train.{it}")));
        }
        sets.extend(settings.iter().map(|it| format!("train.{it}")));
        let file = format!("{name}.pde");
        let mut arguments = vec!["train", &file, "--quiet", "--out", name];
        for set in &sets {
            arguments.extend(["--set", set.as_str()]);
        }
        run(&arguments);
        let named = format!("d = {expression}");
        let cases: [(&str, &[&str]); 2] = [("values", &[]), ("expression", &["--expr", &named])];
        std::fs::create_dir(place.path(&format!("{name}-models"))).unwrap();
        for (stem, more) in cases {
            let stem = format!("{name}-models/{stem}");
            let (model, table) = (format!("{stem}.onnx"), format!("{stem}.json"));
            run(&[&["export", name, "--out", &model], more].concat());
            run(&[&["eval", name, "--grid", "9", "--out", &table], more].concat());
        }
    }
    let folders = CASES.iter().map(|(name, ..)| format!("{name}-models"));
    let done = Command::new("python3")
        .args(["-c", CHECK])
        .args(folders)
        .current_dir(place.path(""))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    println!("{}", String::from_utf8_lossy(&done.stdout));
}

/// What has no implementation in ONNX runtimes is refused before there is a file.
#[test]
fn what_onnx_cannot_do_is_refused() {
    let place = Workplace::new();
    let settings = [
        "train.network=mlp(width = 8, depth = 1, activation = gelu)",
        "train.windows=1",
    ];
    let mut arguments = vec!["train", "heat.pde", "--quiet", "--out", "run"];
    let short = SHORT.map(|it| format!("train.{it}"));
    for set in settings.into_iter().chain(short.iter().map(String::as_str)) {
        arguments.extend(["--set", set]);
    }
    place.pdec(&arguments).says(0, &[]);
    let refused = place.pdec(&["export", "run"]);
    refused.says(2, &["`erf` has no implementation"]);
    assert!(!place.path("model.onnx").exists());
}
