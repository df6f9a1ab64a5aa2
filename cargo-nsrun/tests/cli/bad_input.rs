//! What cannot be tested: one clear message with the remedy, no green, nothing lost.

use std::fs;

use crate::support::{check, fresh_path, host_triple, nsrun, shell};

#[test]
fn a_crate_that_does_not_compile() {
    check("test", "broken")
        .code(101)
        .says("error[E0425]: cannot find function `undefined` in this scope")
        .says("could not compile `broken`")
        .omits("Summary");
    check("test --no-run", "broken").code(101);
}

#[test]
fn a_crate_that_does_not_compile_in_json() {
    let done = check("test --message-format json", "broken").code(101);
    let done = done.says("error[E0425]: cannot find function `undefined`");
    assert_eq!(done.events().len(), 0);
}

#[test]
fn no_manifest() {
    check("test --manifest-path nowhere/Cargo.toml", "empty")
        .code(101)
        .says("nowhere/Cargo.toml")
        .omits("Summary");
    nsrun("test", "empty")
        .dir("/")
        .done()
        .code(101)
        .says("could not find `Cargo.toml`");
}

#[test]
fn a_package_or_a_target_that_is_not_there() {
    for (args, words) in [
        ("test -p nobody", "nobody"),
        ("test --test nowhere", "no test target named `nowhere`"),
        ("test --test", "No test targets available"),
        ("test --features none", "none"),
        ("test --profile none", "profile `none` is not defined"),
    ] {
        check(args, "empty").code(101).says(words).omits("Summary");
    }
}

#[test]
fn nothing_to_run_is_an_error_unless_allowed() {
    check("test", "empty")
        .code(4)
        .says("error: no tests to run")
        .says("--no-tests pass");
    check("test --no-tests fail", "empty").code(4);
    check("test --no-tests warn", "empty")
        .code(0)
        .says("warning: no tests to run");
    let passed = check("test --no-tests pass", "empty").code(0);
    assert!(!passed.stderr.contains("no tests to run"), "{passed}");
}

#[test]
fn a_filter_that_matches_nothing() {
    for args in [
        "no_such_test",
        "-- --exact health",
        "-- --skip healthy",
        "-- --ignored",
    ] {
        check(&format!("test --lib {args}"), "listing")
            .code(4)
            .says("error: no tests to run: 1 filtered out, 0 ignored");
    }
}

/// An ignored test is no run one, so that a run of nothing else is no green one.
#[test]
fn ignored_tests_alone_are_nothing_to_run() {
    check("test -p faults --lib -- --exact ends::is_ignored", "faults")
        .code(4)
        .says("error: no tests to run: ")
        .says(" filtered out, 1 ignored");
}

/// The limit for a list is a minute; the test has no time for that.
const LISTED_SOON: &str = "--list-timeout 3s";

#[test]
fn a_binary_that_cannot_list_its_tests() {
    for (test, words) in [
        ("crashes", "crash(ABRT)"),
        ("exits", "exited with status 3: no licence found"),
        ("hangs", "timeout"),
        ("junk", "printed `hello, I am not a list`"),
        ("silent", "ended before the list was complete"),
    ] {
        let message = format!("error: the tests of `listing::{test}` cannot be listed: ");
        check(&format!("test {LISTED_SOON} --test {test}"), "listing")
            .code(101)
            .says(&message)
            .says(words);
        check(
            &format!("test {LISTED_SOON} --test {test} -- --list"),
            "listing",
        )
        .code(101)
        .says(&message);
    }
}

#[test]
fn the_other_binaries_run_all_the_same() {
    let args = format!("test {LISTED_SOON} --message-format json --no-fail-fast");
    let done = check(&args, "listing").code(101);
    assert_eq!(
        done.verdicts().into_iter().collect::<Vec<_>>(),
        [("healthy".to_owned(), "pass".to_owned())]
    );
    assert_eq!(done.suite()["unlistable"], 5);
    assert_eq!(done.suite()["event"], "failed");
}

/// A runner that somebody sets by `--config` comes before ours: no test may run behind our back.
#[test]
fn a_runner_that_takes_the_place_of_ours() {
    let noted = fresh_path("noted");
    let triple = host_triple();
    let done = nsrun("test --lib", "listing")
        .arg(format!(
            "--config=target.{triple}.runner='touch {}'",
            noted.display()
        ))
        .done()
        .code(101)
        .says("the tests of `listing` cannot be listed: cargo has not handed them over");
    assert_eq!(done.text().matches("PASS").count(), 0, "{done}");
    drop(fs::remove_file(noted));
}

/// A variable of ours that is left in somebody's shell proves nothing, and changes nothing.
#[test]
fn the_environment_is_no_proof() {
    shell(
        "NSRUN=1 NSRUN_RECORD=3 NSRUN_SOCKET=4 $0 nsrun test --lib \
         && $0 --nsrun-server </dev/null; test $? = 2",
        "listing",
    )
    .arg(crate::support::NSRUN)
    .done()
    .code(0)
    .prints("1 passed");
}
