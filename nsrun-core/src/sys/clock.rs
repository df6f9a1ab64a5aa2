//! How the kernel counts time.

use std::mem::MaybeUninit;
use std::time::Duration;

/// Since the machine was started, as the process's time namespace has it (CLOCK_BOOTTIME of
/// clock_gettime(2)). Every kernel that we run on has this clock.
pub(crate) fn since_boot() -> Duration {
    let mut now = MaybeUninit::uninit();
    // SAFETY: there is room for the answer.
    if unsafe { libc::clock_gettime(libc::CLOCK_BOOTTIME, now.as_mut_ptr()) } != 0 {
        return Duration::ZERO;
    }
    // SAFETY: the call has succeeded, so it has filled the structure.
    let now: libc::timespec = unsafe { now.assume_init() };
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// The unit of times in `/proc` (_SC_CLK_TCK of sysconf(3)); 100 wherever Linux runs, as far as
/// programs can see (time(7)).
pub(crate) fn ticks_per_second() -> u32 {
    // SAFETY: sysconf(3) touches no memory of ours.
    let ticks = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
    u32::try_from(ticks)
        .ok()
        .filter(|ticks| *ticks > 0)
        .unwrap_or(100)
}
