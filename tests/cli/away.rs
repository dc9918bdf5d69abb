//! `pdec plot`, `report`, `export`, `runs`, `diff`: what somebody takes away from a run.

use super::{HEAT, TINY, Workplace, python_has};
use std::fs;
use std::process::Command;

/// A vector field of three coordinates, with its solution.
const FLOW: &str = "\
problem \"A vector that decays\"
coord x, y in [0, 1]
time t in [0, 0.5]
field v(x, y, t) in R^2
eq decay: v_t = -v
initial v = (sin(pi*y), x)
exact v = (sin(pi*y)*exp(-t), x*exp(-t))
";

fn trained(name: &str, problem: &str) -> Workplace {
    let place = Workplace::new();
    place.write("problem.pde", problem);
    train(&place, name);
    place
}

fn train(place: &Workplace, name: &str) {
    let mut arguments = vec!["train", "problem.pde", "--quiet", "--out", name];
    for setting in TINY {
        arguments.extend(["--set", setting]);
    }
    let done = place.pdec(&arguments);
    assert_eq!(done.status, 0, "{}", done.stderr);
}

/// Width and height of a PNG file.
fn size(bytes: &[u8]) -> [u32; 2] {
    assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
    [16, 20].map(|at| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()))
}

#[test]
fn a_run_is_replaced_by_a_run_with_all_its_files() {
    let place = trained("run", HEAT);
    assert_eq!(place.pdec(&["plot", "run"]).status, 0);
    assert!(place.path("run/plot.png").is_file());
    train(&place, "run");
    assert!(!place.path("run/plot.png").exists());
}

#[test]
fn a_report_draws_what_is_missing() {
    let place = trained("run", FLOW);
    let pictures = ["solution.png", "solution-v.png", "loss.png", "residual.png"];
    for picture in pictures {
        fs::remove_file(place.path("run").join(picture)).unwrap();
    }
    place.pdec(&["report", "run"]).says(0, &[]);
    for picture in pictures {
        assert!(place.path("run").join(picture).is_file(), "{picture}");
    }
    let page = fs::read_to_string(place.path("run/report.html")).unwrap();
    assert!(page.len() < 1_500_000, "{}", page.len());
    for part in ["<math", "data:image/png;base64,", "To repeat it", "decay.x"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn along_one_coordinate_one_thing_is_drawn() {
    let place = trained("run", FLOW);
    let drawn = |more: &[&str]| {
        let mut arguments = vec!["plot", "run", "--at", "x=0.5,y=0.5", "--out", "a.svg"];
        arguments.extend(more);
        place.pdec(&arguments)
    };
    drawn(&["--field", "v.x"]).says(0, &[]);
    let without = fs::read_to_string(place.path("a.svg")).unwrap();
    assert!(!without.contains("exact"));
    drawn(&["--field", "v.x", "--error"]).says(0, &[]);
    let with = fs::read_to_string(place.path("a.svg")).unwrap();
    assert!(with.contains("exact"));
    drawn(&["--residual"]).says(0, &[]);
    let residuals = fs::read_to_string(place.path("a.svg")).unwrap();
    assert!(residuals.contains("decay.x") && residuals.contains("decay.y"));
    let several = ["--field", "v.x", "--field", "v.y"];
    drawn(&several).says(2, &["one thing is drawn at a time"]);
}

#[test]
fn unfinished_runs_are_listed() {
    let place = trained("runs/done", HEAT);
    fs::create_dir(place.path("runs/part")).unwrap();
    place.write("runs/part/checkpoint.safetensors", "");
    let lines = "{\"step\":7,\"steps\":90}\n{\"step\":8,\"ste";
    place.write("runs/part/metrics.jsonl", lines);
    let table = place.pdec(&["runs"]);
    table.says(0, &[]);
    let line = |name: &str| table.stdout.lines().find(|it| it.contains(name)).unwrap();
    assert!(line("runs/part").contains("7/90") && line("runs/part").contains("--resume"));
    assert!(line("runs/done").contains("Heat conduction"));
    // A run itself.
    let table = place.pdec(&["runs", "runs/done"]);
    assert_eq!(table.stdout.lines().count(), 2, "{}", table.stdout);
    let list = place.pdec(&["runs", "--json"]).stdout;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list[1]["unfinished"]["step"], 7);
    assert_eq!(list[1]["unfinished"]["at_work"], false);
}

#[test]
fn pictures_are_drawn_as_asked() {
    let place = trained("run", FLOW);
    let asked: [&[&str]; 7] = [
        &["--error", "--contours"],
        &["--field", "v", "--at", "t=0.25"],
        &["--field", "v.x", "--at", "t=0.1", "--at", "t=0.2"],
        &["--residual"],
        &["--residual", "decay.x", "--at", "x=0.5"],
        &["--field", "v.y", "--at", "x=0.5,y=0.5", "--error"],
        &["--animate", "--frames", "3"],
    ];
    for options in asked {
        let mut arguments = vec!["plot", "run", "--out", "a.png"];
        arguments.extend(options);
        let done = place.pdec(&arguments);
        assert_eq!(
            (done.status, done.stdout.as_str()),
            (0, "a.png\n"),
            "{options:?}: {}",
            done.stderr
        );
        let bytes = fs::read(place.path("a.png")).unwrap();
        assert_eq!(size(&bytes)[0], 1800);
        let frames = bytes.windows(4).filter(|it| it == b"fcTL").count();
        assert_eq!(frames, if options.contains(&"--animate") { 3 } else { 0 });
    }
    let done = place.pdec(&["plot", "run", "--field", "v", "--out", "a.svg"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let svg = fs::read_to_string(place.path("a.svg")).unwrap();
    assert!(
        svg.starts_with("<svg")
            && svg.contains("data:image/png;base64,")
            && svg.contains("|v|, t = 0.125")
    );
}

/// Of a field of one coordinate and time, curves at several times, and curves that move.
#[test]
fn curves_of_several_times_are_drawn() {
    let place = trained("run", HEAT);
    let asked: [&[&str]; 4] = [
        &["--at", "t=0.1", "--at", "t=0.3", "--error"],
        &["--at", "x=0.25,t=0.1", "--at", "t=0.3"],
        &["--residual", "--at", "t=0.1", "--at", "t=0.3"],
        &["--animate", "--error", "--frames", "3"],
    ];
    for (number, options) in asked.into_iter().enumerate() {
        let mut arguments = vec!["plot", "run", "--out", "a.svg"];
        if options.contains(&"--animate") {
            arguments[3] = "a.png";
        }
        arguments.extend(options);
        let done = place.pdec(&arguments);
        if number == 1 {
            done.says(2, &["every coordinate is held fixed"]);
            continue;
        }
        assert_eq!(done.status, 0, "{options:?}: {}", done.stderr);
        if options.contains(&"--animate") {
            let bytes = fs::read(place.path("a.png")).unwrap();
            assert_eq!(bytes.windows(4).filter(|it| it == b"fcTL").count(), 3);
        } else {
            let svg = fs::read_to_string(place.path("a.svg")).unwrap();
            assert!(svg.contains("t = 0.1") && svg.contains("t = 0.3"));
            assert_eq!(svg.contains(">exact<"), options.contains(&"--error"));
        }
    }
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let place = trained("run", HEAT);
    let refused = |options: &[&str], part: &str| {
        let mut arguments = vec!["plot", "run"];
        arguments.extend(options);
        place.pdec(&arguments).says(2, &[part]);
    };
    refused(&["--field", "w"], "there is no field `w`");
    refused(&["--residual", "wave"], "there is no equation `wave`");
    refused(&["--at", "x=0.5,t=0.1"], "every coordinate is held fixed");
    refused(&["--at", "x=3"], "outside");
    refused(&["--animate", "--at", "t=0.1"], "time goes by");
    refused(
        &["--at", "t=0.1", "--error", "--residual"],
        "one thing is drawn at a time",
    );
    refused(&["--out", "a.pdf"], "end it with .png or .svg");
    place.pdec(&["plot", "nowhere"]).says(2, &["is no folder"]);
}

#[test]
fn the_report_is_one_page() {
    let place = trained("run", HEAT);
    let first = fs::read_to_string(place.path("run/report.html")).unwrap();
    for part in [
        "Heat conduction in a rod",
        "<math",
        "u at t = 0",
        "data:image/png;base64,",
        "exp(-alpha*pi^2*t)",
    ] {
        assert!(first.contains(part), "{part}");
    }
    // No network and no script.
    assert!(!first.contains("<script") && !first.contains("src=\"http"));
    // Every picture, that of gradients among them, and what belongs to it.
    let correlation = ["correlation.json", "correlation.png"];
    let before = correlation.map(|name| fs::read(place.path("run").join(name)).unwrap());
    for name in correlation {
        fs::remove_file(place.path("run").join(name)).unwrap();
    }
    fs::remove_file(place.path("run/report.html")).unwrap();
    let done = place.pdec(&["report", "run"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let after = correlation.map(|name| fs::read(place.path("run").join(name)).unwrap());
    assert!(after == before);
    assert_eq!(
        fs::read_to_string(place.path("run/report.html")).unwrap(),
        first
    );
    // What was measured of another model.
    let path = place.path("run/result.json");
    let text = fs::read_to_string(&path).unwrap();
    let mut result: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(result["model"].as_str().unwrap().len(), 8);
    result["model"] = "00000000".into();
    fs::write(&path, result.to_string()).unwrap();
    for arguments in [&["report", "run"][..], &["diff", "run", "run"]] {
        place
            .pdec(arguments)
            .says(2, &["result.json", "of another run"]);
    }
}

#[test]
fn runs_are_listed_and_compared() {
    let place = trained("runs/a", HEAT);
    place.write("problem.pde", &HEAT.replace("0.05", "0.07"));
    train(&place, "runs/b");
    fs::create_dir(place.path("runs/other")).unwrap();
    let listed = place.pdec(&["runs"]);
    assert_eq!(listed.status, 0, "{}", listed.stderr);
    let lines: Vec<&str> = listed.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", listed.stdout);
    assert!(lines[1].starts_with("runs/a  Heat conduction in a rod") && lines[1].contains("(u)"));
    let different = place.pdec(&["diff", "runs/a", "runs/b"]);
    assert_eq!(different.status, 0, "{}", different.stderr);
    for part in [
        "- param alpha = 0.05",
        "+ param alpha = 0.07",
        "param.alpha",
        "×1.400",
        "errors.u.l2",
    ] {
        assert!(
            different.stdout.contains(part),
            "`{part}` is not in:\n{}",
            different.stdout
        );
    }
    let same = place.pdec(&["diff", "runs/a", "runs/a"]).stdout;
    assert_eq!(same.matches("no difference").count(), 3, "{same}");
    fs::write(place.path("runs/a/result.json"), "{").unwrap();
    assert!(
        place
            .pdec(&["runs"])
            .stdout
            .contains("unreadable: `runs/a/result.json`: it is damaged")
    );
    place
        .pdec(&["runs", "nowhere"])
        .says(2, &["cannot list `nowhere`"]);
    place
        .pdec(&["diff", "runs/a", "nowhere"])
        .says(2, &["nowhere"]);
}

/// Evaluates a model at the points of a table and compares with what `pdec eval` says there.
const CHECK: &str = "
import json, sys
import numpy as np, onnxruntime
table = json.load(open('table.json'))
session = onnxruntime.InferenceSession('model.onnx', providers=['CPUExecutionProvider'])
inputs = {name: np.array(values) for name, values in table['coordinates'].items()}
names = [output.name for output in session.get_outputs()]
assert names == list(table['values']), names
for name, found in zip(names, session.run(None, inputs)):
    wanted = np.array(table['values'][name])
    assert found.dtype == np.float64 and found.shape == wanted.shape
    assert np.max(np.abs(found - wanted)) <= 1e-11 * max(1, np.max(np.abs(wanted))), (name, found, wanted)
";

/// Derivatives too: rows of the network's input that no step writes are zero. Where onnxruntime is installed.
#[test]
fn an_onnx_model_has_the_same_values() {
    let place = trained("run", FLOW);
    let cases: [&[&str]; 2] = [
        &[],
        &[
            "--expr",
            "curl(v)",
            "--expr",
            "rate = v.x_t*sinh(x) + v.y_xx*tan(t)",
        ],
    ];
    for expressions in cases {
        let mut export = vec!["export", "run"];
        export.extend(expressions);
        let done = place.pdec(&export);
        assert_eq!(
            (done.status, done.stdout.as_str()),
            (0, "model.onnx\n"),
            "{}",
            done.stderr
        );
        let mut eval = vec!["eval", "run", "--grid", "5", "--out", "table.json"];
        eval.extend(expressions);
        assert_eq!(place.pdec(&eval).status, 0);
        if python_has("onnxruntime") {
            let done = Command::new("python3")
                .args(["-c", CHECK])
                .current_dir(place.path(""))
                .output()
                .unwrap();
            assert!(
                done.status.success(),
                "{}",
                String::from_utf8_lossy(&done.stderr)
            );
        } else {
            eprintln!("onnxruntime is not installed: the values of the model are not checked");
        }
    }
    for (options, part) in [
        (&["--expr", "erf(x)"][..], "`erf` has no implementation"),
        (&["--expr", "x = v.x"], "would be called `x`"),
        (&["--format", "npz", "--expr", "x"], "leave `--expr` out"),
    ] {
        let mut arguments = vec!["export", "run"];
        arguments.extend(options);
        place.pdec(&arguments).says(2, &[part]);
    }
}

#[test]
fn weights_are_exported() {
    let place = trained("run", HEAT);
    for format in ["npz", "safetensors"] {
        let done = place.pdec(&["export", "run", "--format", format]);
        assert_eq!(done.status, 0, "{}", done.stderr);
    }
    let model = fs::read(place.path("run/model.safetensors")).unwrap();
    assert_eq!(fs::read(place.path("weights.safetensors")).unwrap(), model);
    assert!(
        fs::read(place.path("weights.npz"))
            .unwrap()
            .starts_with(b"PK")
    );
}

/// Where meshio is installed.
#[test]
fn a_vtk_file_is_read_by_others() {
    let place = trained("run", FLOW);
    let done = place.pdec(&["eval", "run", "--grid", "x=3,y=4,t=5", "--out", "flow.vtk"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    if !python_has("meshio") {
        eprintln!("meshio is not installed: the file is not read");
        return;
    }
    let line = [
        "eval", "run", "--from", "x=0,y=0", "--to", "x=1,y=1", "--at", "t=0",
    ];
    let line = place.pdec(&[&line[..], &["--count", "7", "--out", "line.vtk"]].concat());
    assert_eq!(line.status, 0, "{}", line.stderr);
    let read = "import meshio\nline = meshio.read('line.vtk')\nassert line.cells_dict['line'].shape == (6, 2)\n\
                mesh = meshio.read('flow.vtk')\nassert mesh.points.shape == (60, 3)\n\
                assert mesh.point_data['v'].shape == (60, 3)\n\
                assert abs(mesh.points[1][0] - 0.5) < 1e-15 and mesh.points[1][1] == 0\n";
    let done = Command::new("python3")
        .args(["-c", read])
        .current_dir(place.path(""))
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}
