//! One test that has ended, as reports show it.

use std::path::PathBuf;
use std::time::Duration;

use nsrun_core::{Kinds, Survivor, Verdict};

/// What was printed to one stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Output {
    /// All of it, or both ends, with a line in place of what is between.
    pub(crate) bytes: Vec<u8>,
    pub(crate) whole: Whole,
}

/// Where all of an output is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Whole {
    /// It is what is shown; or nobody is to see it.
    #[default]
    Shown,
    File(PathBuf),
    /// It could not be written, for this reason.
    Lost(String),
}

/// Which attempt at a test it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Try {
    /// From 1.
    pub(crate) number: u32,
    /// How many there may be.
    pub(crate) of: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Finished {
    /// The binary, for people.
    pub(crate) binary: String,
    /// The name that the harness lists it by; empty for a binary that runs whole.
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
    /// What there is to say beyond the verdict's word.
    pub(crate) message: String,
    pub(crate) namespaces: Kinds,
    pub(crate) set_up: Duration,
    pub(crate) run: Duration,
    pub(crate) stdout: Output,
    pub(crate) stderr: Output,
    pub(crate) attempt: Try,
    /// Who outlived it.
    pub(crate) left_behind: Vec<Survivor>,
    /// The command that runs it again.
    pub(crate) rerun: String,
}

impl Finished {
    /// A test that did not run, and of which the verdict is all there is to say.
    pub(crate) fn new(binary: &str, name: &str, verdict: Verdict) -> Finished {
        Finished {
            binary: binary.to_owned(),
            name: name.to_owned(),
            verdict,
            message: String::new(),
            namespaces: Kinds::NONE,
            set_up: Duration::ZERO,
            run: Duration::ZERO,
            stdout: Output::default(),
            stderr: Output::default(),
            attempt: Try { number: 1, of: 1 },
            left_behind: Vec::new(),
            rerun: String::new(),
        }
    }

    pub(crate) fn with_output(self, [stdout, stderr]: [Output; 2]) -> Finished {
        Finished {
            stdout,
            stderr,
            ..self
        }
    }
}
