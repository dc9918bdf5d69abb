//! `metrics.jsonl`: one JSON object for each report, flushed line by line.

use crate::atomic::write_file;
use crate::train::{GradientCorrelation, Report, Stage};
use pdec_compiler::settings::optimizer_names;
use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::io::{self, LineWriter, Write};
use std::path::Path;

/// The name of the file.
const METRICS: &str = "metrics.jsonl";

/// What a run has reported, as far as it can be read.
#[must_use]
pub fn history(folder: &Path) -> Vec<Report> {
    let text = std::fs::read_to_string(folder.join(METRICS)).unwrap_or_default();
    text.lines().map_while(report).collect()
}

/// How far a run has come, after its last report: steps done and planned. None where nothing was reported yet.
#[must_use]
pub fn last_step(folder: &Path) -> Option<(u64, u64)> {
    let text = std::fs::read_to_string(folder.join(METRICS)).ok()?;
    // The last line may be in the making.
    text.lines().rev().take(2).find_map(|line| {
        let line: Value = serde_json::from_str(line).ok()?;
        Some((line.get("step")?.as_u64()?, line.get("steps")?.as_u64()?))
    })
}

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
        let file = File::create(folder.join(METRICS))?;
        Ok(Self {
            file: LineWriter::new(file),
        })
    }

    /// Goes on with `metrics.jsonl` in a folder after so many lines; what they said. Later lines, which are of steps that
    /// are taken again, go.
    ///
    /// # Errors
    ///
    /// Whatever the system says, and [`io::ErrorKind::InvalidData`] where the file has no such lines.
    pub fn reopen(folder: &Path, lines: usize) -> io::Result<(Self, Vec<Report>)> {
        let path = folder.join(METRICS);
        let text = std::fs::read_to_string(&path)?;
        let kept: Vec<&str> = text.lines().take(lines).collect();
        let reports: Option<Vec<Report>> = kept.iter().map(|line| report(line)).collect();
        let reports = reports
            .filter(|reports| reports.len() == lines)
            .ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, "lines are missing or damaged")
            })?;
        let mut text = kept.join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        write_file(&path, text.as_bytes())?;
        let file = OpenOptions::new().append(true).open(&path)?;
        let file = LineWriter::new(file);
        Ok((Self { file }, reports))
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
    stage: &'a str,
    step: usize,
    steps: usize,
    window: usize,
    windows: usize,
    optimizer: &'a str,
    seconds: f64,
    seconds_left: Option<f64>,
    loss: f64,
    terms: Pairs<'a>,
    points_per_second: f64,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    errors: Pairs<'a>,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    fresh: Pairs<'a>,
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
            stage: report.stage.name(),
            step: report.step,
            steps: report.steps,
            window: report.window,
            windows: report.windows,
            optimizer: report.optimizer,
            seconds: report.seconds,
            seconds_left: report.seconds_left,
            loss: report.loss,
            terms: Pairs(&report.terms),
            points_per_second: report.points_per_second,
            errors: Pairs(&report.errors),
            fresh: Pairs(&report.fresh),
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

impl Pairs<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A line read back; none where it is no such line. A number that was not finite was written as `null`.
fn report(line: &str) -> Option<Report> {
    let line: Value = serde_json::from_str(line).ok()?;
    let count = |name: &str| usize::try_from(line.get(name)?.as_u64()?).ok();
    let number = |value: &Value| {
        let not = value.is_null().then_some(f64::NAN);
        value.as_f64().or(not)
    };
    let pairs = |name: &str| -> Option<Vec<(String, f64)>> {
        let Some(value) = line.get(name) else {
            return Some(Vec::new());
        };
        let entries = value.as_object()?.iter();
        entries
            .map(|(name, value)| Some((name.clone(), number(value)?)))
            .collect()
    };
    let optimizer = line.get("optimizer")?.as_str()?;
    Some(Report {
        stage: Stage::of_name(line.get("stage")?.as_str()?)?,
        window: count("window")?,
        windows: count("windows")?,
        optimizer: optimizer_names().into_iter().find(|it| *it == optimizer)?,
        step: count("step")?,
        steps: count("steps")?,
        seconds: number(line.get("seconds")?)?,
        seconds_left: line.get("seconds_left")?.as_f64(),
        loss: number(line.get("loss")?)?,
        terms: pairs("terms")?,
        points_per_second: number(line.get("points_per_second")?)?,
        errors: pairs("errors")?,
        fresh: pairs("fresh")?,
        correlation: match line.get("gradient_correlation") {
            None => None,
            Some(found) => Some(GradientCorrelation {
                raw: number(found.get("raw")?)?,
                cosine: number(found.get("cosine")?)?,
                offset: number(found.get("offset")?)?,
            }),
        },
    })
}

impl Serialize for Pairs<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::Metrics;
    use crate::train::{GradientCorrelation, Report, Stage};
    use std::io::Write as _;

    #[test]
    fn a_file_goes_on_after_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let report = |step: usize| Report {
            stage: Stage::Train,
            window: 1,
            windows: 3,
            optimizer: "gauss_newton",
            step,
            steps: 9,
            seconds: 0.5,
            seconds_left: (step > 0).then_some(1.5),
            loss: f64::NAN,
            terms: vec![("a \"b\"".to_owned(), 1e-300)],
            points_per_second: 3.0,
            errors: Vec::new(),
            fresh: vec![("f".to_owned(), 0.25)],
            correlation: (step == 2).then_some(GradientCorrelation {
                raw: 0.1,
                cosine: 0.75,
                offset: 0.01,
            }),
        };
        let mut metrics = Metrics::create(folder.path()).unwrap();
        for step in 0..5 {
            metrics.write(&report(step)).unwrap();
        }
        drop(metrics);
        let path = folder.path().join("metrics.jsonl");
        let whole = std::fs::read_to_string(&path).unwrap();
        // a line that was cut off
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap();
        file.write_all(b"{\"step\": 5, ").unwrap();
        assert!(Metrics::reopen(folder.path(), 6).is_err());
        let (mut metrics, reports) = Metrics::reopen(folder.path(), 3).unwrap();
        let steps: Vec<usize> = reports.iter().map(|report| report.step).collect();
        assert_eq!(steps, [0, 1, 2]);
        assert!(reports[0].loss.is_nan());
        assert_eq!(format!("{:?}", reports[2]), format!("{:?}", report(2)));
        for step in 3..5 {
            metrics.write(&report(step)).unwrap();
        }
        drop(metrics);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
        std::fs::remove_file(&path).unwrap();
        assert!(Metrics::reopen(folder.path(), 0).is_err());
    }
}
