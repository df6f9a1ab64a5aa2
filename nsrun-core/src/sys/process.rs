//! What a process says about itself and its children.

use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::{SigHandler, SigSet, SigmaskHow, Signal, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::Pid;

/// Has the kernel kill this process when its parent ends (PR_SET_PDEATHSIG).
///
/// Cleared by a change of credentials, and it fires when the parent *thread* ends: only for
/// children of processes with one thread.
pub(crate) fn die_with_parent() -> Result<(), Errno> {
    prctl::set_pdeathsig(Signal::SIGKILL)
}

/// Has the kernel kill what `command` starts when the thread that starts it ends.
pub fn tie(command: &mut Command) {
    let parent = std::process::id();
    let tie = move || {
        die_with_parent()?;
        // It may have ended before.
        if std::os::unix::process::parent_id() == parent {
            Ok(())
        } else {
            Err(Errno::ESRCH.into())
        }
    };
    // SAFETY: between fork and exec this makes two system calls, and allocates nothing.
    unsafe { command.pre_exec(tie) };
}

/// Orphans among the descendants become children of this process (PR_SET_CHILD_SUBREAPER).
pub(crate) fn become_subreaper() -> Result<(), Errno> {
    prctl::set_child_subreaper(true)
}

/// Lets the process read its own `/proc/self` files again, which a change of credentials forbids.
pub(crate) fn make_dumpable() -> Result<(), Errno> {
    prctl::set_dumpable(true)
}

/// No exec from here on gains privileges (PR_SET_NO_NEW_PRIVS).
pub(crate) fn no_new_privileges() -> Result<(), Errno> {
    prctl::set_no_new_privs()
}

/// The process id, asked from the kernel: after [`super::clone3`] libc may not know.
pub(crate) fn current_pid() -> Result<i32, Errno> {
    // SAFETY: getpid(2) touches no memory.
    Errno::result(unsafe { libc::syscall(libc::SYS_getpid) }).map(|pid| pid as i32)
}

/// Sets the file mode creation mask, and returns what it was. nix panics where a kernel, or who
/// stands in for it, lets it fail.
pub(crate) fn umask(mask: libc::mode_t) -> Result<libc::mode_t, Errno> {
    // SAFETY: umask(2) changes a number of the process's.
    let before = unsafe { libc::umask(mask) };
    if before <= 0o777 {
        Ok(before)
    } else {
        Err(Errno::EINVAL)
    }
}

/// Blocks every signal, and returns a descriptor that is readable when a child has ended.
pub(crate) fn signal_children_fd() -> Result<OwnedFd, Errno> {
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), None)?;
    // Ignored, it would have the kernel reap behind our back.
    handle(Signal::SIGCHLD, SigHandler::SigDfl)?;
    let mut children = SigSet::empty();
    children.add(Signal::SIGCHLD);
    let fd = SignalFd::with_flags(&children, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
    Ok(fd.into())
}

/// Reaps one child that has ended, and returns its id and wait status; `None` if all still run.
///
/// # Errors
/// ECHILD if there are no children at all.
pub(crate) fn reap() -> Result<Option<(Pid, i32)>, Errno> {
    let mut status = 0;
    // SAFETY: `status` lives for the call.
    let pid = unsafe { libc::waitpid(-1, &raw mut status, libc::WNOHANG | libc::__WALL) };
    match Errno::result(pid)? {
        0 => Ok(None),
        pid => Ok(Some((Pid::from_raw(pid), status))),
    }
}

/// Ends the process at once, without exit handlers: they belong to the process it was forked from.
pub(crate) fn exit(code: i32) -> ! {
    // SAFETY: _exit(2) runs nothing of ours.
    unsafe { libc::_exit(code) }
}

/// Takes `name` out of the environment. Only before `main`, while the process has one thread.
pub(crate) fn forget_environment(name: &CStr) {
    // SAFETY: `name` is a C string, and no other thread can read the environment yet.
    unsafe { libc::unsetenv(name.as_ptr()) };
}

/// Replaces the program. Returns only the reason for which it could not.
pub(crate) fn exec(path: &CStr, argv: &super::Argv, envp: Option<&super::Argv>) -> Errno {
    match envp {
        // SAFETY: both lists end with a null pointer and point to C strings that `Argv` owns.
        Some(envp) => unsafe { libc::execve(path.as_ptr(), argv.as_ptr(), envp.as_ptr()) },
        // SAFETY: as above; the environment is only read, and there is one thread.
        None => unsafe { libc::execv(path.as_ptr(), argv.as_ptr()) },
    };
    Errno::last()
}

/// Gives the process the name that exec of this path would have given it, and which the link
/// `/proc/self/exe` did not (PR_SET_NAME). Without it, it is only named less well.
pub(crate) fn name_process(path: &CStr) {
    let bytes = path.to_bytes_with_nul();
    let start = bytes
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |slash| slash + 1);
    if let Ok(name) = CStr::from_bytes_with_nul(&bytes[start..]) {
        let _ = prctl::set_name(name);
    }
}

/// Sets a signal's disposition to one that runs no code of ours.
pub(crate) fn handle(signal: Signal, disposition: SigHandler) -> Result<(), Errno> {
    // SAFETY: the callers pass SigIgn or SigDfl only, which install no handler.
    unsafe { nix::sys::signal::signal(signal, disposition) }.map(drop)
}

/// Sends a signal to a process that cannot be mistaken for another (pidfd_send_signal(2)).
pub(crate) fn signal_pidfd(pidfd: BorrowedFd<'_>, signal: Signal) -> Result<(), Errno> {
    let no_info = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: a null pointer asks the kernel to fill the information in itself.
    let done = unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            pidfd.as_raw_fd(),
            signal as i32,
            no_info,
            0,
        )
    };
    Errno::result(done).map(drop)
}
