//! What a run is a run of: by this a checkpoint or a model knows whether it belongs to a problem and its settings.

use super::settings_file::{RunSettings, settings_toml};
use pdec_compiler::hir::{Problem, print};
use pdec_compiler::settings::Settings;
use pdec_compiler::source::Source;
use pdec_compiler::syntax::{DeclarationKind, parse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Differences that are told; more do not help.
const MOST: usize = 12;

/// Lines of a problem that only one of two has: so many at most.
const SOME: usize = 3;

/// The problem, the settings that were asked for, the data and the version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The version of `pdec`.
    pub version: String,
    /// What the problem is called where it has no title.
    pub name: String,
    /// The problem as it was understood, without references, which training does not see.
    pub problem: String,
    /// The settings, parameters and seed that were asked for: what `--config` reads.
    pub settings: String,
    /// The checksum of each file of data, by its name.
    pub data: Vec<(String, String)>,
    /// The parameters as the file declares them, whatever settings make of them. None in what an earlier version wrote.
    #[serde(default)]
    pub declared: Option<Vec<String>>,
}

impl Identity {
    /// The identity of a run of this version; paths in the problem are relative to `folder`.
    #[must_use]
    pub fn new(
        name: &str,
        source: &Source,
        problem: &Problem,
        settings: &Settings,
        run: &RunSettings,
        folder: &Path,
    ) -> Self {
        let data = problem.observations.iter().map(|observation| {
            let path = Path::new(&observation.path);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let sum = match std::fs::read(folder.join(path)) {
                Ok(bytes) => format!("{:08x}", crc32fast::hash(&bytes)),
                Err(_) => "unreadable".to_owned(),
            };
            (name.into_owned(), sum)
        });
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            name: name.to_owned(),
            problem: problem_text(problem),
            settings: settings_toml(problem, settings, run),
            data: data.collect(),
            declared: Some(declared(source)),
        }
    }

    /// What is different in the problem's text as it is now; none where nothing is.
    #[must_use]
    pub fn problem_difference(&self, source: &Source, now: &Problem) -> Option<String> {
        let parameters = |declared: &[String]| declared.join("\n");
        let then = self.declared.as_deref().map(parameters);
        then.and_then(|then| problem_difference(&then, &parameters(&declared(source))))
            .or_else(|| problem_difference(&self.problem, &problem_text(now)))
    }

    /// What is different now; nothing where a run may go on. The time limit is nobody's identity.
    #[must_use]
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut found = problem_differences(&self.problem, &now.problem);
        let (then, other) = (values(&self.settings), values(&now.settings));
        // Values of parameters, and what the `train` block says, are among the settings.
        found.retain(|line| {
            let name = line.get(2..).and_then(|line| line.split(" = ").next());
            let name = name.unwrap_or_default();
            ["param", "train"].iter().all(|section| {
                let name = format!("{section}.{name}");
                !(then.contains_key(&name) && other.contains_key(&name))
            })
        });
        // Of another problem some lines of both.
        let (then_only, now_only): (Vec<String>, Vec<String>) =
            found.into_iter().partition(|line| line.starts_with('-'));
        let mut found = [some(then_only), some(now_only)].concat();
        if !found.is_empty() {
            found.insert(0, "the problem, then (-) and now (+):".to_owned());
        }
        if self.version != now.version {
            found.push(format!(
                "the version of pdec: {} then, {} now",
                self.version, now.version
            ));
        }
        let names: std::collections::BTreeSet<&String> = then.keys().chain(other.keys()).collect();
        for name in names {
            let (then, now) = (then.get(name), other.get(name));
            if then != now {
                found.push(format!("`{name}`: {}", change(then, now)));
            }
        }
        // Of a value that settings replace, the declaration says nothing; but a file that has been altered is another file.
        if let (Some(then), Some(now), true) = (&self.declared, &now.declared, found.is_empty()) {
            found.extend(problem_differences(&then.join("\n"), &now.join("\n")));
        }
        for (name, sum) in &now.data {
            let same = self
                .data
                .iter()
                .any(|(other, then)| other == name && then == sum);
            if !same {
                found.push(format!("the file of data `{name}` has other bytes"));
            }
        }
        if found.len() > MOST {
            let more = found.len() - MOST;
            found.truncate(MOST);
            found.push(format!("and {more} more"));
        }
        found
    }
}

/// The declarations of parameters in a text, without what is between their words.
fn declared(source: &Source) -> Vec<String> {
    let document = parse(source).map_or_else(|_| Vec::new(), |it| it.declarations);
    let parameters = document
        .into_iter()
        .filter(|it| matches!(it.kind, DeclarationKind::Parameter { .. }));
    let words = |span| source.slice(span).split_whitespace().collect::<Vec<_>>();
    parameters.map(|it| words(it.span).join(" ")).collect()
}

/// The problem as it was understood, without what training does not see.
#[must_use]
pub fn problem_text(problem: &Problem) -> String {
    let mut seen = problem.clone();
    seen.references.clear();
    seen.outputs.clear();
    for observation in &mut seen.observations {
        // A run folder has another path to the same file.
        let name = Path::new(&observation.path).file_name();
        observation.path = name.unwrap_or_default().to_string_lossy().into_owned();
    }
    print(&seen)
}

/// What is different, a line for each line of the problem that only one of them has; none where nothing is.
#[must_use]
pub fn problem_difference(then: &str, now: &str) -> Option<String> {
    let mut lines = problem_differences(then, now);
    if lines.is_empty() {
        return (then != now).then(|| "its lines are in another order".to_owned());
    }
    if lines.len() > MOST {
        let more = lines.len() - MOST;
        lines.truncate(MOST);
        lines.push(format!("and {more} more"));
    }
    lines.insert(
        0,
        "What was trained (-) and what is there now (+):".to_owned(),
    );
    Some(lines.join("\n"))
}

/// The first of some lines, and how many there are more.
fn some(mut lines: Vec<String>) -> Vec<String> {
    if let more @ 1.. = lines.len().saturating_sub(SOME) {
        let sign = lines[0].chars().next().unwrap_or('-');
        lines.truncate(SOME);
        lines.push(format!("{sign} … and {more} more"));
    }
    lines
}

/// `- line` for each line that only the first text has, then `+ line` for the second.
fn problem_differences(then: &str, now: &str) -> Vec<String> {
    let only = |sign: char, text: &str, other: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let missing = lines.filter(|line| !other.lines().any(|it| it.trim() == *line));
        missing
            .map(|line| format!("{sign} {}", as_written(line, text)))
            .collect()
    };
    [only('-', then, now), only('+', now, then)].concat()
}

/// A condition where time begins, as files write it: `initial u = 0`.
fn as_written(line: &str, text: &str) -> String {
    let begin = text.lines().find_map(|line| {
        let (name, rest) = line.trim().strip_suffix(", time")?.split_once(" in [")?;
        Some(format!("on {name} = {}: ", rest.split(',').next()?))
    });
    let rest = begin.and_then(|begin| line.strip_prefix(begin.as_str()));
    rest.map_or_else(|| line.to_owned(), |rest| format!("initial {rest}"))
}

/// `4 then, 8 now`; of two lists of named values only those that differ: `interior 200 → 400`.
fn change(then: Option<&String>, now: Option<&String>) -> String {
    let shown = |value: Option<&String>| value.map_or("nothing", String::as_str).to_owned();
    let whole = format!("{} then, {} now", shown(then), shown(now));
    let lists = [then, now].map(|value| value.and_then(|value| named(value)));
    let [Some((head, then)), Some((other, now))] = lists else {
        return whole;
    };
    let names = |list: &[(String, String)]| -> Vec<String> {
        list.iter().map(|(name, _)| name.clone()).collect()
    };
    if head != other || names(&then) != names(&now) {
        return whole;
    }
    let pairs = then.into_iter().zip(now);
    let changed = pairs.filter(|(then, now)| then != now);
    let changed: Vec<String> = changed
        .map(|((name, then), (_, now))| format!("{name} {then} → {now}"))
        .collect();
    changed.join(", ")
}

/// `[a = 1, b = 2]` or `name(a = 1, b = 2)`: what stands before the bracket, and the values by name. None of anything else.
fn named(value: &str) -> Option<(String, Vec<(String, String)>)> {
    let value = value.trim_matches('"');
    let open = value.find(['[', '('])?;
    let (head, rest) = value.split_at(open);
    let inner = rest.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
    if inner.contains(['[', '(']) {
        return None;
    }
    let entries = inner.split(',').map(|entry| {
        let (name, value) = entry.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    });
    Some((head.to_owned(), entries.collect::<Option<Vec<_>>>()?))
}

/// Every value of a TOML text by its name.
fn values(text: &str) -> BTreeMap<String, String> {
    let table: toml::Table = text.parse().unwrap_or_default();
    let mut values = BTreeMap::new();
    for (section, entries) in table {
        let Some(entries) = entries.as_table() else {
            continue;
        };
        for (name, value) in entries {
            if section == "run" && name == "time_limit" {
                continue;
            }
            values.insert(format!("{section}.{name}"), value.to_string());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::Identity;
    use crate::run_folder::RunSettings;
    use pdec_compiler::front;
    use pdec_compiler::source::Source;
    use std::path::Path;

    fn identity(text: &str, seed: u64, limit: Option<f64>) -> Identity {
        let source = Source::new("p", text);
        let front = front::read(&source, &[]).unwrap();
        let run = RunSettings {
            seed,
            time_limit: limit,
            target: None,
        };
        Identity::new(
            "p",
            &source,
            &front.problem,
            &front.settings,
            &run,
            Path::new("."),
        )
    }

    #[test]
    fn values_at_the_beginning_are_told_as_files_write_them() {
        let text = "coord x in [0, 1]\ntime t in [0, 1]\nfield u(x, t)\neq u_t = u_xx\ninitial u = x\n\
                    on x = 0: u = 0\non x = 1: u = 1\n";
        let other = identity(&text.replace("u = x", "u = x^2"), 0, None);
        let told = identity(text, 0, None).differences(&other);
        assert_eq!(told[1..], ["- initial u = x", "+ initial u = x^2"]);
    }

    #[test]
    fn what_differs_is_told() {
        let text =
            "coord x in [0, 1]\nfield u(x)\nparam k = 2\neq u_xx = k\non x = 0, x = 1: u = 0\n";
        let then = identity(text, 0, None);
        let told = |now: &Identity| then.differences(now).join("; ");
        assert_eq!(told(&then), "");
        assert_eq!(told(&identity(text, 0, Some(5.0))), "");
        assert_eq!(
            told(&identity(&text.replace("eq", "# a comment\neq"), 0, None)),
            ""
        );
        assert_eq!(told(&identity(text, 3, None)), "`run.seed`: 0 then, 3 now");
        let other = identity(&text.replace("= 2", "= 3"), 0, None);
        assert_eq!(told(&other), "`param.k`: 2.0 then, 3.0 now");
        let network = |width: usize| {
            let block = format!("train {{ network = mlp(width = {width}, depth = 2) }}\n");
            identity(&format!("{text}{block}"), 0, None)
        };
        assert_eq!(
            network(8).differences(&network(9)),
            ["`train.network`: width 8 → 9"]
        );
        let windows = identity(&format!("{text}train {{ precision = f32 }}\n"), 0, None);
        assert!(
            told(&windows).contains("train.precision"),
            "{}",
            told(&windows)
        );
        let equation = identity(&text.replace("u_xx = k", "u_xx = 2*k"), 0, None);
        let told_of_equation = told(&equation);
        assert!(
            told_of_equation.starts_with("the problem, then (-) and now (+):; - eq"),
            "{told_of_equation}"
        );
        assert!(told_of_equation.contains("; + eq"), "{told_of_equation}");
        let mut version = then.clone();
        version.version = "9".to_owned();
        assert!(told(&version).contains("9 now"));
    }
}
