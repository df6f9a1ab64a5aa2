//! File descriptors by number, which is what a process hands to its successor.

use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use nix::errno::Errno;
use nix::sys::socket::{SockType, getsockopt, sockopt};

/// Takes ownership of a descriptor that was inherited under a number known beforehand.
///
/// `None` if there is no such descriptor.
pub(crate) fn adopt(number: RawFd) -> Option<OwnedFd> {
    // SAFETY: F_GETFD only asks; it fails with EBADF where the number is not open.
    let flags = unsafe { libc::fcntl(number, libc::F_GETFD) };
    // SAFETY: the descriptor is open, and the callers adopt each inherited number once.
    (flags >= 0).then(|| unsafe { OwnedFd::from_raw_fd(number) })
}

/// Whether standard input is a Unix socket of packets, as a server is given one.
pub(crate) fn is_control_socket(fd: BorrowedFd<'_>) -> bool {
    let packets = getsockopt(&fd, sockopt::SockType) == Ok(SockType::SeqPacket);
    packets && nix::sys::socket::getsockname::<nix::sys::socket::UnixAddr>(fd.as_raw_fd()).is_ok()
}

/// Makes descriptor `number` a copy of `fd` that stays open across exec (dup2(2)).
pub(crate) fn place(fd: BorrowedFd<'_>, number: RawFd) -> Result<(), Errno> {
    if fd.as_raw_fd() == number {
        return keep_across_exec(number);
    }
    // SAFETY: the only caller places descriptors in a process that it has just forked and in
    // which nothing owns the numbers below its own.
    Errno::result(unsafe { libc::dup2(fd.as_raw_fd(), number) }).map(drop)
}

/// Sets FD_CLOEXEC.
pub(crate) fn close_on_exec(number: RawFd) -> Result<(), Errno> {
    // SAFETY: F_SETFD changes a flag of the descriptor and nothing in memory.
    Errno::result(unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) }).map(drop)
}

/// Clears FD_CLOEXEC.
pub(crate) fn keep_across_exec(number: RawFd) -> Result<(), Errno> {
    // SAFETY: F_SETFD changes a flag of the descriptor and nothing in memory.
    Errno::result(unsafe { libc::fcntl(number, libc::F_SETFD, 0) }).map(drop)
}

/// The first number that a descriptor with an owner may have in a server: those below are given
/// out anew in each test process.
pub(crate) const FIRST_OWNED: RawFd = 10;

/// Has exec close every descriptor from `first` on (close_range(2)).
pub(crate) fn close_range_on_exec(first: RawFd) -> Result<(), Errno> {
    const CLOSE_RANGE_CLOEXEC: u32 = 1 << 2;
    let last = RawFd::MAX;
    // SAFETY: this changes a flag of descriptors and nothing in memory.
    let done = unsafe { libc::syscall(libc::SYS_close_range, first, last, CLOSE_RANGE_CLOEXEC) };
    Errno::result(done).map(drop)
}

/// Closes the descriptors from `first` to `last` (close_range(2)).
pub(crate) fn close_range(first: RawFd, last: RawFd) -> Result<(), Errno> {
    // SAFETY: called in a process that goes on to exec or to `main` and uses none of them.
    let done = unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) };
    Errno::result(done).map(drop)
}

/// Makes descriptor `number` a copy of `fd` that exec closes (dup3(2)).
pub(crate) fn place_until_exec(fd: BorrowedFd<'_>, number: RawFd) -> Result<(), Errno> {
    // SAFETY: as for `place`.
    Errno::result(unsafe { libc::dup3(fd.as_raw_fd(), number, libc::O_CLOEXEC) }).map(drop)
}

/// Closes a descriptor that somebody else believes to own: in a child that never returns to them.
pub(crate) fn close(fd: BorrowedFd<'_>) {
    // SAFETY: the child is a copy in which the owner's code no longer runs.
    unsafe { libc::close(fd.as_raw_fd()) };
}
