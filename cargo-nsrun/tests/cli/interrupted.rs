//! Ctrl-C, once and twice, and what else ends a run early.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::support::{check, nsrun};

const SLOW: &str = "test -p faults --message-format json -- \
                    --test-threads 1 --exact ends::never_ends ends::passes ends::fails";

/// Starts a run, and sends each signal as soon as a test has begun, with a pause between.
pub(crate) fn interrupt(signals: &[Signal]) -> (i32, Vec<Value>) {
    let mut run = nsrun(SLOW, "faults").start_piped();
    let pid = Pid::from_raw(run.child.id() as i32);
    let stdout = run.child.stdout.take().expect("a pipe");
    let mut events = Vec::new();
    let mut pending = signals.iter();
    for line in BufReader::new(stdout).lines() {
        let event: Value = serde_json::from_str(&line.expect("a line")).expect("an object");
        if event["event"] == "started" && event["name"] == "ends::never_ends" {
            for signal in pending.by_ref() {
                std::thread::sleep(Duration::from_millis(300));
                kill(pid, *signal).expect("it runs");
            }
        }
        events.push(event);
    }
    (run.done().code, events)
}

fn is_interrupted(events: &[Value], signal: Signal) {
    let ended = events
        .iter()
        .find(|event| event["name"] == "ends::never_ends" && event["event"] != "started");
    let ended = ended.expect("it ended");
    assert_eq!(ended["verdict"], "interrupted");
    assert_eq!(ended["message"], "ended because the run was interrupted");
    let suite = events.last().expect("there is a last one");
    assert_eq!(suite["type"], "suite");
    assert_eq!(suite["event"], "failed");
    assert_eq!(suite["interrupted_by"], signal as i32);
    let sum: u64 = suite["verdicts"]
        .as_object()
        .expect("an object")
        .values()
        .filter_map(Value::as_u64)
        .sum();
    let not_run = suite["not_run"].as_u64().expect("a number");
    assert_eq!(suite["selected"], sum + not_run);
    assert_eq!(suite["selected"], 3);
}

#[test]
fn once_the_running_tests_get_their_grace() {
    let started = Instant::now();
    let (code, events) = interrupt(&[Signal::SIGINT]);
    assert_eq!(code, 130);
    is_interrupted(&events, Signal::SIGINT);
    assert!(
        started.elapsed() > Duration::from_secs(2),
        "it had no grace"
    );
}

#[test]
fn twice_they_end_at_once() {
    let (code, events) = interrupt(&[Signal::SIGINT, Signal::SIGINT]);
    assert_eq!(code, 130);
    is_interrupted(&events, Signal::SIGINT);
    let ended = events
        .iter()
        .find(|event| event["verdict"] == "interrupted");
    let run = ended
        .and_then(|event| event["run_ms"].as_f64())
        .expect("a time");
    assert!(run < 1900.0, "it had all its grace: {run} ms");
}

#[test]
fn other_signals_too() {
    for signal in [Signal::SIGTERM, Signal::SIGHUP] {
        let (code, events) = interrupt(&[signal]);
        assert_eq!(code, 128 + signal as i32);
        is_interrupted(&events, signal);
    }
}

/// Ctrl-Z, and `fg`.
#[test]
fn stopped_and_continued_it_goes_on() {
    let args = format!("test --timeout 1s {}", SLOW.trim_start_matches("test "));
    let mut run = nsrun(&args, "faults").start_piped();
    let pid = Pid::from_raw(run.child.id() as i32);
    let mut stdout = BufReader::new(run.child.stdout.take().expect("a pipe"));
    read_until(&mut stdout, "never_ends");
    kill(pid, Signal::SIGTSTP).expect("it runs");
    let is_stopped = || {
        let state = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it is there");
        state.contains("State:\tT")
    };
    while !is_stopped() {
        std::thread::sleep(Duration::from_millis(10));
    }
    kill(pid, Signal::SIGCONT).expect("it is stopped");
    read_until(&mut stdout, "\"verdict\":\"timeout\"");
    read_until(&mut stdout, "\"suite\"");
    run.done().code(101);
}

fn read_until(stdout: &mut impl BufRead, words: &str) {
    let mut line = String::new();
    while !line.contains(words) {
        line.clear();
        assert_ne!(
            stdout.read_line(&mut line).expect("a line"),
            0,
            "no {words}"
        );
    }
}

#[test]
fn killed_outright_it_leaves_nothing() {
    let mut run = nsrun(SLOW, "faults").start_piped();
    let mut stdout = BufReader::new(run.child.stdout.take().expect("a pipe"));
    read_until(&mut stdout, "never_ends");
    run.child.kill().expect("it runs");
    // That nothing is left is what every run is tested for.
    assert_eq!(run.done().signal, Some(9));
}

#[test]
fn the_first_failure_stops_the_run_if_asked_to() {
    let args = "test -p faults --fail-fast --message-format json -- \
                --test-threads 1 --exact ends::errs ends::fails ends::passes";
    let done = check(args, "faults").code(101);
    assert_eq!(done.verdicts().into_values().collect::<Vec<_>>(), ["fail"]);
    let suite = done.suite();
    assert_eq!(
        (&suite["selected"], &suite["not_run"]),
        (&3.into(), &2.into())
    );
    let args = args.replace("--fail-fast", "--fail-fast --no-fail-fast");
    assert_eq!(check(&args, "faults").code(101).verdicts().len(), 3);
}

/// Blocked or ignored as they may be where we are started from.
#[test]
fn signals_that_the_caller_ignores() {
    let script = "trap '' CHLD TERM PIPE; exec \"$NSRUN\" nsrun test -p faults --message-format json \
                  -- --exact ends::terminates_itself ends::passes processes::forks_twice";
    let done = crate::support::shell(script, "faults").done().code(101);
    let verdicts: Vec<_> = done.verdicts().into_values().collect();
    assert_eq!(verdicts, ["pass", "crash", "leak"]);
}
