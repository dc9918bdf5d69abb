//! What `train` leaves behind.

use crate::{HEAT, TINY, Workplace, names};
use std::fs;
use std::process::{Command, Stdio};

#[test]
fn a_run_leaves_its_files() {
    let workplace = Workplace::new();
    let finished = workplace.train_tiny(&["--json", "--seed", "3"]);
    finished.says(0, &["loss"]);
    let result: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    let keys: Vec<&String> = result.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "problem",
            "version",
            "seed",
            "device",
            "precision",
            "parameters",
            "steps",
            "seconds",
            "errors",
            "residuals",
            "unknowns",
            "gradient_correlation",
            "stopped",
            "model"
        ]
    );
    assert_eq!(result["seed"], 3);
    assert_eq!(result["problem"], "Heat conduction in a rod");
    assert!(
        result["errors"]["u"]["l2"].as_f64().unwrap() < 0.5,
        "{result}"
    );
    assert_eq!(workplace.names(), ["heat.pde", "runs"]);
    assert_eq!(names(&workplace.path("runs")), ["heat-3"]);
    assert_eq!(
        names(&workplace.path("runs/heat-3")),
        [
            "correlation.json",
            "correlation.png",
            "loss.png",
            "metrics.jsonl",
            "model.safetensors",
            "problem.pde",
            "report.html",
            "residual.png",
            "result.json",
            "settings.toml",
            "solution.png"
        ]
    );
    let read = |name: &str| fs::read_to_string(workplace.path("runs/heat-3").join(name)).unwrap();
    assert_eq!(read("result.json"), finished.stdout);
    assert_eq!(read("problem.pde"), HEAT);
    let metrics = read("metrics.jsonl");
    assert_eq!(
        metrics.lines().count(),
        result["steps"].as_u64().unwrap() as usize
    );
    for line in metrics.lines() {
        let report: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(report["loss"].as_f64().unwrap() >= 0.0);
    }
}

#[test]
fn the_settings_of_a_run_reproduce_it() {
    let workplace = Workplace::new();
    workplace
        .train_tiny(&["--seed", "5", "--set", "alpha=0.07", "--quiet"])
        .says(0, &[]);
    let config = "runs/heat-5/settings.toml";
    let again = [
        "train", "heat.pde", "--config", config, "--out", "again", "--quiet",
    ];
    let finished = workplace.pdec(&again);
    finished.says(0, &[]);
    assert!(finished.stderr.is_empty(), "{}", finished.stderr);
    for name in ["settings.toml", "model.safetensors"] {
        let first = fs::read(workplace.path("runs/heat-5").join(name)).unwrap();
        let second = fs::read(workplace.path("again").join(name)).unwrap();
        assert!(first == second, "{name} differs");
    }
}

#[test]
fn the_model_does_not_depend_on_threads() {
    let workplace = Workplace::new();
    let models: Vec<Vec<u8>> = ["1", "2", "3"]
        .into_iter()
        .map(|threads| {
            let mut arguments = vec!["train", "heat.pde", "--quiet", "--out", threads];
            arguments.extend(["--threads", threads]);
            for set in TINY {
                arguments.extend(["--set", set]);
            }
            // more points than one thread takes at a time
            arguments.extend([
                "--set",
                "train.points.interior=700",
                "--set",
                "train.windows=2",
            ]);
            workplace.pdec(&arguments).says(0, &[]);
            fs::read(workplace.path(threads).join("model.safetensors")).unwrap()
        })
        .collect();
    assert!(models[0] == models[1] && models[0] == models[2]);
}

#[test]
fn a_run_replaces_a_run() {
    let workplace = Workplace::new();
    for _ in 0..2 {
        let finished = workplace.train_tiny(&["--out", "run"]);
        finished.says(0, &[]);
        assert!(
            finished.stdout.contains("saved in run"),
            "{}",
            finished.stdout
        );
        assert_eq!(workplace.names(), ["heat.pde", "run"]);
    }
}

#[test]
fn a_time_limit_and_a_target_stop_early() {
    let workplace = Workplace::new();
    let long = [
        "--set",
        "train.optimizer=gauss_newton(steps = 1000000)",
        "--json",
    ];
    let stopped = |more: &[&str]| {
        let finished = workplace.train_tiny(&[&long[..], more].concat());
        finished.says(0, &[]);
        let result: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
        result["stopped"].as_str().unwrap().to_owned()
    };
    let reason = stopped(&["--time-limit", "1s"]);
    // A tiny network may have converged by then.
    assert!(reason == "time_limit" || reason == "converged", "{reason}");
    assert_eq!(stopped(&["--target", "0.1"]), "target");
}

#[test]
fn the_copy_in_a_run_folder_can_be_trained_again() {
    let workplace = Workplace::new();
    fs::create_dir_all(workplace.path("work/far")).unwrap();
    let npz = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/compressed.npz");
    fs::copy(npz, workplace.path("work/far/ref.npz")).unwrap();
    let text = "coord x in [-1, 1]\ntime t in [0, 1]\nfield u(x, t)\neq u_t = u_xx\ninitial u = 0\n\
                on x = -1, x = 1: u = 0\nreference u from \"far/ref.npz\" (x, t, u)\n";
    workplace.write("work/p.pde", text);
    let mut arguments = vec!["train", "work/p.pde", "--json"];
    for set in TINY {
        arguments.extend(["--set", set]);
    }
    workplace
        .pdec(&arguments)
        .says(0, &["tail -F runs/p-0/metrics.jsonl"]);
    let copy = fs::read_to_string(workplace.path("runs/p-0/problem.pde")).unwrap();
    assert_eq!(copy, text.replace("far/ref.npz", "data/ref.npz"));
    workplace
        .pdec(&["check", "runs/p-0/problem.pde"])
        .says(0, &[]);
    // reports measure against the reference as soon as a window is done, and so does the result
    let metrics = fs::read_to_string(workplace.path("runs/p-0/metrics.jsonl")).unwrap();
    let last: serde_json::Value = serde_json::from_str(metrics.lines().last().unwrap()).unwrap();
    assert!(last["errors"].is_object(), "{last}");
    // A run that is carried elsewhere has everything with it.
    fs::create_dir_all(workplace.path("other/deep/er")).unwrap();
    fs::rename(
        workplace.path("runs/p-0"),
        workplace.path("other/deep/er/p"),
    )
    .unwrap();
    fs::remove_dir_all(workplace.path("work")).unwrap();
    let run = "other/deep/er/p";
    for command in [
        &["eval", run, "--grid", "3"][..],
        &["plot", run, "--error"],
        &["report", run],
    ] {
        let done = workplace.pdec(command);
        done.says(0, &[]);
        assert_eq!(done.stderr, "", "{command:?}");
    }
    // Trained once more in its own place, where the copy waits aside meanwhile.
    let problem = format!("{run}/problem.pde");
    let mut again = vec!["train", problem.as_str(), "--quiet", "--out", run];
    again.extend(&arguments[3..]);
    workplace.pdec(&again).says(0, &[]);
    workplace.pdec(&["plot", run, "--error"]).says(0, &[]);
    // Without its reference it still has its values, and says what is missing where that matters.
    fs::remove_file(workplace.path(run).join("data/ref.npz")).unwrap();
    let evaluated = workplace.pdec(&["eval", run, "--grid", "3"]);
    evaluated.says(0, &[]);
    assert_eq!(evaluated.stderr, "");
    let missing = ["`data/ref.npz` cannot be used", "left out"];
    workplace.pdec(&["report", run]).says(0, &missing);
    workplace.pdec(&["plot", run, "--error"]).says(2, &missing);
    workplace.pdec(&["check", &problem]).says(2, &[]);
    // What somebody put beside the copies is not lost.
    workplace.write("other/deep/er/p/data/notes.txt", "");
    workplace.write(
        "other/p.pde",
        &text.replace("reference u from \"far/ref.npz\" (x, t, u)", ""),
    );
    let mut replace = vec!["train", "other/p.pde", "--quiet", "--out", run];
    replace.extend(&arguments[3..]);
    workplace.pdec(&replace).says(2, &["holds `data`"]);
    assert!(workplace.path("other/deep/er/p/data/notes.txt").exists());
}

#[test]
fn an_error_against_zero_says_that_it_is_absolute() {
    let workplace = Workplace::new();
    let text = crate::HEAT
        .replace("sin(pi*x)\non", "0\non")
        .replace("exp(-alpha*pi^2*t)*sin(pi*x)", "0");
    workplace.write("heat.pde", &text);
    let finished = workplace.train_tiny(&["--json"]);
    finished.says(0, &[]);
    let result: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(result["errors"]["u"]["relative"], false, "{result}");
    let finished = workplace.train_tiny(&[]);
    finished.says(0, &[]);
    assert!(
        finished.stdout.contains("absolute: that is zero"),
        "{}",
        finished.stdout
    );
}

#[test]
fn components_are_named_in_results_and_pictures() {
    let workplace = Workplace::new();
    let text = "coord x in [0, 1]\ntime t in [0, 1]\nfield v(x, t) in R^2\neq v_t = (v[2], -v[1])\n\
                initial v = (0, 1)\nexact v = (sin(t), cos(t))\n";
    workplace.write("heat.pde", text);
    let finished = workplace.train_tiny(&["--json"]);
    finished.says(0, &[]);
    let result: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    let errors: Vec<&String> = result["errors"].as_object().unwrap().keys().collect();
    assert_eq!(errors, ["v[1]", "v[2]"]);
    let names = names(&workplace.path("runs/heat-0"));
    assert!(names.contains(&"solution.png".to_owned()), "{names:?}");
    assert!(names.contains(&"solution-v.2.png".to_owned()), "{names:?}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_saves() {
    ends_with("-INT");
}

#[cfg(unix)]
#[test]
fn the_signal_of_a_scheduler_saves() {
    ends_with("-TERM");
}

/// A signal ends training: what was found is saved, and what it needs to go on.
#[cfg(unix)]
fn ends_with(signal: &str) {
    let workplace = Workplace::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_pdec"))
        .args(["train", "heat.pde", "--out", "run", "--quiet"])
        .args([
            "--set",
            "train.optimizer=adam(steps = 100000000)",
            "--threads",
            "1",
        ])
        .current_dir(workplace.folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let written = || fs::metadata(workplace.path("run/metrics.jsonl")).ok();
    for _ in 0..600 {
        if written().is_some_and(|file| file.len() > 0) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let interrupt = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(workplace.names(), ["heat.pde", "run"]);
    let result = fs::read_to_string(workplace.path("run/result.json")).unwrap();
    assert!(result.contains("\"stopped\": \"interrupted\""), "{result}");
}

#[test]
fn a_closed_pipe_changes_no_exit_status() {
    let workplace = Workplace::new();
    fs::write(workplace.path("empty.pde"), "").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_pdec"))
        .args(["check", "empty.pde"])
        .current_dir(workplace.folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
