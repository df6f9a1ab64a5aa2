//! The request, and the descriptors that come with it.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;

use super::channel::{self, Channel};
use super::ending::Ending;
use super::{Job, Running, Streams};
use crate::kind::Kinds;
use crate::outcome::Times;
use crate::program::Start;
use crate::step::{At, Failure, Step};
use crate::sys;
use crate::wire::{self, Fds, Request};

impl Running {
    /// Asks a server for it.
    pub(crate) fn launch(server: BorrowedFd<'_>, job: Job) -> Result<Running, Failure> {
        let (control, theirs) = sys::packet_pair().at(Step::Server)?;
        let (record, their_record) = channel::pipe().at(Step::Server)?;
        let ([stdin, out, err], [stdout, stderr]) = streams(job.streams).at(Step::Server)?;
        let timeout = job.spec.timeout;
        let leaks = job.spec.leaks.unwrap_or_default();
        let kinds = job.spec.kinds | Kinds::ALWAYS;
        let shared = job.spec.share.clone();
        let request = Request {
            spec: job.spec,
            program: job.program,
            session: job.session,
            harness: job.harness,
            record: job.record,
            start: job.start,
        };
        let fds = Fds {
            control: theirs.as_fd(),
            stdin: stdin.as_fd(),
            stdout: out.as_fd(),
            stderr: err.as_fd(),
            record: their_record.as_fd(),
        };
        wire::send(server, &request, &fds).at(Step::Server)?;
        let waits = job.start == Start::WhenTold;
        let mut ending = Ending::new(timeout, job.set_up);
        if waits {
            ending.rest();
        }
        Ok(Running {
            kinds,
            control: Channel::open(control),
            stdout,
            stderr,
            record,
            recorded: Vec::new(),
            init: None,
            born: false,
            facts: None,
            failure: None,
            shared,
            ended: None,
            isolation: None,
            survivors: None,
            unnamed_survivors: false,
            leaks,
            waits,
            ending,
            times: Times::start(),
        })
    }
}

/// The program's three streams, and our ends of the two that we read.
fn streams(streams: Streams) -> Result<([OwnedFd; 3], [Channel; 2]), Errno> {
    match streams {
        Streams::Given(given) => Ok((given, [Channel::closed(), Channel::closed()])),
        Streams::Captured => {
            let null = sys::open(c"/dev/null", libc::O_RDONLY)?;
            let (stdout, out) = channel::pipe()?;
            let (stderr, err) = channel::pipe()?;
            Ok(([null, out, err], [stdout, stderr]))
        }
    }
}
