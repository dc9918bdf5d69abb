//! What is shown while training runs, and how Ctrl-C ends it.

use crate::failure::Failure;
use crate::numbers::{grouped, seconds, small};
use indicatif::{ProgressBar, ProgressStyle};
use pdec_runtime::data::{Measured, Reference};
use pdec_runtime::run_folder::{Checkpoint, Identity, Metrics};
use pdec_runtime::state::State;
use pdec_runtime::train::{Observer, Report, Stage};
use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// The time between two lines where there is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

/// The time between two measurements of errors and fresh residuals on a terminal.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// Writing checkpoints takes at most one part in so many of the time.
const SHARE: u32 = 50;

/// Lines between two lines of headings where there is no terminal.
const HEADINGS: usize = 20;

/// Width of the bar.
const BAR: usize = 16;

/// Drawings of the live view in a second.
const DRAWINGS: u8 = 4;

/// Whether training is over, and its result is being written.
static OVER: AtomicBool = AtomicBool::new(false);

/// When the first signal came.
static FIRST: OnceLock<Instant> = OnceLock::new();

/// Two signals within this time are one: `timeout` signals a program, then its group with it in it.
const TOGETHER: Duration = Duration::from_millis(300);

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
    units: BTreeMap<String, String>,
    stop: Arc<AtomicBool>,
    keeper: Keeper,
    /// The last report with errors and residuals on fresh points.
    seen: Option<Report>,
    /// When that was.
    looked: Option<Instant>,
}

/// How progress is shown.
enum Display {
    /// A bar that moves.
    Bar(ProgressBar),
    /// A line now and then.
    Lines {
        /// What the run was doing in which window at the last line, and when.
        last: Option<(Stage, usize, Instant)>,
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
                last: None,
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
            units: BTreeMap::new(),
            stop,
            keeper,
            seen: None,
            looked: None,
        }
    }

    /// Shows a report.
    fn show(&mut self, report: &Report) {
        let is_measured = !report.fresh.is_empty() || !report.errors.is_empty();
        if is_measured {
            self.seen = Some(report.clone());
            self.looked = Some(Instant::now());
        } else if self
            .seen
            .as_ref()
            .is_some_and(|it| it.stage != report.stage)
        {
            self.seen = None;
        }
        match &mut self.display {
            Display::Bar(bar) => {
                bar.set_length(report.steps as u64);
                bar.set_position(report.step as u64);
                // A line that is too long would break, and what is drawn over it stay.
                let width = terminal_size::terminal_size()
                    .map_or(80, |(terminal_size::Width(width), _)| usize::from(width));
                let counted = BAR + 4 + format!("{}/{}", report.step, report.steps).len();
                bar.set_prefix(cut(&pace(report), width.saturating_sub(counted)));
                let lines = rows(report, self.seen.as_ref(), &self.units);
                let lines: Vec<String> = lines.lines().map(|line| cut(line, width)).collect();
                bar.set_message(lines.join("\n"));
            }
            Display::Lines {
                last,
                lines,
                headings,
            } => {
                let due = last.is_none_or(|(stage, window, when)| {
                    // Windows of features take moments, and attempts have none.
                    let next = report.stage == Stage::Train && window != report.window;
                    next || stage != report.stage || when.elapsed() >= LINE_INTERVAL
                });
                if due {
                    let (names, values) = columns(report, &self.units);
                    if last.is_none() {
                        crate::failure::say(format_args!(
                            "columns: errors are relative, residuals root mean squares on training/fresh points"
                        ));
                    }
                    if *lines % HEADINGS == 0 || *headings != names {
                        crate::failure::say(format_args!("{names}"));
                        *headings = names;
                        *lines = 0;
                    }
                    *lines += 1;
                    crate::failure::say(format_args!("{values}  {}", pace(report)));
                    *last = Some((report.stage, report.window, Instant::now()));
                }
            }
            Display::Quiet => {}
        }
    }

    /// The same with measured data, in the order of the problem.
    pub fn with_measured(mut self, measured: Vec<Measured>) -> Self {
        self.measured = measured;
        self
    }

    /// The same with the unit of what each statement leaves, by label.
    pub fn with_units(mut self, units: BTreeMap<String, String>) -> Self {
        self.units = units;
        self
    }

    /// Ends the display; everything that was reported.
    pub fn finish(self) -> (Vec<Report>, Option<io::Error>) {
        OVER.store(true, Ordering::Relaxed);
        match &self.display {
            Display::Bar(bar) => bar.finish_and_clear(),
            Display::Lines { .. } | Display::Quiet => {}
        }
        (self.history, self.metrics_error)
    }
}

impl Observer for Progress {
    fn report(&mut self, report: &Report) {
        self.show(report);
        if self.metrics_error.is_none() {
            self.metrics_error = self.metrics.write(report).err();
        }
        self.history.push(report.clone());
    }

    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn repeated(&mut self, report: &Report) {
        self.show(report);
    }

    fn wants_measured(&self) -> bool {
        match &self.display {
            Display::Bar(_) => self.looked.is_none_or(|it| it.elapsed() >= LOOK_INTERVAL),
            // A line may be due.
            Display::Lines { last, .. } => {
                last.is_none_or(|(_, _, when)| when.elapsed() >= LINE_INTERVAL)
            }
            Display::Quiet => false,
        }
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
    let template = format!("{{bar:{BAR}.cyan/dim}} {{pos}}/{{len}}  {{prefix}}\n{{msg}}");
    let style =
        ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style.progress_chars("━╸─"));
    bar
}

/// As many characters of a line as there is room for.
fn cut(line: &str, width: usize) -> String {
    if line.chars().count() < width {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(width.saturating_sub(2)).collect();
    short.push('…');
    short
}

/// `gauss_newton  window 3/10  12,300 points/s  8 s left`
fn pace(report: &Report) -> String {
    let mut parts = vec![report.optimizer.to_owned()];
    match report.stage {
        Stage::Train | Stage::Solve => {}
        Stage::Search => parts.push("choosing features".to_owned()),
        Stage::Estimate => parts.push("once more, to estimate the error".to_owned()),
    }
    if report.windows > 1 {
        parts.push(match report.stage {
            Stage::Search => format!("{} windows tried", report.windows),
            Stage::Train | Stage::Solve | Stage::Estimate => {
                format!("window {}/{}", report.window + 1, report.windows)
            }
        });
    }
    if report.points_per_second > 0.0 {
        parts.push(format!("{} points/s", grouped(report.points_per_second)));
    }
    if let Some(left) = report.seconds_left.filter(|it| *it > 0.0) {
        let least = match report.stage {
            // More features may be tried, and what is chosen has to be solved for.
            Stage::Search => "at least ",
            Stage::Train | Stage::Solve | Stage::Estimate => "",
        };
        parts.push(format!("{least}{} left", seconds(left)));
    }
    parts.join("  ")
}

/// The live view: the loss and errors on a line, then a line for each equation and condition.
fn rows(report: &Report, measured: Option<&Report>, units: &BTreeMap<String, String>) -> String {
    /// Lines for residuals; a terminal has no room for more.
    const MOST: usize = 12;
    let mut first = format!("  loss {}", small(report.loss));
    for (field, error) in measured.iter().flat_map(|it| &it.errors) {
        first.push_str(&format!("  error {field} {}", small(*error)));
    }
    let at = measured.map_or(String::new(), |it| {
        if it.step == report.step {
            String::new()
        } else {
            format!("  (error and fresh: step {})", it.step)
        }
    });
    first.push_str(&at);
    let mut lines = vec![first];
    let labels = report
        .terms
        .iter()
        .map(|(label, _)| with_unit(label, units));
    let labels: Vec<String> = labels.collect();
    let widths = labels.iter().map(|label| label.chars().count());
    let width = widths.max().unwrap_or(0);
    let fresh = measured.map_or(&[][..], |it| &it.fresh);
    let terms = report.terms.iter().zip(&labels);
    for (number, ((_, square), label)) in terms.take(MOST).enumerate() {
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

/// Headings and values, one column for each number: `step`, `loss`, errors, and the root mean square of each residual by its
/// label, on the points of the step and on fresh ones behind a slash.
fn columns(report: &Report, units: &BTreeMap<String, String>) -> (String, String) {
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
    for (number, (label, square)) in report.terms.iter().enumerate() {
        let mut value = small(square.sqrt());
        if let Some((_, fresh)) = report.fresh.get(number) {
            value = format!("{value}/{}", small(fresh.sqrt()));
        }
        cells.push((with_unit(label, units), value));
    }
    let (mut names, mut values) = (String::new(), String::new());
    for (name, value) in cells {
        let width = name.chars().count().max(value.chars().count()).max(8);
        names.push_str(&format!("  {name:>width$}"));
        values.push_str(&format!("  {value:>width$}"));
    }
    (names, values)
}

/// `heat [K/s]`
fn with_unit(label: &str, units: &BTreeMap<String, String>) -> String {
    match units.get(label) {
        Some(unit) => format!("{label} [{unit}]"),
        None => label.to_owned(),
    }
}

/// Sets what Ctrl-C does, and SIGTERM or SIGHUP, with which schedulers end a run: the first stops training after the step
/// at hand, the second ends the program; the run can go on from its last checkpoint.
pub fn listen_for_interrupts() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        let first = FIRST.get_or_init(Instant::now);
        if flag.swap(true, Ordering::Relaxed) {
            if first.elapsed() < TOGETHER {
                return;
            }
            process::exit(130);
        }
        if OVER.load(Ordering::Relaxed) {
            crate::failure::say(format_args!(
                "training is over, and its result is being written; Ctrl-C again (or a second signal) ends at once"
            ));
            return;
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
