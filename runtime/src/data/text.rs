//! Tables as text: a header with names, then a line of numbers for each point.
//!
//! Values are separated by commas, semicolons, tabs, or blanks, whichever the header has first in this order: tab,
//! semicolon, comma, blank. `#` begins a comment line. Lines are numbered as an editor shows them. Columns that are not
//! asked for may hold anything.

use super::column::{Column, split_unit};
use super::error::DataError;

/// Reads the columns with these names.
pub fn read(text: &str, names: &[&str]) -> Result<Vec<Column>, DataError> {
    let mut lines = content(text);
    let header = lines.next().map_or("", |(_, line)| line);
    let separator = ['\t', ';', ','].into_iter().find(|it| header.contains(*it));
    let heads: Vec<String> = match separator {
        Some(_) => Vec::new(),
        None => header.split_whitespace().map(str::to_owned).collect(),
    };
    let mut table = match separator {
        Some(separator) => delimited(text, separator, names)?,
        None => {
            let mut table = Table::new(heads, names)?;
            for (line, content) in lines {
                let cells: Vec<&str> = content.split_whitespace().collect();
                table.push(line, cells.len(), |place| cells.get(place).copied())?;
            }
            table
        }
    };
    if table.lines.is_empty() && !table.columns.is_empty() {
        return Err(DataError::Empty);
    }
    for column in &mut table.columns {
        column.shape = vec![table.lines.len()];
        column.lines = Some(table.lines.clone());
    }
    Ok(table.columns)
}

/// The lines that say something, with their numbers.
fn content(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let numbered = (1..).zip(text.lines());
    numbered.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

fn newlines(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

fn delimited(text: &str, separator: char, names: &[&str]) -> Result<Table, DataError> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .flexible(true)
        .from_reader(text.as_bytes());
    let failed = |error: csv::Error| DataError::Unreadable {
        reason: error.to_string(),
    };
    let heads = reader.headers().map_err(failed)?;
    let heads = heads.iter().map(str::to_owned).collect();
    let mut table = Table::new(heads, names)?;
    table.commas = separator == ',';
    // The library gives a record the line where the one before ended, blank and comment lines not counted.
    let (mut line, mut offset) = (1, 0);
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let begin = record.position().map_or(0, csv::Position::byte);
        let begin = usize::try_from(begin).unwrap_or(usize::MAX).min(text.len());
        line += newlines(&text[offset..begin]);
        offset = begin;
        let first = content(&text[begin..]).next();
        let line = line + first.map_or(0, |(number, _)| number - 1);
        table.push(line, record.len(), |place| record.get(place))?;
    }
    Ok(table)
}

/// The columns that are wanted, in the making.
struct Table {
    /// How many columns are named.
    width: usize,
    /// The place of each wanted column.
    places: Vec<usize>,
    columns: Vec<Column>,
    lines: Vec<u64>,
    /// Whether commas separate.
    commas: bool,
}

impl Table {
    fn new(heads: Vec<String>, names: &[&str]) -> Result<Self, DataError> {
        let heads_split: Vec<(&str, Option<&str>)> =
            heads.iter().map(|it| split_unit(it)).collect();
        if !heads.is_empty() && heads.iter().all(|it| it.parse::<f64>().is_ok()) {
            return Err(DataError::Format {
                kind: "table",
                reason: format!(
                    "its first line has numbers and must have the names of the columns, for instance `{}`",
                    names.join(",")
                ),
            });
        }
        let mut places = Vec::new();
        let mut columns = Vec::new();
        for name in names {
            // A head may be asked for as it stands, its unit included.
            let is_meant = |&(place, (head, _)): &(usize, &(&str, Option<&str>))| {
                head == name || heads[place] == *name
            };
            let mut found = heads_split.iter().enumerate().filter(is_meant);
            let Some((place, (_, unit))) = found.next() else {
                return Err(DataError::missing(
                    name,
                    heads_split.iter().map(|(head, _)| *head),
                ));
            };
            if found.next().is_some() {
                return Err(DataError::Twice((*name).to_owned()));
            }
            places.push(place);
            columns.push(Column {
                name: (*name).to_owned(),
                unit: unit.map(str::to_owned),
                shape: Vec::new(),
                values: Vec::new(),
                lines: None,
            });
        }
        Ok(Self {
            width: heads.len(),
            places,
            columns,
            lines: Vec::new(),
            commas: false,
        })
    }

    fn push<'a>(
        &mut self,
        line: u64,
        found: usize,
        cell: impl Fn(usize) -> Option<&'a str>,
    ) -> Result<(), DataError> {
        if found != self.width {
            return Err(DataError::Ragged {
                line,
                found,
                expected: self.width,
                hint: if self.commas && found > self.width {
                    ": where commas are decimal ones, write points"
                } else {
                    ""
                },
            });
        }
        for (column, place) in self.columns.iter_mut().zip(&self.places) {
            column
                .values
                .push(number(cell(*place).unwrap_or(""), line, &column.name)?);
        }
        self.lines.push(line);
        Ok(())
    }
}

/// The finite number that stands in a cell.
pub(super) fn number(text: &str, line: u64, column: &str) -> Result<f64, DataError> {
    let text = text.trim();
    let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
    value.ok_or_else(|| DataError::Number {
        line,
        column: column.to_owned(),
        text: text.chars().take(40).collect(),
        hint: if text.contains(',') && text.replacen(',', ".", 1).parse::<f64>().is_ok() {
            ": write the decimal point as a point"
        } else if text.is_empty() {
            ": leave lines without a value out"
        } else {
            ""
        },
    })
}
