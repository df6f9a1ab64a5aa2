//! What a process says about itself and its children.

use std::ffi::CStr;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::errno::Errno;

/// Has the kernel kill this process when its parent ends (PR_SET_PDEATHSIG).
///
/// Cleared by a change of credentials, and it fires when the parent *thread* ends: only for
/// children of processes with one thread.
pub(crate) fn die_with_parent() -> Result<(), Errno> {
    prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)
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
    prctl(libc::PR_SET_CHILD_SUBREAPER, 1)
}

/// Lets the process read its own `/proc/self` files again, which a change of credentials forbids.
pub(crate) fn make_dumpable() -> Result<(), Errno> {
    prctl(libc::PR_SET_DUMPABLE, 1)
}

/// No exec from here on gains privileges (PR_SET_NO_NEW_PRIVS).
pub(crate) fn no_new_privileges() -> Result<(), Errno> {
    prctl(libc::PR_SET_NO_NEW_PRIVS, 1)
}

/// An operation of prctl(2) that takes one number.
fn prctl(operation: i32, argument: libc::c_ulong) -> Result<(), Errno> {
    const UNUSED: libc::c_ulong = 0;
    // SAFETY: the callers ask for what takes a number; no memory is read or written.
    let done = unsafe { libc::prctl(operation, argument, UNUSED, UNUSED, UNUSED) };
    Errno::result(done).map(drop)
}

/// The process id, asked from the kernel: after [`super::clone3`] libc may not know.
pub(crate) fn current_pid() -> Result<i32, Errno> {
    // SAFETY: getpid(2) touches no memory.
    Errno::result(unsafe { libc::syscall(libc::SYS_getpid) }).map(|pid| pid as i32)
}

/// Sets the file mode creation mask, and returns what it was (umask(2)). It fails only where somebody
/// stands in for the kernel, as ptrace(2) and seccomp(2) let them.
pub(crate) fn umask(mask: libc::mode_t) -> Result<libc::mode_t, Errno> {
    // SAFETY: umask(2) changes a number of the process's.
    let before = unsafe { libc::umask(mask) };
    if before <= 0o777 {
        Ok(before)
    } else {
        Err(Errno::EINVAL)
    }
}

/// Reaps one child that has ended, and returns its id and wait status; `None` if all still run.
///
/// # Errors
/// ECHILD if there are no children at all.
pub(crate) fn reap() -> Result<Option<(libc::pid_t, i32)>, Errno> {
    let mut status = 0;
    // SAFETY: `status` lives for the call.
    let pid = unsafe { libc::waitpid(-1, &raw mut status, libc::WNOHANG | libc::__WALL) };
    match Errno::result(pid)? {
        0 => Ok(None),
        pid => Ok(Some((pid, status))),
    }
}

/// Waits for the end of a child, and reaps it: `child`, or any if that is -1. Returns its wait status
/// (waitpid(2)).
///
/// # Errors
/// EINTR by a signal, ECHILD if there is no such child.
pub(crate) fn await_end(child: libc::pid_t) -> Result<i32, Errno> {
    let mut status = 0;
    // SAFETY: `status` lives for the call.
    Errno::result(unsafe { libc::waitpid(child, &raw mut status, 0) }).map(|_| status)
}

/// Leads a session of its own (setsid(2)).
pub(crate) fn lead_session() -> Result<(), Errno> {
    // SAFETY: setsid(2) touches no memory.
    Errno::result(unsafe { libc::setsid() }).map(drop)
}

/// Leads a process group of its own (setpgid(2)).
pub(crate) fn lead_group() -> Result<(), Errno> {
    // SAFETY: setpgid(2) touches no memory.
    Errno::result(unsafe { libc::setpgid(0, 0) }).map(drop)
}

/// The effective user id.
pub(crate) fn user_id() -> libc::uid_t {
    // SAFETY: geteuid(2) touches no memory, and never fails.
    unsafe { libc::geteuid() }
}

/// The effective group id.
pub(crate) fn group_id() -> libc::gid_t {
    // SAFETY: getegid(2) touches no memory, and never fails.
    unsafe { libc::getegid() }
}

/// A resource of which a process may have so much (getrlimit(2)).
#[derive(Clone, Copy)]
pub(crate) enum Resource {
    /// RLIMIT_NPROC.
    Processes,
    /// RLIMIT_NOFILE.
    Files,
}

/// The limit that is in force; `None` if there is none, or it is not known.
pub(crate) fn soft_limit(resource: Resource) -> Option<u64> {
    let resource = match resource {
        Resource::Processes => libc::RLIMIT_NPROC,
        Resource::Files => libc::RLIMIT_NOFILE,
    };
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: there is room for the answer.
    let done = unsafe { libc::getrlimit(resource, &raw mut limit) };
    (done == 0 && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
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
        // SAFETY: `name` is a C string, of which at most 16 bytes are read during the call.
        let _ = unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr(), 0, 0, 0) };
    }
}
