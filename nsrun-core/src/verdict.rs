//! The verdict on one test: a pure function of the evidence.

use std::fmt;

use crate::outcome::{End, Outcome, Stop, signal_name};
use crate::record::Recorded;

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
    /// The evidence that an outcome holds.
    pub fn new(outcome: &Outcome, proof: Proof) -> Evidence {
        Evidence {
            set_up: outcome.failure.is_none(),
            isolated: outcome.isolation.is_ok(),
            stop: outcome.stop,
            end: outcome.end,
            proof,
            survivors: !outcome.survivors.is_empty(),
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
            Verdict::SetupError => "setup-error",
            Verdict::Interrupted => "interrupted",
            Verdict::Ignored => "ignored",
        }
    }

    /// Whether a run with such a test has failed.
    pub const fn is_red(self) -> bool {
        !matches!(self, Verdict::Pass | Verdict::Leak | Verdict::Ignored)
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
        (Proof::ExitStatus | Proof::Record(Some(Recorded::Passed)), 0) => {
            if evidence.survivors {
                Verdict::Leak
            } else {
                Verdict::Pass
            }
        }
        (Proof::Record(Some(Recorded::Ignored)), 0) => Verdict::Ignored,
        (Proof::Record(None | Some(Recorded::Contradictory)), _) => Verdict::NoResult,
        (Proof::Record(Some(_)) | Proof::ExitStatus, _) => Verdict::Fail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREEN: Evidence = Evidence {
        set_up: true,
        isolated: true,
        stop: None,
        end: Some(End::Exited(0)),
        proof: Proof::Record(Some(Recorded::Passed)),
        survivors: false,
    };

    fn proofs() -> [Proof; 6] {
        use Recorded::{Contradictory, Failed, Ignored, Passed};
        let record = |recorded| Proof::Record(Some(recorded));
        [
            Proof::ExitStatus,
            Proof::Record(None),
            record(Passed),
            record(Failed),
            record(Ignored),
            record(Contradictory),
        ]
    }

    /// Every combination there is.
    fn domain() -> Vec<Evidence> {
        let mut all = Vec::new();
        let ends = [
            None,
            Some(End::Exited(0)),
            Some(End::Exited(101)),
            Some(End::Signaled(11)),
        ];
        for set_up in [false, true] {
            for isolated in [false, true] {
                for stop in [None, Some(Stop::Timeout), Some(Stop::Interrupt)] {
                    for end in ends {
                        for proof in proofs() {
                            for survivors in [false, true] {
                                all.push(Evidence {
                                    set_up,
                                    isolated,
                                    stop,
                                    end,
                                    proof,
                                    survivors,
                                });
                            }
                        }
                    }
                }
            }
        }
        all
    }

    #[test]
    fn green_needs_every_proof() {
        let proven = [Proof::ExitStatus, Proof::Record(Some(Recorded::Passed))];
        for evidence in domain() {
            let all_there = evidence.set_up
                && evidence.isolated
                && evidence.stop.is_none()
                && evidence.end == Some(End::Exited(0))
                && proven.contains(&evidence.proof);
            let green = matches!(judge(&evidence), Verdict::Pass | Verdict::Leak);
            assert_eq!(green, all_there, "{evidence:?}");
            assert_eq!(
                judge(&evidence) == Verdict::Leak,
                all_there && evidence.survivors
            );
        }
    }

    #[test]
    fn each_kind_of_red_has_its_cause() {
        let judged = |change: fn(&mut Evidence)| {
            let mut evidence = GREEN;
            change(&mut evidence);
            judge(&evidence)
        };
        assert_eq!(judged(|_| {}), Verdict::Pass);
        assert_eq!(judged(|e| e.set_up = false), Verdict::SetupError);
        assert_eq!(judged(|e| e.isolated = false), Verdict::SetupError);
        assert_eq!(judged(|e| e.stop = Some(Stop::Timeout)), Verdict::Timeout);
        assert_eq!(
            judged(|e| e.stop = Some(Stop::Interrupt)),
            Verdict::Interrupted
        );
        assert_eq!(
            judged(|e| e.end = Some(End::Signaled(6))),
            Verdict::Crash(6)
        );
        assert_eq!(judged(|e| e.end = Some(End::Exited(101))), Verdict::Fail);
        assert_eq!(judged(|e| e.end = None), Verdict::NoResult);
        assert_eq!(judged(|e| e.proof = Proof::Record(None)), Verdict::NoResult);
        assert_eq!(
            judged(|e| e.proof = Proof::Record(Some(Recorded::Failed))),
            Verdict::Fail
        );
        assert_eq!(
            judged(|e| e.proof = Proof::Record(Some(Recorded::Ignored))),
            Verdict::Ignored
        );
        assert_eq!(judged(|e| e.survivors = true), Verdict::Leak);
    }

    #[test]
    fn red_is_everything_but_pass_leak_and_ignored() {
        for evidence in domain() {
            let verdict = judge(&evidence);
            let not_red = ["pass", "leak", "ignored"].contains(&verdict.word());
            assert_eq!(verdict.is_red(), !not_red);
        }
    }
}
