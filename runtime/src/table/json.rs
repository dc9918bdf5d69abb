//! `{"coordinates": {"x": […]}, "values": {"u": […]}}`; on a grid also `"axes"`, the values of each coordinate.

use super::{Column, Table, TableError};
use serde_json::{Map, Value, json};
use std::io;

pub fn bytes(table: &Table) -> Result<Vec<u8>, TableError> {
    let mut object = json!({
        "coordinates": columns(&table.coordinates),
        "values": columns(&table.values),
    });
    if let (Some(axes), Some(object)) = (&table.axes, object.as_object_mut()) {
        let axes = table
            .coordinates
            .iter()
            .zip(axes)
            .map(|(column, axis)| (column.name.clone(), list(axis)));
        object.insert("axes".to_owned(), Value::Object(axes.collect()));
    }
    let mut bytes = serde_json::to_vec(&object).map_err(io::Error::other)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn columns(columns: &[Column]) -> Value {
    let entries = columns.iter();
    let entries: Map<String, Value> = entries
        .map(|column| (column.name.clone(), list(&column.values)))
        .collect();
    Value::Object(entries)
}

/// JSON has no NaN: what has no value is `null`.
fn list(values: &[f64]) -> Value {
    values.iter().map(|&value| Value::from(value)).collect()
}
