//! The verdicts on tests that shared one process.

use nsrun_core::{End, Evidence, Outcome, Proof, Recorded, Verdict, judge, read_shared_log};

/// The verdict on each of these tests.
pub(super) fn judge_each(outcome: &Outcome, tests: &[String]) -> Vec<Verdict> {
    let recorded: Vec<_> = tests
        .iter()
        .map(|name| read_shared_log(&outcome.record, name))
        .collect();
    let whole = Evidence::new(outcome, Proof::Record(None));
    verdicts(whole, &recorded)
}

/// What became of the process is that of the tests which did not pass: a crash, of those that had
/// not ended by then. If all have passed, nobody else accounts for it, and it is everybody's.
fn verdicts(whole: Evidence, recorded: &[Option<Recorded>]) -> Vec<Verdict> {
    let accounted_for = recorded.iter().any(|result| !is_green(*result));
    let of_one = |result: &Option<Recorded>| {
        let mut evidence = Evidence {
            proof: Proof::Record(*result),
            ..whole
        };
        if accounted_for && let Some(status) = status(*result) {
            evidence.end = Some(End::Exited(status));
            evidence.stop = None;
        }
        judge(&evidence)
    };
    recorded.iter().map(of_one).collect()
}

fn is_green(result: Option<Recorded>) -> bool {
    matches!(result, Some(Recorded::Passed | Recorded::Ignored))
}

/// How the process of this test alone would have ended, if that is known.
fn status(result: Option<Recorded>) -> Option<i32> {
    match result {
        Some(Recorded::Passed | Recorded::Ignored) => Some(0),
        Some(Recorded::Failed) => Some(1),
        Some(Recorded::Contradictory) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nsrun_core::Stop;

    const PASSED: Option<Recorded> = Some(Recorded::Passed);
    const FAILED: Option<Recorded> = Some(Recorded::Failed);

    fn whole(end: Option<End>, stop: Option<Stop>) -> Evidence {
        Evidence {
            set_up: true,
            isolated: true,
            stop,
            end,
            proof: Proof::Record(None),
            survivors: false,
        }
    }

    #[test]
    fn a_bad_end_is_that_of_those_who_did_not_pass() {
        let crash = whole(Some(End::Signaled(6)), None);
        let late = whole(None, Some(Stop::Timeout));
        let failed = whole(Some(End::Exited(101)), None);
        for (whole, recorded, expected) in [
            (failed, [PASSED, FAILED], [Verdict::Pass, Verdict::Fail]),
            (crash, [PASSED, None], [Verdict::Pass, Verdict::Crash(6)]),
            (late, [PASSED, None], [Verdict::Pass, Verdict::Timeout]),
        ] {
            assert_eq!(verdicts(whole, &recorded), expected);
        }
    }

    #[test]
    fn a_bad_end_that_nobody_accounts_for_is_everybodys() {
        let all_passed = [PASSED, PASSED];
        for (end, stop) in [
            (Some(End::Exited(1)), None),
            (Some(End::Signaled(11)), None),
            (None, None),
            (None, Some(Stop::Timeout)),
        ] {
            let verdicts = verdicts(whole(end, stop), &all_passed);
            assert!(
                verdicts.iter().all(|verdict| verdict.is_red()),
                "{verdicts:?}"
            );
        }
        let good = verdicts(whole(Some(End::Exited(0)), None), &all_passed);
        assert_eq!(good, [Verdict::Pass, Verdict::Pass]);
    }
}
