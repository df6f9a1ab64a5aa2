//! Binaries with a harness of their own.

use crate::support::check;

/// It runs whole, and its exit status is all there is to judge by: which is said.
#[test]
fn a_harness_of_its_own_runs_whole() {
    let done = check("test --message-format json --test own_passes", "harness").code(0);
    let test = &done.tests()[""];
    assert_eq!(test["verdict"], "pass");
    assert_eq!(test["binary"], "harness::own_passes");

    check("test --test own_passes", "harness")
        .code(0)
        .prints("PASS [")
        .prints("harness::own_passes (whole binary: exit code only)\n")
        .prints("1 test run, each in its own sandbox: 1 passed");
}

#[test]
fn its_failure_is_one_failure() {
    check("test --test own_fails", "harness")
        .code(101)
        .prints("FAIL [")
        .prints("harness::own_fails (whole binary: exit code only)\n")
        .prints("about to fail\n")
        .prints("run again: cargo nsrun test -p harness --test own_fails\n");
}

/// Of its tests nothing is known, so that no filter leaves it out; as under cargo.
#[test]
fn a_filter_does_not_leave_it_out() {
    check("test --test own_passes no_such_test", "harness")
        .code(0)
        .prints("1 passed");
}

#[test]
fn it_is_listed_as_what_it_is() {
    check("test --test own_passes --test mimic -- --list", "harness")
        .code(0)
        .prints("harness::own_passes: a harness of its own, which runs whole\n")
        .prints("harness::mimic good: test\n");
}

/// libtest-mimic understands what libtest does: its tests run one by one.
#[test]
fn a_compatible_harness_runs_test_by_test() {
    let done = check("test --message-format json --test mimic", "harness").code(101);
    let verdicts = done.verdicts();
    let pairs: Vec<_> = verdicts
        .iter()
        .map(|(name, word)| (&**name, &**word))
        .collect();
    let expected = [
        ("bad", "fail"),
        ("good", "pass"),
        ("later", "ignored"),
        ("quits", "no-result"),
    ];
    assert_eq!(pairs, expected);
    assert_eq!(done.tests()["bad"]["message"], "it is bad");
}

#[test]
fn a_compatible_harness_in_one_sandbox() {
    let args = "test --message-format json --scope binary --test mimic -- --skip quits";
    let done = check(args, "harness").code(101);
    let verdicts = done.verdicts();
    let pairs: Vec<_> = verdicts
        .iter()
        .map(|(name, word)| (&**name, &**word))
        .collect();
    assert_eq!(
        pairs,
        [("bad", "fail"), ("good", "pass"), ("later", "ignored")]
    );
}
