//! Ending what is left where no pid namespace does it.

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, read};

/// Kills and reaps until there is nobody left: whoever loses its parent becomes init's child,
/// since init is a subreaper, and is met in the next round.
pub(super) fn kill_all() {
    while kill_children() {
        while waitpid(None::<Pid>, None) == Err(Errno::EINTR) {}
    }
}

/// Kills the children of now (proc_pid_task_children(5)); whether there were any.
fn kill_children() -> bool {
    let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC;
    let Ok(file) = open(c"/proc/thread-self/children", flags, Mode::empty()) else {
        return false;
    };
    let mut buffer = [0; 4096];
    let mut pid = 0;
    let mut any = false;
    while let Ok(length @ 1..) = read(&file, &mut buffer) {
        for byte in buffer.iter().take(length) {
            if byte.is_ascii_digit() {
                pid = pid * 10 + i32::from(byte - b'0');
            } else if pid > 0 {
                any = true;
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
                pid = 0;
            }
        }
    }
    any
}
