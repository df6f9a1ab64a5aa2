//! One test of the harness.

use std::process::Termination;

#[cfg(not(target_os = "linux"))]
use libtest_mimic::Failed;
use libtest_mimic::Trial;

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
pub(super) use self::linux::registered;
#[cfg(target_os = "linux")]
use self::linux::run;
use crate::template::conclude;

/// A test, and the sandbox that it runs in.
pub(super) struct Case {
    name: String,
    ignored: bool,
    body: Box<dyn FnOnce() + Send>,
    #[cfg(target_os = "linux")]
    sandbox: linux::In,
    #[cfg(target_os = "linux")]
    should_panic: crate::__private::ShouldPanic,
}

impl Case {
    pub(super) fn new<R: Termination>(
        name: String,
        body: impl FnOnce() -> R + Send + 'static,
    ) -> Case {
        Case {
            name,
            ignored: false,
            body: Box::new(|| conclude(body)),
            #[cfg(target_os = "linux")]
            sandbox: linux::In::Default,
            #[cfg(target_os = "linux")]
            should_panic: crate::__private::ShouldPanic::No,
        }
    }

    pub(super) fn into_trial(self) -> Trial {
        let (name, ignored) = (self.name.clone(), self.ignored);
        Trial::test(name, move || run(self)).with_ignored_flag(ignored)
    }
}

/// Elsewhere there are no namespaces, and `#[ns_test]` registers nothing.
#[cfg(not(target_os = "linux"))]
pub(super) fn registered() -> Vec<Case> {
    Vec::new()
}

#[cfg(not(target_os = "linux"))]
fn run(case: Case) -> Result<(), Failed> {
    drop(case.body);
    Err("nsrun needs Linux namespaces".into())
}
