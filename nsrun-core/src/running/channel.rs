//! An end of a pipe or socket that closes when there is no more to come.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::socket::{Shutdown, shutdown};
use nix::unistd::{pipe2, read};

#[derive(Debug)]
pub(super) struct Channel(Option<OwnedFd>);

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
            let _ = shutdown(fd.as_raw_fd(), Shutdown::Write);
        }
    }

    /// Reads what is there.
    pub(super) fn drain(&mut self, mut take: impl FnMut(&[u8])) {
        let mut buffer = [0; 1 << 16];
        let mut left = TURN;
        while let Some(fd) = self.fd() {
            match read(fd, &mut buffer) {
                Ok(0) => self.close(),
                Ok(length) => {
                    take(&buffer[..length]);
                    left = left.saturating_sub(length);
                    if left == 0 {
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

/// A pipe of which our end does not block.
pub(super) fn pipe() -> Result<(Channel, OwnedFd), Errno> {
    let (ours, theirs) = pipe2(OFlag::O_CLOEXEC)?;
    fcntl(&ours, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    Ok((Channel::open(ours), theirs))
}
