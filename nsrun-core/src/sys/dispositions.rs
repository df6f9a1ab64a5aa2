//! What a process does about signals, as whole.

use std::mem::MaybeUninit;
use std::ptr;

use nix::errno::Errno;

/// The signals that are handled or ignored, and how (sigaction(2)).
pub(crate) struct Dispositions(Vec<(i32, libc::sigaction)>);

/// The signals that a process ignores, which its children ignore as well, even beyond exec.
#[derive(Clone, Copy)]
pub(crate) struct Ignored(u64);

impl Ignored {
    /// Of the calling process.
    pub(crate) fn by_this_process() -> Ignored {
        let ignored = (1..=64).filter(|signal| {
            ask(*signal).is_some_and(|action| action.sa_sigaction == libc::SIG_IGN)
        });
        Ignored(ignored.fold(0, |all, signal| all | 1 << (signal - 1)))
    }

    /// No longer ignored by the calling process, and no signal blocked. Does not allocate.
    pub(crate) fn reset(self) -> Result<(), Errno> {
        for signal in (1..=64).filter(|signal| self.0 & 1 << (signal - 1) != 0) {
            super::set_default(signal)?;
        }
        super::unblock_all()
    }
}

impl Dispositions {
    pub(crate) fn of_this_process() -> Dispositions {
        let all = (1..=64).filter_map(|signal| Some((signal, ask(signal)?)));
        Dispositions(
            all.filter(|(_, action)| action.sa_sigaction != libc::SIG_DFL)
                .collect(),
        )
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
