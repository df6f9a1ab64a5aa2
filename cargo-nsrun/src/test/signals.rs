//! The signals that concern a whole run.

use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{SigSet, Signal, raise};
use nix::sys::signalfd::{SfdFlags, SignalFd};

/// Signals that are read from a descriptor instead of interrupting anything.
pub(super) struct Signals(SignalFd);

/// What a signal asks for.
pub(super) enum Asked {
    /// To end, for this reason.
    End(Signal),
    /// Nothing any more: the run was stopped for so long.
    Paused(Duration),
}

impl Signals {
    pub(super) fn block() -> Result<Signals, Errno> {
        let signals = [
            Signal::SIGINT,
            Signal::SIGTERM,
            Signal::SIGHUP,
            Signal::SIGTSTP,
        ];
        let set: SigSet = signals.into_iter().collect();
        set.thread_block()?;
        // Where the size of files is limited, an output that grows past it is no end of the run:
        // to write it fails then (setrlimit(2)). Processes that we start get none of this.
        SigSet::from_iter([Signal::SIGXFSZ]).thread_block()?;
        SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK).map(Signals)
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// The next one that has come. Ctrl-Z is obeyed here: returns when the run goes on.
    pub(super) fn next(&self) -> Option<Asked> {
        // The descriptor is our own: it can only be empty, and bring what it was made for.
        let info = self.0.read_signal().ok()??;
        let signal = Signal::try_from(info.ssi_signo as i32).ok()?;
        if signal != Signal::SIGTSTP {
            return Some(Asked::End(signal));
        }
        let stopped = Instant::now();
        // SIGSTOP cannot be blocked, so this returns after SIGCONT. Nor can it be refused.
        raise(Signal::SIGSTOP).ok()?;
        Some(Asked::Paused(stopped.elapsed()))
    }
}
