//! What a process does about signals, as whole.

use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr;

use nix::errno::Errno;

/// The numbers of all signals (signal(7)).
const SIGNALS: Range<i32> = 1..65;

/// The signals that are handled or ignored, and how (sigaction(2)).
pub(crate) struct Dispositions(Vec<(i32, libc::sigaction)>);

/// The signals that a process ignores, which its children ignore as well, even beyond exec.
#[derive(Clone, Copy)]
pub(crate) struct Ignored(u64);

impl Ignored {
    /// Of the calling process.
    pub(crate) fn by_this_process() -> Ignored {
        let mut ignored = 0;
        for signal in SIGNALS {
            if ask(signal).is_some_and(|action| action.sa_sigaction == libc::SIG_IGN) {
                ignored |= 1 << (signal - 1);
            }
        }
        Ignored(ignored)
    }

    /// No longer ignored by the calling process, and no signal blocked. Does not allocate.
    pub(crate) fn reset(self) -> Result<(), Errno> {
        for signal in SIGNALS {
            if self.0 & 1 << (signal - 1) != 0 {
                super::set_default(signal)?;
            }
        }
        super::unblock_all()
    }
}

impl Dispositions {
    pub(crate) fn of_this_process() -> Dispositions {
        let mut all = Vec::new();
        for signal in SIGNALS {
            if let Some(action) = ask(signal)
                && action.sa_sigaction != libc::SIG_DFL
            {
                all.push((signal, action));
            }
        }
        Dispositions(all)
    }

    /// Puts them in force again, in a copy of the process that they were taken from.
    pub(crate) fn restore(&self) {
        for (signal, action) in &self.0 {
            // SAFETY: the handler was this program's own, and the program is the same.
            unsafe { libc::sigaction(*signal, action, ptr::null_mut()) };
        }
    }
}

/// `None` for the numbers that the C library keeps to itself.
fn ask(signal: i32) -> Option<libc::sigaction> {
    let mut action = MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: a null pointer changes nothing; the answer is written where there is room for it.
    let done = unsafe { libc::sigaction(signal, ptr::null(), action.as_mut_ptr()) };
    // SAFETY: the call has succeeded, so it has filled the structure.
    (done == 0).then(|| unsafe { action.assume_init() })
}
