//! `problem.pde`: the text that was trained, with the paths in it as seen from the run folder.
//!
//! References and data are named relative to the file that names them, and the copy lies elsewhere: its paths are
//! rewritten, so that the run folder can be trained again as it is. Everything else stays as it was, byte for byte.

use pdec_compiler::hir::Problem;
use pdec_compiler::source::Span;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

/// The text for a run folder at `target` of a problem whose file lies in `folder`.
#[must_use]
pub fn problem_text(text: &str, problem: &Problem, folder: &Path, target: &Path) -> String {
    let references = problem.references.iter();
    let references = references.map(|reference| (reference.span, &reference.path));
    let observations = problem.observations.iter();
    let observations = observations.map(|observation| (observation.span, &observation.path));
    let mut edits: Vec<(Range<usize>, String)> = references
        .chain(observations)
        .filter_map(|(span, path)| {
            let place = quoted(text, span, path)?;
            Some((place, moved(path, folder, target)?))
        })
        .collect();
    edits.sort_by_key(|(place, _)| place.start);
    // One declaration may have become several fields, which name one file in one place.
    edits.dedup_by_key(|(place, _)| place.start);
    let mut moved = text.to_owned();
    for (place, path) in edits.into_iter().rev() {
        moved.replace_range(place, &path);
    }
    moved
}

/// Where a path stands between quotes in a declaration.
fn quoted(text: &str, declaration: Span, path: &str) -> Option<Range<usize>> {
    let range = declaration.range();
    let at = text.get(range.clone())?.find(&format!("\"{path}\""))?;
    let start = range.start + at + 1;
    Some(start..start + path.len())
}

/// A path relative to `folder` as one relative to `target`; none where it had better stay.
fn moved(path: &str, folder: &Path, target: &Path) -> Option<String> {
    if Path::new(path).is_absolute() {
        return None;
    }
    // Through links: `..` means the parent of where a link leads.
    let file = folder.join(path).canonicalize().ok()?;
    let absolute = std::path::absolute(target).ok()?;
    let parent = absolute.parent()?.canonicalize().ok()?;
    let from = parent.join(absolute.file_name()?);
    let moved = relative(&file, &from).unwrap_or(file);
    let moved = moved.to_str()?.replace('\\', "/");
    // A text between quotes has no way to write these.
    (!moved.contains(['"', '\n'])).then_some(moved)
}

/// The way from one absolute path to another; none where they have no root in common.
fn relative(file: &Path, from: &Path) -> Option<PathBuf> {
    let (file, from): (Vec<Component>, Vec<Component>) =
        (file.components().collect(), from.components().collect());
    let common = file.iter().zip(&from).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return None;
    }
    let up = from[common..].iter().map(|_| Component::ParentDir);
    Some(up.chain(file[common..].iter().copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::problem_text;
    use pdec_compiler::front;
    use pdec_compiler::source::Source;
    use std::fs;

    #[test]
    fn paths_lead_to_the_same_file_from_the_run_folder() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("work/data")).unwrap();
        fs::create_dir_all(root.path().join("work/runs")).unwrap();
        fs::write(root.path().join("work/data/ref.npz"), "").unwrap();
        let text = "coord x in [0, 1] # \"data/ref.npz\"\nfield u(x)\neq u_xx = 1\non x = 0, x = 1: u = 0\n\
                    reference u from \"data/ref.npz\" (x, u)\n";
        let problem = front::read(&Source::new("p", text), &[]).unwrap().problem;
        let moved = |target: &str| {
            let folder = root.path().join("work");
            problem_text(text, &problem, &folder, &root.path().join(target))
        };
        let expected = |path: &str| text.replace("from \"data/ref.npz", &format!("from \"{path}"));
        assert_eq!(moved("work/runs/p-0"), expected("../../data/ref.npz"));
        assert_eq!(moved("elsewhere"), expected("../work/data/ref.npz"));
        assert_eq!(moved("work/data/run"), expected("../ref.npz"));
        // what is not there stays as it was
        assert_eq!(moved("none/deeper/run"), text);
    }
}
