//! The exit codes of `cargo nsrun`. They are part of its interface.

/// Everything that ran passed.
pub(crate) const OK: u8 = 0;
/// The command line is wrong (clap's own code).
pub(crate) const USAGE: u8 = 2;
/// There was nothing to run, and `--no-tests fail` says that this is an error. As cargo-nextest.
pub(crate) const NO_TESTS: u8 = 4;
/// `overhead`: a ratio has become worse than in the baseline, by more than is allowed.
pub(crate) const REGRESSED: u8 = 5;
/// The books do not balance: a bug of ours.
pub(crate) const INTERNAL: u8 = 70;
/// A test failed, or the build did. As cargo test.
pub(crate) const TESTS_FAILED: u8 = 101;
/// The sandbox, or something else that running takes, could not be set up. As docker and env.
pub(crate) const SETUP: u8 = 125;
/// `exec`: the command was found but cannot be executed. As a shell.
pub(crate) const NOT_EXECUTABLE: u8 = 126;
/// `exec`: the command was not found. As a shell.
pub(crate) const NOT_FOUND: u8 = 127;
/// `exec`: the command succeeded, but left processes behind, and `--leaks fail` says that this is an
/// error.
pub(crate) const LEFT_BEHIND: u8 = 123;
/// `exec`: the time given was up. As timeout(1).
pub(crate) const TIMED_OUT: u8 = 124;
/// Added to the number of the signal that ended the command, or the run. As a shell.
pub(crate) const SIGNAL: u8 = 128;
