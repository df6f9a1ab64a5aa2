//! Where there are namespaces.

use std::panic::{AssertUnwindSafe, catch_unwind};

use libtest_mimic::Failed;
use nsrun_core::HarnessOutput;

use super::Case;
use crate::__private::{ShouldPanic, TESTS, Test, inside, supervise};
use crate::Spec;

/// Who decides on the sandbox.
pub(in crate::harness) enum In {
    /// The harness, or the runner above it.
    Default,
    /// The attribute; a runner above asks the binary what that says.
    Attribute(fn() -> Spec),
    /// The test itself, of which no runner above knows.
    Own(Spec),
}

impl Case {
    pub(in crate::harness) fn in_sandbox(mut self, spec: Spec) -> Case {
        self.sandbox = In::Own(spec);
        self
    }

    fn of(test: &'static Test) -> Case {
        Case {
            name: test.name().to_owned(),
            ignored: test.ignore.is_some(),
            body: Box::new(test.body),
            sandbox: In::Attribute(test.spec),
            should_panic: test.should_panic,
        }
    }
}

pub(in crate::harness) fn registered() -> Vec<Case> {
    TESTS.iter().map(Case::of).collect()
}

/// In its sandbox already, it is the test process, and runs the body. A runner above knows nothing
/// of sandboxes that a test made at run time asks for: those are made inside the runner's.
pub(super) fn run(case: Case) -> Result<(), Failed> {
    match (inside::entered(), case.sandbox) {
        (None | Some(HarnessOutput::Shown), In::Own(spec)) => captured(&case.name, spec),
        (None, In::Attribute(spec)) => captured(&case.name, spec()),
        (None, In::Default) => captured(&case.name, Spec::default()),
        (Some(harness), _) => {
            let body = || inside::run(&case.name, harness, case.body);
            let end = catch_unwind(AssertUnwindSafe(body));
            let panic = end.map_err(|payload| inside::message(payload.as_ref()));
            expected(panic, case.should_panic)
        }
    }
}

fn captured(name: &str, spec: Spec) -> Result<(), Failed> {
    Ok(supervise::run_captured(name, spec)?)
}

/// As libtest sees it. A payload that is no string says nothing.
fn expected(end: Result<(), Option<String>>, should_panic: ShouldPanic) -> Result<(), Failed> {
    match (end, should_panic) {
        (Ok(()), ShouldPanic::No) | (Err(_), ShouldPanic::Yes) => Ok(()),
        (Ok(()), _) => Err("test did not panic as expected".into()),
        (Err(message), ShouldPanic::No) => Err(message.unwrap_or_default().into()),
        (Err(message), ShouldPanic::With(expected)) => {
            let message = message.unwrap_or_default();
            if message.contains(expected) {
                Ok(())
            } else {
                let said = format!("panicked with `{message}`, expected `{expected}`");
                Err(said.into())
            }
        }
    }
}
