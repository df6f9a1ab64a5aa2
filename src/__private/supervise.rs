//! The harness's own process: has the test run in a sandbox, and ends as it ended.

mod launch;
mod printer;
mod room;

#[cfg(feature = "harness")]
use std::cell::RefCell;
use std::panic::resume_unwind;

use nsrun_core::{Completion, Evidence, Outcome, Proof, Recorded, Verdict, explain, judge};

use self::printer::Printer;
use super::{ShouldPanic, Test};

/// Runs `test` in its sandbox. Panics, or returns, as the body did.
pub(super) fn run(test: &Test) {
    let outcome = room::run(|| {
        let mut printer = Printer::default();
        let running = launch::launch_test(test)?;
        let outcome = running.wait(&mut |stream, bytes| printer.print(stream, bytes));
        printer.flush();
        Ok(outcome)
    });
    match outcome {
        Ok(outcome) => conclude(test, &outcome),
        Err(failure) => red(test, &printer::failure(&failure)),
    }
}

/// The same for a harness that captures nothing.
///
/// # Errors
/// What there is to say of a test that is red, its output included.
#[cfg(feature = "harness")]
pub(crate) fn run_captured(name: &str, spec: nsrun_core::Spec) -> Result<(), String> {
    let output = RefCell::new(Vec::new());
    let outcome = room::run(|| {
        let running = launch::launch(name, spec.clone())?;
        Ok(running.wait(&mut |_, bytes| output.borrow_mut().extend_from_slice(bytes)))
    });
    let outcome = outcome.map_err(|failure| printer::failure(&failure))?;
    let output = output.into_inner();
    let (verdict, _) = verdict(name, &outcome);
    let explanation = printer::message(verdict, &explain(verdict, &outcome));
    if verdict.is_red() {
        return Err(format!(
            "{}\n{explanation}",
            String::from_utf8_lossy(&output)
        ));
    }
    if verdict == Verdict::Leak {
        printer::error(&explanation);
    }
    Ok(())
}

fn conclude(test: &Test, outcome: &Outcome) {
    let (verdict, completion) = verdict(test.name(), outcome);
    let explanation = explain(verdict, outcome);
    match (verdict, completion) {
        // The harness here compares the message with what `#[should_panic]` expects, as the one
        // inside has done.
        (
            Verdict::Pass | Verdict::Leak | Verdict::Fail,
            Ok(Some(Completion::Panicked(message))),
        ) => {
            printer::note(verdict, &explanation);
            panic_quietly(message.unwrap_or_else(|| "a panic whose payload is no string".into()));
        }
        (Verdict::Pass | Verdict::Leak, _) => printer::note(verdict, &explanation),
        _ => red(test, &printer::message(verdict, &explanation)),
    }
}

type Recording = Result<Option<Completion>, Recorded>;

fn verdict(name: &str, outcome: &Outcome) -> (Verdict, Recording) {
    let completion = Completion::decode(&outcome.record, name);
    let proof = Proof::Record(recorded(outcome, &completion));
    (judge(&Evidence::new(outcome, proof)), completion)
}

/// The harness inside has the last word on whether a test that ran to its end has passed.
fn recorded(outcome: &Outcome, completion: &Recording) -> Option<Recorded> {
    match completion {
        Ok(None) => None,
        Ok(Some(_)) if outcome.end == Some(nsrun_core::End::Exited(0)) => Some(Recorded::Passed),
        Ok(Some(_)) => Some(Recorded::Failed),
        Err(recorded) => Some(*recorded),
    }
}

/// Makes the harness count a failure. A test that should panic fails by not doing so.
fn red(test: &Test, message: &str) {
    printer::error(message);
    if matches!(test.should_panic, ShouldPanic::No) {
        panic_quietly(message.to_owned());
    }
}

/// The message was printed inside already; here it would be printed with a wrong place.
fn panic_quietly(message: String) -> ! {
    resume_unwind(Box::new(message))
}
