//! The test process: runs the body, and records that it ran to its end.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::OnceLock;

use nsrun_core::{BodyStdout, Completion, HarnessOutput, write_record};

static ENTERED: OnceLock<HarnessOutput> = OnceLock::new();

/// Notes that this is a test process. Called before `main`.
pub(crate) fn enter(harness: HarnessOutput) {
    let _ = ENTERED.set(harness);
}

/// How the harness prints, if this is a test process.
pub(crate) fn entered() -> Option<HarnessOutput> {
    ENTERED.get().copied()
}

/// Runs the body. Panics if it does.
pub(crate) fn run(name: &str, harness: HarnessOutput, body: impl FnOnce()) {
    let stdout = BodyStdout::take(harness);
    let end = catch_unwind(AssertUnwindSafe(body));
    drop(stdout);
    conclude(name, harness, end);
}

/// Under a runner that reads the harness's own log there is nothing to record here.
fn conclude(name: &str, harness: HarnessOutput, end: Result<(), Box<dyn Any + Send>>) {
    let completion = match &end {
        Ok(()) => Completion::Returned,
        Err(payload) => Completion::Panicked(message(payload.as_ref())),
    };
    if harness == HarnessOutput::Hidden {
        write_record(&completion.encode(name));
    }
    if let Err(payload) = end {
        resume_unwind(payload);
    }
}

/// What the payload of a panic says, if it is a string.
pub(crate) fn message(payload: &(dyn Any + Send)) -> Option<String> {
    let string = payload
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned());
    string.or_else(|| payload.downcast_ref::<String>().cloned())
}
