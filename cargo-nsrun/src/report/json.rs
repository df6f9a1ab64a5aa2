//! One JSON object a line: libtest's events, with what more there is to say.

use nsrun_core::{Survivor, Verdict};
use serde_json::{Value, json};

use crate::results::{Finished, Tally, Whole};

pub(super) fn started(binary: &str, name: &str) -> String {
    line(&json!({ "type": "test", "event": "started", "name": name, "binary": binary }))
}

pub(super) fn doctest(name: &str, event: &str) -> String {
    line(&json!({ "type": "doctest", "event": event, "name": name }))
}

pub(super) fn listed(binary: &str, name: &str) -> String {
    line(&json!({ "type": "test", "event": "discovered", "name": name, "binary": binary }))
}

pub(super) fn finished(finished: &Finished) -> String {
    ended(event(finished.verdict), finished)
}

pub(super) fn tried(failed: &Finished) -> String {
    ended("retry", failed)
}

fn ended(event: &str, finished: &Finished) -> String {
    let mut event = json!({
        "type": "test",
        "event": event,
        "name": finished.name,
        "binary": finished.binary,
        "verdict": finished.verdict.word(),
        "namespaces": finished.namespaces.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "setup_ms": milliseconds(finished.set_up),
        "run_ms": milliseconds(finished.run),
        "exec_time": (finished.set_up + finished.run).as_secs_f64(),
    });
    let mut set = |key: &str, value: Value| event[key] = value;
    if let Verdict::Crash(signal) = finished.verdict {
        set("signal", signal.into());
    }
    if !finished.message.is_empty() {
        set("message", finished.message.clone().into());
    }
    if finished.attempt.of > 1 {
        set("attempt", finished.attempt.number.into());
        set("attempts", finished.attempt.of.into());
    }
    if !finished.left_behind.is_empty() {
        set(
            "left_behind",
            finished.left_behind.iter().map(survivor).collect(),
        );
    }
    if finished.verdict.is_red() {
        for (name, output) in [("stdout", &finished.stdout), ("stderr", &finished.stderr)] {
            set(name, String::from_utf8_lossy(&output.bytes).into());
            match &output.whole {
                Whole::Shown => {}
                Whole::File(path) => set(&format!("{name}_file"), path.to_string_lossy().into()),
                Whole::Lost(why) => set(&format!("{name}_lost"), why.clone().into()),
            }
        }
        set("rerun", finished.rerun.clone().into());
    }
    line(&event)
}

fn survivor(survivor: &Survivor) -> Value {
    let listening = survivor.listening.iter().map(ToString::to_string);
    json!({
        "pid": survivor.pid,
        "command": survivor.command,
        "age": survivor.age.as_secs_f64(),
        "listening": listening.collect::<Vec<_>>(),
    })
}

/// libtest's word.
fn event(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass | Verdict::Leak | Verdict::Flaky => "ok",
        Verdict::Ignored => "ignored",
        Verdict::Timeout => "timeout",
        _ => "failed",
    }
}

pub(super) fn summary(tally: &Tally) -> String {
    let interrupted = tally.interrupted_by.map(|signal| signal as i32);
    line(&json!({
        "type": "suite",
        "event": if tally.is_green() && interrupted.is_none() { "ok" } else { "failed" },
        "passed": tally.passed(),
        "failed": tally.red(),
        "ignored": tally.of("ignored"),
        "measured": 0,
        "filtered_out": tally.filtered_out,
        "selected": tally.selected,
        "not_run": tally.not_run,
        "unlistable": tally.unlistable,
        "verdicts": tally.verdicts,
        "leaked": tally.leaked,
        "flaky": tally.flaky(),
        "doctests": {
            "passed": tally.doctests.passed,
            "failed": tally.doctests.failed,
            "ignored": tally.doctests.ignored,
        },
        "interrupted_by": interrupted,
        "exec_time": tally.elapsed.as_secs_f64(),
    }))
}

fn milliseconds(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}
