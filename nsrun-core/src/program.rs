//! What runs in a sandbox.

use std::ffi::OsString;
use std::path::PathBuf;

/// The program that runs in a sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// The server's own binary, from the start of `main`, with these arguments (the first is the
    /// program's name). Only a server that was started before `main` can do that.
    Main {
        /// The arguments, at most [`Program::MAIN_ARGUMENTS`].
        arguments: Vec<OsString>,
    },
    /// A test that registered in the server's own binary, called without its harness. Only a
    /// [host](crate::Server::start_host) can do that.
    Test {
        /// Its place among the [registered](crate::Registered) ones.
        number: usize,
        /// Its name, so that the two cannot be of different minds.
        name: String,
    },
    /// A program that is executed.
    Exec(Exec),
}

impl Program {
    /// As many arguments as [`Program::Main`] can hand to `main`.
    pub const MAIN_ARGUMENTS: usize = 32;

    /// The paths without which the program cannot start: itself, with what lies beside it, and
    /// its working directory.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        match self {
            Program::Main { .. } | Program::Test { .. } => Vec::new(),
            Program::Exec(exec) => {
                let beside = exec.path.parent().map(PathBuf::from);
                [Some(exec.path.clone()), beside, exec.working_dir.clone()]
                    .into_iter()
                    .flatten()
                    .collect()
            }
        }
    }
}

/// A program that is executed (execve(2)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exec {
    /// The file. Not looked up in `PATH`.
    pub path: PathBuf,
    /// The arguments; the first is the program's name.
    pub arguments: Vec<OsString>,
    /// The environment, or that of the server if `None`.
    pub environment: Option<Vec<(OsString, OsString)>>,
    /// The working directory, or that of the server if `None`.
    pub working_dir: Option<PathBuf>,
}

/// What the program's terminal is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Session {
    /// A session of its own without a terminal (setsid(2)): nothing it does reaches ours.
    #[default]
    Own,
    /// The caller's, so that an interactive command works and Ctrl-C reaches it.
    Callers,
}

/// When the program starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// As soon as its sandbox is ready.
    #[default]
    AtOnce,
    /// When [`Running::start`](crate::Running::start) says so: the sandbox is made ahead of need.
    WhenTold,
}

/// Where a test harness, which prints around the test, shall print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HarnessOutput {
    /// To standard output, like the test.
    #[default]
    Shown,
    /// Nowhere: standard output is `/dev/null` until the body of the test takes it over from
    /// descriptor [`BODY_STDOUT`].
    Hidden,
}

/// How the program gets at its record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordFd {
    /// Not at all.
    #[default]
    Closed,
    /// It is open as descriptor [`RECORD`].
    Open,
    /// It is open as descriptor [`RECORD`], and a variable of the environment says so to the hook
    /// of `nsrun` in the program.
    Announced,
}

/// The descriptor on which the program finds its record, if it has one.
pub const RECORD: i32 = 3;
/// The descriptor of the real standard output where the harness's own is hidden.
pub const BODY_STDOUT: i32 = 4;
