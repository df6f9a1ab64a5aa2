//! The processes that carry a mark: a variable of their environment, which those inherit that they
//! start.

use std::fs;
use std::path::{Path, PathBuf};

/// Those in whose environment the variable has this value: their directories in `/proc`.
pub(crate) fn marked(variable: &str, value: &str) -> Vec<PathBuf> {
    let processes = fs::read_dir("/proc").expect("there is /proc").flatten();
    let mut dirs: Vec<_> = processes.map(|process| process.path()).collect();
    dirs.retain(|dir| is_marked(dir, variable, value));
    dirs
}

/// One that has ended by now has no environment.
pub(crate) fn is_marked(process: &Path, variable: &str, value: &str) -> bool {
    let entry = format!("{variable}={value}");
    let environment = fs::read(process.join("environ")).unwrap_or_default();
    let mut entries = environment.split(|byte| *byte == 0);
    entries.any(|one| one == entry.as_bytes())
}

/// The words of its command, none if it has ended by now.
pub(crate) fn command_line(process: &Path) -> String {
    let line = fs::read(process.join("cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).replace('\0', " ")
}
