//! What a report says in tables: errors, residuals, the method.

use super::Material;
use super::math::escaped;
use super::number::{number, power};
use serde_json::Value;

pub(super) fn entries<'a>(
    result: &'a Value,
    key: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    result
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// `x = 20 mm`: a coordinate with the unit of the file.
fn place(result: &Value, name: &str, value: f64) -> String {
    let shown = crate::plot::number(value);
    let unit = result.get("units").and_then(|units| units.get(name));
    match unit.and_then(Value::as_str) {
        Some(unit) => format!("{name} = {shown} {unit}"),
        None => format!("{name} = {shown}"),
    }
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

/// The numbers that were sought; nothing where there are none.
pub(super) fn unknowns(result: &Value) -> String {
    let rows: Vec<Vec<String>> = entries(result, "unknowns")
        .map(|(name, found)| {
            let value = found.get("value").and_then(Value::as_f64);
            let value = value.map_or_else(|| "–".to_owned(), |value| format!("{value:.8e}"));
            let uncertainty = found.get("uncertainty").and_then(Value::as_f64);
            let uncertainty = uncertainty.map_or_else(|| "not known".to_owned(), power);
            vec![name.clone(), value, uncertainty]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<h2>Found</h2>\n<p>Numbers that were sought, each with the standard deviation that the noise of the data leaves it.</p>\n{}",
        table(&["number", "value", "standard deviation"], &rows)
    )
}

pub(super) fn errors(result: &Value) -> String {
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
        let are = result.get("error_estimates_are").and_then(Value::as_str);
        let are = are.unwrap_or("distance to a second, coarser solve");
        out.push_str(&format!("<p>An estimate, not measured: {are}.</p>\n"));
        out.push_str(&table(&["field", "relative L2, estimated"], &rows));
    }
    let jumps: Vec<String> = entries(result, "jumps")
        .map(|(field, part)| format!("{field} {}", number(Some(part))))
        .collect();
    let jumps = if jumps.is_empty() {
        String::new()
    } else {
        format!(
            "<p>Where time windows meet, fields jump by at most this part of their largest value: {}.</p>\n",
            jumps.join(", ")
        )
    };
    if out.is_empty() {
        out.push_str(
            "<p>The file states neither an exact solution nor a reference: the residuals below are what is known of the error.</p>\n",
        );
    }
    out + &jumps
}

pub(super) fn residuals(material: &Material<'_>) -> String {
    let rows: Vec<Vec<String>> = entries(material.result, "residuals")
        .map(|(label, norms)| {
            let worst = material.worst.iter().find(|it| it.label == *label);
            let (value, place) = worst.map_or_else(
                || ("–".to_owned(), "–".to_owned()),
                |worst| {
                    let place: Vec<String> = worst
                        .place
                        .iter()
                        .map(|(name, value)| place(material.result, name, *value))
                        .collect();
                    (power(worst.value), place.join(", "))
                },
            );
            let unit = material.result.get("residual_units");
            let unit = unit.and_then(|it| it.get(label)).and_then(Value::as_str);
            vec![
                unit.map_or_else(|| label.clone(), |unit| format!("{label} [{unit}]")),
                number(norms.get("train")),
                number(norms.get("fresh")),
                value,
                place,
            ]
        })
        .collect();
    format!(
        "<p>Left minus right side of each equation and condition. Root mean squares on the points of the training and on fresh ones, \
         and the largest absolute value that was found, with its place: on a grid, and on finer ones around its worst point.</p>\n{}",
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

pub(super) fn method(material: &Material<'_>) -> String {
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
    let settings: toml::Table = material.settings.parse().unwrap_or_default();
    let chosen = settings.get("train").and_then(toml::Value::as_table);
    let optimizer = chosen.and_then(|train| train.get("optimizer")?.as_str());
    let solved = optimizer.is_some_and(|it| it.contains("_solve"));
    let stopped = match plain("stopped").as_str() {
        "converged" if solved => "it was solved, up to rounding or the tolerance".to_owned(),
        "converged" => "it converged: further steps no longer lowered the loss".to_owned(),
        "target" => "the target was reached".to_owned(),
        "time_limit" => "the time limit was reached".to_owned(),
        "steps" => "all planned steps were done".to_owned(),
        "interrupted" => "it was interrupted".to_owned(),
        "diverged" => "the loss was no longer a number".to_owned(),
        other => other.to_owned(),
    };
    let chosen = ["network", "optimizer", "windows", "conditions"].map(|key| {
        let value = chosen.and_then(|train| train.get(key))?;
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        Some(vec![key.to_owned(), value])
    });
    let mut rows: Vec<Vec<String>> = chosen.into_iter().flatten().collect();
    rows.extend([
        vec!["ended because".to_owned(), stopped],
        vec!["steps".to_owned(), plain("steps")],
        vec!["parameters of the network".to_owned(), plain("parameters")],
        vec!["seed".to_owned(), plain("seed")],
        vec![
            "device, precision".to_owned(),
            format!("{}, {}", plain("device"), plain("precision")),
        ],
        vec!["machine".to_owned(), material.machine.to_owned()],
    ]);
    out.push_str(&table(&["", ""], &rows));
    out
}
