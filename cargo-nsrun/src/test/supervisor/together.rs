//! The verdicts on tests that shared one process.

use nsrun_core::{End, Evidence, Leaks, Outcome, Proof, Recorded, Verdict, judge};

use super::super::log::read_shared_log;

/// The verdict on each of these tests.
///
/// Who left somebody behind, nobody knows: a test that must not is as suspect as the others.
pub(super) fn judge_each(
    outcome: &Outcome,
    tests: &[String],
    leaks: &dyn Fn(&str) -> Option<Leaks>,
) -> Vec<Verdict> {
    let each: Vec<_> = tests
        .iter()
        .map(|name| OfOne {
            recorded: read_shared_log(&outcome.record, name),
            leaks: leaks(name).unwrap_or_default(),
        })
        .collect();
    let whole = Evidence::new(outcome, Proof::Record(None));
    verdicts(whole, &each)
}

/// What is known of one of them alone.
#[derive(Clone, Copy)]
struct OfOne {
    recorded: Option<Recorded>,
    leaks: Leaks,
}

/// What became of the process is that of the tests which did not pass: a crash, of those that had
/// not ended by then. If all have passed, nobody else accounts for it, and it is everybody's.
fn verdicts(whole: Evidence, each: &[OfOne]) -> Vec<Verdict> {
    let accounted_for = each.iter().any(|one| !is_green(one.recorded));
    let of_one = |one: &OfOne| {
        let mut evidence = Evidence {
            proof: Proof::Record(one.recorded),
            leaks: one.leaks,
            ..whole
        };
        if accounted_for && let Some(status) = status(one.recorded) {
            evidence.end = Some(End::Exited(status));
            evidence.stop = None;
        }
        judge(&evidence)
    };
    each.iter().map(of_one).collect()
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

    const PASSED: OfOne = recorded(Some(Recorded::Passed));
    const FAILED: OfOne = recorded(Some(Recorded::Failed));
    const NONE: OfOne = recorded(None);

    const fn recorded(recorded: Option<Recorded>) -> OfOne {
        OfOne {
            recorded,
            leaks: Leaks::Warn,
        }
    }

    fn whole(end: Option<End>, stop: Option<Stop>) -> Evidence {
        Evidence {
            set_up: true,
            isolated: true,
            stop,
            end,
            proof: Proof::Record(None),
            survivors: false,
            leaks: Leaks::Warn,
            failed_before: None,
        }
    }

    #[test]
    fn a_bad_end_is_that_of_those_who_did_not_pass() {
        let crash = whole(Some(End::Signaled(6)), None);
        let late = whole(None, Some(Stop::Timeout));
        let failed = whole(Some(End::Exited(101)), None);
        for (whole, recorded, expected) in [
            (failed, [PASSED, FAILED], [Verdict::Pass, Verdict::Fail]),
            (crash, [PASSED, NONE], [Verdict::Pass, Verdict::Crash(6)]),
            (late, [PASSED, NONE], [Verdict::Pass, Verdict::Timeout]),
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

    #[test]
    fn those_who_must_leave_nobody_behind_are_suspect() {
        let leaking = Evidence {
            survivors: true,
            ..whole(Some(End::Exited(0)), None)
        };
        let strict = OfOne {
            leaks: Leaks::Fail,
            ..PASSED
        };
        let verdicts = verdicts(leaking, &[PASSED, strict]);
        assert_eq!(verdicts, [Verdict::Leak, Verdict::LeakFail]);
    }
}
