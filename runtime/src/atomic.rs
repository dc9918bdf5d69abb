//! Files that are there as a whole or as they were before, whenever the program or the machine stops.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What the name of a file in the making ends in.
pub const UNFINISHED: &str = ".new";

/// Writes a file beside its place, makes sure that the disk has it, and puts it there. If that fails, what was there
/// before stays.
///
/// # Errors
///
/// Whatever the system says.
pub fn write_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = beside(path, UNFINISHED);
    let written = File::create(&new).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&new, path)
    });
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&new);
    } else if let Some(folder) = path.parent().and_then(|it| File::open(it).ok()) {
        // So that the name survives a power failure too; not every file system can.
        let _ = folder.sync_all();
    }
    written
}

/// The path with something at the end of its name.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::write_file;
    use std::fs;

    #[test]
    fn a_failure_leaves_what_was_there() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a");
        write_file(&path, b"first").unwrap();
        // Its place in the making is taken by a folder.
        fs::create_dir(root.path().join("a.new")).unwrap();
        assert!(write_file(&path, b"second").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"first");
        fs::remove_dir(root.path().join("a.new")).unwrap();
        write_file(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }
}
