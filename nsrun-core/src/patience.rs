//! Patience: with a kernel that frees namespaces, and what else belongs to a sandbox, more slowly
//! than we end them, and with a machine on which nothing runs for a while.

use std::time::{Duration, Instant};

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

/// Who wakes so much later than asked for has not been running, and most likely nobody else has.
pub(crate) const HELD_UP: Duration = Duration::from_secs(1);

/// Whether we were stopped ourselves when this deadline passed, or the whole machine was: then it is
/// too early to say that somebody hangs.
pub(crate) fn was_held_up(deadline: Instant, now: Instant) -> bool {
    now > deadline + HELD_UP
}
