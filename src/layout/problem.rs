//! What the file states: coordinates, fields, equations, conditions, data.

use super::fold::{Block, listed, shortened};
use crate::understood::{
    Condition, Coordinate, Count, Equation, Field, Interval, Observation, Parameter, Understood,
    Unknown,
};
use pdec_compiler::classify::ordinal;
use std::collections::HashMap;

/// ` [mm/s]`
fn bracketed(unit: &Option<String>) -> String {
    unit.as_ref()
        .map_or_else(String::new, |unit| format!(" [{unit}]"))
}

pub fn coordinate(coordinate: &Coordinate) -> Vec<String> {
    let Coordinate {
        name,
        role,
        low,
        high,
        unit,
        periodic,
    } = coordinate;
    let mut notes = Vec::new();
    if *role != "space" {
        notes.push(*role);
    }
    if *periodic {
        notes.push("periodic");
    }
    vec![
        format!("{name}{} in [{low}, {high}]", bracketed(unit)),
        notes.join(", "),
    ]
}

pub fn parameter(parameter: &Parameter) -> Vec<String> {
    let Parameter { name, value, unit } = parameter;
    vec![format!("{name} = {value}{}", bracketed(unit))]
}

/// Scalars one by one, vectors and complex fields with their components.
pub fn fields(understood: &Understood) -> Vec<Vec<String>> {
    let mut group_of = HashMap::new();
    for (number, group) in understood.groups.iter().enumerate() {
        group_of.extend(group.components.iter().map(|c| (c.as_str(), number)));
    }
    let mut rows = Vec::new();
    for field in &understood.fields {
        let Some(number) = group_of.get(field.name.as_str()) else {
            rows.push(vec![format!(
                "{}{}{}",
                signature(&field.name, field),
                bracketed(&field.unit),
                field
                    .sought
                    .map_or_else(String::new, |bounds| format!(", sought {}", within(bounds)))
            )]);
            continue;
        };
        let group = &understood.groups[*number];
        // the first component stands for all: they are declared together
        if group.components.first() == Some(&field.name) {
            rows.push(vec![format!(
                "{}{} in {}: {}",
                signature(&group.name, field),
                bracketed(&field.unit),
                group.codomain,
                listed(&group.components, ", ")
            )]);
        }
    }
    rows
}

fn signature(name: &str, field: &Field) -> String {
    format!("{name}({})", listed(&field.arguments, ", "))
}

/// `in (0, 10)`, `in [1, ∞)`, `anywhere`
fn within(interval: Interval) -> String {
    let Interval { low, high, open } = interval;
    if low == f64::NEG_INFINITY && high == f64::INFINITY {
        return "anywhere".to_owned();
    }
    let end = |value: f64| {
        if value.is_finite() {
            format!("{value}")
        } else if value < 0.0 {
            "-∞".to_owned()
        } else {
            "∞".to_owned()
        }
    };
    let opening = if open || low.is_infinite() { '(' } else { '[' };
    let closing = if open || high.is_infinite() { ')' } else { ']' };
    format!("in {opening}{}, {}{closing}", end(low), end(high))
}

pub fn sought(understood: &Understood) -> Vec<Vec<String>> {
    let row = |unknown: &Unknown| {
        let Unknown {
            name,
            bounds,
            start,
            unit,
        } = unknown;
        vec![
            format!("{name}{}", bracketed(unit)),
            within(*bounds),
            format!("from {start}"),
        ]
    };
    understood.unknowns.iter().map(row).collect()
}

/// An equation as the file has it, with its order, linearity and class below.
pub fn equation(equation: &Equation) -> Block {
    let Equation {
        label,
        text,
        order,
        linearity,
        class,
    } = equation;
    let kind = format!("{}, {linearity}, {class}", ordinal(*order));
    vec![
        vec![label.clone(), shortened(text)],
        vec![String::new(), shortened(&kind)],
    ]
}

pub fn condition(condition: &Condition) -> Vec<String> {
    let mut row = vec![condition.label.clone()];
    row.extend(condition.by_construction.map(|by_construction| {
        let how = if by_construction {
            "met by construction"
        } else {
            "in the loss"
        };
        how.to_owned()
    }));
    if condition.kind != "periodic" {
        row.push(shortened(&condition.text));
    }
    row
}

pub fn count(count: &Count) -> Vec<String> {
    let Count {
        field,
        coordinate,
        order,
        needs,
        singular,
        has,
        low,
        high,
        periodic,
    } = count;
    let needed = match (periodic, needs) {
        (true, _) => "periodic".to_owned(),
        (false, Some(needs)) => format!("needs {needs}, has {has}"),
        (false, None) => format!("may need none of its own, has {has}"),
    };
    let ends = if *low > 0 && *high > 0 {
        format!("{low} at the lower end, {high} at the upper")
    } else {
        String::new()
    };
    let ends = if singular.is_empty() {
        ends
    } else {
        let chosen = format!("the equation chooses at {}", singular.join(" and "));
        [ends, chosen]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join("; ")
    };
    vec![
        format!("{field} in {coordinate}"),
        format!("order {order}"),
        needed,
        ends,
    ]
}

pub fn observation(observation: &Observation) -> Vec<String> {
    let Observation {
        field,
        path,
        columns,
        noise,
    } = observation;
    let mut row = vec![field.clone(), format!("{path} ({})", columns.join(", "))];
    row.extend(noise.map(|noise| format!("noise {noise}")));
    row
}
