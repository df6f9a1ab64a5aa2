//! Ending what is left where no pid namespace does it.

use std::os::fd::{BorrowedFd, OwnedFd};

use nix::errno::Errno;

use crate::sys;

/// The list of the calling process's children (proc_pid_task_children(5)), opened before any
/// program can hide it.
pub(super) fn list() -> Result<OwnedFd, Errno> {
    sys::open(c"/proc/thread-self/children", libc::O_RDONLY)
}

/// As waitpid(2) has it.
const ANY_CHILD: libc::pid_t = -1;

/// Kills and reaps until there is nobody left: whoever loses its parent becomes init's child,
/// since init is a subreaper, and is met in the next round.
pub(super) fn kill_all(list: BorrowedFd<'_>) {
    while kill_children(list) {
        while sys::await_end(ANY_CHILD) == Err(Errno::EINTR) {}
    }
}

/// Kills the children of now; whether there were any.
fn kill_children(list: BorrowedFd<'_>) -> bool {
    let mut buffer = [0; 4096];
    let mut offset = 0;
    let mut pid = 0;
    let mut any = false;
    while let Ok(length @ 1..) = sys::read_at(list, &mut buffer, offset) {
        offset += length as libc::off_t;
        for byte in buffer.iter().take(length) {
            if byte.is_ascii_digit() {
                pid = pid * 10 + i32::from(byte - b'0');
            } else if pid > 0 {
                any = true;
                // ESRCH: it has ended by itself.
                let _ = sys::kill(pid, libc::SIGKILL);
                pid = 0;
            }
        }
    }
    any
}
