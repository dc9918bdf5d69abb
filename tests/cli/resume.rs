//! Runs that are killed and go on, and files that are damaged.

use crate::{Workplace, names};
use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A few seconds of training in two windows.
const LONG: [&str; 4] = [
    "train.windows=2",
    "train.network=mlp(width = 8, depth = 2)",
    "train.points=[interior = 300, initial = 32, boundary = 16]",
    "train.optimizer=[adam(steps = 400), lbfgs(steps = 60), gauss_newton(steps = 10)]",
];

impl Workplace {
    fn long(&self, out: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pdec"));
        command
            .args(["train", "heat.pde", "--out", out, "--quiet"])
            .args(["--threads", "1", "--checkpoint", "0.02s"])
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        for set in LONG {
            command.args(["--set", set]);
        }
        command.args(more);
        command
    }

    /// Files of a folder that are the same whenever a run is the same.
    fn outcome(&self, folder: &str) -> (Vec<u8>, Vec<u8>, serde_json::Value) {
        let read = |name: &str| fs::read(self.path(folder).join(name)).unwrap();
        let mut result: serde_json::Value = serde_json::from_slice(&read("result.json")).unwrap();
        result["seconds"] = 0.into();
        (read("model.safetensors"), read("settings.toml"), result)
    }
}

/// Waits until a folder has a checkpoint with a state in it, or the program has ended.
fn wait_for_checkpoint(workplace: &Workplace, folder: &str, child: &mut Child) {
    let path = workplace.path(folder).join("checkpoint.safetensors");
    // One without a state is a few kilobytes.
    while fs::metadata(&path).map_or(0, |file| file.len()) < 8000 {
        if child.try_wait().unwrap().is_some() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A limit on the size of files (`ulimit -f`) is like a full disk: an error that says so, or something left out, never the
/// end by a signal; without the limit the run goes on to the same bytes.
#[cfg(unix)]
#[test]
fn a_limit_on_the_size_of_files_loses_nothing() {
    let workplace = Workplace::new();
    assert!(workplace.long("whole", &[]).status().unwrap().success());
    let whole = workplace.outcome("whole");
    let mut refused = 0;
    // in blocks of 512 bytes: not even a problem, a checkpoint without a state, pictures without the report
    for blocks in ["0", "2", "10", "60"] {
        let out = format!("limit{blocks}");
        let inner = workplace.long(&out, &[]);
        let mut limited = Command::new("sh");
        limited
            .args(["-c", &format!("ulimit -f {blocks}; exec \"$@\""), "sh"])
            .arg(inner.get_program())
            .args(inner.get_args())
            .current_dir(workplace.folder.path());
        let done = limited.output().unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        match done.status.code() {
            Some(0) => {}
            Some(2) => {
                refused += 1;
                assert!(said.contains("room"), "{blocks}: {said}");
            }
            other => panic!("{blocks}: {other:?}: {said}"),
        }
        let resumed = workplace.long(&out, &["--resume"]).status().unwrap();
        assert!(resumed.success(), "{blocks}");
        assert!(workplace.outcome(&out) == whole, "{blocks}");
    }
    assert!(refused > 0, "no limit was small enough");
}

/// Kills at moments spread over the run, the moment of a checkpoint among them; the run goes on each time and ends as if
/// nothing had happened.
#[test]
fn a_killed_run_goes_on_to_the_same_bytes() {
    let workplace = Workplace::new();
    assert!(workplace.long("whole", &[]).status().unwrap().success());
    let whole = workplace.outcome("whole");
    let mut kills = 0;
    for round in 0..2_u64 {
        let out = format!("killed{round}");
        for attempt in 0..5_u64 {
            let mut child = workplace.long(&out, &["--resume"]).spawn().unwrap();
            wait_for_checkpoint(&workplace, &out, &mut child);
            std::thread::sleep(Duration::from_millis(37 * round + 53 * attempt));
            let running = child.try_wait().unwrap().is_none();
            kills += usize::from(running);
            child.kill().unwrap();
            child.wait().unwrap();
        }
        // From the folder alone.
        let finished = workplace.pdec(&["train", &out, "--resume", "--quiet"]);
        finished.says(0, &[]);
        assert!(workplace.outcome(&out) == whole, "round {round}");
        let files = names(&workplace.path(&out));
        let rest = |name: &String| name.contains("checkpoint") || name.contains(".new");
        assert!(!files.iter().any(rest), "{files:?}");
        assert!(!files.contains(&".lock".to_owned()), "{files:?}");
    }
    assert!(kills > 0, "every run was over before it was killed");
    assert_eq!(
        workplace.names(),
        ["heat.pde", "killed0", "killed1", "whole"]
    );
    // A run that has come to its end stays as it is.
    workplace
        .pdec(&["train", "whole", "--resume"])
        .says(0, &["has come to its end"]);
    workplace
        .pdec(&["train", "whole"])
        .says(2, &["is a folder", "--resume"]);
}

/// A run that chooses everything by itself, killed before it has: its folder goes on to the same bytes.
#[test]
fn a_run_killed_before_its_choice_goes_on_from_its_folder() {
    let workplace = Workplace::new();
    let train = |out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pdec"));
        command
            .args(["train", "heat.pde", "--out", out, "--quiet"])
            .args(["--threads", "1"])
            .current_dir(workplace.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    assert!(train("whole").status().unwrap().success());
    let whole = workplace.outcome("whole");
    let mut child = train("killed").spawn().unwrap();
    let checkpoint = workplace.path("killed/checkpoint.safetensors");
    while !checkpoint.exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let finished = workplace.pdec(&["train", "killed", "--resume", "--quiet"]);
    finished.says(0, &[]);
    assert!(workplace.outcome("killed") == whole);
}

/// Of a run without an end the time windows that are done can be evaluated and drawn, while it is at work and afterwards.
#[test]
fn windows_that_are_done_can_be_looked_at() {
    let workplace = Workplace::new();
    let mut child = workplace
        .long(
            "part",
            &[
                "--set",
                "train.windows=4",
                "--set",
                "train.optimizer=adam(steps = 3000)",
            ],
        )
        .spawn()
        .unwrap();
    wait_for_checkpoint(&workplace, "part", &mut child);
    let eval = ["eval", "part", "--grid", "x=3,t=5"];
    let mut refused = 0;
    let looked = loop {
        let done = workplace.pdec(&eval);
        if done.status == 0 || child.try_wait().unwrap().is_some() {
            break done;
        }
        assert!(
            done.stderr.contains("no time window is done"),
            "{}",
            done.stderr
        );
        refused += 1;
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(refused > 0);
    assert!(looked.stderr.contains("is at work: "), "{}", looked.stderr);
    child.kill().unwrap();
    child.wait().unwrap();
    let looked = workplace.pdec(&eval);
    looked.says(
        0,
        &[
            "has not come to an end: ",
            "of 4 time windows are done, up to t = 0.",
        ],
    );
    let value = |x: &str, t: &str| {
        let row = looked
            .stdout
            .lines()
            .find(|it| it.starts_with(&format!("{x},{t},")));
        let value = row.unwrap().rsplit(',').next().unwrap();
        value.parse::<f64>().unwrap()
    };
    assert!((value("0.5", "0") - 1.0).abs() < 0.1);
    assert!(value("0.5", "0.125").is_finite());
    assert!(value("0.5", "0.5").is_nan());
    workplace.pdec(&["plot", "part"]).says(0, &[]);
    // What was measured is not known yet.
    workplace
        .pdec(&["report", "part"])
        .says(2, &["unfinished-run"]);
}

/// A run that a signal ended has a result, and goes on all the same.
#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on() {
    let workplace = Workplace::new();
    assert!(workplace.long("whole", &[]).status().unwrap().success());
    let mut child = workplace.long("run", &[]).spawn().unwrap();
    wait_for_checkpoint(&workplace, "run", &mut child);
    let id = child.id().to_string();
    let signal = Command::new("kill").args(["-INT", &id]).status().unwrap();
    let status = child.wait().unwrap();
    if !signal.success() || status.code() == Some(0) {
        return; // it was over before
    }
    assert_eq!(status.code(), Some(130));
    let files = names(&workplace.path("run"));
    for name in ["checkpoint.safetensors", "model.safetensors", "result.json"] {
        assert!(files.contains(&name.to_owned()), "{files:?}");
    }
    workplace
        .pdec(&["train", "run", "--resume", "--quiet"])
        .says(0, &[]);
    assert!(workplace.outcome("run") == workplace.outcome("whole"));
    let lines = |run: &str| {
        let text = fs::read_to_string(workplace.path(run).join("metrics.jsonl")).unwrap();
        text.lines().count()
    };
    assert_eq!(lines("run"), lines("whole"));
}

/// Features were solved for and did not do: the network that is trained instead is interrupted. That is no end, and the run goes
/// on. What was measured follows another law than the equation, so that no features fit.
#[cfg(unix)]
#[test]
fn a_network_that_is_to_be_compared_is_interrupted() {
    let workplace = Workplace::new();
    workplace.write(
        "decay.pde",
        "time t in [0, 2]\nfield u(t)\nunknown k in (0.1, 10) = 1\neq decay: u_t = -k*u\ninitial u = 1\n\
         observe u from \"decay.csv\" (t, u) noise 0.001\n",
    );
    let row = |k: u32| {
        let t = f64::from(k) / 20.0;
        format!("{t},{:.6}\n", 1.0 / (1.0 + t))
    };
    let rows: String = (0..41).map(row).collect();
    workplace.write("decay.csv", &format!("t,u\n{rows}"));
    let train = |out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pdec"));
        command
            .args(["train", "decay.pde", "--out", out, "--quiet"])
            .args(["--threads", "1", "--target", "1.4475e-3"])
            .args(["--set", "train.points=[interior = 100]"])
            .current_dir(workplace.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    assert!(train("whole").status().unwrap().success());
    let mut child = train("run").spawn().unwrap();
    let metrics = workplace.path("run/metrics.jsonl");
    let trains = || {
        let text = fs::read_to_string(&metrics).unwrap_or_default();
        text.contains("\"stage\":\"train\"")
    };
    while !trains() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let id = child.id().to_string();
    let signal = Command::new("kill").args(["-INT", &id]).status().unwrap();
    let status = child.wait().unwrap();
    if !signal.success() || status.code() == Some(0) {
        return; // it was over before
    }
    assert_eq!(status.code(), Some(130));
    let text = fs::read_to_string(workplace.path("run/result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(result["stopped"], "interrupted");
    let choice = result["choice"].as_str().unwrap();
    assert!(choice.contains("interrupted"), "{choice}");
    workplace
        .pdec(&["train", "run", "--resume", "--quiet"])
        .says(0, &[]);
    assert!(workplace.outcome("run") == workplace.outcome("whole"));
}

/// A checkpoint of another problem, with other settings, or damaged in any way is refused, and says why.
#[test]
fn what_is_not_of_this_run_is_refused() {
    let workplace = Workplace::new();
    let mut child = workplace.long("run", &[]).spawn().unwrap();
    wait_for_checkpoint(&workplace, "run", &mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    let path = workplace.path("run/checkpoint.safetensors");
    let Ok(good) = fs::read(&path) else {
        return; // it was over before
    };
    let resumed = |more: &[&str]| {
        let mut arguments = vec!["train", "heat.pde", "--out", "run", "--resume", "--quiet"];
        for set in LONG {
            arguments.extend(["--set", set]);
        }
        arguments.extend(more);
        workplace.pdec(&arguments)
    };
    let file = "run/checkpoint.safetensors";
    resumed(&["--seed", "1"]).says(2, &[file, "`run.seed`: 0 then, 1 now"]);
    resumed(&["--set", "train.windows=3"]).says(2, &[file, "`train.windows`: 2 then"]);
    resumed(&["--set", "alpha=0.06"]).says(2, &[file, "`param.alpha`: 0.05"]);
    let heat = crate::HEAT;
    let other = heat.replace("alpha*u_xx", "2*alpha*u_xx");
    let other = other.replace("exp(-alpha*pi^2*t)", "exp(-2*alpha*pi^2*t)");
    workplace.write("heat.pde", &other);
    resumed(&[]).says(2, &[file, "the problem"]);
    workplace.write("heat.pde", heat);
    // Damage: cut off, bits flipped, another file, nothing at all.
    let mut damaged: Vec<Vec<u8>> = vec![Vec::new(), b"{}".to_vec(), heat.into()];
    for part in 1..10 {
        damaged.push(good[..good.len() * part / 10].to_vec());
        let mut flipped = good.clone();
        flipped[good.len() * part / 10] ^= 1 << (part % 8);
        damaged.push(flipped);
    }
    for (number, bytes) in damaged.iter().enumerate() {
        fs::write(&path, bytes).unwrap();
        let finished = workplace.pdec(&["train", "run", "--resume", "--quiet"]);
        finished.says(2, &[file]);
        assert!(!finished.stderr.contains("panicked"), "{number}");
        assert_eq!(&fs::read(&path).unwrap(), bytes);
    }
    // The folder of another problem, whose parameters are others.
    fs::write(&path, &good).unwrap();
    let own = workplace.path("run/problem.pde");
    let text = fs::read_to_string(&own).unwrap();
    let other = text.replace("alpha", "kappa");
    let changed = text.replace("alpha = 0.05", "alpha = 0.06");
    for (altered, said) in [(other, "- heat: u_t"), (changed, "+ param alpha = 0.06")] {
        fs::write(&own, altered).unwrap();
        let finished = workplace.pdec(&["train", "run", "--resume", "--quiet"]);
        finished.says(2, &[file, "is of another run", said]);
    }
    fs::write(&own, &text).unwrap();
    // Nothing was lost by all that.
    workplace
        .pdec(&["train", "run", "--resume", "--quiet"])
        .says(0, &[]);
    let model = workplace.path("run/model.safetensors");
    let settings = workplace.path("run/settings.toml");
    let point = ["eval", "run", "--grid", "x=3,t=3"];
    workplace.pdec(&point).says(0, &[]);
    for (path, name) in [(&model, "model.safetensors"), (&settings, "settings.toml")] {
        let good = fs::read(path).unwrap();
        for place in [good.len() / 3, good.len() - 2] {
            let mut bytes = good.clone();
            bytes[place] ^= 1;
            fs::write(path, &bytes).unwrap();
            workplace.pdec(&point).says(2, &[name]);
            fs::write(path, &good[..place]).unwrap();
            workplace.pdec(&point).says(2, &[name]);
        }
        fs::write(path, &good).unwrap();
    }
    // A number that settings replace is a part of the text all the same; comments are not.
    fs::write(&own, text.replace("alpha = 0.05", "alpha = 0.06")).unwrap();
    workplace.pdec(&point).says(
        2,
        &[
            "problem.pde",
            "- param alpha = 0.05",
            "+ param alpha = 0.06",
        ],
    );
    fs::write(&own, text.replace("alpha = 0.05", "alpha =  0.05 # m^2/s")).unwrap();
    workplace.pdec(&point).says(0, &[]);
}

/// A run whose folder cannot be written, or is at work, is refused before anything is trained; what was there stays.
#[cfg(unix)]
#[test]
fn a_folder_at_work_is_left_alone() {
    let workplace = Workplace::new();
    let mut child = workplace.long("run", &[]).spawn().unwrap();
    wait_for_checkpoint(&workplace, "run", &mut child);
    let second = workplace.long("run", &[]).output().unwrap();
    if child.try_wait().unwrap().is_none() {
        assert_eq!(second.status.code(), Some(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
