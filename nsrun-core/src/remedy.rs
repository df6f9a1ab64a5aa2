//! What to do about a step that failed.
//!
//! A kernel says little: the same EPERM stands for a sysctl, a chroot, a seccomp filter and a
//! masked `/proc`. The [`table`] tells them apart by what else is true of the place that we are in
//! (its [`Surroundings`], which are read in one place and are plain data after that), and names
//! the one command or setting that mends it.

mod container;
mod look;
mod mountinfo;
mod surroundings;
mod table;

use std::fmt;

use self::surroundings::Surroundings;
use crate::step::Failure;

/// Why a step failed, and what mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What was found, as a fragment of a sentence.
    pub cause: String,
    /// What to do about it.
    pub mend: Mend,
}

/// What mends a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// This command, as it stands.
    Run(String),
    /// Something that is said in words.
    Do(String),
}

impl fmt::Display for Mend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mend::Run(command) => write!(f, "run: {command}"),
            Mend::Do(words) => f.write_str(words),
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.cause, self.mend)
    }
}

/// What mends this failure on this machine, if that is known, in one line.
pub fn remedy(failure: &Failure) -> Option<String> {
    diagnose(failure).map(|remedy| remedy.to_string())
}

/// The cause of this failure on this machine and what mends it, if that is known.
pub fn diagnose(failure: &Failure) -> Option<Remedy> {
    table::find(failure, &Surroundings::look())
}

/// The place that this process is in, in one line, as a report of a failure should state it.
#[cfg(feature = "cli")]
pub fn surroundings() -> String {
    Surroundings::look().to_string()
}
