//! `problem.pde`: the text that was trained, with the paths in it as seen from the run folder; and `data/`, the files that
//! it names, so that a run can be copied to another place or machine.
//!
//! References and data are named relative to the file that names them, and the copy lies elsewhere: its paths are
//! rewritten, so that the run folder can be trained again as it is. Everything else stays as it was, byte for byte. Files
//! that are too large to be copied stay where they are.

use crate::atomic::{UNFINISHED, write_file};
use pdec_compiler::hir::Problem;
use pdec_compiler::source::Span;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

/// Where the copies of files lie in a run folder.
pub const DATA: &str = "data";

/// Files of more bytes than this, all together, are not copied.
const MOST_BYTES: u64 = 1 << 25;

/// Copies of files that a problem names.
#[derive(Clone, Debug, Default)]
pub struct Copies(Vec<Copied>);

#[derive(Clone, Debug)]
struct Copied {
    /// The path in the problem.
    path: String,
    /// The name of the copy.
    name: String,
    bytes: Vec<u8>,
}

impl Copies {
    /// Reads the files that a problem in `folder` names, as many as are small enough.
    #[must_use]
    pub fn read(problem: &Problem, folder: &Path) -> Self {
        let mut copies: Vec<Copied> = Vec::new();
        let mut room = MOST_BYTES;
        for (_, path) in named(problem) {
            if copies.iter().any(|it| it.path == *path) {
                continue;
            }
            let file = folder.join(path);
            let name = Path::new(path).file_name().and_then(|it| it.to_str());
            let size = std::fs::metadata(&file).map_or(u64::MAX, |it| it.len());
            let (Some(name), true) = (name, size <= room) else {
                continue;
            };
            // Two files of one name, whatever letters a file system tells apart, have one copy; the other stays where it is.
            let same = |it: &Copied| it.name.to_lowercase() == name.to_lowercase();
            if copies.iter().any(same) {
                continue;
            }
            if let Ok(bytes) = std::fs::read(&file) {
                room = room.saturating_sub(bytes.len() as u64);
                copies.push(Copied {
                    path: path.clone(),
                    name: name.to_owned(),
                    bytes,
                });
            }
        }
        Self(copies)
    }

    /// Writes them into the folder of a run.
    ///
    /// # Errors
    ///
    /// Whatever the system says.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let data = folder.join(DATA);
        std::fs::create_dir_all(&data)?;
        let mut copies = self.0.iter();
        copies.try_for_each(|copy| write_file(&data.join(&copy.name), &copy.bytes))
    }

    fn path(&self, path: &str) -> Option<String> {
        let copy = self.0.iter().find(|it| it.path == path)?;
        Some(format!("{DATA}/{}", copy.name))
    }
}

/// Whether everything in the folder of copies is named by the problem beside it, whichever way its paths lead: nothing that
/// somebody put there.
pub fn holds_copies_only(folder: &Path) -> bool {
    let problem = std::fs::read_to_string(folder.join("problem.pde")).unwrap_or_default();
    std::fs::read_dir(folder.join(DATA)).is_ok_and(|mut entries| {
        entries.all(|entry| {
            entry.is_ok_and(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                let name = name.strip_suffix(UNFINISHED).unwrap_or(&name);
                problem.contains(&format!("{name}\""))
            })
        })
    })
}

/// The declarations that name files, and these.
fn named(problem: &Problem) -> impl Iterator<Item = (Span, &String)> {
    let references = problem.references.iter();
    let references = references.map(|reference| (reference.span, &reference.path));
    let observations = problem.observations.iter();
    let observations = observations.map(|observation| (observation.span, &observation.path));
    references.chain(observations)
}

/// The text for a run folder at `target` of a problem whose file lies in `folder`, where these copies are in the run folder.
#[must_use]
pub fn problem_text(
    text: &str,
    problem: &Problem,
    folder: &Path,
    target: &Path,
    copies: &Copies,
) -> String {
    let mut edits: Vec<(Range<usize>, String)> = named(problem)
        .filter_map(|(span, path)| {
            let place = quoted(text, span, path)?;
            let other = copies.path(path).or_else(|| moved(path, folder, target))?;
            Some((place, other))
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
    use super::{Copies, holds_copies_only, problem_text};
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
            let target = root.path().join(target);
            problem_text(text, &problem, &folder, &target, &Copies::default())
        };
        let expected = |path: &str| text.replace("from \"data/ref.npz", &format!("from \"{path}"));
        assert_eq!(moved("work/runs/p-0"), expected("../../data/ref.npz"));
        assert_eq!(moved("elsewhere"), expected("../work/data/ref.npz"));
        assert_eq!(moved("work/data/run"), expected("../ref.npz"));
        // what is not there stays as it was
        assert_eq!(moved("none/deeper/run"), text);
    }

    #[test]
    fn copies_lie_beside_the_problem() {
        let root = tempfile::tempdir().unwrap();
        let (work, run) = (root.path().join("work"), root.path().join("run"));
        for folder in ["a", "b"] {
            fs::create_dir_all(work.join(folder)).unwrap();
            fs::write(work.join(folder).join("u.csv"), folder).unwrap();
        }
        fs::create_dir(&run).unwrap();
        let text = "coord x in [0, 1]\nfield u(x)\nfield v(x)\nfield w(x)\neq u_xx = 1\neq v_xx = 1\neq w_xx = 1\n\
                    on x = 0, x = 1: u = 0\non x = 0, x = 1: v = 0\non x = 0, x = 1: w = 0\n\
                    reference u from \"a/u.csv\" (x, u)\nreference v from \"b/u.csv\" (x, v)\n\
                    reference w from \"a/u.csv\" (x, w)\n";
        let problem = front::read(&Source::new("p", text), &[]).unwrap().problem;
        let copies = Copies::read(&problem, &work);
        let seen = problem_text(text, &problem, &work, &run, &Copies::default());
        fs::write(run.join("problem.pde"), seen).unwrap();
        copies.write(&run).unwrap();
        // killed before the paths of the copies were written
        assert!(holds_copies_only(&run));
        let own = problem_text(text, &problem, &work, &run, &copies);
        let expected = text.replace("a/u.csv", "data/u.csv");
        assert_eq!(own, expected.replace("b/u.csv", "../work/b/u.csv"));
        fs::write(run.join("problem.pde"), own).unwrap();
        assert!(holds_copies_only(&run));
        assert_eq!(fs::read(run.join("data/u.csv")).unwrap(), b"a");
        fs::write(run.join("data/notes.txt"), "").unwrap();
        assert!(!holds_copies_only(&run));
    }
}
