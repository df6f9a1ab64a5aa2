//! What the expansion of `#[ns_test]` calls. No part of the public interface.

use std::process::Termination;

pub use linkme;
pub use nsrun_core::{Clocks, Identity, Kind, Kinds, Spec};
pub use std::time::Duration;

/// One `#[ns_test]`, as the attribute registers it.
#[derive(Debug)]
pub struct Test {
    /// `module_path!()`, `::`, and the name of the function.
    pub path: &'static str,
    /// Builds the spec that the attribute's arguments describe.
    pub spec: fn() -> Spec,
    /// Runs the body to its end; `None` where another attribute (`#[tokio::test]`) holds it.
    pub body: Option<fn()>,
    /// The reason of `#[ignore = "…"]`, empty where there is none.
    pub ignore: Option<&'static str>,
    /// What `#[should_panic]` says.
    pub should_panic: ShouldPanic,
}

/// `#[should_panic]`, or not.
#[derive(Clone, Copy, Debug)]
pub enum ShouldPanic {
    /// The attribute is not there.
    No,
    /// Any panic will do.
    Yes,
    /// The message must contain this.
    With(&'static str),
}

/// Every `#[ns_test]` of this binary.
#[linkme::distributed_slice]
pub static TESTS: [Test];

/// Runs the test in its sandbox; inside it, runs the body.
pub fn run(test: &Test) {
    (test.body.unwrap())()
}

/// The same where the body is a future that somebody else's runtime drives.
pub async fn run_async<F: Future>(_test: &Test, body: F)
where
    F::Output: Termination,
{
    conclude(body.await)
}

/// Turns what a test returned into a panic if it stands for a failure, as libtest does.
pub fn conclude<T: Termination>(value: T) {
    let _ = value.report();
}
