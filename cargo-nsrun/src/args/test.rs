//! The options of `cargo nsrun test`.

use std::ffi::OsString;
use std::time::Duration;

use clap::{Args, ValueEnum};
use nsrun_core::Flaky;

use super::sandbox::duration;
use super::{CargoArgs, SandboxArgs};

#[derive(Args, Clone, Debug)]
pub(crate) struct TestArgs {
    /// If specified, only run tests containing this string in their names
    #[arg(value_name = "TESTNAME")]
    pub(crate) filter: Option<String>,
    /// Arguments for the test binaries
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) libtest: Vec<OsString>,

    #[command(flatten)]
    pub(crate) sandbox: SandboxArgs,

    /// What one sandbox is for
    #[arg(long, value_enum, default_value_t, help_heading = "Sandbox")]
    pub(crate) scope: Scope,
    /// How test processes are started
    #[arg(
        long,
        value_enum,
        env = "NSRUN_SERVER",
        default_value_t,
        help_heading = "Sandbox"
    )]
    pub(crate) server: ServerKind,
    /// What to do on a machine that cannot make such sandboxes
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "WHAT",
        help_heading = "Sandbox"
    )]
    pub(crate) on_unsupported: OnUnsupported,

    /// How long a test binary may take to list its tests
    #[arg(long, hide = true, value_name = "TIME", value_parser = duration, default_value = "60s")]
    pub(crate) list_timeout: Duration,

    /// Run a test that fails up to N times more, each time in a fresh sandbox; not doctests
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) retries: u32,
    /// What it means if a test fails first and passes when it is run again
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub(crate) flaky: OnFlaky,
    /// Stop starting tests after the first failure, or after its last retry
    #[arg(long, overrides_with = "no_fail_fast")]
    pub(crate) fail_fast: bool,
    /// Run all tests regardless of failure (the default)
    #[arg(long)]
    pub(crate) no_fail_fast: bool,
    /// Compile, but don't run tests
    #[arg(long)]
    pub(crate) no_run: bool,
    /// What it means if there is no test to run
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub(crate) no_tests: NoTests,
    /// Display failures only
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
    /// How results, and the compiler's messages, are printed
    #[arg(long, value_enum, default_value_t, value_name = "FMT")]
    pub(crate) message_format: MessageFormat,

    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

/// What shares one sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scope {
    /// Each test has its own
    #[default]
    Test,
    /// All tests of a test binary share one
    Binary,
}

/// How a test process comes to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServerKind {
    /// Forked from the test binary, where that has nsrun linked in; executed otherwise
    #[default]
    Fork,
    /// Executed, every one
    Exec,
}

/// What to do where no sandbox can be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnUnsupported {
    /// Run nothing, and fail
    #[default]
    Fail,
    /// Run nothing, and succeed
    Skip,
    /// Run everything by cargo test, without isolation and what else needs a sandbox (the options
    /// below "Sandbox", --retries, --message-format json), and say so
    Run,
}

/// What it means if nothing is to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum NoTests {
    /// Nothing: the run has succeeded
    Pass,
    /// The run has succeeded, with a warning
    Warn,
    /// The run has failed
    #[default]
    Fail,
}

/// What it means if only a further attempt passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnFlaky {
    /// The test has passed, and is named
    #[default]
    Pass,
    /// The test has failed
    Fail,
}

impl From<OnFlaky> for Flaky {
    fn from(flaky: OnFlaky) -> Flaky {
        match flaky {
            OnFlaky::Pass => Flaky::Pass,
            OnFlaky::Fail => Flaky::Fail,
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// For people
    #[default]
    Human,
    /// For people, with short compiler messages
    Short,
    /// One JSON object a line
    Json,
}
