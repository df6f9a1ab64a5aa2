//! Init's watch: reaps, signals the program when told to, and reports its end.

use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::children;
use crate::program::Session;
use crate::sys;
use crate::wire::Message;

/// How long those who outlive the program may take to end by themselves before they count as left
/// behind: a child that was killed but not awaited needs a moment.
const GRACE: Duration = Duration::from_millis(100);

/// How far init's hand reaches.
#[derive(Clone, Copy)]
pub(super) struct Reach<'a> {
    /// The list of init's children, where the kernel does not end everything when init does
    /// (pid_namespaces(7)).
    to_end: Option<BorrowedFd<'a>>,
    /// Whether the program leads a process group, so that a signal can go to all of it.
    own_group: bool,
}

impl<'a> Reach<'a> {
    pub(super) fn of(to_end: Option<BorrowedFd<'a>>, session: Session) -> Reach<'a> {
        Reach {
            to_end,
            own_group: session == Session::Own,
        }
    }
}

/// Where the watch stands.
enum Phase {
    Running,
    /// The program ended; others may follow it until then.
    Lingering {
        status: i32,
        until: Instant,
    },
    /// The supervisor knows all, and ends the sandbox by closing its socket.
    Reported,
}

/// Watches until the supervisor closes the control socket; then nothing of the sandbox is left.
pub(super) fn until_the_end(
    control: BorrowedFd<'_>,
    children: BorrowedFd<'_>,
    program: libc::pid_t,
    reach: Reach<'_>,
) -> ! {
    let mut phase = Phase::Running;
    loop {
        phase = match advance(phase, program, control) {
            Ok(phase) => phase,
            // A supervisor that does not know of it would wait for ever.
            Err(_) => end(reach),
        };
        if wait(control, children, &phase).is_err() {
            end(reach);
        }
        drain(children);
        loop {
            match Message::receive(control) {
                Ok(Some(Message::Signal(signal))) => pass_on(signal, program, &phase, reach),
                Ok(Some(_)) => {}
                Err(Errno::EAGAIN) => break,
                Ok(None) | Err(_) => end(reach),
            }
        }
    }
}

fn advance(phase: Phase, program: libc::pid_t, control: BorrowedFd<'_>) -> Result<Phase, Errno> {
    let (ended, alone) = reap_all(program);
    let phase = match (phase, ended) {
        (Phase::Running, Some(status)) => Phase::Lingering {
            status,
            until: Instant::now() + GRACE,
        },
        (phase, _) => phase,
    };
    match phase {
        Phase::Lingering { status, until } if alone || Instant::now() >= until => {
            let survivors = !alone;
            Message::Ended { status, survivors }.send(control)?;
            Ok(Phase::Reported)
        }
        phase => Ok(phase),
    }
}

/// Reaps all that have ended: the program's status if it is one of them, and whether no child is
/// left, which means that no process of the sandbox is left but init.
fn reap_all(program: libc::pid_t) -> (Option<i32>, bool) {
    let mut ended = None;
    loop {
        match sys::reap() {
            Ok(Some((pid, status))) if pid == program => ended = Some(status),
            Ok(Some(_)) | Err(Errno::EINTR) => {}
            Ok(None) => return (ended, false),
            Err(_) => return (ended, true),
        }
    }
}

fn wait(control: BorrowedFd<'_>, children: BorrowedFd<'_>, phase: &Phase) -> Result<(), Errno> {
    let timeout = match phase {
        Phase::Lingering { until, .. } => {
            let left = until.saturating_duration_since(Instant::now()) + Duration::from_millis(1);
            PollTimeout::try_from(left).unwrap_or(PollTimeout::ZERO)
        }
        Phase::Running | Phase::Reported => PollTimeout::NONE,
    };
    let mut fds = [
        PollFd::new(control, PollFlags::POLLIN),
        PollFd::new(children, PollFlags::POLLIN),
    ];
    match poll(&mut fds, timeout) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(errno) => Err(errno),
    }
}

/// Empties the descriptor of child signals; who ended is asked of the kernel.
fn drain(children: BorrowedFd<'_>) {
    let mut signals = [0; 512];
    while nix::unistd::read(children, &mut signals).is_ok_and(|length| length > 0) {}
}

fn pass_on(signal: i32, program: libc::pid_t, phase: &Phase, reach: Reach<'_>) {
    let target = if reach.own_group { -program } else { program };
    if let Phase::Running = phase {
        // It may have ended in this moment, which the next round finds out.
        let _ = sys::kill(target, signal);
    }
}

fn end(reach: Reach<'_>) -> ! {
    if let Some(list) = reach.to_end {
        children::kill_all(list);
    }
    sys::exit(0)
}
