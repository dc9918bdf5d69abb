//! What COMSOL exports as text in its spreadsheet format.
//!
//! Lines that begin with `%` are a header; the last of them names the columns, with units in brackets and, for several
//! times or parameters, a column for each: `x  y  T (K) @ t=0  T (K) @ t=0.5`. Such a table is turned into one with a
//! column `t`: as many points as it has values.

use super::column::Column;
use super::error::DataError;
use super::text::number;

/// A column as the header has it.
struct Head {
    name: String,
    unit: Option<String>,
    /// The times or parameters that it belongs to.
    at: Vec<(String, f64)>,
}

/// Reads the columns with these names.
pub fn read(text: &str, names: &[&str]) -> Result<Vec<Column>, DataError> {
    let format = |reason: String| DataError::Format {
        kind: "table of COMSOL",
        reason,
    };
    let header: Vec<&str> = text
        .lines()
        .map_while(|line| line.trim_start().strip_prefix('%'))
        .map(str::trim)
        .collect();
    if header
        .iter()
        .any(|line| *line == "Grid" || line.starts_with("Elements"))
    {
        return Err(format(
            "it is in the grid or the sectionwise format; export it as `Spreadsheet`".to_owned(),
        ));
    }
    let length_unit = header
        .iter()
        .find_map(|line| line.strip_prefix("Length unit:"));
    let heads = heads(header.last().unwrap_or(&""));
    let count = heads.len();
    let mut rows: Vec<(u64, Vec<&str>)> = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim();
        if content.is_empty() || content.starts_with('%') {
            continue;
        }
        let cells = cells(content, count);
        if cells.len() != count {
            return Err(DataError::Ragged {
                line,
                found: cells.len(),
                expected: count,
                hint: "",
            });
        }
        rows.push((line, cells));
    }
    if rows.is_empty() {
        return Err(DataError::Empty);
    }
    // The times or parameters, as the first column that has some lists them.
    let repeated = heads.iter().find(|head| !head.at.is_empty());
    let instances: Vec<&Vec<(String, f64)>> = match repeated {
        Some(first) => heads
            .iter()
            .filter(|it| it.name == first.name)
            .map(|it| &it.at)
            .collect(),
        None => Vec::new(),
    };
    let repeats = instances.len().max(1);
    for (number, at) in instances.iter().enumerate() {
        if instances[..number].contains(at) {
            let name = repeated.map_or("", |head| head.name.as_str());
            let at = at.iter().map(|(key, value)| format!("{key}={value}"));
            let at: Vec<String> = at.collect();
            return Err(DataError::Twice(format!("{name} @ {}", at.join(", "))));
        }
    }
    let lines: Vec<u64> = rows
        .iter()
        .flat_map(|(line, _)| std::iter::repeat_n(*line, repeats))
        .collect();
    let mut columns = Vec::new();
    for name in names {
        let places: Vec<usize> = (0..count)
            .filter(|place| heads[*place].name == *name)
            .collect();
        let (unit, values) = match places.as_slice() {
            [] => {
                let values: Option<Vec<f64>> = instances
                    .iter()
                    .map(|at| {
                        at.iter()
                            .find(|(key, _)| key == name)
                            .map(|(_, value)| *value)
                    })
                    .collect();
                let Some(values) = values.filter(|it| !it.is_empty()) else {
                    let keys = instances
                        .iter()
                        .flat_map(|at| at.iter().map(|(key, _)| key.as_str()));
                    let mut present: Vec<&str> = heads
                        .iter()
                        .map(|it| it.name.as_str())
                        .chain(keys)
                        .collect();
                    present.sort_unstable();
                    present.dedup();
                    return Err(DataError::missing(name, present));
                };
                let times = rows.iter().flat_map(|_| values.iter().copied());
                (None, times.collect())
            }
            [only] if heads[*only].at.is_empty() => {
                let mut values = Vec::with_capacity(lines.len());
                for (line, cells) in &rows {
                    let value = number(cells[*only], *line, name)?;
                    values.extend(std::iter::repeat_n(value, repeats));
                }
                let is_length = ["x", "y", "z", "r", "X", "Y", "Z", "R"].contains(name);
                let unit = heads[*only].unit.clone();
                let unit = unit
                    .or_else(|| is_length.then(|| length_unit.map(|it| it.trim().to_owned()))?);
                (unit, values)
            }
            several
                if several.len() == repeats
                    && several
                        .iter()
                        .zip(&instances)
                        .all(|(place, at)| heads[*place].at == **at) =>
            {
                let mut values = Vec::with_capacity(lines.len());
                for (line, cells) in &rows {
                    for place in several {
                        values.push(number(cells[*place], *line, name)?);
                    }
                }
                (heads[several[0]].unit.clone(), values)
            }
            _ => return Err(DataError::Twice((*name).to_owned())),
        };
        columns.push(Column {
            name: (*name).to_owned(),
            unit,
            shape: vec![lines.len()],
            values,
            lines: Some(lines.clone()),
        });
    }
    Ok(columns)
}

/// The values of a line, with commas between them or blanks. A comma inside what blanks delimit is a decimal one, which the
/// reading of numbers names.
fn cells(line: &str, columns: usize) -> Vec<&str> {
    let blank: Vec<&str> = line.split_whitespace().collect();
    let outer = |cell: &&str| cell.starts_with(',') || cell.ends_with(',');
    if line.contains(',') && ((blank.len() == 1 && columns > 1) || blank.iter().any(outer)) {
        line.split(',').map(str::trim).collect()
    } else {
        blank
    }
}

/// The columns that a line names: blanks separate them, but belong to a column before `(` and around `@`.
fn heads(line: &str) -> Vec<Head> {
    let mut heads: Vec<Head> = Vec::new();
    let mut of_instance = false;
    for word in line.split_whitespace() {
        let Some(last) = heads
            .last_mut()
            .filter(|_| of_instance || word.starts_with('(') || word == "@")
        else {
            of_instance = false;
            heads.push(Head {
                name: word.to_owned(),
                unit: None,
                at: Vec::new(),
            });
            continue;
        };
        if word == "@" {
            of_instance = true;
        } else if of_instance {
            // `2:` numbers the solution; a comma announces another parameter.
            if let Some((key, value)) = word.trim_end_matches(',').split_once('=')
                && let Ok(value) = value.parse()
            {
                last.at.push((key.to_owned(), value));
            }
            of_instance = word.ends_with([',', ':']);
        } else {
            let unit = word.trim_start_matches('(');
            last.unit = Some(unit.strip_suffix(')').unwrap_or(unit).to_owned());
        }
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::read;

    const EXPORT: &str = "\
% Model:              rod.mph
% Version:            COMSOL 6.1.0.252
% Dimension:          1
% Length unit:        mm
% x                       T (K) @ t=0              T (K) @ t=0.5
0                         293.15                   300
10                        293.15                   310.5
";

    #[test]
    fn a_column_for_each_time_becomes_points() {
        let columns = read(EXPORT, &["x", "t", "T"]).unwrap();
        assert_eq!(columns[0].values, [0.0, 0.0, 10.0, 10.0]);
        assert_eq!(columns[1].values, [0.0, 0.5, 0.0, 0.5]);
        assert_eq!(columns[2].values, [293.15, 300.0, 293.15, 310.5]);
        assert_eq!(columns[0].unit.as_deref(), Some("mm"));
        assert_eq!(columns[2].unit.as_deref(), Some("K"));
        assert_eq!(columns[2].place(3), "line 7");
    }

    #[test]
    fn mistakes_are_named() {
        let message = |text: &str, names: &[&str]| read(text, names).unwrap_err().to_string();
        assert_eq!(
            message(EXPORT, &["x", "tau", "T"]),
            "the file has no array `tau`; it has `T`, `t`, `x`"
        );
        let hole = EXPORT.replace("310.5", "NaN");
        assert_eq!(
            message(&hole, &["x", "t", "T"]),
            "line 7: `NaN` in the column `T` is not a finite number"
        );
        let ragged = EXPORT.replace("310.5", "");
        assert_eq!(
            message(&ragged, &["x", "T"]),
            "line 7 has 2 values where 3 columns are named"
        );
        let commas = EXPORT.replace("310.5", "310,5");
        assert_eq!(
            message(&commas, &["x", "t", "T"]),
            "line 7: `310,5` in the column `T` is not a finite number: write the decimal point as a point"
        );
        assert_eq!(
            message(&EXPORT.replace("t=0.5", "t=0"), &["x", "t", "T"]),
            "the file has two columns `T @ t=0`"
        );
        assert!(message("% Grid\n0 1\n", &["x"]).contains("Spreadsheet"));
    }

    #[test]
    fn one_time_needs_no_name() {
        let columns = read("% x y T (K)\n0,1,2\n1, 1, 3\n1 ,2 ,4\n1 2 5\n", &["y", "T"]).unwrap();
        assert_eq!(columns[1].values, [2.0, 3.0, 4.0, 5.0]);
    }
}
