//! The test process, from its first moment to the program's.

use std::os::fd::{AsFd, BorrowedFd};

use nix::errno::Errno;

use super::{EXIT_FAILED, Handover, attest};
use crate::kind::Kinds;
use crate::plan::{Launch, Privileges, StartPlan};
use crate::program::{BODY_STDOUT, HarnessOutput, RECORD, RecordFd, Session};
use crate::step::{At, Failure, Step};
use crate::sys;
use crate::wire::{Fds, Message};

/// The control socket's number in the test process, above those that the program gets.
const CONTROL: i32 = 5;

/// Becomes the program. Returns, in the test process, if the program is the server's own.
pub(super) fn become_program(
    plan: &StartPlan,
    kinds: Kinds,
    Handover { fds, ignored, .. }: &Handover<'_>,
) -> Result<(), Failure> {
    sys::die_with_parent().at(Step::Streams)?;
    ignored.reset().at(Step::Streams)?;
    if plan.session == Session::Own {
        // Not init's group: that has the number 1, and killpg(1) means everybody.
        sys::lead_group().at(Step::Streams)?;
    }
    connect_streams(plan, fds).at(Step::Streams)?;
    let control = sys::adopt(CONTROL).ok_or(Errno::EBADF).at(Step::Streams)?;
    if let Err(failure) = last_steps(plan, kinds, control.as_fd()) {
        // The supervisor learns of it by this message, or else by the missing record.
        let _ = Message::Failed(failure).send(control.as_fd());
        sys::exit(EXIT_FAILED);
    }
    Ok(())
}

fn last_steps(plan: &StartPlan, kinds: Kinds, control: BorrowedFd<'_>) -> Result<(), Failure> {
    if let Some(dir) = &plan.working_dir {
        sys::enter_dir(dir).at(Step::WorkingDir)?;
    }
    if plan.privileges == Privileges::Drop {
        drop_privileges().at(Step::Privileges)?;
    }
    let facts = attest::facts(kinds).at(Step::Attest)?;
    Message::Attested(facts).send(control).at(Step::Attest)?;
    match &plan.launch {
        Launch::Main(_) | Launch::Test { .. } => Ok(()),
        Launch::Exec { path, argv, envp } => {
            Err(sys::exec(path, argv, envp.as_ref())).at(Step::Exec)
        }
    }
}

/// 0, 1, 2, the record and the control socket in their places. The server keeps the descriptors
/// that somebody owns out of this range, so that none is overwritten before it is placed; those
/// end with their owners before `main`, or with exec.
fn connect_streams(plan: &StartPlan, fds: &Fds) -> Result<(), Errno> {
    sys::place(fds.stdin.as_fd(), 0)?;
    sys::place(fds.stderr.as_fd(), 2)?;
    match plan.record {
        RecordFd::Closed => sys::close_range(RECORD, RECORD)?,
        RecordFd::Open | RecordFd::Announced => sys::place(fds.record.as_fd(), RECORD)?,
    }
    match plan.harness {
        HarnessOutput::Shown => {
            sys::place(fds.stdout.as_fd(), 1)?;
            sys::close_range(BODY_STDOUT, BODY_STDOUT)?;
        }
        HarnessOutput::Hidden => {
            sys::place(sys::open(c"/dev/null", libc::O_RDWR)?.as_fd(), 1)?;
            sys::place(fds.stdout.as_fd(), BODY_STDOUT)?;
        }
    }
    sys::place_until_exec(fds.control.as_fd(), CONTROL)?;
    sys::close_range(CONTROL + 1, sys::FIRST_OWNED - 1)?;
    sys::close_range_on_exec(sys::FIRST_OWNED)
}

/// A change of credentials makes `/proc/self` root's and clears the tie to init: both are mended.
fn drop_privileges() -> Result<(), Errno> {
    sys::drop_capabilities()?;
    sys::no_new_privileges()?;
    sys::make_dumpable()?;
    sys::die_with_parent()
}
