//! Keyrings (keyrings(7)).

use nix::errno::Errno;

use crate::patience::patiently;
use crate::sys;

/// Leaves the caller's session keyring for one of this sandbox's own.
///
/// It is the only one that a sandbox would have in common with its caller: thread and process
/// keyrings end with a fork, and those of a user belong to a user namespace (user_namespaces(7));
/// but the session keyring is inherited (session-keyring(7)), and whoever has it possesses every
/// key in it.
///
/// It counts against the user's quota until the kernel has freed it (`/proc/sys/kernel/keys`).
///
/// Where the system call is not to be had there is nothing to leave: the kernel was built without
/// keyrings (ENOSYS), or a seccomp filter refuses it (EPERM, or ENOSYS), Docker's own for one. What
/// is in the sandbox is under the same filter.
pub(super) fn leave_the_callers() -> Result<(), Errno> {
    match patiently(sys::join_new_session_keyring) {
        Err(Errno::ENOSYS | Errno::EPERM) if !sys::has_keyrings() => Ok(()),
        done => done,
    }
}
