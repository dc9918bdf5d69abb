//! What is shown while training runs, and how Ctrl-C ends it.

use crate::failure::Failure;
use crate::numbers::{grouped, seconds, small};
use indicatif::{ProgressBar, ProgressStyle};
use pdec_runtime::data::{Measured, Reference};
use pdec_runtime::run_folder::{Checkpoint, Identity, Metrics};
use pdec_runtime::state::State;
use pdec_runtime::train::{Observer, Report};
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Seconds between two lines where there is no terminal.
const LINE_INTERVAL: f64 = 5.0;

/// Writing checkpoints takes at most one part in so many of the time.
const SHARE: u32 = 50;

/// Lines between two lines of headings where there is no terminal.
const HEADINGS: usize = 20;

/// Drawings of the live view in a second.
const DRAWINGS: u8 = 4;

/// Where checkpoints go.
pub struct Keeper {
    /// The run folder.
    pub folder: PathBuf,
    /// What the run is a run of.
    pub identity: Identity,
    /// The time between two checkpoints, at least.
    pub interval: Duration,
    /// When the last one was written.
    pub last: Instant,
    /// How long that took.
    pub took: Duration,
    /// Whether it has been said that one could not be written.
    pub complained: bool,
}

impl Keeper {
    fn is_due(&self) -> bool {
        self.last.elapsed() >= self.interval.max(SHARE * self.took)
    }

    /// Writes a checkpoint. Where that fails the one before is still there, and training is worth going on with.
    fn write(&mut self, state: State, reports: usize) {
        let begin = Instant::now();
        let checkpoint = Checkpoint {
            identity: self.identity.clone(),
            reports,
            state: Some(state),
        };
        if let Err(error) = checkpoint.write(&self.folder)
            && !self.complained
        {
            self.complained = true;
            crate::failure::say(format_args!(
                "cannot write a checkpoint: {error}; training goes on, and the last checkpoint stays as it is"
            ));
        }
        self.last = Instant::now();
        self.took = begin.elapsed();
    }
}

/// Listens to a run: shows it, writes it down, remembers it for the pictures.
pub struct Progress {
    display: Display,
    metrics: Metrics,
    /// Writing the metrics fails at most once; training goes on and the command says it at the end.
    metrics_error: Option<io::Error>,
    history: Vec<Report>,
    references: Vec<Reference>,
    measured: Vec<Measured>,
    stop: Arc<AtomicBool>,
    keeper: Keeper,
    /// The last residuals on fresh points.
    fresh: Vec<(String, f64)>,
}

/// How progress is shown.
enum Display {
    /// A bar that moves.
    Bar(ProgressBar),
    /// A line now and then.
    Lines {
        window: usize,
        seconds: f64,
        /// Lines since the headings.
        lines: usize,
        headings: String,
    },
    /// Nothing.
    Quiet,
}

impl Progress {
    /// Shows progress on standard error, unless quiet. `history` are the reports of the run before it was interrupted.
    pub fn new(
        quiet: bool,
        metrics: Metrics,
        history: Vec<Report>,
        references: Vec<Reference>,
        stop: Arc<AtomicBool>,
        keeper: Keeper,
    ) -> Self {
        let display = if quiet {
            Display::Quiet
        } else if io::stderr().is_terminal() {
            Display::Bar(bar())
        } else {
            Display::Lines {
                window: usize::MAX,
                seconds: f64::NEG_INFINITY,
                lines: 0,
                headings: String::new(),
            }
        };
        Self {
            display,
            metrics,
            metrics_error: None,
            history,
            references,
            measured: Vec::new(),
            stop,
            keeper,
            fresh: Vec::new(),
        }
    }

    /// The same with measured data, in the order of the problem.
    pub fn with_measured(mut self, measured: Vec<Measured>) -> Self {
        self.measured = measured;
        self
    }

    /// Ends the display; everything that was reported.
    pub fn finish(self) -> (Vec<Report>, Option<io::Error>) {
        match &self.display {
            Display::Bar(bar) => bar.finish_and_clear(),
            Display::Lines { .. } | Display::Quiet => {}
        }
        (self.history, self.metrics_error)
    }
}

impl Observer for Progress {
    fn report(&mut self, report: &Report) {
        if !report.fresh.is_empty() {
            self.fresh.clone_from(&report.fresh);
        }
        let fresh = &self.fresh;
        match &mut self.display {
            Display::Bar(bar) => {
                bar.set_length(report.steps as u64);
                bar.set_position(report.step as u64);
                bar.set_prefix(pace(report));
                bar.set_message(rows(report, fresh));
            }
            Display::Lines {
                window,
                seconds,
                lines,
                headings,
            } => {
                let due = report.seconds - *seconds >= LINE_INTERVAL;
                if due || report.window != *window {
                    let (names, values) = columns(report, fresh);
                    if *lines % HEADINGS == 0 || *headings != names {
                        crate::failure::say(format_args!("{names}"));
                        *headings = names;
                        *lines = 0;
                    }
                    *lines += 1;
                    crate::failure::say(format_args!("{values}  {}", pace(report)));
                    (*window, *seconds) = (report.window, report.seconds);
                }
            }
            Display::Quiet => {}
        }
        if self.metrics_error.is_none() {
            self.metrics_error = self.metrics.write(report).err();
        }
        self.history.push(report.clone());
    }

    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn references(&self) -> &[Reference] {
        &self.references
    }

    fn wants_state(&self) -> bool {
        self.keeper.is_due()
    }

    fn state(&mut self, state: State) {
        self.keeper.write(state, self.history.len());
    }

    fn measured(&self) -> &[Measured] {
        &self.measured
    }
}

fn bar() -> ProgressBar {
    let target = indicatif::ProgressDrawTarget::stderr_with_hz(DRAWINGS);
    let bar = ProgressBar::with_draw_target(Some(0), target);
    // How fast on the first line, how well below, a line for each residual. The template is a constant, so the
    // fallback is never taken.
    let template = "{bar:24.cyan/dim} {pos}/{len}  {prefix}\n{msg}";
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style.progress_chars("━╸─"));
    bar
}

/// `window 3/10  12,300 points/s  8 s left`
fn pace(report: &Report) -> String {
    let mut parts = Vec::new();
    if report.windows > 1 {
        parts.push(format!("window {}/{}", report.window + 1, report.windows));
    }
    // A search for features counts no points, and does not know how many attempts it will be.
    if report.points_per_second > 0.0 {
        parts.push(format!("{} points/s", grouped(report.points_per_second)));
    }
    if report.step > 0 && report.steps > report.step {
        let left = (report.steps - report.step) as f64;
        let each = report.seconds / report.step as f64;
        parts.push(format!("{} left", seconds(left * each)));
    }
    parts.join("  ")
}

/// The live view: the loss and errors on a line, then a line for each equation and condition.
fn rows(report: &Report, fresh: &[(String, f64)]) -> String {
    /// Lines for residuals; a terminal has no room for more.
    const MOST: usize = 12;
    let mut first = format!("  {}  loss {}", report.optimizer, small(report.loss));
    for (field, error) in &report.errors {
        first.push_str(&format!("  error {field} {}", small(*error)));
    }
    let mut lines = vec![first];
    let width = |pairs: &[(String, f64)]| {
        let widths = pairs.iter().map(|(label, _)| label.chars().count());
        widths.max().unwrap_or(0)
    };
    let width = width(&report.terms);
    for (number, (label, square)) in report.terms.iter().take(MOST).enumerate() {
        let fresh = fresh.get(number).map_or_else(String::new, |(_, square)| {
            format!("  fresh {}", small(square.sqrt()))
        });
        lines.push(format!("  {label:width$}  {}{fresh}", small(square.sqrt())));
    }
    if report.terms.len() > MOST {
        lines.push(format!("  and {} more", report.terms.len() - MOST));
    }
    lines.join("\n")
}

/// Headings and values, one column for each number: `step`, `loss`, errors, the root mean square of each residual by its
/// label, and the largest one on fresh points.
fn columns(report: &Report, fresh: &[(String, f64)]) -> (String, String) {
    let mut cells = vec![
        (
            "step".to_owned(),
            format!("{}/{}", report.step, report.steps),
        ),
        ("loss".to_owned(), small(report.loss)),
    ];
    for (field, error) in &report.errors {
        cells.push((format!("error {field}"), small(*error)));
    }
    for (label, square) in &report.terms {
        cells.push((label.clone(), small(square.sqrt())));
    }
    let largest = fresh.iter().map(|(_, square)| *square).reduce(f64::max);
    if let Some(largest) = largest {
        cells.push(("fresh".to_owned(), small(largest.sqrt())));
    }
    let (mut names, mut values) = (String::new(), String::new());
    for (name, value) in cells {
        let width = name.chars().count().max(value.chars().count()).max(8);
        names.push_str(&format!("  {name:>width$}"));
        values.push_str(&format!("  {value:>width$}"));
    }
    (names, values)
}

/// Sets what Ctrl-C does, and SIGTERM or SIGHUP, with which schedulers end a run: the first stops training after the step
/// at hand, the second ends the program; the run can go on from its last checkpoint.
pub fn listen_for_interrupts() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            process::exit(130);
        }
        crate::failure::say(format_args!(
            "stopping after this step and saving; Ctrl-C again (or a second signal) ends at once; `--resume` goes on either way"
        ));
    })
    .map_err(|error| {
        Failure::machine(
            "no-signal-handler",
            format!("cannot listen for Ctrl-C: {error}"),
            "this should not happen; please report it with your operating system",
        )
    })?;
    Ok(stop)
}
