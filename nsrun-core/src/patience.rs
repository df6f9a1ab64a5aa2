//! Patience: with a kernel that frees namespaces more slowly than we end them, and with a machine
//! on which nothing runs for a while.

use std::time::{Duration, Instant};

use nix::errno::Errno;

/// Tries again, a little later each time, while there are too many namespaces (ENOSPC,
/// `/proc/sys/user` of namespaces(7)) or processes (EAGAIN). Allocates nothing.
pub(crate) fn patiently<T>(make: impl Fn() -> Result<T, Errno>) -> Result<T, Errno> {
    const PAUSES: [u64; 8] = [1, 2, 4, 8, 16, 32, 64, 128];
    for milliseconds in PAUSES {
        match make() {
            Err(Errno::ENOSPC | Errno::EAGAIN) => {
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
