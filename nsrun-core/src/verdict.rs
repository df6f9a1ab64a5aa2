//! The verdict on one test: a pure function of the evidence.

use std::fmt;

use crate::outcome::{End, Outcome, Stop, signal_name};
use crate::record::Recorded;
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
            survivors: !outcome.survivors.is_empty(),
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
mod tests {
    use super::*;

    const GREEN: Evidence = Evidence {
        set_up: true,
        isolated: true,
        stop: None,
        end: Some(End::Exited(0)),
        proof: Proof::Record(Some(Recorded::Passed)),
        survivors: false,
        leaks: Leaks::Warn,
        failed_before: None,
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

    /// All of these, with each of the values in turn.
    fn each<T: Copy>(all: Vec<Evidence>, values: &[T], set: fn(&mut Evidence, T)) -> Vec<Evidence> {
        let with = |value: T, mut evidence: Evidence| {
            set(&mut evidence, value);
            evidence
        };
        let all = &all;
        values
            .iter()
            .flat_map(|value| all.iter().map(move |evidence| with(*value, *evidence)))
            .collect()
    }

    /// Every combination there is.
    fn domain() -> Vec<Evidence> {
        let mut all = vec![GREEN];
        all = each(all, &[false, true], |e, set_up| e.set_up = set_up);
        all = each(all, &[false, true], |e, isolated| e.isolated = isolated);
        let stops = [None, Some(Stop::Timeout), Some(Stop::Interrupt)];
        all = each(all, &stops, |e, stop| e.stop = stop);
        let ends = [
            None,
            Some(End::Exited(0)),
            Some(End::Exited(101)),
            Some(End::Signaled(11)),
        ];
        all = each(all, &ends, |e, end| e.end = end);
        all = each(all, &proofs(), |e, proof| e.proof = proof);
        all = each(all, &[false, true], |e, survivors| e.survivors = survivors);
        let leaks = [Leaks::Warn, Leaks::Fail];
        all = each(all, &leaks, |e, leaks| e.leaks = leaks);
        let before = [None, Some(Flaky::Pass), Some(Flaky::Fail)];
        all = each(all, &before, |e, before| e.failed_before = before);
        all
    }

    /// The verdicts on a test that ran to its end and passed.
    const OF_PASSED: [Verdict; 5] = [
        Verdict::Pass,
        Verdict::Leak,
        Verdict::LeakFail,
        Verdict::Flaky,
        Verdict::FlakyFail,
    ];

    /// Strictest first: what is not allowed, then what is to be known, then nothing.
    fn passed_as(evidence: &Evidence) -> Verdict {
        let leaks = evidence.survivors.then_some(evidence.leaks);
        if leaks == Some(Leaks::Fail) {
            return Verdict::LeakFail;
        }
        match evidence.failed_before {
            Some(Flaky::Fail) => Verdict::FlakyFail,
            Some(Flaky::Pass) => Verdict::Flaky,
            None if leaks.is_some() => Verdict::Leak,
            None => Verdict::Pass,
        }
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
            let verdict = judge(&evidence);
            let passed = all_there.then(|| passed_as(&evidence));
            let judged = OF_PASSED.contains(&verdict).then_some(verdict);
            assert_eq!(judged, passed, "{evidence:?}");
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
        assert_eq!(judged(|e| e.leaks = Leaks::Fail), Verdict::Pass);
        let leak_fail = judged(|e| (e.survivors, e.leaks) = (true, Leaks::Fail));
        assert_eq!(leak_fail, Verdict::LeakFail);
        let again = |flaky| {
            judge(&Evidence {
                failed_before: Some(flaky),
                ..GREEN
            })
        };
        assert_eq!(again(Flaky::Pass), Verdict::Flaky);
        assert_eq!(again(Flaky::Fail), Verdict::FlakyFail);
        let ignored_again = judge(&Evidence {
            failed_before: Some(Flaky::Pass),
            proof: Proof::Record(Some(Recorded::Ignored)),
            ..GREEN
        });
        assert_eq!(ignored_again, Verdict::NoResult);
    }

    #[test]
    fn red_is_everything_but_these_four() {
        for evidence in domain() {
            let verdict = judge(&evidence);
            let not_red = ["pass", "leak", "flaky", "ignored"].contains(&verdict.word());
            assert_eq!(verdict.is_red(), !not_red);
        }
    }
}
