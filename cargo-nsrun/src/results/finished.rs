//! One test that has ended, as reports show it.

use std::time::Duration;

use nsrun_core::{Kinds, Verdict};

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
    /// The command that runs it again.
    pub(crate) rerun: String,
}

impl Finished {
    /// A test that was not to run.
    pub(crate) fn ignored(binary: &str, name: &str) -> Finished {
        Finished {
            binary: binary.to_owned(),
            name: name.to_owned(),
            verdict: Verdict::Ignored,
            message: String::new(),
            namespaces: Kinds::NONE,
            set_up: Duration::ZERO,
            run: Duration::ZERO,
            stdout: Vec::new(),
            stderr: Vec::new(),
            rerun: String::new(),
        }
    }
}
