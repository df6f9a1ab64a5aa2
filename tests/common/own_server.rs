//! A server of a test's own, and something to do for it.

use std::process::Command;

use nsrun_core::{Exec, Job, Program, Server, Spec};

/// This very binary, which has to have nsrun linked in.
pub(crate) fn start() -> Server {
    let server = Server::start(Command::new("/proc/self/exe")).expect("this binary can serve");
    server.registered().expect("it says what it has");
    server
}

/// `true`, in the default sandbox.
pub(crate) fn job() -> Job {
    let program = Program::Exec(Exec {
        path: "/bin/true".into(),
        arguments: vec!["true".into()],
        environment: None,
        working_dir: None,
    });
    Job::new(Spec::default(), program)
}
