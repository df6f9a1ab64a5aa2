//! An end of a pipe or socket that closes when there is no more to come.

use std::cell::RefCell;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::read;

use crate::sys;

#[derive(Debug)]
pub(super) struct Channel(Option<OwnedFd>);

/// What a pipe holds, unless somebody has changed it (pipe(7)).
const PIPE: usize = 1 << 16;

thread_local! {
    /// Cleared for each of them, it would take longer than many a test.
    static BUFFER: RefCell<[u8; PIPE]> = const { RefCell::new([0; PIPE]) };
}

/// As much as one turn of a loop reads from one channel, so that none starves the others.
const TURN: usize = 1 << 20;

impl Channel {
    pub(super) fn open(fd: OwnedFd) -> Channel {
        Channel(Some(fd))
    }

    pub(super) fn closed() -> Channel {
        Channel(None)
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.0.as_ref().map(AsFd::as_fd)
    }

    pub(super) fn close(&mut self) {
        self.0 = None;
    }

    /// Tells the other end that nothing more will come from here.
    pub(super) fn shut_down(&self) {
        if let Some(fd) = &self.0 {
            // ENOTCONN: the other end is gone already.
            let _ = sys::shut_down(fd.as_fd());
        }
    }

    /// Reads what is there.
    pub(super) fn drain(&mut self, take: &mut dyn FnMut(&[u8])) {
        BUFFER.with_borrow_mut(|buffer| self.drain_through(buffer, take));
    }

    fn drain_through(&mut self, buffer: &mut [u8], take: &mut dyn FnMut(&[u8])) {
        let mut left = TURN;
        while let Some(fd) = self.fd() {
            match read(fd, buffer) {
                Ok(0) => self.close(),
                Ok(length) => {
                    take(&buffer[..length]);
                    left = left.saturating_sub(length);
                    if left == 0 || length < buffer.len() {
                        return;
                    }
                }
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => return,
                Err(_) => self.close(),
            }
        }
    }
}

/// Which of them have something to read, or are at their end.
pub(super) fn readable<const N: usize>(channels: [&Channel; N]) -> [bool; N] {
    let mut fds = Vec::with_capacity(N);
    for fd in channels.iter().filter_map(|channel| channel.fd()) {
        fds.push(PollFd::new(fd, PollFlags::POLLIN));
    }
    // If it could not be asked, everything is tried.
    let asked = poll(&mut fds, PollTimeout::ZERO).is_ok();
    let mut ready = fds.iter().map(|fd| !asked || fd.any() != Some(false));
    channels.map(|channel| channel.is_open() && ready.next() == Some(true))
}

/// A pipe of which our end does not block.
pub(super) fn pipe() -> Result<(Channel, OwnedFd), Errno> {
    let (ours, theirs) = sys::pipe()?;
    sys::do_not_block(ours.as_fd())?;
    Ok((Channel::open(ours), theirs))
}
