//! What is asked of a server.

use std::os::fd::OwnedFd;
use std::time::Duration;

use crate::program::{HarnessOutput, Program, RecordFd, Session, Start};
use crate::spec::Spec;

/// A program to be run in a sandbox.
#[derive(Debug)]
pub struct Job {
    /// The sandbox.
    pub spec: Spec,
    /// The program.
    pub program: Program,
    /// Its terminal.
    pub session: Session,
    /// Where a harness around the test prints.
    pub harness: HarnessOutput,
    /// Whether it gets at a record, and how.
    pub record: RecordFd,
    /// Its standard streams.
    pub streams: Streams,
    /// When it starts.
    pub start: Start,
    /// How long the server may take to make init, and init to start the program.
    pub set_up: Duration,
}

impl Job {
    /// How long a set-up may take that takes a few milliseconds everywhere: whatever takes longer
    /// will not end, such as a look at a mount whose server is gone.
    pub const SET_UP: Duration = Duration::from_secs(60);

    /// A program with a session of its own, captured output and no record.
    pub fn new(spec: Spec, program: Program) -> Job {
        Job {
            spec,
            program,
            session: Session::Own,
            harness: HarnessOutput::Shown,
            record: RecordFd::Closed,
            streams: Streams::Captured,
            start: Start::AtOnce,
            set_up: Job::SET_UP,
        }
    }
}

/// The standard streams of a program.
#[derive(Debug)]
pub enum Streams {
    /// Standard input is at its end, the output goes to the supervisor.
    Captured,
    /// These three.
    Given([OwnedFd; 3]),
}
