//! A folder that appears as a whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a run folder cannot be made.
#[derive(Debug, Error)]
pub enum FolderError {
    /// Something that is no run stands where the folder would go.
    #[error("`{}` exists and is not a run folder, or holds other files too", path.display())]
    Occupied {
        /// Where the folder would go.
        path: PathBuf,
    },
    /// The file system refuses.
    #[error("cannot write `{}`: {source}", path.display())]
    Write {
        /// What could not be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A run folder in the making: a hidden sibling of where it will be. Dropping it removes it without a trace.
#[derive(Debug)]
pub struct RunFolder {
    target: PathBuf,
    partial: PathBuf,
    /// Parents that did not exist before, innermost last.
    created: Vec<PathBuf>,
    finished: bool,
}

/// The files by which a run folder is known.
const MARKS: [&str; 2] = ["result.json", "settings.toml"];

impl RunFolder {
    /// Begins a run folder that will be at `target`. Fails now if it could not be put there later.
    ///
    /// # Errors
    ///
    /// [`FolderError::Occupied`] when something else is there, [`FolderError::Write`] when the system refuses.
    pub fn begin(target: &Path) -> Result<Self, FolderError> {
        check_replaceable(target)?;
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            Some(_) | None => PathBuf::from("."),
        };
        let name = target
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .ok_or_else(|| FolderError::Occupied {
                path: target.to_path_buf(),
            })?;
        let partial = parent.join(format!(".{name}.partial-{}", std::process::id()));
        let created = parent
            .ancestors()
            .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
            .map(Path::to_path_buf)
            .collect();
        // From here on, dropping cleans up whatever has been made.
        let folder = Self {
            target: target.to_path_buf(),
            partial,
            created,
            finished: false,
        };
        // The message names what the user asked for, not a temporary name.
        let refused = |source| FolderError::Write {
            path: folder.target.clone(),
            source,
        };
        if parent.exists() && !parent.is_dir() {
            let reason = format!("`{}` is not a folder", parent.display());
            let source = io::Error::new(io::ErrorKind::NotADirectory, reason);
            return Err(refused(source));
        }
        fs::create_dir_all(&parent).map_err(refused)?;
        if folder.partial.exists() {
            // Left behind by a process of the same number that was killed.
            fs::remove_dir_all(&folder.partial).map_err(refused)?;
        }
        fs::create_dir(&folder.partial).map_err(refused)?;
        Ok(folder)
    }

    /// Where files are written until the folder is finished.
    #[must_use]
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Where the folder will be.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Writes one file.
    ///
    /// # Errors
    ///
    /// [`FolderError::Write`].
    pub fn write(&self, name: &str, content: &[u8]) -> Result<(), FolderError> {
        fs::write(self.partial.join(name), content).map_err(|source| FolderError::Write {
            path: self.target.join(name),
            source,
        })
    }

    /// Puts the folder in its place, instead of a run that may be there.
    ///
    /// # Errors
    ///
    /// [`FolderError`]; nothing is left of this run then, and the one before is untouched.
    pub fn finish(mut self) -> Result<PathBuf, FolderError> {
        check_replaceable(&self.target)?;
        let refused = |path: &Path| {
            let path = path.to_path_buf();
            move |source| FolderError::Write { path, source }
        };
        let mut old = self.partial.clone().into_os_string();
        old.push(".old");
        let old = PathBuf::from(old);
        let replaces = self.target.exists();
        if replaces {
            fs::rename(&self.target, &old).map_err(refused(&self.target))?;
        }
        if let Err(source) = fs::rename(&self.partial, &self.target) {
            if replaces {
                // Put back what was there; the first error is the one to tell.
                let _ = fs::rename(&old, &self.target);
            }
            return Err(refused(&self.target)(source));
        }
        self.finished = true;
        if replaces {
            fs::remove_dir_all(&old).map_err(refused(&old))?;
        }
        Ok(self.target.clone())
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // Nothing can be done about a folder that cannot be removed, and the error that led here is what
        // the user needs to see.
        let _ = fs::remove_dir_all(&self.partial);
        for parent in &self.created {
            let _ = fs::remove_dir(parent);
        }
    }
}

/// Whether a run may be put here: nothing is there, an empty folder, or another run.
fn check_replaceable(target: &Path) -> Result<(), FolderError> {
    let occupied = || FolderError::Occupied {
        path: target.to_path_buf(),
    };
    // A link would be replaced by a folder, a dangling one only after training: neither is what was asked for.
    if target.is_symlink() {
        return Err(occupied());
    }
    if !target.exists() {
        return Ok(());
    }
    if !target.is_dir() {
        return Err(occupied());
    }
    let entries = fs::read_dir(target).map_err(|source| FolderError::Write {
        path: target.to_path_buf(),
        source,
    })?;
    // Nothing that somebody put beside the files of a run may be lost.
    let names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let is_run = MARKS
        .iter()
        .all(|mark| names.iter().any(|name| name == mark));
    if names.is_empty() || (is_run && names.iter().all(|name| belongs_to_a_run(name))) {
        Ok(())
    } else {
        Err(occupied())
    }
}

/// Whether a run writes a file of this name.
fn belongs_to_a_run(name: &str) -> bool {
    const FILES: [&str; 7] = [
        "problem.pde",
        "settings.toml",
        "metrics.jsonl",
        "result.json",
        "model.safetensors",
        "report.html",
        "correlation.json",
    ];
    let picture = ["loss", "solution", "residual", "plot", "correlation"]
        .iter()
        .any(|stem| name.starts_with(stem))
        && (name.ends_with(".png") || name.ends_with(".svg"));
    picture || FILES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::{FolderError, RunFolder};
    use std::fs;

    fn names(path: &std::path::Path) -> Vec<String> {
        let entries = fs::read_dir(path).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_dropped_folder_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let folder = RunFolder::begin(&root.path().join("runs/deep/heat-0")).unwrap();
        folder.write("result.json", b"{}").unwrap();
        assert_eq!(names(root.path()), ["runs"]);
        drop(folder);
        assert!(names(root.path()).is_empty());
    }

    #[test]
    fn a_run_replaces_a_run_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("heat-0");
        for text in ["first", "second"] {
            let folder = RunFolder::begin(&target).unwrap();
            folder.write("result.json", text.as_bytes()).unwrap();
            folder.write("settings.toml", b"").unwrap();
            assert_eq!(folder.finish().unwrap(), target);
            assert_eq!(
                fs::read_to_string(target.join("result.json")).unwrap(),
                text
            );
            assert_eq!(names(root.path()), ["heat-0"]);
        }
        fs::remove_file(target.join("settings.toml")).unwrap();
        let refused = RunFolder::begin(&target);
        assert!(matches!(refused, Err(FolderError::Occupied { .. })));
        let file = RunFolder::begin(&target.join("result.json"));
        assert!(matches!(file, Err(FolderError::Occupied { .. })));
        let below = RunFolder::begin(&target.join("result.json/deeper"));
        assert!(matches!(below, Err(FolderError::Write { .. })));
        assert_eq!(names(root.path()), ["heat-0"]);
    }
}
