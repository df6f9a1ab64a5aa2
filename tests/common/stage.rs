//! Where a test's body finds itself.

use std::env;

/// Names the stage to a test binary that is run again.
pub(super) const VARIABLE: &str = "NSRUN_TEST_STAGE";

/// Printed at the end of a stage, since a test binary that runs no test exits with 0 as well.
const END: &str = "<<the test has run to its end>>";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// As the harness started it.
    Harness,
    /// Outside of the sandbox, as the user, and with the environment, that the test asks for.
    Host,
    /// Inside of the sandbox.
    Inside,
}

impl Stage {
    pub(crate) fn current() -> Stage {
        let name = env::var(VARIABLE).unwrap_or_default();
        [Stage::Host, Stage::Inside]
            .into_iter()
            .find(|stage| stage.name() == name)
            .unwrap_or(Stage::Harness)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Stage::Harness => "",
            Stage::Host => "host",
            Stage::Inside => "inside",
        }
    }

    /// The arguments for just this test, run by the main thread.
    pub(super) fn arguments(name: &str) -> [&str; 4] {
        [name, "--exact", "--nocapture", "--test-threads=1"]
    }

    #[expect(clippy::print_stdout, reason = "it is read by who started this stage")]
    pub(super) fn announce_end() {
        println!("{END}");
    }

    pub(super) fn has_ended(stdout: &str) -> bool {
        stdout.contains(END)
    }
}
