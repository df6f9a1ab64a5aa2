//! What a verdict means in this case, in words for a person.

use crate::outcome::{End, Outcome, signal_name};
use crate::remedy::remedy;
use crate::survivors::Survivor;
use crate::verdict::Verdict;

/// What there is to say beyond the verdict's word; empty if the test's own output says it all.
pub fn explain(verdict: Verdict, outcome: &Outcome) -> String {
    let mut lines = cause(verdict, outcome);
    lines.extend(outcome.survivors.iter().map(left_behind));
    if outcome.escaped {
        lines.push(
            "the kernel did not end the sandbox's processes in time; some may be left".into(),
        );
    }
    lines.join("\n")
}

fn cause(verdict: Verdict, outcome: &Outcome) -> Vec<String> {
    match verdict {
        Verdict::Pass | Verdict::Leak | Verdict::Ignored | Verdict::Fail => Vec::new(),
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
            let remedy = remedy(failure).map(|remedy| format!("help: {remedy}"));
            [failure.to_string()].into_iter().chain(remedy).collect()
        }
        (None, Err(reason)) => vec![format!("the test was not isolated: {reason}")],
        (None, Ok(())) => Vec::new(),
    }
}

fn left_behind(survivor: &Survivor) -> String {
    let Survivor { pid, command, age } = survivor;
    format!(
        "left behind and killed: pid {pid}, {:.1} s old: {command}",
        age.as_secs_f64()
    )
}
