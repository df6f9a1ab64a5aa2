//! Which namespaces a process is in, and how it gets into others.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use nix::errno::Errno;

use crate::kind::Kind;

/// A descriptor of this very process (pidfd_open(2)).
pub(crate) fn own_pidfd() -> Result<OwnedFd, Errno> {
    pidfd(super::current_pid()?)
}

/// A descriptor of a process: a child that has not been reaped, else it may be another's by now
/// (pidfd_open(2)).
pub(crate) fn pidfd(pid: i32) -> Result<OwnedFd, Errno> {
    // SAFETY: pidfd_open(2) touches no memory.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    let fd = Errno::result(fd)?;
    // SAFETY: the kernel has just opened this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as i32) })
}

/// The inode of the namespace that the process is in: the number by which namespaces(7) tells them
/// apart. Since Linux 6.11; it spares the kernel the making of files in `/proc`.
///
/// # Errors
/// ENOTTY and the like where the kernel is older, ESRCH if the process is gone.
pub(crate) fn namespace_inode(pidfd: BorrowedFd<'_>, kind: Kind) -> Result<u64, Errno> {
    // SAFETY: these ioctls take no argument and return a new descriptor.
    let fd = unsafe { libc::ioctl(pidfd.as_raw_fd(), get_namespace(kind) as _, 0) };
    let fd = Errno::result(fd)?;
    // SAFETY: as above, the kernel has just opened it for us.
    let namespace = unsafe { OwnedFd::from_raw_fd(fd) };
    Ok(super::look_at_fd(namespace.as_fd())?.st_ino)
}

/// `PIDFD_GET_*_NAMESPACE` of linux/pidfd.h, `_IO(0xff, number)`.
fn get_namespace(kind: Kind) -> u32 {
    let number = match kind {
        Kind::Cgroup => 1,
        Kind::Ipc => 2,
        Kind::Mount => 3,
        Kind::Net => 4,
        Kind::Pid => 5,
        Kind::Time => 7,
        Kind::User => 9,
        Kind::Uts => 10,
    };
    0xff << 8 | number
}

/// Leaves the namespace of this kind for a new one (unshare(2)); of the time and pid namespaces that
/// goes for children only.
pub(crate) fn unshare(kind: Kind) -> Result<(), Errno> {
    // SAFETY: the flags of namespaces leave memory and descriptors as they are.
    Errno::result(unsafe { libc::unshare(kind.clone_flag() as i32) }).map(drop)
}

/// Enters a namespace of this kind (setns(2)).
pub(crate) fn enter(namespace: BorrowedFd<'_>, kind: Kind) -> Result<(), Errno> {
    // SAFETY: setns(2) touches no memory.
    let done = unsafe { libc::setns(namespace.as_raw_fd(), kind.clone_flag() as i32) };
    Errno::result(done).map(drop)
}

/// Sets the host name of the namespace that the process is in (sethostname(2)).
pub(crate) fn set_hostname(name: &[u8]) -> Result<(), Errno> {
    // SAFETY: so many bytes are there, and they live for the call.
    Errno::result(unsafe { libc::sethostname(name.as_ptr().cast(), name.len()) }).map(drop)
}
