//! The test process: runs the body, and records that it ran to its end.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::exit;
use std::sync::OnceLock;
use std::thread::Builder;

use nsrun_core::{BodyStdout, Completion, HarnessOutput, write_record};

use super::TESTS;

static ENTERED: OnceLock<HarnessOutput> = OnceLock::new();

/// Notes that this is a test process. Called before `main`.
pub(crate) fn enter(harness: HarnessOutput) {
    // Once is enough: a process does not become another test's.
    let _ = ENTERED.set(harness);
}

/// How the harness prints, if this is a test process.
pub(crate) fn entered() -> Option<HarnessOutput> {
    ENTERED.get().copied()
}

/// Calls a test as libtest does: in a thread with its name. Ends the process.
pub(crate) fn call(number: usize, name: &str) -> ! {
    enter(HarnessOutput::Shown);
    let Some(test) = TESTS.get(number).filter(|test| test.name() == name) else {
        exit(EXIT_FAILED)
    };
    let thread = Builder::new().name(name.to_owned()).spawn(test.body);
    let end = match thread {
        Ok(thread) => thread.join(),
        // There are as many threads as there may be: then this one.
        Err(_) => catch_unwind(test.body),
    };
    write_record(&completion(&end).encode(name));
    exit(if end.is_ok() { 0 } else { EXIT_FAILED })
}

/// What libtest exits with when a test failed.
const EXIT_FAILED: i32 = 101;

/// Runs the body. Panics if it does.
pub(crate) fn run(name: &str, harness: HarnessOutput, body: impl FnOnce()) {
    let stdout = BodyStdout::take(harness);
    let end = catch_unwind(AssertUnwindSafe(body));
    drop(stdout);
    conclude(name, harness, end);
}

/// Under a runner that reads the harness's own log there is nothing to record here.
fn conclude(name: &str, harness: HarnessOutput, end: Result<(), Box<dyn Any + Send>>) {
    if harness == HarnessOutput::Hidden {
        write_record(&completion(&end).encode(name));
    }
    if let Err(payload) = end {
        resume_unwind(payload);
    }
}

fn completion(end: &Result<(), Box<dyn Any + Send>>) -> Completion {
    match end {
        Ok(()) => Completion::Returned,
        Err(payload) => Completion::Panicked(message(payload.as_ref())),
    }
}

/// What the payload of a panic says, if it is a string.
pub(crate) fn message(payload: &(dyn Any + Send)) -> Option<String> {
    let string = payload
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned());
    string.or_else(|| payload.downcast_ref::<String>().cloned())
}
