//! Keyrings (keyrings(7)).

use nix::errno::Errno;

/// Joins a session keyring that is new and has no name (KEYCTL_JOIN_SESSION_KEYRING of keyctl(2)).
pub(crate) fn join_new_session_keyring() -> Result<(), Errno> {
    keyctl(libc::KEYCTL_JOIN_SESSION_KEYRING.into())
}

/// Whether this process may make the system call at all. One that may is told that there is no
/// such operation (EOPNOTSUPP); another, what it is told whatever the operation.
pub(crate) fn has_keyrings() -> bool {
    const NO_OPERATION: libc::c_long = 0x7fff_ffff;
    !matches!(keyctl(NO_OPERATION), Err(Errno::ENOSYS | Errno::EPERM))
}

fn keyctl(operation: libc::c_long) -> Result<(), Errno> {
    let no_name = std::ptr::null::<libc::c_char>();
    // SAFETY: a null pointer asks for a keyring without a name; nothing else is read or written.
    let done = unsafe { libc::syscall(libc::SYS_keyctl, operation, no_name) };
    Errno::result(done).map(drop)
}
