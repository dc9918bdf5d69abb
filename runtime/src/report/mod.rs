//! `report.html`: a run as a page that can be printed, sent and read without the program.
//!
//! * Input: a [`Material`]: the problem as LaTeX and text, `result.json`, settings, where equations hold worst, and the
//!   pictures of the run folder, of whatever name: a picture that another part of the program puts there is shown.
//! * Output: one HTML file with everything in it: no script, no network, formulas in MathML, pictures as PNG.
//! * Invariants: everything that comes from a user is escaped; a number that is not finite is shown as such.

mod math;
mod number;
mod page;
mod pictures;
mod tables;
mod worst;

use crate::atomic::write_file;
use page::page;
use pictures::pictures;
use serde_json::Value;
use std::fs;
use std::io;
use std::path::Path;
pub use worst::{Worst, worst};

/// What a report is made of.
pub struct Material<'a> {
    /// The title of the problem, or the name of its file.
    pub title: &'a str,
    /// The problem as `pdec emit --stage latex` states it.
    pub latex: &'a str,
    /// The text of the problem.
    pub problem: &'a str,
    /// `settings.toml`.
    pub settings: &'a str,
    /// `result.json`.
    pub result: &'a Value,
    /// Where equations hold worst.
    pub worst: &'a [Worst],
    /// The processor and the number of its threads.
    pub machine: &'a str,
    /// What to know of a solution that does not come to the end of time.
    pub incomplete: Option<&'a str>,
}

/// The processor and the system of this machine, for people.
#[must_use]
pub fn machine() -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!(
        "{}, {threads} threads, {} on {}",
        processor.unwrap_or_else(|| "unknown processor".to_owned()),
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

/// Writes `report.html` into a folder with the pictures that lie there.
///
/// # Errors
///
/// Whatever the system says.
pub fn write_report(folder: &Path, material: &Material<'_>) -> io::Result<()> {
    let page = page(material, &pictures(folder)?);
    write_file(&folder.join("report.html"), page.as_bytes())
}
