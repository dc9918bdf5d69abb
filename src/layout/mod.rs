//! What was understood, laid out for reading: section after section, each in aligned columns.

mod fold;
mod problem;
mod whole;

use crate::understood::Understood;
use fold::{Block, folded};
use std::fmt::Write as _;

/// The widest that a column gets: one very long cell shall not push the others off the page.
const WIDEST: usize = 60;

/// The whole report.
pub fn report(understood: &Understood) -> String {
    let mut text = format!("{}\n", understood.title);
    let each = |name: &str, what: &str| vec![name.to_owned(), what.to_owned()];
    let single = |rows: Vec<Vec<String>>| rows.into_iter().map(|row| vec![row]).collect();
    families(&mut text, "Coordinates", {
        let coordinates = understood.coordinates.iter();
        single(coordinates.map(problem::coordinate).collect())
    });
    section(&mut text, "Parameters", {
        let parameters = understood.parameters.iter();
        parameters.map(problem::parameter).collect()
    });
    families(&mut text, "Fields", single(problem::fields(understood)));
    section(&mut text, "Sought", problem::sought(understood));
    families(&mut text, "Equations", {
        let equations = understood.equations.iter();
        equations.map(problem::equation).collect()
    });
    section(&mut text, "Minimized", {
        let energies = understood.energies.iter();
        energies.map(|e| each(&e.label, &e.text)).collect()
    });
    families(&mut text, "Conditions", {
        let conditions = understood.conditions.iter();
        single(conditions.map(problem::condition).collect())
    });
    families(&mut text, "Conditions counted", {
        single(understood.counts.iter().map(problem::count).collect())
    });
    section(&mut text, "Constraints", {
        let constraints = understood.constraints.iter();
        constraints.map(|c| each(&c.label, &c.text)).collect()
    });
    families(&mut text, "Its minimiser satisfies", {
        let minimiser = understood.minimiser.iter();
        single(minimiser.flat_map(whole::minimiser).collect())
    });
    section(&mut text, "Data", {
        let observations = understood.observations.iter();
        observations.map(problem::observation).collect()
    });
    let altogether = whole::altogether(&understood.altogether);
    section(&mut text, "Altogether", altogether);
    families(
        &mut text,
        "Known solutions",
        single(whole::known(understood)),
    );
    families(&mut text, "Jets carried by the network N", {
        let jets = understood.jets.iter().flatten();
        jets.map(whole::carried).collect()
    });
    section(&mut text, "Network", {
        let network = understood.network.iter();
        network.flat_map(whole::network).collect()
    });
    section(&mut text, "Settings", {
        let settings = understood.settings.iter();
        let row = |name: &str, value: &str| vec![format!("{name:10} = {value}")];
        settings.map(|s| row(&s.name, &s.value)).collect()
    });
    text
}

/// A section in which families of blocks are folded.
fn families(text: &mut String, heading: &str, blocks: Vec<Block>) {
    section(text, heading, folded(blocks));
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
