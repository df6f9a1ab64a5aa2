//! Making processes.

use std::mem::size_of;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};

use nix::errno::Errno;

/// Which of the two processes one is after [`clone3`].
pub(crate) enum Cloned {
    Child,
    Parent { pid: libc::pid_t, pidfd: OwnedFd },
}

/// Forks a child into new namespaces, given by the `CLONE_NEW*` bits of `namespaces`.
///
/// The child's signal handlers are reset (`CLONE_CLEAR_SIGHAND`). Memory is not shared, so the
/// child is as after fork(2); glibc is not told, which is why the child may use no more of libc
/// than system calls until it has forked again by [`fork`].
pub(crate) fn clone3(namespaces: u64) -> Result<Cloned, Errno> {
    const CLONE_CLEAR_SIGHAND: u64 = 1 << 32;
    let mut pidfd: RawFd = -1;
    // SAFETY: `clone_args` is plain integers, for which zero is a valid value.
    let mut args: libc::clone_args = unsafe { std::mem::zeroed() };
    args.flags = namespaces | libc::CLONE_PIDFD as u64 | CLONE_CLEAR_SIGHAND;
    args.pidfd = &raw mut pidfd as u64;
    args.exit_signal = libc::SIGCHLD as u64;
    // SAFETY: `args` lives for the call and is of the size given; without CLONE_VM the child has
    // its own copy of memory and goes on with this stack, as after fork.
    let pid = unsafe { libc::syscall(libc::SYS_clone3, &raw mut args, size_of_val(&args)) };
    match Errno::result(pid)? {
        0 => Ok(Cloned::Child),
        pid => Ok(Cloned::Parent {
            pid: pid as libc::pid_t,
            // SAFETY: the kernel has just put a new descriptor there (CLONE_PIDFD), owned by us.
            pidfd: unsafe { OwnedFd::from_raw_fd(pidfd) },
        }),
    }
}

/// Which of the two processes one is after [`fork`].
pub(crate) enum Forked {
    Child,
    Parent { pid: libc::pid_t },
}

/// fork(2), through libc, so that its record of the thread and its fork handlers are right in the
/// child. Only for processes with one thread.
pub(crate) fn fork() -> Result<Forked, Errno> {
    // SAFETY: the process has one thread (the server asserts it before it clones, and init starts
    // none), so no lock can be held by a thread that the child lacks.
    match Errno::result(unsafe { libc::fork() })? {
        0 => Ok(Forked::Child),
        pid => Ok(Forked::Parent { pid }),
    }
}

const _: () = assert!(
    size_of::<libc::clone_args>() >= 64,
    "clone3 needs CLONE_ARGS_SIZE_VER0"
);
