//! `pdec diff RUN RUN`: what differs between two runs, in problem, settings and results.

use super::runs::{aligned, read_result};
use crate::failure::{self, Failure, Status};
use crate::run::unfinished_run;
use clap::Args;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The options of `pdec diff`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder of a run
    #[arg(value_name = "RUN")]
    first: PathBuf,

    /// The folder of another run
    #[arg(value_name = "OTHER")]
    second: PathBuf,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let [first, second] = [&arguments.first, &arguments.second];
    let mut text = String::new();
    let problems = [read(first, "problem.pde")?, read(second, "problem.pde")?];
    let lines = changed(&problems[0], &problems[1]);
    section(&mut text, "problem", &lines.join("\n"));
    let settings = [settings(first)?, settings(second)?];
    section(&mut text, "settings", &table(first, second, &settings));
    let results = [results(first)?, results(second)?];
    let mut results = results;
    for result in &mut results {
        // The text of the problem says it above.
        result.remove("problem");
    }
    section(&mut text, "results", &table(first, second, &results));
    failure::print(&text)?;
    Ok(Status::Done)
}

fn section(text: &mut String, name: &str, content: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    if content.trim().is_empty() {
        text.push_str(&format!("{name}: no difference\n"));
        return;
    }
    text.push_str(&format!("{name}:\n"));
    for line in content.lines() {
        text.push_str(format!("  {line}").trim_end());
        text.push('\n');
    }
}

fn read(folder: &Path, name: &str) -> Result<String, Failure> {
    let path = folder.join(name);
    if let Some(unfinished) = unfinished_run(folder).filter(|_| !path.is_file()) {
        return Err(unfinished);
    }
    std::fs::read_to_string(&path).map_err(|error| {
        let reason = if folder.is_dir() {
            format!("cannot read `{}`: {error}", path.display())
        } else {
            format!("`{}` is no folder", folder.display())
        };
        Failure::usage(
            "not-a-run",
            reason,
            "name two folders that `pdec train` has made, such as runs/heat-0",
        )
    })
}

/// The settings as flat names, `train.windows`.
fn settings(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let text = read(folder, "settings.toml")?;
    let table: toml::Table = text.parse().map_err(|error| {
        Failure::usage(
            "toml-syntax",
            format!(
                "`{}` is damaged: {error}",
                folder.join("settings.toml").display()
            ),
            "`pdec train` writes it anew",
        )
    })?;
    let mut flat = BTreeMap::new();
    let mut open = vec![(String::new(), toml::Value::Table(table))];
    while let Some((name, value)) = open.pop() {
        match value {
            toml::Value::Table(table) => {
                let named = |(key, value): (String, toml::Value)| (joined(&name, &key), value);
                open.extend(table.into_iter().map(named));
            }
            other => {
                flat.insert(name, other.to_string());
            }
        }
    }
    Ok(flat)
}

/// The result as flat names, `errors.u.l2`.
fn results(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let result = read_result(folder).map_err(|reason| {
        Failure::usage(
            "not-a-run",
            format!("cannot read {reason}"),
            "name two folders that `pdec train` has made, such as runs/heat-0",
        )
    })?;
    let mut flat = BTreeMap::new();
    let mut open = vec![(String::new(), result)];
    while let Some((name, value)) = open.pop() {
        match value {
            Value::Object(object) => {
                let named = |(key, value): (String, Value)| (joined(&name, &key), value);
                open.extend(object.into_iter().map(named));
            }
            other => {
                flat.insert(name, other.to_string());
            }
        }
    }
    Ok(flat)
}

fn joined(name: &str, key: &str) -> String {
    if name.is_empty() {
        key.to_owned()
    } else {
        format!("{name}.{key}")
    }
}

/// A value that is wider than this stands in lines of its own.
const WIDEST: usize = 40;

/// The entries that differ, side by side, with the ratio of numbers; below them those that are too long for a column.
fn table(first: &Path, second: &Path, both: &[BTreeMap<String, String>; 2]) -> String {
    let mut names: Vec<&String> = both.iter().flat_map(BTreeMap::keys).collect();
    names.sort();
    names.dedup();
    let shown = |path: &Path| path.display().to_string();
    let mut rows = vec![[String::new(), shown(first), shown(second), String::new()]];
    let mut long = String::new();
    for name in names {
        let [a, b] = [both[0].get(name), both[1].get(name)];
        if a == b {
            continue;
        }
        let number = |it: Option<&String>| it.and_then(|it| it.parse::<f64>().ok());
        let ratio = match (number(a), number(b)) {
            (Some(a), Some(b)) if a > 0.0 && b > 0.0 => times(b / a),
            _ => String::new(),
        };
        let cell = |it: Option<&String>| it.cloned().unwrap_or_else(|| "–".to_owned());
        let mut cells = [a, b].map(|it| it.map_or_else(|| "–".to_owned(), |it| short(it)));
        if cells[0] == cells[1] {
            // They differ in digits that are not shown otherwise.
            cells = [cell(a), cell(b)];
        }
        let [a, b] = cells;
        if [&a, &b].iter().any(|it| it.chars().count() > WIDEST) {
            long.push_str(&format!("\n{name}:\n- {a}\n+ {b}\n"));
        } else {
            rows.push([name.clone(), a, b, ratio]);
        }
    }
    if rows.len() == 1 {
        long.trim_start().to_owned()
    } else {
        aligned(&rows) + &long
    }
}

/// `×1.250`, `×1.13e-4`
fn times(ratio: f64) -> String {
    if (0.01..1000.0).contains(&ratio) {
        format!("×{ratio:.3}")
    } else {
        format!("×{ratio:.2e}")
    }
}

/// A number with four digits, if it has more; anything else as it is.
fn short(value: &str) -> String {
    match value.parse::<f64>() {
        Ok(number) if value.len() > 8 && number.fract() != 0.0 => {
            if (0.1..1e4).contains(&number.abs()) {
                format!("{number:.4}")
            } else {
                format!("{number:.3e}")
            }
        }
        Ok(_) | Err(_) => value.to_owned(),
    }
}

/// The lines that only one of two texts has, `-` the first and `+` the second, by a longest common subsequence.
fn changed(first: &str, second: &str) -> Vec<String> {
    let (a, b): (Vec<&str>, Vec<&str>) = (first.lines().collect(), second.lines().collect());
    let (rows, columns) = (a.len(), b.len());
    // common[i][j]: the length of the longest common subsequence of what is behind line i and line j.
    let mut common = vec![vec![0u32; columns + 1]; rows + 1];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            common[i][j] = if a[i] == b[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < rows || j < columns {
        if i < rows && j < columns && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == columns || (i < rows && common[i + 1][j] >= common[i][j + 1]) {
            lines.push(format!("- {}", a[i]));
            i += 1;
        } else {
            lines.push(format!("+ {}", b[j]));
            j += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{changed, short, table, times};
    use std::collections::BTreeMap;
    use std::path::Path;

    #[test]
    fn only_what_changed_is_listed() {
        assert_eq!(changed("a\nb\nc\nd\n", "a\nc\ne\nd\n"), ["- b", "+ e"]);
        assert!(changed("a\n", "a\n").is_empty());
        assert_eq!(changed("", "x\n"), ["+ x"]);
    }

    #[test]
    fn long_values_have_lines_of_their_own() {
        let entry = |text: &str, number: &str| {
            BTreeMap::from([
                ("choice".to_owned(), text.to_owned()),
                ("l2".to_owned(), number.to_owned()),
            ])
        };
        let both = [
            entry("short", "0.12345678901"),
            entry(&"x".repeat(60), "0.12345678902"),
        ];
        let text = table(Path::new("a"), Path::new("b"), &both);
        // What differs is never shown as if it did not.
        assert!(
            text.contains("0.12345678901  0.12345678902  ×1.000"),
            "{text}"
        );
        assert!(text.contains("\nchoice:\n- short\n+ xxx"), "{text}");
    }

    #[test]
    fn numbers_are_short() {
        let shown = ["0.9993672780663744", "3.59123e-11", "16", "0.05", "mlp"].map(short);
        assert_eq!([times(1.25), times(1.13e-4)], ["×1.250", "×1.13e-4"]);
        assert_eq!(shown, ["0.9994", "3.591e-11", "16", "0.05", "mlp"]);
    }
}
