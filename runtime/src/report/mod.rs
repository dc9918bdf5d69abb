//! `report.html`: a run as a page that can be printed, sent and read without the program.
//!
//! * Input: a [`Material`]: the problem as LaTeX and text, `result.json`, settings, where equations hold worst, and the
//!   pictures of the run folder, of whatever name: a picture that another part of the program puts there is shown.
//! * Output: one HTML file with everything in it: no script, no network, formulas in MathML, pictures as PNG.
//! * Invariants: everything that comes from a user is escaped; a number that is not finite is shown as such.

mod math;
mod worst;

use crate::plot::base64;
use math::{escaped, html};
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
}

const STYLE: &str = include_str!("style.css");

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
    // A reader sees the old page or the new one.
    let beside = folder.join(".report.html.part");
    fs::write(&beside, page)?;
    fs::rename(&beside, folder.join("report.html"))
}

/// A picture with what stands below it.
struct Picture {
    caption: String,
    png: Vec<u8>,
}

/// The pictures of a run: the solution, then residuals and whatever else, the course of training last.
fn pictures(folder: &Path) -> io::Result<Vec<Picture>> {
    let mut names: Vec<String> = fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        // `plot.png` is what somebody drew for himself.
        .filter(|name| {
            name.ends_with(".png") && !name.starts_with('.') && !name.starts_with("plot")
        })
        .collect();
    let rank = |name: &str| match name {
        "solution.png" => 0,
        name if name.starts_with("solution") => 1,
        name if name.starts_with("residual") => 2,
        "loss.png" => 4,
        _ => 3,
    };
    names.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    let read = |name: String| {
        Ok(Picture {
            png: fs::read(folder.join(&name))?,
            caption: caption(&name),
        })
    };
    names.into_iter().map(read).collect()
}

fn caption(name: &str) -> String {
    let stem = name.trim_end_matches(".png");
    match stem {
        "solution" => "The solution.".to_owned(),
        "residual" => "What the equations leave: the absolute value of left minus right side, on a logarithmic scale.".to_owned(),
        "correlation" => "How far gradients reach: the correlation of those of neighbouring points, 1 where they learn together.".to_owned(),
        "loss" => "The course of training.".to_owned(),
        stem => match stem.strip_prefix("solution-") {
            Some(field) => format!("The solution: {field}."),
            None => format!("{}.", stem.replace(['-', '_'], " ")),
        },
    }
}

fn page(material: &Material<'_>, pictures: &[Picture]) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n<p class=\"lead\">{}</p>\n",
        escaped(&lead(material.result)),
        title = escaped(material.title)
    );
    out.push_str("<h2>Problem</h2>\n");
    out.push_str(&html(material.latex));
    out.push_str("<h2>Errors</h2>\n");
    out.push_str(&errors(material.result));
    out.push_str("<h2>Residuals</h2>\n");
    out.push_str(&residuals(material));
    if !pictures.is_empty() {
        out.push_str("<h2>Pictures</h2>\n");
    }
    for picture in pictures {
        out.push_str(&format!(
            "<figure><img alt=\"{caption}\" src=\"data:image/png;base64,{}\"><figcaption>{caption}</figcaption></figure>\n",
            base64(&picture.png),
            caption = escaped(&picture.caption)
        ));
    }
    out.push_str("<h2>How it was found</h2>\n");
    out.push_str(&method(material));
    out.push_str("<h2>To repeat it</h2>\n");
    out.push_str(&format!(
        "<p>Save the two texts below as <code>problem.pde</code> and <code>settings.toml</code>, or take them from the folder of the \
         run, and say</p>\n<pre>pdec train problem.pde --config settings.toml</pre>\n\
         <p>with pdec {}. On the same kind of processor every number is the same to the last bit, whatever the number of threads.</p>\n",
        escaped(&text(material.result, "version"))
    ));
    out.push_str(&format!(
        "<h3>problem.pde</h3>\n<pre>{}</pre>\n",
        escaped(material.problem)
    ));
    out.push_str(&format!(
        "<h3>settings.toml</h3>\n<pre>{}</pre>\n",
        escaped(material.settings)
    ));
    out.push_str(&format!(
        "<footer>Made by pdec {} on {}.</footer>\n</body>\n</html>\n",
        escaped(&text(material.result, "version")),
        escaped(material.machine)
    ));
    out
}

fn text(result: &Value, key: &str) -> String {
    result
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or("–")
        .to_owned()
}

/// The error and the time in a line.
fn lead(result: &Value) -> String {
    let time = result.get("seconds").and_then(Value::as_f64);
    let time = time.map_or_else(String::new, |it| format!("solved in {it:.1} seconds"));
    let mut parts = Vec::new();
    for (field, norms) in entries(result, "errors") {
        let kind = if norms.get("relative") == Some(&Value::Bool(false)) {
            ""
        } else {
            "relative "
        };
        parts.push(format!(
            "{kind}L2 error of {field} {}",
            number(norms.get("l2"))
        ));
    }
    if parts.is_empty() {
        for (field, estimate) in entries(result, "error_estimates") {
            parts.push(format!(
                "estimated relative L2 error of {field} {}",
                number(Some(estimate))
            ));
        }
    }
    parts.truncate(4);
    parts.push(time);
    parts.retain(|part| !part.is_empty());
    let mut line = parts.join(" · ");
    if let Some(first) = line.get(..1).map(str::to_uppercase) {
        line.replace_range(..1, &first);
    }
    line
}

fn entries<'a>(result: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    result
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// Two digits, as an error is read: `3.1 × 10⁻⁶`.
fn number(value: Option<&Value>) -> String {
    let Some(value) = value.and_then(Value::as_f64) else {
        return "not a finite number".to_owned();
    };
    power(value)
}

fn power(value: f64) -> String {
    if value == 0.0 || (0.01..1000.0).contains(&value.abs()) {
        let shown = format!("{value:.4}");
        return shown.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let shown = format!("{value:.1e}");
    let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let raised: String = exponent
        .chars()
        .map(|digit| match digit {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            '9' => '⁹',
            _ => '⁰',
        })
        .collect();
    format!("{mantissa} × 10{raised}")
}

fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = "<table class=\"data\">\n<tr>".to_owned();
    for head in heads {
        out.push_str(&format!("<th>{}</th>", escaped(head)));
    }
    out.push_str("</tr>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            out.push_str(&format!("<td class=\"n\">{}</td>", escaped(cell)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
    out
}

fn errors(result: &Value) -> String {
    let mut out = String::new();
    let rows: Vec<Vec<String>> = entries(result, "errors")
        .map(|(field, norms)| {
            let kind = if norms.get("relative") == Some(&Value::Bool(false)) {
                "absolute"
            } else {
                "relative"
            };
            vec![
                field.clone(),
                number(norms.get("l2")),
                number(norms.get("l1")),
                number(norms.get("max")),
                kind.to_owned(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        out.push_str("<p>Against the exact solution or the reference of the file, which training has not seen.</p>\n");
        out.push_str(&table(&["field", "L2", "L1", "maximum", ""], &rows));
    }
    let rows: Vec<Vec<String>> = entries(result, "error_estimates")
        .map(|(field, estimate)| vec![field.clone(), number(Some(estimate))])
        .collect();
    if !rows.is_empty() {
        out.push_str("<p>Estimated from a second solve with fewer features; not measured.</p>\n");
        out.push_str(&table(&["field", "relative L2, estimated"], &rows));
    }
    if out.is_empty() {
        out.push_str(
            "<p>The file states neither an exact solution nor a reference: the residuals below are what is known of the error.</p>\n",
        );
    }
    out
}

fn residuals(material: &Material<'_>) -> String {
    let rows: Vec<Vec<String>> = entries(material.result, "residuals")
        .map(|(label, norms)| {
            let worst = material.worst.iter().find(|it| it.label == *label);
            let (value, place) = worst.map_or_else(
                || ("–".to_owned(), "–".to_owned()),
                |worst| {
                    let place: Vec<String> = worst
                        .place
                        .iter()
                        .map(|(name, value)| format!("{name} = {}", crate::plot::number(*value)))
                        .collect();
                    (power(worst.value), place.join(", "))
                },
            );
            vec![
                label.clone(),
                number(norms.get("train")),
                number(norms.get("fresh")),
                value,
                place,
            ]
        })
        .collect();
    format!(
        "<p>Left minus right side of each equation and condition. Root mean squares on the points of the training and on fresh ones, \
         and for equations the largest absolute value on a grid, with its place.</p>\n{}",
        table(
            &[
                "equation or condition",
                "training",
                "fresh",
                "largest",
                "where"
            ],
            &rows
        )
    )
}

fn method(material: &Material<'_>) -> String {
    let mut out = String::new();
    if let Some(choice) = material.result.get("choice").and_then(Value::as_str) {
        out.push_str(&format!(
            "<p class=\"note\">Chosen: {}</p>\n",
            escaped(choice)
        ));
    }
    let plain = |key: &str| match material.result.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) | None => "–".to_owned(),
    };
    let stopped = match plain("stopped").as_str() {
        "converged" => "it converged: further steps no longer lowered the loss".to_owned(),
        "target" => "the target was reached".to_owned(),
        "time_limit" => "the time limit was reached".to_owned(),
        "steps" => "all planned steps were done".to_owned(),
        "interrupted" => "it was interrupted".to_owned(),
        "diverged" => "the loss was no longer a number".to_owned(),
        other => other.to_owned(),
    };
    let rows = vec![
        vec!["ended because".to_owned(), stopped],
        vec!["steps".to_owned(), plain("steps")],
        vec!["parameters of the network".to_owned(), plain("parameters")],
        vec!["seed".to_owned(), plain("seed")],
        vec![
            "device, precision".to_owned(),
            format!("{}, {}", plain("device"), plain("precision")),
        ],
        vec!["machine".to_owned(), material.machine.to_owned()],
    ];
    out.push_str(&table(&["", ""], &rows));
    out
}

#[cfg(test)]
mod tests {
    use super::{Material, Picture, page, power};
    use serde_json::json;

    #[test]
    fn numbers_are_read_as_in_print() {
        for (value, shown) in [
            (3.14e-6, "3.1 × 10⁻⁶"),
            (0.0, "0"),
            (0.25, "0.25"),
            (2e5, "2.0 × 10⁵"),
        ] {
            assert_eq!(power(value), shown);
        }
    }

    #[test]
    fn a_page_needs_nothing_else_and_escapes_what_it_is_given() {
        let result = json!({
            "version": "0.1.0", "seconds": 1.5, "steps": 3, "stopped": "converged",
            "errors": {"u": {"l2": 1e-6, "l1": 1e-6, "max": null, "relative": true}},
            "residuals": {"heat<b>": {"train": 1e-5, "fresh": 2e-5}},
        });
        let material = Material {
            title: "A <script>",
            latex: "Find $u(x)$ such that\n\\begin{alignat*}{2}\n  u &= 0.\n\\end{alignat*}\n",
            problem: "# x < y & z\n",
            settings: "",
            result: &result,
            worst: &[],
            machine: "a processor",
        };
        let picture = Picture {
            caption: "loss".to_owned(),
            png: vec![1, 2, 3],
        };
        let page = page(&material, &[picture]);
        assert!(
            !page.contains("<script") && !page.contains("http"),
            "{page}"
        );
        assert!(page.contains("A &lt;script&gt;") && page.contains("x &lt; y &amp; z"));
        assert!(
            page.contains("Relative L2 error of u 1.0 × 10⁻⁶")
                && page.contains("not a finite number")
        );
        assert!(page.contains("data:image/png;base64,AQID") && page.contains("<math"));
    }
}
