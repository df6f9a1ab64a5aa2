//! The verdict on one test: a pure function of the evidence.

use std::fmt;

use crate::outcome::{End, Outcome, Stop};
use crate::record::Recorded;
use crate::signal::signal_name;
use crate::spec::Leaks;

/// What is known of one test that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Whether every step of the set-up succeeded.
    pub set_up: bool,
    /// Whether the namespaces were seen from outside to be fresh.
    pub isolated: bool,
    /// Why it was told to end, if it was.
    pub stop: Option<Stop>,
    /// How the test process ended, if that is known.
    pub end: Option<End>,
    /// What there is to prove that the test ran to its end.
    pub proof: Proof,
    /// Whether processes outlived it.
    pub survivors: bool,
    /// What that means.
    pub leaks: Leaks,
    /// If an earlier attempt at the test has failed, what it means that this one passes.
    pub failed_before: Option<Flaky>,
}

/// What it means if a test passes of which an earlier attempt has failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flaky {
    /// It has passed, and is named.
    #[default]
    Pass,
    /// It has failed.
    Fail,
}

/// What there is to prove that a test ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The program keeps no record: its exit status is all.
    ExitStatus,
    /// What the record says; `None` if it is empty.
    Record(Option<Recorded>),
}

impl Evidence {
    /// The evidence that an outcome holds of a first attempt.
    pub fn new(outcome: &Outcome, proof: Proof) -> Evidence {
        Evidence {
            set_up: outcome.failure.is_none(),
            isolated: outcome.isolation.is_ok(),
            stop: outcome.stop,
            end: outcome.end,
            proof,
            survivors: outcome.has_survivors(),
            leaks: outcome.leaks,
            failed_before: None,
        }
    }
}

/// The verdict on one test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It ran to its end in its own sandbox, and passed.
    Pass,
    /// It ran to its end, and failed.
    Fail,
    /// A signal ended it.
    Crash(i32),
    /// Its time was up.
    Timeout,
    /// It ended without a word on how it went.
    NoResult,
    /// It passed, but left processes behind.
    Leak,
    /// It passed, but left processes behind, and was not to.
    LeakFail,
    /// It passed, but an earlier attempt had failed.
    Flaky,
    /// It passed, but an earlier attempt had failed, and was not to.
    FlakyFail,
    /// It did not run, or not in a sandbox of its own.
    SetupError,
    /// The run was interrupted while it ran.
    Interrupted,
    /// It was not to run.
    Ignored,
}

impl Verdict {
    /// The word by which reports name it.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Crash(_) => "crash",
            Verdict::Timeout => "timeout",
            Verdict::NoResult => "no-result",
            Verdict::Leak => "leak",
            Verdict::LeakFail => "leak-fail",
            Verdict::Flaky => "flaky",
            Verdict::FlakyFail => "flaky-fail",
            Verdict::SetupError => "setup-error",
            Verdict::Interrupted => "interrupted",
            Verdict::Ignored => "ignored",
        }
    }

    /// Whether a run with such a test has failed.
    pub const fn is_red(self) -> bool {
        !matches!(
            self,
            Verdict::Pass | Verdict::Leak | Verdict::Flaky | Verdict::Ignored
        )
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Crash(signal) => write!(f, "crash({})", signal_name(*signal)),
            other => f.write_str(other.word()),
        }
    }
}

/// Forms the verdict. Green needs the exit status, the record and the attestation together.
pub fn judge(evidence: &Evidence) -> Verdict {
    if evidence.stop == Some(Stop::Interrupt) {
        return Verdict::Interrupted;
    }
    // A test that was started and then killed by its deadline has been attested by then.
    if !evidence.set_up || !evidence.isolated {
        return Verdict::SetupError;
    }
    match (evidence.stop, evidence.end) {
        (Some(_), _) => Verdict::Timeout,
        (None, Some(End::Signaled(signal))) => Verdict::Crash(signal),
        (None, Some(End::Exited(status))) => judge_ended(status, evidence),
        (None, None) => Verdict::NoResult,
    }
}

fn judge_ended(status: i32, evidence: &Evidence) -> Verdict {
    match (evidence.proof, status) {
        (Proof::ExitStatus | Proof::Record(Some(Recorded::Passed)), 0) => judge_passed(evidence),
        (Proof::Record(Some(Recorded::Ignored)), 0) => match evidence.failed_before {
            None => Verdict::Ignored,
            // It has run: that it is ignored now explains nothing.
            Some(_) => Verdict::NoResult,
        },
        (Proof::Record(None | Some(Recorded::Contradictory)), _) => Verdict::NoResult,
        (Proof::Record(Some(_)) | Proof::ExitStatus, _) => Verdict::Fail,
    }
}

fn judge_passed(evidence: &Evidence) -> Verdict {
    match (evidence.survivors, evidence.leaks, evidence.failed_before) {
        (true, Leaks::Fail, _) => Verdict::LeakFail,
        (_, _, Some(Flaky::Fail)) => Verdict::FlakyFail,
        (_, _, Some(Flaky::Pass)) => Verdict::Flaky,
        (true, Leaks::Warn, None) => Verdict::Leak,
        (false, _, None) => Verdict::Pass,
    }
}

#[cfg(test)]
mod tests;
