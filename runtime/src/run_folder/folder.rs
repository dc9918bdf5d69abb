//! The folder of a run: valid at every moment.

use super::checkpoint::CHECKPOINT;
use super::problem_file::{DATA, holds_copies_only};
use crate::atomic::{UNFINISHED, beside, write_file};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use thiserror::Error;

/// Why a run folder cannot be made.
#[derive(Debug, Error)]
pub enum FolderError {
    /// Something that is no run stands where the folder would go.
    #[error("`{}` {reason}", path.display())]
    Occupied {
        /// Where the folder would go.
        path: PathBuf,
        /// What is there.
        reason: String,
    },
    /// Another process is training there.
    #[error("another process is at work in `{}`", path.display())]
    InUse {
        /// The folder.
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

/// The folder of a run under way, in its place from the beginning: whenever the program ends, a checkpoint is in it that
/// the run can go on from, or its result.
///
/// A run that was there before is kept beside it, as `NAME.replaced`, until this one is finished.
#[derive(Debug)]
pub struct RunFolder {
    /// As the user named it.
    target: PathBuf,
    /// Where it is, if that is a link.
    path: PathBuf,
    /// Where an earlier run waits.
    aside: Option<PathBuf>,
    /// Parents that did not exist before, innermost first.
    created: Vec<PathBuf>,
    /// Locked while this process works here; the system unlocks it however the process ends.
    lock: Option<File>,
}

/// The files by which a run folder is known: a finished run, one that can go on, or one that was killed before its first
/// checkpoint was there.
const MARKS: [&[&str]; 3] = [&["result.json", "settings.toml"], &[CHECKPOINT], &[LOCK]];

/// Held while a process works in the folder.
const LOCK: &str = ".lock";

/// How long a process waits for the lock.
const PATIENCE: Duration = Duration::from_secs(2);

/// What an earlier run's folder is called while another one is made in its place.
const REPLACED: &str = ".replaced";

impl RunFolder {
    /// Begins a run folder, empty, at `target`.
    ///
    /// # Errors
    ///
    /// [`FolderError::Occupied`] when something else is there, [`FolderError::InUse`] when another process is at work
    /// there, [`FolderError::Write`] when the system refuses.
    pub fn begin(target: &Path) -> Result<Self, FolderError> {
        let mut folder = Self::at(target)?;
        check_replaceable(&folder.path)?;
        let parent = match folder.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            Some(_) | None => PathBuf::from("."),
        };
        if folder.path.file_name().is_none() {
            return Err(FolderError::Occupied {
                path: target.to_path_buf(),
                reason: "names no folder".to_owned(),
            });
        }
        // The message names what the user asked for.
        let refused = |source| FolderError::Write {
            path: target.to_path_buf(),
            source,
        };
        if parent.exists() && !parent.is_dir() {
            let reason = format!("`{}` is not a folder", parent.display());
            return Err(refused(io::Error::new(
                io::ErrorKind::NotADirectory,
                reason,
            )));
        }
        let missing: Vec<PathBuf> = parent
            .ancestors()
            .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
            .map(Path::to_path_buf)
            .collect();
        let made = fs::create_dir_all(&parent).map_err(refused).and_then(|()| {
            folder.set_aside()?;
            fs::create_dir_all(&folder.path).map_err(refused)
        });
        folder.created = missing;
        if let Err(error) = made.and_then(|()| folder.hold()) {
            folder.abandon();
            return Err(error);
        }
        Ok(folder)
    }

    /// Goes on in the folder of a run that has a checkpoint.
    ///
    /// # Errors
    ///
    /// [`FolderError::InUse`] when another process is at work there, [`FolderError::Write`] when the system refuses.
    pub fn reopen(target: &Path) -> Result<Self, FolderError> {
        let mut folder = Self::at(target)?;
        folder.hold()?;
        let aside = beside(&folder.path, REPLACED);
        folder.aside = (aside.is_dir() && check_replaceable(&aside).is_ok()).then_some(aside);
        Ok(folder)
    }

    fn at(target: &Path) -> Result<Self, FolderError> {
        let path = if target.is_symlink() {
            // A link to a folder is used; a dangling one is not what was asked for.
            target.canonicalize().map_err(|_| FolderError::Occupied {
                path: target.to_path_buf(),
                reason: "is a link to nothing".to_owned(),
            })?
        } else {
            // Without a slash at its end, so that names can be put beside it.
            target.components().collect()
        };
        Ok(Self {
            target: target.to_path_buf(),
            path,
            aside: None,
            created: Vec::new(),
            lock: None,
        })
    }

    /// Moves a run out of the way.
    fn set_aside(&mut self) -> Result<(), FolderError> {
        let is_empty = |path: &Path| fs::read_dir(path).is_ok_and(|mut it| it.next().is_none());
        if !self.path.exists() || is_empty(&self.path) {
            return Ok(());
        }
        // Nobody may be at work in it.
        self.hold()?;
        self.lock = None;
        let aside = beside(&self.path, REPLACED);
        if aside.exists() {
            // An earlier run waits there for the one that was never finished here.
            check_replaceable(&aside)?;
            self.refused(fs::remove_dir_all(&self.path))?;
        } else {
            self.refused(fs::rename(&self.path, &aside))?;
        }
        self.aside = Some(aside);
        Ok(())
    }

    /// Takes the lock. A process that was killed keeps it until the system has taken all of it down, which takes a moment.
    fn hold(&mut self) -> Result<(), FolderError> {
        let file = self.refused(File::create(self.path.join(LOCK)))?;
        let begin = Instant::now();
        let mut taken = file.try_lock();
        while matches!(taken, Err(fs::TryLockError::WouldBlock)) && begin.elapsed() < PATIENCE {
            std::thread::sleep(PATIENCE / 20);
            taken = file.try_lock();
        }
        match taken {
            Err(fs::TryLockError::WouldBlock) => Err(FolderError::InUse {
                path: self.target.clone(),
            }),
            // Where the file system has no locks, there is none.
            Ok(()) | Err(fs::TryLockError::Error(_)) => {
                self.lock = Some(file);
                Ok(())
            }
        }
    }

    fn refused<T>(&self, result: io::Result<T>) -> Result<T, FolderError> {
        result.map_err(|source| FolderError::Write {
            path: self.target.clone(),
            source,
        })
    }

    /// Where files are written.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder as the user named it.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where an earlier run waits until this one is finished.
    #[must_use]
    pub fn aside(&self) -> Option<&Path> {
        self.aside.as_deref()
    }

    /// Writes one file, as a whole or not at all.
    ///
    /// # Errors
    ///
    /// [`FolderError::Write`].
    pub fn write(&self, name: &str, content: &[u8]) -> Result<(), FolderError> {
        write_file(&self.path.join(name), content).map_err(|source| FolderError::Write {
            path: self.target.join(name),
            source,
        })
    }

    /// All files of the run are there. The checkpoint stays where the run can go on from it; the run that was here before
    /// goes.
    ///
    /// # Errors
    ///
    /// [`FolderError::Write`]: the run is complete, but something could not be removed.
    pub fn finish(mut self, can_go_on: bool) -> Result<PathBuf, FolderError> {
        let gone = |path: &Path| match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        };
        let checkpoint = self.path.join(CHECKPOINT);
        // A part of the run that was killed may have left one in the making, and this part may have needed none.
        self.refused(gone(&beside(&checkpoint, UNFINISHED)))?;
        if !can_go_on {
            self.refused(gone(&checkpoint))?;
        }
        if let Some(aside) = &self.aside {
            self.refused(fs::remove_dir_all(aside))?;
        }
        self.refused(gone(&self.path.join(LOCK)))?;
        self.lock = None;
        Ok(self.target)
    }

    /// Nothing came of this run: what was here before is here again.
    pub fn abandon(mut self) {
        // Nothing can be done about a folder that cannot be removed, and the error that led here is what the user needs to
        // see.
        if self.lock.take().is_some() {
            let _ = fs::remove_dir_all(&self.path);
        }
        if let Some(aside) = &self.aside {
            let _ = fs::rename(aside, &self.path);
        }
        for parent in &self.created {
            let _ = fs::remove_dir(parent);
        }
    }
}

/// Whether a run may be put here: nothing is there, an empty folder, or another run.
fn check_replaceable(target: &Path) -> Result<(), FolderError> {
    let occupied = |reason: String| FolderError::Occupied {
        path: target.to_path_buf(),
        reason,
    };
    if !target.exists() {
        return Ok(());
    }
    if !target.is_dir() {
        return Err(occupied("is a file, not the folder of a run".to_owned()));
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
    let belongs = |name: &str| {
        belongs_to_a_run(name)
            || (name == DATA && target.join(DATA).is_dir() && holds_copies_only(target))
    };
    if let Some(other) = names.iter().find(|name| !belongs(name)) {
        return Err(occupied(format!(
            "holds `{other}`, which no run has written"
        )));
    }
    let is_run = MARKS
        .iter()
        .any(|marks| marks.iter().all(|mark| names.iter().any(|it| it == mark)));
    if names.is_empty() || is_run {
        Ok(())
    } else {
        Err(occupied(
            "holds neither a result nor a checkpoint of a run".to_owned(),
        ))
    }
}

/// Whether a process is at work in a run folder.
#[must_use]
pub fn is_at_work(folder: &Path) -> bool {
    File::open(folder.join(LOCK))
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)))
}

/// Whether a run writes a file of this name.
fn belongs_to_a_run(name: &str) -> bool {
    const FILES: [&str; 9] = [
        CHECKPOINT,
        LOCK,
        "problem.pde",
        "settings.toml",
        "metrics.jsonl",
        "result.json",
        "model.safetensors",
        "report.html",
        "correlation.json",
    ];
    let name = name.strip_suffix(UNFINISHED).unwrap_or(name);
    let picture = ["loss", "solution", "residual", "plot", "correlation"]
        .iter()
        .any(|stem| name.starts_with(stem))
        && (name.ends_with(".png") || name.ends_with(".svg"));
    picture || FILES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::{FolderError, RunFolder, is_at_work};
    use std::fs;

    fn names(path: &std::path::Path) -> Vec<String> {
        let entries = fs::read_dir(path).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Killed while the first checkpoint was being written: the next run takes the place.
    #[test]
    fn a_run_that_had_just_begun_is_replaced() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("heat-0");
        fs::create_dir(&target).unwrap();
        let name = "checkpoint.safetensors.new";
        for name in [".lock", "problem.pde", name] {
            fs::write(target.join(name), "").unwrap();
        }
        let folder = RunFolder::begin(&target).unwrap();
        assert!(!names(&target).contains(&name.to_owned()));
        // And killed again while a later one was.
        fs::write(target.join(name), "").unwrap();
        folder.finish(false).unwrap();
        assert!(!names(&target).contains(&name.to_owned()));
        assert_eq!(names(root.path()), ["heat-0"]);
        // Nor is somebody's data in it lost.
        fs::create_dir(target.join("data")).unwrap();
        fs::write(target.join("data/u.csv"), "").unwrap();
        let refused = RunFolder::begin(&target);
        assert!(matches!(refused, Err(FolderError::Occupied { .. })));
        fs::remove_dir_all(target.join("data")).unwrap();
        // Somebody's problem is no run.
        fs::write(target.join("problem.pde"), "").unwrap();
        let refused = RunFolder::begin(&target);
        assert!(matches!(refused, Err(FolderError::Occupied { .. })));
    }

    #[test]
    fn an_abandoned_folder_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let folder = RunFolder::begin(&root.path().join("runs/deep/heat-0")).unwrap();
        folder.write("result.json", b"{}").unwrap();
        assert_eq!(names(root.path()), ["runs"]);
        folder.abandon();
        assert!(names(root.path()).is_empty());
    }

    #[test]
    fn a_run_replaces_a_run_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("heat-0");
        let content = || fs::read_to_string(target.join("result.json")).unwrap();
        let written = |text: &str| {
            let folder = RunFolder::begin(&target).unwrap();
            folder.write("result.json", text.as_bytes()).unwrap();
            folder.write("settings.toml", b"").unwrap();
            folder
        };
        for text in ["first", "second"] {
            assert_eq!(written(text).finish(false).unwrap(), target);
            assert_eq!(content(), text);
            assert_eq!(names(root.path()), ["heat-0"]);
            assert_eq!(names(&target), ["result.json", "settings.toml"]);
        }
        // What waits comes back, or goes when a later one is finished, whatever became of those between.
        written("third").abandon();
        assert_eq!(content(), "second");
        for text in ["fourth", "fifth"] {
            let folder = written(text);
            folder.write("checkpoint.safetensors", b"").unwrap();
            assert_eq!(names(root.path()), ["heat-0", "heat-0.replaced"]);
            let waiting = root.path().join("heat-0.replaced/result.json");
            assert_eq!(fs::read_to_string(waiting).unwrap(), "second");
        }
        let folder = RunFolder::reopen(&target).unwrap();
        assert_eq!(folder.finish(true).unwrap(), target);
        assert_eq!(names(root.path()), ["heat-0"]);
        assert!(names(&target).contains(&"checkpoint.safetensors".to_owned()));
        fs::remove_file(target.join("checkpoint.safetensors")).unwrap();
        fs::remove_file(target.join("settings.toml")).unwrap();
        let refused = RunFolder::begin(&target);
        assert!(matches!(refused, Err(FolderError::Occupied { .. })));
        let file = RunFolder::begin(&target.join("result.json"));
        assert!(matches!(file, Err(FolderError::Occupied { .. })));
        let below = RunFolder::begin(&target.join("result.json/deeper"));
        assert!(matches!(below, Err(FolderError::Write { .. })));
        assert_eq!(names(root.path()), ["heat-0"]);
    }

    #[test]
    fn two_do_not_work_in_one_folder() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("heat-0");
        let first = RunFolder::begin(&target).unwrap();
        first.write("checkpoint.safetensors", b"").unwrap();
        assert!(is_at_work(&target));
        for second in [RunFolder::begin(&target), RunFolder::reopen(&target)] {
            assert!(matches!(second, Err(FolderError::InUse { .. })));
        }
        drop(first);
        assert!(!is_at_work(&target));
        RunFolder::reopen(&target).unwrap().finish(true).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_folder_is_used() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("scratch")).unwrap();
        let link = root.path().join("heat-0");
        symlink("scratch", &link).unwrap();
        let folder = RunFolder::begin(&link).unwrap();
        folder.write("result.json", b"").unwrap();
        assert_eq!(folder.finish(false).unwrap(), link);
        assert!(link.is_symlink());
        assert_eq!(names(&root.path().join("scratch")), ["result.json"]);
        symlink("nowhere", root.path().join("dangling")).unwrap();
        let refused = RunFolder::begin(&root.path().join("dangling"));
        assert!(matches!(refused, Err(FolderError::Occupied { .. })));
    }
}
