//! Doctests: rustdoc runs them, in the sandbox, and none is lost.

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{cargo, check, fresh_path, nsrun, word};

/// What rustdoc says of each, sorted.
fn results(stdout: &str) -> Vec<String> {
    let is_result = |line: &&str| line.starts_with("test ") && line.contains(" ... ");
    let mut results: Vec<_> = stdout
        .lines()
        .filter(is_result)
        .map(str::to_owned)
        .collect();
    results.sort();
    results
}

/// Edition 2024 merges doctests into one binary; each must have a process of its own all the same.
#[test]
fn none_takes_the_others_along() {
    let expected = cargo("test --doc --workspace --no-fail-fast", "doctests")
        .done()
        .code(101);
    let expected = results(&expected.text());
    assert_eq!(expected.len(), 6);
    let done = check("test --doc --workspace", "doctests").code(101);
    assert_eq!(results(&done.text()), expected);
    done.prints("test first/src/lib.rs - fails (line 6) ... FAILED")
        .prints("test second/src/lib.rs - passes (line 1) ... ok")
        .says("-p first --doc");
}

#[test]
fn they_are_counted() {
    let done = check("test --doc --workspace --message-format json", "doctests").code(101);
    let suite = done.suite();
    assert_eq!(
        suite["doctests"],
        serde_json::json!({"passed": 4, "failed": 1, "ignored": 1})
    );
    assert_eq!(
        (&suite["selected"], &suite["event"]),
        (&0.into(), &"failed".into())
    );
}

#[test]
fn each_is_an_event() {
    let done = check("test --doc --workspace --message-format json", "doctests").code(101);
    let events = done.events().into_iter();
    let doctests = events.filter(|event| event["type"] == "doctest");
    let mut seen: Vec<_> = doctests
        .map(|event| format!("{} {}", word(&event["event"]), word(&event["name"])))
        .collect();
    seen.sort();
    assert_eq!(
        seen,
        [
            "failed first/src/lib.rs - fails (line 6)",
            "ignored first/src/lib.rs - ignored (line 21)",
            "ok first/src/lib.rs - aborts (line 16) - should panic",
            "ok first/src/lib.rs - exits (line 1)",
            "ok first/src/lib.rs - passes (line 11)",
            "ok second/src/lib.rs - passes (line 1)",
        ]
    );
}

#[test]
fn the_first_failure_stops_the_run_if_asked_to() {
    check("test --doc --workspace --fail-fast", "doctests")
        .code(101)
        .omits("second/src/lib.rs");
}

#[test]
fn they_may_be_quiet() {
    for quiet in ["-q", "-- -q", "-- --quiet", "-q -- -q"] {
        let args = format!("test --doc -p second {quiet}");
        check(&args, "doctests")
            .code(0)
            .prints("doctests: 1 passed");
    }
}

#[test]
fn what_they_print_is_no_result() {
    check("test --doc -p second --message-format json", "doctests")
        .code(0)
        .says("test second/src/lib.rs - passes (line 1) ... ok");
}

#[test]
fn that_none_is_run_again_is_said_once() {
    let warning = "warning: `--retries` has no effect on doctests";
    let done = check("test --doc --workspace --retries 2", "doctests").code(101);
    assert_eq!(done.stderr.matches(warning).count(), 1, "{done}");
    assert_eq!(results(&done.text()).len(), 6);
    let done = check("test --doc -p second", "doctests").code(0);
    assert!(!done.stderr.contains("--retries"), "{done}");
}

/// rustdoc waits for its runners, and cargo for rustdoc; none of them for us.
#[test]
fn one_that_runs_ends_with_the_run() {
    for (signal, code) in [(Signal::SIGKILL, 0), (Signal::SIGTERM, 143)] {
        let runs = fresh_path("runs");
        let run = nsrun("test --doc -p second", "doctests").env("HANGS_AFTER", &runs);
        let mut run = run.start_piped();
        while !runs.exists() {
            let ended = run.child.try_wait().expect("it is our child");
            assert_eq!(ended, None, "it has not waited for its doctest");
            std::thread::sleep(Duration::from_millis(10));
        }
        kill(Pid::from_raw(run.child.id() as i32), signal).expect("it runs");
        // That nothing is left is what every run is tested for.
        let done = run.done();
        let by = (code == 0).then_some(signal as i32);
        assert_eq!((done.code, done.signal), (code, by), "{done}");
    }
}
