//! Patience with a kernel that frees namespaces more slowly than we end them, and other things that belong to a sandbox.

use std::time::Duration;

use nix::errno::Errno;

/// Tries again, a little later each time, while there are too many namespaces (ENOSPC,
/// `/proc/sys/user` of namespaces(7)), processes (EAGAIN) or keyrings (EDQUOT,
/// `/proc/sys/kernel/keys` of keyrings(7)). Allocates nothing.
pub(crate) fn patiently<T>(make: impl Fn() -> Result<T, Errno>) -> Result<T, Errno> {
    const PAUSES: [u64; 8] = [1, 2, 4, 8, 16, 32, 64, 128];
    for milliseconds in PAUSES {
        match make() {
            Err(Errno::ENOSPC | Errno::EAGAIN | Errno::EDQUOT) => {
                std::thread::sleep(Duration::from_millis(milliseconds));
            }
            done => return done,
        }
    }
    make()
}
