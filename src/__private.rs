//! What the expansion of `#[ns_test]` calls. No part of the public interface.

pub(crate) mod inside;
pub mod options;
mod registry;
pub(crate) mod supervise;

pub use nsrun_core::{Kind, Kinds, Spec};

pub use self::registry::TESTS;

/// One `#[ns_test]`, as the attribute registers it.
#[derive(Debug)]
pub struct Test {
    /// `module_path!()`, `::`, and the name of the function.
    pub path: &'static str,
    /// Builds the spec that the attribute's arguments describe.
    pub spec: fn() -> Spec,
    /// Runs the body to its end, with whatever other attributes (`#[tokio::test]`) made of it.
    pub body: fn(),
    /// The reason of `#[ignore = "…"]`, empty where there is none.
    pub ignore: Option<&'static str>,
    /// What `#[should_panic]` says.
    pub should_panic: ShouldPanic,
    /// Whether libtest calls nothing but this test by this name: nobody else has wrapped it.
    pub listed_here: bool,
}

impl Test {
    /// The name by which libtest lists it: the path without the crate.
    pub fn name(&self) -> &'static str {
        self.path
            .split_once("::")
            .map_or(self.path, |(_, name)| name)
    }

    /// Its place in [`TESTS`], of which it is an element.
    pub(crate) fn number(&self) -> usize {
        let offset = std::ptr::from_ref(self).addr() - TESTS.as_ptr().addr();
        offset / size_of::<Test>()
    }

    /// Whether all that libtest does with it is to call it.
    pub(crate) fn is_callable(&self) -> bool {
        self.listed_here && matches!(self.should_panic, ShouldPanic::No)
    }
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

/// All that are registered, for those who do not link nsrun.
pub(crate) fn registered() -> Vec<nsrun_core::Registered> {
    let registered = |test: &Test| nsrun_core::Registered {
        name: test.name().to_owned(),
        spec: (test.spec)(),
        callable: test.is_callable(),
    };
    TESTS.iter().map(registered).collect()
}

/// Runs the test in its sandbox; inside it, runs the body.
pub fn run(test: &Test) {
    if let Some((number, name)) = nsrun_core::serve_as_host() {
        inside::call(number, &name);
    }
    match inside::entered() {
        Some(harness) => inside::run(test.name(), harness, test.body),
        None => supervise::run(test),
    }
}
