//! What a verdict means in this case, in words for a person.

use std::path::Path;

use crate::outcome::{End, Outcome};
use crate::remedy::remedy;
use crate::signal::signal_name;
use crate::survivors::Survivor;
use crate::verdict::Verdict;

/// What there is to say beyond the verdict's word; empty if the test's own output says it all.
pub fn explain(verdict: Verdict, outcome: &Outcome) -> String {
    let mut lines = cause(verdict, outcome);
    lines.extend(outcome.survivors.iter().map(left_behind));
    if outcome.unnamed_survivors {
        lines.push("left behind and killed: nobody knows who, /proc could not be read".into());
    }
    if outcome.escaped {
        lines.push(
            "the kernel did not end the sandbox's processes in time; some may be left".into(),
        );
    }
    lines.extend(help(verdict).map(str::to_owned));
    lines.join("\n")
}

/// What to do about what is told the test by its sandbox, and not by itself.
fn help(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::LeakFail => Some(HOW_NOT_TO_LEAK),
        Verdict::FlakyFail => Some("help: `--flaky pass` lets the test pass"),
        _ => None,
    }
}

const HOW_NOT_TO_LEAK: &str = "help: end them in the test and wait for their end; \
                               `leaks = \"warn\"` or `--leaks warn` lets the test pass";

fn cause(verdict: Verdict, outcome: &Outcome) -> Vec<String> {
    match verdict {
        Verdict::Pass | Verdict::Leak | Verdict::Ignored | Verdict::Fail => Vec::new(),
        Verdict::LeakFail => {
            vec!["passed, but left processes behind, which counts as a failure here".to_owned()]
        }
        Verdict::Flaky => vec!["passed, but had failed before".to_owned()],
        Verdict::FlakyFail => {
            vec!["passed, but had failed before, which counts as a failure here".to_owned()]
        }
        Verdict::Crash(signal) => vec![format!("ended by signal {}", signal_name(signal))],
        Verdict::Timeout => vec![timeout(outcome)],
        Verdict::Interrupted => vec!["ended because the run was interrupted".to_owned()],
        Verdict::NoResult => vec![no_result(outcome)],
        Verdict::SetupError => setup_error(outcome),
    }
}

fn timeout(outcome: &Outcome) -> String {
    let limit = outcome.timeout.unwrap_or_else(|| outcome.times.run());
    format!("not finished after {limit:?}")
}

fn no_result(outcome: &Outcome) -> String {
    match outcome.end {
        Some(End::Exited(status)) if outcome.record.is_empty() => {
            format!("the process exited with status {status} before the test had ended")
        }
        Some(_) => "the record of the run is not that of this test, run once".to_owned(),
        None => "nobody knows how the test process ended".to_owned(),
    }
}

fn setup_error(outcome: &Outcome) -> Vec<String> {
    match (&outcome.failure, &outcome.isolation) {
        (Some(failure), _) => {
            let missing = outcome.missing.iter().map(|path| not_found(path));
            let remedy = remedy(failure).map(|remedy| format!("help: {remedy}"));
            let failure = [failure.to_string()].into_iter();
            failure.chain(missing).chain(remedy).collect()
        }
        (None, Err(reason)) => vec![format!("the test was not isolated: {reason}")],
        (None, Ok(())) => Vec::new(),
    }
}

fn not_found(shared: &Path) -> String {
    format!(
        "`{}` is to be shared, and cannot be found",
        shared.display()
    )
}

fn left_behind(survivor: &Survivor) -> String {
    let listening: Vec<_> = survivor.listening.iter().map(ToString::to_string).collect();
    let listening = match listening[..] {
        [] => String::new(),
        _ => format!(", listening on {}", listening.join(", ")),
    };
    format!(
        "left behind and killed: pid {}, {:.1} s old{listening}: {}",
        survivor.pid,
        survivor.age.as_secs_f64(),
        on_one_line(&survivor.command)
    )
}

/// The survivor has written its arguments itself, and may have written anything there.
fn on_one_line(command: &str) -> String {
    let mut line = String::new();
    for character in command.chars() {
        match character.is_control() {
            true => line.extend(character.escape_default()),
            false => line.push(character),
        }
    }
    line
}
