//! What was understood, laid out for reading: section after section, each in aligned columns.

use crate::numbers::{grouped, small};
use crate::understood::{
    Altogether, Carried, Condition, Coordinate, Count, Equation, Exact, Field, Interval, Minimiser,
    Network, Observation, Understood, Unknown,
};
use pdec_compiler::classify::ordinal;
use std::collections::HashMap;
use std::fmt::Write as _;

/// The widest that a column gets: one very long cell shall not push the others off the page.
const WIDEST: usize = 60;

/// The whole report.
pub fn report(understood: &Understood) -> String {
    let mut text = format!("{}\n", understood.title);
    let rows = |rows: &dyn Fn(&Understood) -> Vec<Vec<String>>| rows(understood);
    let each = |name: &str, what: &str| vec![name.to_owned(), what.to_owned()];
    section(&mut text, "Coordinates", {
        understood.coordinates.iter().map(coordinate).collect()
    });
    section(&mut text, "Parameters", {
        let parameters = understood.parameters.iter();
        let row = |name: &str, value: f64, unit: &Option<String>| {
            vec![format!("{name} = {value}{}", bracketed(unit))]
        };
        parameters.map(|p| row(&p.name, p.value, &p.unit)).collect()
    });
    section(&mut text, "Fields", rows(&fields));
    section(&mut text, "Sought", rows(&sought));
    section(&mut text, "Equations", {
        understood.equations.iter().flat_map(equation).collect()
    });
    section(&mut text, "Minimized", {
        let energies = understood.energies.iter();
        energies.map(|e| each(&e.label, &e.text)).collect()
    });
    section(&mut text, "Conditions", {
        understood.conditions.iter().map(condition).collect()
    });
    section(&mut text, "Conditions counted", {
        understood.counts.iter().map(count).collect()
    });
    section(&mut text, "Constraints", {
        let constraints = understood.constraints.iter();
        constraints.map(|c| each(&c.label, &c.text)).collect()
    });
    section(&mut text, "Its minimiser satisfies", {
        understood.minimiser.iter().flat_map(minimiser).collect()
    });
    section(&mut text, "Data", {
        understood.observations.iter().map(observation).collect()
    });
    section(&mut text, "Altogether", altogether(&understood.altogether));
    section(&mut text, "Known solutions", rows(&known));
    let jets = understood.jets.iter().flatten();
    section(&mut text, "Jets carried by the network N", {
        jets.flat_map(carried).collect()
    });
    section(&mut text, "Network", {
        understood.network.iter().flat_map(network).collect()
    });
    section(&mut text, "Settings", {
        let settings = understood.settings.iter();
        let row = |name: &str, value: &str| vec![format!("{name:10} = {value}")];
        settings.map(|s| row(&s.name, &s.value)).collect()
    });
    text
}

/// A heading and rows in aligned columns; nothing where there are no rows.
pub fn section(text: &mut String, heading: &str, rows: Vec<Vec<String>>) {
    if rows.is_empty() {
        return;
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widths = cells.map(|cell| cell.chars().count());
        widths.max().unwrap_or(0).min(WIDEST)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let _ = writeln!(text, "\n{heading}");
    for row in &rows {
        let mut line = String::from(" ");
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, " {cell:width$} ");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// ` [mm/s]`
fn bracketed(unit: &Option<String>) -> String {
    unit.as_ref()
        .map_or_else(String::new, |unit| format!(" [{unit}]"))
}

fn coordinate(coordinate: &Coordinate) -> Vec<String> {
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

/// Scalars one by one, vectors and complex fields with their components.
fn fields(understood: &Understood) -> Vec<Vec<String>> {
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
                group.components.join(", ")
            )]);
        }
    }
    rows
}

fn signature(name: &str, field: &Field) -> String {
    format!("{name}({})", field.arguments.join(", "))
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

fn sought(understood: &Understood) -> Vec<Vec<String>> {
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
fn equation(equation: &Equation) -> [Vec<String>; 2] {
    let Equation {
        label,
        text,
        order,
        linearity,
        class,
    } = equation;
    let kind = format!("{}, {linearity}, {class}", ordinal(*order));
    [vec![label.clone(), text.clone()], vec![String::new(), kind]]
}

fn condition(condition: &Condition) -> Vec<String> {
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
        row.push(condition.text.clone());
    }
    row
}

fn count(count: &Count) -> Vec<String> {
    let Count {
        field,
        coordinate,
        order,
        needs,
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
    vec![
        format!("{field} in {coordinate}"),
        format!("order {order}"),
        needed,
        ends,
    ]
}

fn minimiser(minimiser: &Minimiser) -> Vec<Vec<String>> {
    let Minimiser {
        not_derived,
        equations,
        natural,
        multipliers,
        numbers,
        missing,
    } = minimiser;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |what: &str, text: &str| rows.push(vec![what.to_owned(), text.to_owned()]);
    for equation in equations {
        row("Euler–Lagrange", &equation.text);
    }
    for condition in natural {
        row(&format!("at {}, of itself", condition.at), &condition.text);
    }
    for text in numbers {
        row("in its numbers", text);
    }
    for name in multipliers {
        row("multiplier", name);
    }
    for what in missing {
        row("not derived", what);
    }
    if let Some(reason) = not_derived {
        row("not derived", reason);
    }
    rows
}

fn observation(observation: &Observation) -> Vec<String> {
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

fn altogether(altogether: &Altogether) -> Vec<Vec<String>> {
    let Altogether {
        linear,
        linear_in_unknowns,
        in_time,
        orders,
        coupled,
    } = altogether;
    let mut linear = if *linear {
        "linear in its fields".to_owned()
    } else {
        "not linear in its fields".to_owned()
    };
    match linear_in_unknowns {
        Some(true) => linear.push_str(", linear in its unknowns"),
        Some(false) => linear.push_str(", not linear in its unknowns"),
        None => {}
    }
    let time = if *in_time { "in time" } else { "steady" };
    let orders: Vec<String> = orders
        .iter()
        .map(|order| format!("{} in {}", order.order, order.coordinate))
        .collect();
    let mut rows = vec![vec![format!(
        "{linear}, {time}, highest order {}",
        orders.join(", ")
    )]];
    if coupled.iter().map(Vec::len).sum::<usize>() > 1 {
        let groups: Vec<String> = coupled.iter().map(|group| group.join(" with ")).collect();
        rows.push(vec![format!("coupled: {}", groups.join("; "))]);
    }
    rows
}

/// What is known of an exact solution: points can speak against it, and only algebra for it.
fn established(exact: &Exact, everything: bool) -> String {
    let what = if everything {
        "the problem"
    } else {
        "the equations and conditions on sides"
    };
    if exact.identical {
        return format!("satisfies {what} identically");
    }
    match exact.points {
        0 => "not checked".to_owned(),
        points => format!(
            "nothing speaks against it in {what} at {} points, largest residual {}",
            grouped(points as f64),
            small(exact.residual)
        ),
    }
}

fn known(understood: &Understood) -> Vec<Vec<String>> {
    let exact = understood.exact.iter().map(|exact| {
        vec![
            exact.field.clone(),
            "exact solution".to_owned(),
            established(exact, understood.jets.is_some()),
        ]
    });
    let references = understood.references.iter().map(|reference| {
        vec![
            reference.field.clone(),
            format!("reference {}", reference.path),
            format!("{} values", grouped(reference.values as f64)),
        ]
    });
    exact.chain(references).collect()
}

fn carried(carried: &Carried) -> Vec<Vec<String>> {
    let Carried {
        term,
        coefficients,
        uncollapsed,
        combinations,
        residuals,
    } = carried;
    let saved = if coefficients.len() < *uncollapsed {
        format!(" instead of {uncollapsed}")
    } else {
        String::new()
    };
    let plan = format!(
        "{}{saved} {{{}}} for {}",
        plural(coefficients.len(), "coefficient"),
        coefficients.join(", "),
        residuals.join("; ")
    );
    let mut rows = vec![vec![term.clone(), plan]];
    // what a combination is stands below its term
    rows.extend(combinations.iter().map(|c| vec![String::new(), c.clone()]));
    rows
}

fn network(network: &Network) -> Vec<Vec<String>> {
    let Network {
        inputs,
        outputs,
        parameters,
        windows,
        residuals,
    } = network;
    let mut row = format!(
        "{}, {}, {} parameters",
        plural(*inputs, "input"),
        plural(*outputs, "output"),
        grouped(*parameters as f64)
    );
    if *windows > 1 {
        let _ = write!(row, " in each of {windows} time windows");
    }
    let residuals = format!("{} residuals in a step", grouped(*residuals as f64));
    vec![vec![row], vec![residuals]]
}

fn plural(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
