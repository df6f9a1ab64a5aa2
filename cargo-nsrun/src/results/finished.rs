//! One test that has ended, as reports show it.

use std::time::Duration;

use nsrun_core::{Kinds, Survivor, Verdict};

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
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
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
            stdout: Vec::new(),
            stderr: Vec::new(),
            attempt: Try { number: 1, of: 1 },
            left_behind: Vec::new(),
            rerun: String::new(),
        }
    }

    pub(crate) fn with_output(self, stdout: Vec<u8>, stderr: Vec<u8>) -> Finished {
        Finished {
            stdout,
            stderr,
            ..self
        }
    }
}
