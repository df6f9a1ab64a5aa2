//! What came of one sandbox.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::attestation::NotIsolated;
use crate::spec::Leaks;
use crate::step::Failure;
use crate::survivors::Survivor;

/// What came of one program in its sandbox: facts only. The verdict on a test is formed from them
/// by [`judge`](crate::judge).
#[derive(Clone, Debug)]
#[must_use = "an outcome that nobody looks at hides a failure"]
pub struct Outcome {
    /// The step of the set-up that failed, if one did.
    pub failure: Option<Failure>,
    /// What was to be shared and could not be found, where that was the step that failed.
    pub missing: Vec<PathBuf>,
    /// Why the program was told to end, if it was.
    pub stop: Option<Stop>,
    /// How long it was allowed to run, if there was a limit.
    pub timeout: Option<Duration>,
    /// How the program ended; `None` if it never started, or could not be ended.
    pub end: Option<End>,
    /// Whether the namespaces were checked from outside to be fresh ones.
    pub isolation: Result<(), NotIsolated>,
    /// Who outlived the program. All have been killed.
    pub survivors: Vec<Survivor>,
    /// Whether somebody outlived it and nobody knows who, since the process table could not be
    /// read. They have been killed as well.
    pub unnamed_survivors: bool,
    /// What it means if there are any.
    pub leaks: Leaks,
    /// Whether the kernel did not end the sandbox's processes in the time given.
    pub escaped: bool,
    /// What was written to the record, if anything.
    pub record: Vec<u8>,
    /// How long it took.
    pub times: Times,
}

impl Outcome {
    /// Whether anybody outlived the program.
    pub fn has_survivors(&self) -> bool {
        self.unnamed_survivors || !self.survivors.is_empty()
    }
}

/// How a program ended (wait(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal.
    Signaled(i32),
}

impl End {
    pub(crate) fn from_wait_status(status: i32) -> End {
        if libc::WIFSIGNALED(status) {
            End::Signaled(libc::WTERMSIG(status))
        } else {
            End::Exited(libc::WEXITSTATUS(status))
        }
    }

    /// The exit status by which a shell reports it: 128 + n for a signal.
    pub fn shell_status(self) -> i32 {
        match self {
            End::Exited(status) => status,
            End::Signaled(signal) => 128 + signal,
        }
    }
}

/// Why a program was told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Its time was up.
    Timeout,
    /// The whole run was interrupted.
    Interrupt,
}

/// How long the parts of a run took.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    asked: Instant,
    attested: Option<Instant>,
    ended: Option<Instant>,
}

impl Times {
    pub(crate) fn start() -> Times {
        Times {
            asked: Instant::now(),
            attested: None,
            ended: None,
        }
    }

    pub(crate) fn attested(&mut self) {
        self.attested = Some(Instant::now());
    }

    pub(crate) fn ended(&mut self) {
        self.ended = Some(Instant::now());
    }

    /// From the request, or from when the program was told to start, to its start.
    pub fn set_up(&self) -> Duration {
        self.attested
            .map_or(Duration::ZERO, |attested| attested - self.asked)
    }

    /// From the program's start to its end.
    pub fn run(&self) -> Duration {
        match (self.attested, self.ended) {
            (Some(attested), Some(ended)) => ended.saturating_duration_since(attested),
            (Some(attested), None) => attested.elapsed(),
            (None, _) => Duration::ZERO,
        }
    }
}
