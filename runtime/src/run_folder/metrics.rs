//! `metrics.jsonl`: one JSON object for each report, flushed line by line.

use crate::train::Report;
use serde::Serialize;
use serde::ser::SerializeMap;
use std::fs::File;
use std::io::{self, LineWriter, Write};
use std::path::Path;

/// The open file.
#[derive(Debug)]
pub struct Metrics {
    file: LineWriter<File>,
}

impl Metrics {
    /// Creates `metrics.jsonl` in a folder.
    ///
    /// # Errors
    ///
    /// Whatever the system says.
    pub fn create(folder: &Path) -> io::Result<Self> {
        let file = File::create(folder.join("metrics.jsonl"))?;
        Ok(Self {
            file: LineWriter::new(file),
        })
    }

    /// Appends a report.
    ///
    /// # Errors
    ///
    /// Whatever the system says.
    pub fn write(&mut self, report: &Report) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Line::from(report))?;
        line.push(b'\n');
        self.file.write_all(&line)
    }
}

#[derive(Serialize)]
struct Line<'a> {
    step: usize,
    window: usize,
    optimizer: &'a str,
    seconds: f64,
    loss: f64,
    terms: Pairs<'a>,
    points_per_second: f64,
    errors: Pairs<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gradient_correlation: Option<Correlation>,
}

#[derive(Serialize)]
struct Correlation {
    raw: f64,
    cosine: f64,
    offset: f64,
}

impl<'a> From<&'a Report> for Line<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            step: report.step,
            window: report.window,
            optimizer: report.optimizer,
            seconds: report.seconds,
            loss: report.loss,
            terms: Pairs(&report.terms),
            points_per_second: report.points_per_second,
            errors: Pairs(&report.errors),
            gradient_correlation: report.correlation.map(|found| Correlation {
                raw: found.raw,
                cosine: found.cosine,
                offset: found.offset,
            }),
        }
    }
}

/// Names and numbers as an object, in their order.
struct Pairs<'a>(&'a [(String, f64)]);

impl Serialize for Pairs<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
