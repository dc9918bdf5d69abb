//! The table of a comparison.

use super::Variant;
use serde_json::{Value, json};

/// What one run came to.
#[derive(Debug)]
pub struct Row {
    way: String,
    folder: String,
    seed: u16,
    parameters: Option<u64>,
    steps: Option<u64>,
    seconds: Option<f64>,
    /// The largest relative L2 error of a field, where the solution is known.
    error: Option<f64>,
    /// The largest residual on fresh points.
    residual: Option<f64>,
    correlation: Option<f64>,
    stopped: String,
}

impl Row {
    /// From a `result.json`.
    pub fn new(variant: &Variant, seed: u16, result: &Value) -> Self {
        let largest = |of: &Value, key: &str| {
            let values = of.as_object()?.values();
            values
                .filter_map(|value| value[key].as_f64())
                .reduce(f64::max)
        };
        Self {
            way: variant.text.clone(),
            folder: format!("{}-{seed}", variant.name),
            seed,
            parameters: result["parameters"].as_u64(),
            steps: result["steps"].as_u64(),
            seconds: result["seconds"].as_f64(),
            error: largest(&result["errors"], "l2"),
            residual: largest(&result["residuals"], "fresh"),
            correlation: result["gradient_correlation"]["cosine"].as_f64(),
            stopped: result["stopped"].as_str().unwrap_or_default().to_owned(),
        }
    }
}

/// All rows as one list.
pub fn json(rows: &[Row]) -> Value {
    let rows = rows.iter().map(|row| {
        json!({
            "with": row.way,
            "folder": row.folder,
            "seed": row.seed,
            "parameters": row.parameters,
            "steps": row.steps,
            "seconds": row.seconds,
            "error": row.error,
            "residual": row.residual,
            "gradient_correlation": row.correlation,
            "stopped": row.stopped,
        })
    });
    Value::Array(rows.collect())
}

/// The rows as text, columns aligned.
pub fn text(rows: &[Row]) -> String {
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2e}"));
    let count = |value: Option<u64>| value.map_or("-".to_owned(), |value| value.to_string());
    let header = [
        "with",
        "seed",
        "parameters",
        "steps",
        "seconds",
        "error",
        "residual",
        "correlation",
        "stopped",
    ];
    let mut cells = vec![header.map(str::to_owned)];
    cells.extend(rows.iter().map(|row| {
        [
            row.way.clone(),
            row.seed.to_string(),
            count(row.parameters),
            count(row.steps),
            row.seconds
                .map_or("-".to_owned(), |seconds| format!("{seconds:.1}")),
            number(row.error),
            number(row.residual),
            row.correlation
                .map_or("-".to_owned(), |cosine| format!("{cosine:.3}")),
            row.stopped.clone(),
        ]
    }));
    let mut text = String::new();
    for row in &cells {
        let line: Vec<String> = (0..header.len())
            .map(|column| {
                let width = cells.iter().map(|row| row[column].chars().count()).max();
                let width = width.unwrap_or(0);
                if column == 0 || column + 1 == header.len() {
                    format!("{:width$}", row[column])
                } else {
                    format!("{:>width$}", row[column])
                }
            })
            .collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}
