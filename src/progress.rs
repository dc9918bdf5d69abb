//! What is shown while training runs, and how Ctrl-C ends it.

use crate::failure::Failure;
use crate::numbers::{grouped, seconds, small};
use indicatif::{ProgressBar, ProgressStyle};
use pdec_runtime::data::Reference;
use pdec_runtime::run_folder::Metrics;
use pdec_runtime::train::{Observer, Report};
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Seconds between two lines where there is no terminal.
const LINE_INTERVAL: f64 = 5.0;

/// Listens to a run: shows it, writes it down, remembers it for the pictures.
pub struct Progress {
    display: Display,
    metrics: Metrics,
    /// Writing the metrics fails at most once; training goes on and the command says it at the end.
    metrics_error: Option<io::Error>,
    history: Vec<Report>,
    references: Vec<Reference>,
    stop: Arc<AtomicBool>,
}

/// How progress is shown.
enum Display {
    /// A bar that moves.
    Bar(ProgressBar),
    /// A line now and then.
    Lines { window: usize, seconds: f64 },
    /// Nothing.
    Quiet,
}

impl Progress {
    /// Shows progress on standard error, unless quiet.
    pub fn new(
        quiet: bool,
        metrics: Metrics,
        references: Vec<Reference>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        let display = if quiet {
            Display::Quiet
        } else if io::stderr().is_terminal() {
            Display::Bar(bar())
        } else {
            Display::Lines {
                window: usize::MAX,
                seconds: f64::NEG_INFINITY,
            }
        };
        Self {
            display,
            metrics,
            metrics_error: None,
            history: Vec::new(),
            references,
            stop,
        }
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
        match &mut self.display {
            Display::Bar(bar) => {
                bar.set_length(report.steps as u64);
                bar.set_position(report.step as u64);
                bar.set_prefix(pace(report));
                bar.set_message(state(report));
            }
            Display::Lines { window, seconds } => {
                let due = report.seconds - *seconds >= LINE_INTERVAL;
                if due || report.window != *window {
                    crate::failure::say(format_args!(
                        "step {}/{}  {}",
                        report.step,
                        report.steps,
                        format_args!("{}  {}", state(report), pace(report))
                    ));
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
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    // How fast on the first line, how well on the second: neither is cut at 80 columns. The template is a
    // constant, so the fallback is never taken.
    let template = "{bar:24.cyan/dim} {pos}/{len}  {prefix}\n{wide_msg}";
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
    parts.push(format!("{} points/s", grouped(report.points_per_second)));
    if report.step > 0 {
        let left = report.steps.saturating_sub(report.step) as f64;
        let each = report.seconds / report.step as f64;
        parts.push(format!("{} left", seconds(left * each)));
    }
    parts.join("  ")
}

/// `loss 1.2e-6  error u 3e-4  heat 1.1e-6  u at t = 0 2e-9`: the mean square of each residual by its label.
fn state(report: &Report) -> String {
    let mut parts = vec![format!("loss {}", small(report.loss))];
    for (field, error) in &report.errors {
        parts.push(format!("error {field} {}", small(*error)));
    }
    for (label, square) in &report.terms {
        parts.push(format!("{label}: {}", small(*square)));
    }
    parts.join("  ")
}

/// Sets what Ctrl-C does, and SIGTERM or SIGHUP, with which schedulers end a run: the first stops training after the step at hand, the second ends the program and
/// removes the unfinished folder.
pub fn listen_for_interrupts(unfinished: PathBuf) -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            // Nobody is left to tell when this fails.
            let _ = std::fs::remove_dir_all(&unfinished);
            process::exit(130);
        }
        crate::failure::say(format_args!(
            "stopping after this step and saving; Ctrl-C again (or a second signal) ends at once and saves nothing"
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
