//! The harness for targets with `harness = false`: the crate's `#[ns_test]`s, and tests that are
//! made at run time, each in a sandbox of its own.
//!
//! It stands on `libtest-mimic`, understands libtest's arguments as far as that does, and works
//! the same under `cargo test`, cargo-nextest and `cargo nsrun test`. Needs the feature `harness`.
//!
//! For a target that has nothing but `#[ns_test]`s, [`main!`](crate::main) is the whole of it.
//! Tests made at run time, one for each data file, say, are added to [`harness`]:
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     let mut harness = nsrun::harness::harness();
//!     for file in std::fs::read_dir("tests/data").unwrap() {
//!         let path = file.unwrap().path();
//!         harness = harness.test(path.display().to_string(), move || {
//!             assert!(!std::fs::read(&path).unwrap().is_empty());
//!         });
//!     }
//!     harness.run()
//! }
//! ```

mod case;

use std::process::{ExitCode, Termination};

use libtest_mimic::{Arguments, Trial};

use self::case::Case;
#[cfg(target_os = "linux")]
use crate::Sandbox;

/// Makes a `main` that runs the crate's `#[ns_test]`s.
///
/// ```no_run
/// nsrun::main!();
/// ```
#[macro_export]
macro_rules! main {
    () => {
        fn main() -> ::std::process::ExitCode {
            $crate::harness::harness().run()
        }
    };
}

/// The harness with every `#[ns_test]` of this binary.
pub fn harness() -> Harness {
    Harness {
        cases: case::registered(),
    }
}

/// Tests to be run, each in its own sandbox.
#[must_use = "nothing runs before `run`"]
pub struct Harness {
    cases: Vec<Case>,
}

impl Harness {
    /// Adds a test that runs in the default sandbox. It fails if it panics or returns an error.
    ///
    /// The same tests under the same names must be there each time that the binary starts, since
    /// each test runs in a process of its own.
    pub fn test<R: Termination>(
        mut self,
        name: impl Into<String>,
        body: impl FnOnce() -> R + Send + 'static,
    ) -> Harness {
        self.cases.push(Case::new(name.into(), body));
        self
    }

    /// Adds a test that runs in such a sandbox.
    #[cfg(target_os = "linux")]
    pub fn test_in<R: Termination>(
        mut self,
        sandbox: &Sandbox,
        name: impl Into<String>,
        body: impl FnOnce() -> R + Send + 'static,
    ) -> Harness {
        self.cases
            .push(Case::new(name.into(), body).in_sandbox(sandbox.spec().clone()));
        self
    }

    /// Runs what the command line asks for, and returns what `main` is to return.
    pub fn run(self) -> ExitCode {
        let trials: Vec<Trial> = self.cases.into_iter().map(Case::into_trial).collect();
        libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
    }
}
