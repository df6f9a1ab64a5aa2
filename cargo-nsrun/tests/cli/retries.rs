//! A test that fails is run again if that is asked for, and nothing of it is hidden.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixListener;

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use crate::shared::Shared;
use crate::support::{Done, Run, check, fresh_path, nsrun, word};

/// A run in which every test is at its first attempt.
pub(crate) fn flaky(args: &str) -> Run {
    nsrun(&format!("test {args}"), "flaky").env("ATTEMPTS", fresh_path("attempts"))
}

fn json(args: &str) -> Done {
    flaky(&format!("--message-format json {args}")).done()
}

/// The verdicts on all attempts at each test, in their order.
fn attempts(done: &Done) -> BTreeMap<String, Vec<String>> {
    let mut attempts: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for event in done.events() {
        let ended = !["started", "ignored"].contains(&&*word(&event["event"]));
        if event["type"] == "test" && ended {
            let name = word(&event["name"]);
            let number = attempts.entry(name).or_default();
            number.push(word(&event["verdict"]));
            assert_eq!(event["attempt"], number.len(), "{event:#}");
        }
    }
    attempts
}

#[test]
fn each_attempt_is_reported_and_the_last_one_counts() {
    for server in ["fork", "exec"] {
        let done = json(&format!("--lib --retries 2 --server {server}")).code(101);
        let attempts = attempts(&done);
        let attempts: Vec<_> = attempts
            .iter()
            .map(|(name, verdicts)| (&name["tests::".len()..][..1], verdicts.join(" ")))
            .collect();
        let expected = [
            ("a", "pass"),
            ("b", "fail flaky"),
            ("c", "crash no-result flaky"),
            ("d", "fail fail fail"),
            ("e", "fail flaky"),
            ("f", "fail flaky"),
        ];
        assert_eq!(attempts, expected.map(|(name, all)| (name, all.to_owned())));
        let suite = done.suite();
        for (count, expected) in [
            ("selected", 7),
            ("passed", 5),
            ("failed", 1),
            ("ignored", 1),
            ("flaky", 4),
            ("leaked", 1),
            ("not_run", 0),
        ] {
            assert_eq!(suite[count], expected, "{count}: {suite:#}");
        }
    }
}

/// What was printed at an attempt that failed is told of that one, and of no other.
#[test]
fn each_attempt_has_its_own_output() {
    let done = json("--lib --retries 1 d_never_passes").code(101);
    let ended = |event: &Value| event["event"] == "retry" || event["event"] == "failed";
    let events = done.events().into_iter();
    let tests = events.filter(|event| event["type"] == "test" && ended(event));
    for (number, event) in (1..).zip(tests) {
        let stderr = word(&event["stderr"]);
        assert!(stderr.contains(&format!("attempt {number}\n")), "{event:#}");
        assert_eq!(event["attempts"], 2, "{event:#}");
        assert!(word(&event["rerun"]).ends_with("d_never_passes"));
    }
}

#[test]
fn for_a_person() {
    let done = flaky("--lib --retries 2 b_passes").done().code(0);
    assert_data_eq!(
        done.text(),
        str![[r#"
  TRY 1 FAIL [..] flaky tests::b_passes_at_the_second_attempt
──── stderr: flaky tests::b_passes_at_the_second_attempt
...
────
   FLAKY 2/3 [..] flaky tests::b_passes_at_the_second_attempt
             passed, but had failed before
────────────
     Summary [..] 1 test run, each in its own sandbox: 1 passed (1 flaky), 0 failed, 6 filtered out
   FLAKY 2/3 flaky tests::b_passes_at_the_second_attempt

"#]]
    );
    let done = flaky("--lib --retries 1 d_never").done().code(101);
    assert_data_eq!(
        done.text(),
        str![[r#"
  TRY 1 FAIL [..] flaky tests::d_never_passes
──── stderr: flaky tests::d_never_passes
...
────
  TRY 2 FAIL [..] flaky tests::d_never_passes
──── stderr: flaky tests::d_never_passes
...
────
────────────
     Summary [..] 1 test run, each in its own sandbox: 0 passed, 1 failed, 6 filtered out
  TRY 2 FAIL flaky tests::d_never_passes
  run again: cargo nsrun test -p flaky --lib -- --exact tests::d_never_passes

"#]]
    );
}

#[test]
fn quietly_it_is_said_all_the_same() {
    flaky("-q --lib --retries 1 b_passes")
        .done()
        .code(0)
        .prints("TRY 1 FAIL")
        .prints("FLAKY 2/2 ")
        .prints("1 passed (1 flaky)");
}

#[test]
fn that_it_is_flaky_can_be_a_failure() {
    flaky("--lib --retries 2 --flaky pass b_passes")
        .done()
        .code(0);
    flaky("--lib --retries 2 --flaky fail b_passes")
        .done()
        .code(101)
        .prints("FLAKY-FAIL 2/3 ")
        .prints("passed, but had failed before, which counts as a failure here")
        .prints(": 0 passed, 0 failed, 1 flaky-fail, ");
    // What passes at once is no concern of it.
    flaky("--lib --retries 2 --flaky fail a_always")
        .done()
        .code(0);
}

#[test]
fn without_a_word_nothing_is_run_again() {
    let done = json("--lib -- b_passes d_never").code(101);
    for (name, event) in done.tests() {
        assert_eq!(event["verdict"], "fail", "{name}");
        assert!(event.get("attempt").is_none(), "{event:#}");
    }
    let done = json("--lib --retries 0 -- d_never").code(101);
    assert_eq!(done.events().len(), 3, "{done}");
}

/// A failure is one when there is no other attempt.
#[test]
fn the_first_failure_stops_the_run_after_the_last_attempt() {
    let args = "--lib --fail-fast --retries 1 -- --test-threads 1 b_passes d_never e_is";
    let done = json(args).code(101);
    let attempts: Vec<_> = attempts(&done).into_values().collect();
    assert_eq!(attempts, [["fail", "flaky"], ["fail", "fail"]]);
    assert_eq!(done.suite()["not_run"], 1);
}

#[test]
fn who_must_leave_nobody_behind_is_run_again_too() {
    let args = "--lib --retries 2 --leaks fail f_passes";
    let done = json(args).code(101);
    let attempts: Vec<_> = attempts(&done).into_values().collect();
    assert_eq!(attempts, [["fail", "leak-fail", "fail"]]);
}

#[test]
fn a_binary_with_a_harness_of_its_own_is_run_again_whole() {
    let done = json("--test own --retries 1").code(0);
    assert_eq!(attempts(&done)[""], ["fail", "flaky"]);
}

/// A sandbox that cannot be made at first: what the test shares comes to be when that has been told.
#[test]
fn a_set_up_that_fails_is_tried_again_too() {
    let shared = Shared::new();
    for (retries, code) in [(0, 125), (1_000_000, 0)] {
        let options = format!("--retries {retries} --message-format json");
        let mut run = shared
            .run(&options, &shared.seen().join("socket"))
            .start_piped();
        let stdout = run.child.stdout.take().expect("a pipe");
        let mut attempts = Vec::new();
        let mut listening = None;
        for line in BufReader::new(stdout).lines() {
            let event: Value = serde_json::from_str(&line.expect("a line")).expect("an object");
            let verdict = word(&event["verdict"]);
            if event["type"] == "test" && event["event"] == "retry" && listening.is_none() {
                // Together with the socket, so that there is no attempt at one without the other.
                let made = fresh_path("shared");
                fs::create_dir(&made).expect("a folder");
                listening = Some(UnixListener::bind(made.join("socket")).expect("a socket"));
                fs::rename(made, &shared.dir).expect("both lie in the target folder");
            }
            if event["type"] == "test" && !verdict.is_empty() {
                attempts.push(verdict);
            }
        }
        let done = run.done();
        let (last, before) = attempts.split_last().expect("there was an attempt");
        match retries {
            0 => assert_eq!((&**last, before.len()), ("setup-error", 0), "{done}"),
            _ => {
                assert_eq!(last, "flaky", "{done}");
                assert!(!before.is_empty(), "{done}");
                assert!(before.iter().all(|verdict| verdict == "setup-error"));
            }
        }
        done.code(code);
    }
}

#[test]
fn tests_that_share_a_process_cannot_be_run_again_alone() {
    check("test --retries 1 --scope binary", "flaky")
        .code(2)
        .says("error: `--retries` cannot be honoured with `--scope binary`\nhelp: ");
}
