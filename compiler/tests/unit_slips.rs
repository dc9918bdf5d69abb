//! Slips with units in the correct files: what a message offers as an edit leaves a file without errors.

mod support;

use pdec_compiler::source::Source;
use support::{files, read, render, report};

/// The text with a piece replaced.
fn with(text: &str, at: usize, length: usize, replacement: &str) -> String {
    let mut text = text.to_owned();
    text.replace_range(at..at + length, replacement);
    text
}

/// Slips of a pen: a power forgotten or one too many, `*` for `/`, a factor left out, a number or a declaration with
/// another unit or without one.
fn slips(text: &str) -> Vec<String> {
    let mut slips = Vec::new();
    for (at, sign) in text.char_indices() {
        let before = text[..at].chars().next_back().unwrap_or(' ');
        match sign {
            '^' if text[at..].starts_with("^2") => {
                slips.push(with(text, at, 2, ""));
                slips.push(with(text, at, 2, "^3"));
            }
            '*' if before.is_alphanumeric() => {
                slips.push(with(text, at, 1, "/"));
                let start = text[..at]
                    .rfind(|c: char| !c.is_alphanumeric())
                    .map_or(0, |before| before + 1);
                if text[start..at].starts_with(char::is_alphabetic) {
                    slips.push(with(text, start, at + 1 - start, ""));
                }
            }
            '/' if before.is_alphanumeric() => slips.push(with(text, at, 1, "*")),
            '[' => {
                let Some(length) = text[at..].find(']') else {
                    continue;
                };
                let inside = &text[at + 1..at + length];
                if inside.contains([',', '=']) {
                    continue;
                }
                slips.push(with(text, at, length + 1, ""));
                for unit in ["m", "s", "K", "Pa"] {
                    slips.push(with(
                        text,
                        at + 1,
                        inside.len(),
                        &format!("{inside}*{unit}"),
                    ));
                    slips.push(with(
                        text,
                        at + 1,
                        inside.len(),
                        &format!("{inside}/{unit}"),
                    ));
                }
            }
            _ => {}
        }
    }
    slips
}

#[test]
fn edits_of_units_leave_nothing_to_mend() {
    let (mut refused, mut helped, mut edited) = (0, 0, 0);
    for path in files("correct") {
        let source = read(&path);
        let measured = ["[m]", "[s]", "[K]", "[mm]"];
        if !measured.iter().any(|unit| source.text.contains(unit)) {
            continue;
        }
        // A solution tells more slips than its units do.
        let lines = source.text.lines();
        let stated: Vec<&str> = lines.filter(|line| !line.starts_with("exact")).collect();
        for text in slips(&stated.join("\n")) {
            let slip = Source::new(source.name.clone(), text);
            let Err(errors) = report(&slip) else { continue };
            let [error] = errors.as_slice() else { continue };
            if error.name != "unit-mismatch" {
                continue;
            }
            refused += 1;
            helped += usize::from(error.help.is_some());
            let Some(edit) = &error.edit else { continue };
            edited += 1;
            let mut text = slip.text.clone();
            text.replace_range(edit.span.range(), &edit.replacement);
            let mended = Source::new(source.name.clone(), text);
            if let Err(rest) = report(&mended) {
                let rest: Vec<String> = rest.iter().map(|it| render(&mended, it)).collect();
                panic!(
                    "{}\n{}\nafter its edit:\n{}",
                    path.display(),
                    render(&slip, error),
                    rest.concat()
                );
            }
        }
    }
    println!("{refused} slips are told, {helped} with a help, {edited} with an edit");
    assert!(refused > 100 && edited > 50, "{refused}, {edited}");
    assert_eq!(helped, refused);
}
