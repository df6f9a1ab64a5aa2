//! The clone itself.

use std::sync::atomic::{AtomicBool, Ordering};

use nix::errno::Errno;

use crate::patience::patiently;
use crate::step::{At, Failure, Step};
use crate::sys::{self, Cloned};

/// clone3(2), patient with a kernel that frees namespaces more slowly than we end them: their
/// number is limited (`/proc/sys/user`, namespaces(7)), and so is that of processes.
///
/// `threads` are the most that this process may have. More than that, and one of them may hold a
/// lock, of the allocator's for instance, that nobody would release in the copy.
pub(super) fn clone_into(namespaces: u64, threads: u64) -> Result<Cloned, Failure> {
    // A directory has a link more for each that it holds, besides its name and its own.
    let few = sys::look_at(c"/proc/self/task").is_ok_and(|task| task.st_nlink <= 2 + threads);
    if !few {
        return Err(Failure {
            step: Step::Threads,
            errno: Errno::EAGAIN,
        });
    }
    let clone = || sys::clone3(namespaces);
    let done = if may_help() {
        patiently(clone)
    } else {
        clone()
    };
    HAS_CLONED.fetch_or(done.is_ok(), Ordering::Relaxed);
    HAS_WAITED_IN_VAIN.store(done.is_err(), Ordering::Relaxed);
    done.at(Step::Namespaces)
}

static HAS_CLONED: AtomicBool = AtomicBool::new(false);
static HAS_WAITED_IN_VAIN: AtomicBool = AtomicBool::new(false);

/// Where there is no room at all, as with a limit of 0, each of a thousand tests would wait in
/// vain. Where there has been some, there will be again.
fn may_help() -> bool {
    HAS_CLONED.load(Ordering::Relaxed) || !HAS_WAITED_IN_VAIN.load(Ordering::Relaxed)
}
