//! The first process of a sandbox: sets it up, starts the test process, and watches over it.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::set_up::set_up;
use super::start::become_program;
use super::{EXIT_FAILED, children, ids, watch};
use crate::kind::{Kind, Kinds};
use crate::plan::{Plan, StartPlan};
use crate::program::{Session, Start};
use crate::step::{At, Failure, Step};
use crate::sys::{self, Forked, Ignored};
use crate::wire::{Fds, Message};

/// What the server hands to init.
pub(crate) struct Handover<'a> {
    pub(crate) fds: &'a Fds,
    /// The pipe on which init is told that its ids are mapped, where it cannot map them itself.
    pub(crate) gate: Option<OwnedFd>,
    /// What the server ignores, and the program shall not.
    pub(crate) ignored: Ignored,
}

/// Becomes init. Returns only in the test process, and only if that shall go on to `main`.
pub(crate) fn init(plan: &mut Plan, start: &StartPlan, handover: Handover<'_>) {
    match run(plan, start, &handover) {
        Ok(()) => {}
        Err(failure) => {
            // Whether or not somebody listens, the exit says that there is no test.
            let _ = Message::Failed(failure).send(handover.fds.control.as_fd());
            sys::exit(EXIT_FAILED);
        }
    }
}

fn run(plan: &mut Plan, start: &StartPlan, handover: &Handover<'_>) -> Result<(), Failure> {
    let signals = live_no_longer_than_the_server(plan.kinds)?;
    let to_end = list_of_children(plan.kinds)?;
    leave_the_terminal(start.session)?;
    ids::become_mapped(&plan.maps, handover.gate.as_ref())?;
    set_up(plan)?;
    if start.start == Start::WhenTold {
        await_start(handover.fds.control.as_fd()).at(Step::Lifeline)?;
    }
    match sys::fork().at(Step::Fork)? {
        Forked::Child => become_program(start, plan.kinds, handover),
        Forked::Parent { pid } => {
            let reach = watch::Reach::of(to_end.as_ref().map(AsFd::as_fd), start.session);
            watch::until_the_end(handover.fds.control.as_fd(), signals.as_fd(), pid, reach)
        }
    }
}

/// Killed with the server, and the parent of every orphan inside, pid namespace or not.
///
/// Without a pid namespace nobody else ends the others, so that init must not be killed before it
/// has done so: then the control socket's end is its only, and sufficient, reason to end.
fn live_no_longer_than_the_server(kinds: Kinds) -> Result<OwnedFd, Failure> {
    if kinds.contains(Kind::Pid) {
        sys::die_with_parent().at(Step::Lifeline)?;
    }
    sys::become_subreaper().at(Step::Lifeline)?;
    sys::signal_children_fd().at(Step::Lifeline)
}

/// Without a pid namespace it is init that ends everybody, and has to find them.
fn list_of_children(kinds: Kinds) -> Result<Option<OwnedFd>, Failure> {
    if kinds.contains(Kind::Pid) {
        return Ok(None);
    }
    children::list().map(Some).at(Step::Lifeline)
}

/// Leads the session that the program is in, so that the program does not: the leader of a session
/// without a terminal gets the first one that it opens, and SIGHUP with its end (credentials(7),
/// tty_ioctl(2)). A test of pseudoterminals would die of it.
fn leave_the_terminal(session: Session) -> Result<(), Failure> {
    match session {
        Session::Own => sys::lead_session().at(Step::Lifeline),
        Session::Callers => Ok(()),
    }
}

/// Where the supervisor would rather have no program, it closes its socket.
fn await_start(control: BorrowedFd<'_>) -> Result<(), Errno> {
    loop {
        match Message::receive(control) {
            Ok(Some(Message::Start)) => return Ok(()),
            Ok(Some(_)) => {}
            Ok(None) => sys::exit(0),
            Err(Errno::EAGAIN) => await_message(control)?,
            Err(errno) => return Err(errno),
        }
    }
}

fn await_message(control: BorrowedFd<'_>) -> Result<(), Errno> {
    match poll(
        &mut [PollFd::new(control, PollFlags::POLLIN)],
        PollTimeout::NONE,
    ) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(errno) => Err(errno),
    }
}
