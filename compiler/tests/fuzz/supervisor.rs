//! The two processes: one that runs cases and may die of them, and one that goes on.

use crate::case::{self, DEPTHS};
use crate::generate::Corpus;
use std::fmt;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// The variable that tells a worker where to work.
pub const FOLDER: &str = "PDEC_FUZZ_FOLDER";
/// A case that takes longer is a finding; one takes milliseconds, but machines are busy.
const LIMIT: Duration = Duration::from_secs(30);
/// What a main thread has.
const STACK: usize = 8 << 20;
/// Attempts to make a finding smaller.
const ATTEMPTS: usize = 300;
/// More findings than this are not worth waiting for.
const MOST_FINDINGS: usize = 20;

/// What is to be run.
pub struct Run {
    /// The seed of every case.
    pub seed: u64,
    /// How many cases, at most.
    pub cases: u64,
    /// For how long, at most.
    pub time: Duration,
}

/// What was run, and what came of it.
#[derive(Default)]
pub struct Summary {
    cases: u64,
    depths: [u64; DEPTHS],
    slowest: Duration,
    slowest_case: u64,
    took: Duration,
    /// What went wrong, each with its text.
    pub findings: Vec<Finding>,
}

/// A text with which something goes wrong.
pub struct Finding {
    case: u64,
    reason: String,
    path: PathBuf,
    text: String,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [text, document, problem, program] = self.depths;
        writeln!(
            f,
            "{} cases in {:.0} s: {text} with syntax errors, {document} with other errors, {problem} correct and not \
             supported yet, {program} compiled; slowest {:?} (case {}); {} findings",
            self.cases,
            self.took.as_secs_f64(),
            self.slowest,
            self.slowest_case,
            self.findings.len()
        )?;
        for finding in &self.findings {
            let shown: String = finding.text.chars().take(2000).collect();
            writeln!(
                f,
                "── case {}: {}\n   {}\n{shown}",
                finding.case,
                finding.reason,
                finding.path.display()
            )?;
        }
        Ok(())
    }
}

/// Runs cases in workers until enough have been run.
pub fn supervise(run: &Run) -> Summary {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = target.join(format!("fuzz-{}-{}", run.seed, std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let begin = Instant::now();
    let mut summary = Summary::default();
    let mut first = 0;
    while first < run.cases && begin.elapsed() < run.time && summary.findings.len() < MOST_FINDINGS
    {
        let left = run.time.saturating_sub(begin.elapsed());
        let milliseconds = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        let order = format!("{} {first} {} {milliseconds}", run.seed, run.cases);
        fs::write(folder.join("order"), order).unwrap();
        let reason = start(&folder);
        let done = numbers(&folder.join("state"));
        if let [cases, slowest, slowest_case, depths @ ..] = done.as_slice() {
            summary.cases += cases;
            for (sum, count) in summary.depths.iter_mut().zip(depths) {
                *sum += count;
            }
            if Duration::from_micros(*slowest) > summary.slowest {
                summary.slowest = Duration::from_micros(*slowest);
                summary.slowest_case = *slowest_case;
            }
        }
        let Some(reason) = reason else { break };
        let at = numbers(&folder.join("current"))
            .first()
            .copied()
            .unwrap_or(first);
        let text = Corpus::read().case(run.seed, at);
        summary.findings.push(finding(&folder, at, reason, text));
        first = at + 1;
    }
    summary.took = begin.elapsed();
    let _ = fs::remove_dir_all(&folder);
    summary
}

fn numbers(path: &Path) -> Vec<u64> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace()
        .filter_map(|n| n.parse().ok())
        .collect()
}

/// Lets a worker do what the folder says; why it died, if it did.
fn start(folder: &Path) -> Option<String> {
    for name in ["state", "reason"] {
        let _ = fs::remove_file(folder.join(name));
    }
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "worker", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    if status.success() {
        return None;
    }
    let reason = fs::read_to_string(folder.join("reason"));
    Some(reason.unwrap_or_else(|_| format!("the process died ({status}): its stack overflowed")))
}

/// Makes a finding as small as a few hundred attempts can, and writes it down.
fn finding(folder: &Path, case: u64, reason: String, text: String) -> Finding {
    let mut attempts = ATTEMPTS;
    let mut fails = |text: &str| {
        if attempts == 0 {
            return false;
        }
        attempts -= 1;
        fs::write(folder.join("text"), text).unwrap();
        let failed = start(folder).is_some();
        let _ = fs::remove_file(folder.join("text"));
        failed
    };
    let is_slow = reason.starts_with("slow");
    // each attempt with a slow text takes as long as the limit
    let text = if is_slow {
        text
    } else {
        smaller(text, &mut fails)
    };
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("found-{case}.pde"));
    fs::write(&kept, &text).unwrap();
    Finding {
        case,
        reason,
        path: kept,
        text,
    }
}

/// Leaves out pieces, large ones first, as long as it still fails.
fn smaller(mut text: String, fails: &mut dyn FnMut(&str) -> bool) -> String {
    let mut size = text.chars().count() / 2;
    while size > 0 {
        let mut start = 0;
        loop {
            let characters: Vec<char> = text.chars().collect();
            if start >= characters.len() {
                break;
            }
            let end = (start + size).min(characters.len());
            let without: String = characters[..start]
                .iter()
                .chain(&characters[end..])
                .collect();
            if fails(&without) {
                text = without;
            } else {
                start = end;
            }
        }
        size /= 2;
    }
    text
}

/// What a worker does: the cases that it was told, or one text.
pub fn work(folder: &Path) {
    if let Ok(text) = fs::read_to_string(folder.join("text")) {
        if let Err(reason) = run(text) {
            die(folder, &reason);
        }
        return;
    }
    let order = numbers(&folder.join("order"));
    let [seed, first, cases, milliseconds] = order[..] else {
        panic!("no order");
    };
    let corpus = Corpus::read();
    let begin = Instant::now();
    let mut depths = [0u64; DEPTHS];
    let (mut slowest, mut slowest_case) = (Duration::ZERO, first);
    for case in first..cases {
        // which case it was must be known even if this process dies
        fs::write(folder.join("current"), case.to_string()).unwrap();
        let start = Instant::now();
        let result = run(corpus.case(seed, case));
        if start.elapsed() > slowest {
            (slowest, slowest_case) = (start.elapsed(), case);
        }
        if let Ok(depth) = &result {
            depths[*depth as usize] += 1;
        }
        let over = begin.elapsed() >= Duration::from_millis(milliseconds) || case + 1 == cases;
        if result.is_err() || over || case % 256 == 0 {
            let counts: Vec<String> = depths.iter().map(u64::to_string).collect();
            let state = format!(
                "{} {} {slowest_case} {}",
                case + 1 - first,
                slowest.as_micros(),
                counts.join(" ")
            );
            fs::write(folder.join("state"), state).unwrap();
        }
        if let Err(reason) = result {
            die(folder, &reason);
        }
        if over {
            break;
        }
    }
}

fn die(folder: &Path, reason: &str) -> ! {
    fs::write(folder.join("reason"), reason).unwrap();
    std::process::exit(101);
}

/// Runs one case in a thread with an ordinary stack and waits for it, but not for ever.
fn run(text: String) -> Result<case::Depth, String> {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        let result = catch_unwind(AssertUnwindSafe(|| case::run(&text)));
        let _ = sender.send(result.map_err(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
            text.unwrap_or_else(|| "panicked".to_owned())
        }));
    };
    let thread = thread::Builder::new()
        .stack_size(STACK)
        .spawn(work)
        .unwrap();
    match receiver.recv_timeout(LIMIT) {
        Ok(result) => {
            let _ = thread.join();
            result.map_err(|message| format!("panicked: {message}"))
        }
        Err(mpsc::RecvTimeoutError::Timeout) => Err(format!("slow: more than {LIMIT:?}")),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("died without a word".to_owned()),
    }
}
