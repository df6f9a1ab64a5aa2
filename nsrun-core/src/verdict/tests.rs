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
