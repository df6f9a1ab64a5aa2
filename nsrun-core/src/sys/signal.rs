//! Signals (signal(7)).

use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;

use nix::errno::Errno;

/// Blocks every signal, and returns a descriptor that is readable when a child has ended.
pub(crate) fn signal_children_fd() -> Result<OwnedFd, Errno> {
    block(&filled(libc::sigfillset))?;
    // Ignored, it would have the kernel reap behind our back.
    set_default(libc::SIGCHLD)?;
    let mut children = filled(libc::sigemptyset);
    // SAFETY: the set has been initialized, and the signal is one.
    unsafe { libc::sigaddset(&raw mut children, libc::SIGCHLD) };
    let flags = libc::SFD_CLOEXEC | libc::SFD_NONBLOCK;
    // SAFETY: the set lives for the call.
    let fd = unsafe { libc::signalfd(-1, &raw const children, flags) };
    let fd = Errno::result(fd)?;
    // SAFETY: the kernel has just opened this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Blocks no signal.
pub(crate) fn unblock_all() -> Result<(), Errno> {
    block(&filled(libc::sigemptyset))
}

/// Blocks these and no others (sigprocmask(2)).
fn block(signals: &libc::sigset_t) -> Result<(), Errno> {
    // SAFETY: the set lives for the call; a null pointer asks for no answer.
    let done = unsafe { libc::sigprocmask(libc::SIG_SETMASK, signals, ptr::null_mut()) };
    Errno::result(done).map(drop)
}

/// A set as `sigemptyset` or `sigfillset` leaves it (sigsetops(3)), which cannot fail.
fn filled(fill: unsafe extern "C" fn(*mut libc::sigset_t) -> i32) -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: both write a whole set, for which there is room.
    unsafe { fill(set.as_mut_ptr()) };
    // SAFETY: it has been written.
    unsafe { set.assume_init() }
}

/// Has a signal do what it does when nobody says anything.
pub(crate) fn set_default(signal: i32) -> Result<(), Errno> {
    dispose(signal, libc::SIG_DFL)
}

/// Ignores a signal.
pub(crate) fn ignore(signal: i32) -> Result<(), Errno> {
    dispose(signal, libc::SIG_IGN)
}

fn dispose(signal: i32, disposition: libc::sighandler_t) -> Result<(), Errno> {
    // SAFETY: the two callers pass SIG_DFL and SIG_IGN, which run no code of ours.
    if unsafe { libc::signal(signal, disposition) } == libc::SIG_ERR {
        Err(Errno::last())
    } else {
        Ok(())
    }
}

/// Sends a signal to a process, or to a group by its negative number (kill(2)).
pub(crate) fn kill(process: libc::pid_t, signal: i32) -> Result<(), Errno> {
    // SAFETY: kill(2) touches no memory.
    Errno::result(unsafe { libc::kill(process, signal) }).map(drop)
}

/// Sends a signal to a process that cannot be mistaken for another (pidfd_send_signal(2)).
pub(crate) fn signal_pidfd(pidfd: BorrowedFd<'_>, signal: i32) -> Result<(), Errno> {
    let no_info = ptr::null::<libc::siginfo_t>();
    // SAFETY: a null pointer asks the kernel to fill the information in itself.
    let done = unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            pidfd.as_raw_fd(),
            signal,
            no_info,
            0,
        )
    };
    Errno::result(done).map(drop)
}
