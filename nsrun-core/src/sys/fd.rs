//! File descriptors by number, which is what a process hands to its successor.

use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use nix::errno::Errno;

/// A pipe: the end to read from, and the one to write to (pipe2(2)).
pub(crate) fn pipe() -> Result<(OwnedFd, OwnedFd), Errno> {
    let mut pair = [-1; 2];
    // SAFETY: there is room for two descriptors.
    Errno::result(unsafe { libc::pipe2(pair.as_mut_ptr(), libc::O_CLOEXEC) })?;
    // SAFETY: the kernel has just opened these two for us.
    let [read, write] = pair.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) });
    Ok((read, write))
}

/// Takes ownership of a descriptor that was inherited under a number known beforehand.
///
/// `None` if there is no such descriptor.
pub(crate) fn adopt(number: RawFd) -> Option<OwnedFd> {
    // SAFETY: F_GETFD only asks; it fails with EBADF where the number is not open.
    let flags = unsafe { libc::fcntl(number, libc::F_GETFD) };
    // SAFETY: the descriptor is open, and the callers adopt each inherited number once.
    (flags >= 0).then(|| unsafe { OwnedFd::from_raw_fd(number) })
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

/// A copy of `fd` that exec closes, under the first free number from `lowest` on (F_DUPFD_CLOEXEC of
/// fcntl(2)).
pub(crate) fn copy_above(fd: BorrowedFd<'_>, lowest: RawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: F_DUPFD_CLOEXEC takes a number and touches no memory.
    let copy = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_DUPFD_CLOEXEC, lowest) };
    let copy = Errno::result(copy)?;
    // SAFETY: the kernel has just opened this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}

/// Has reading and writing fail with EAGAIN instead of waiting (O_NONBLOCK of fcntl(2)); all other
/// status flags are cleared.
pub(crate) fn do_not_block(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    // SAFETY: F_SETFL changes flags of the open file and nothing in memory.
    Errno::result(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) }).map(drop)
}

/// Closes a descriptor that somebody else believes to own: in a child that never returns to them.
pub(crate) fn close(fd: BorrowedFd<'_>) {
    // SAFETY: the child is a copy in which the owner's code no longer runs.
    unsafe { libc::close(fd.as_raw_fd()) };
}
