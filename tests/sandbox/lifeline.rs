//! How the outside awaits the end of processes that it has no other hold on.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::common::{Fifo, LIMIT};

/// A named pipe that a program inside opens for writing, and leaves to all its descendants: it is
/// at its end when the last of them is gone.
pub(crate) struct Lifeline {
    fifo: Fifo,
    end: File,
}

impl Lifeline {
    pub(crate) fn new() -> Lifeline {
        let fifo = Fifo::new();
        let mut options = OpenOptions::new();
        // Else to open it would be to wait for the other end.
        options.read(true).custom_flags(OFlag::O_NONBLOCK.bits());
        let end = options.open(fifo.path()).expect("it has just been made");
        Lifeline { fifo, end }
    }

    /// The path for a script to open, and to write one line to.
    pub(crate) fn path(&self) -> &str {
        self.fifo.path()
    }

    /// Waits until somebody has written a line.
    pub(crate) fn wait_for_word(&mut self) {
        self.wait_for(PollFlags::POLLIN);
        let word = self.read().expect("poll says so");
        assert!(word > 0, "whoever held it is gone without a word");
    }

    /// Waits until nobody holds it.
    pub(crate) fn wait_for_end(&mut self) {
        while self.read().is_ok_and(|length| length > 0) {}
        self.wait_for(PollFlags::POLLHUP);
    }

    /// Whether somebody has written, and nobody holds it now.
    pub(crate) fn is_at_its_end(&mut self) -> bool {
        let said_something = self.read().is_ok_and(|length| length > 0);
        said_something && self.read().is_ok_and(|length| length == 0)
    }

    fn read(&mut self) -> io::Result<usize> {
        self.end.read(&mut [0; 64])
    }

    fn wait_for(&self, event: PollFlags) {
        let mut fds = [PollFd::new(self.end.as_fd(), event)];
        let limit = PollTimeout::try_from(LIMIT).expect("it is a minute");
        poll(&mut fds, limit).expect("it is a pipe");
        let seen = fds[0].revents().unwrap_or(PollFlags::empty());
        assert!(seen.contains(event), "{event:?} did not come: {seen:?}");
    }
}
