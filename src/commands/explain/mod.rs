//! `pdec explain NAME`: what a diagnostic means, with an example and its correction.

mod pages;

use crate::failure::{self, Failure, Status};
use clap::Args;
use pages::PAGES;
use pdec_compiler::syntax::nearest;
use std::fmt::Write as _;

/// The options of `pdec explain`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The name in the brackets of a message, as unknown-name in error[unknown-name]; without it, all are listed
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let text = match &arguments.name {
        None => list(),
        Some(written) => {
            let name = inside_brackets(written);
            let page = PAGES.iter().find(|(known, _)| *known == name);
            let (_, page) = page.ok_or_else(|| unknown(name))?;
            plain(page)
        }
    };
    failure::print(&text)?;
    Ok(Status::Done)
}

/// `unknown-name` from `error[unknown-name]`, which is what one copies.
fn inside_brackets(written: &str) -> &str {
    let inside = written
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    inside.map_or(written, |(name, _)| name)
}

/// Every name with the sentence under its heading.
fn list() -> String {
    let width = PAGES.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, page) in PAGES {
        let summary = page.lines().find(|line| {
            let is_heading = line.starts_with('#');
            !is_heading && !line.is_empty()
        });
        let _ = writeln!(text, "{name:width$}  {}", summary.unwrap_or(""));
    }
    text
}

/// A page as one reads it in a terminal: headings without signs, examples indented.
fn plain(page: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for line in page.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if inside {
            let _ = writeln!(text, "{}", format!("    {line}").trim_end());
        } else {
            let _ = writeln!(text, "{}", line.trim_start_matches('#').trim_start());
        }
    }
    text
}

fn unknown(name: &str) -> Failure {
    let names = || PAGES.iter().map(|(name, _)| *name);
    let alike: Vec<&str> = names()
        .filter(|known| !name.is_empty() && known.contains(name))
        .collect();
    let help = match nearest(name, names()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if alike.is_empty() => "`pdec explain` lists all names".to_owned(),
        None => format!("did you mean one of these: {}?", alike.join(", ")),
    };
    Failure::usage(
        "unknown-diagnostic",
        format!("there is no diagnostic `{name}`"),
        help,
    )
}

#[cfg(test)]
mod tests {
    use super::{inside_brackets, list, plain};

    #[test]
    fn a_copied_message_will_do() {
        assert_eq!(inside_brackets("error[unknown-name]: the"), "unknown-name");
        assert_eq!(inside_brackets("unknown-name"), "unknown-name");
    }

    #[test]
    fn pages_read_well_in_a_terminal() {
        let page = "# name\n\nWhat it is.\n\n## Wrong\n\n```pde,error name\neq\n```\n";
        assert_eq!(plain(page), "name\n\nWhat it is.\n\nWrong\n\n    eq\n");
    }

    #[test]
    fn every_line_of_the_list_has_its_sentence() {
        for line in list().lines() {
            assert!(line.ends_with('.') && line.contains("  "), "{line}");
        }
    }
}
