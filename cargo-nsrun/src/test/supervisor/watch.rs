//! What the loop waits for, and who has something to say.

use std::iter::once;
use std::os::fd::BorrowedFd;
use std::time::Instant;

use nix::poll::{PollFd, PollFlags, poll};
use nsrun_core::timeout_until;

use super::super::cargo::Cargo;
use super::super::signals::Signals;
use super::active::Active;

/// Who has something to say.
pub(super) struct Ready {
    pub(super) signals: bool,
    pub(super) cargo: bool,
    /// Each of the sandboxes.
    pub(super) running: Vec<bool>,
}

/// Waits until anything happens, at most until then.
pub(super) fn wait(
    signals: &Signals,
    cargo: &Cargo,
    running: &[Active],
    until: Option<Instant>,
) -> Ready {
    let mut watched = Watched::default();
    watched.add(once(signals.fd()));
    watched.add(cargo.fds());
    for active in running {
        watched.add(active.running.fds());
    }
    let mut ready = watched.wait(until).into_iter();
    Ready {
        signals: ready.next() == Some(true),
        cargo: ready.next() == Some(true),
        running: ready.collect(),
    }
}

/// Descriptors, in groups.
#[derive(Default)]
struct Watched<'a> {
    fds: Vec<PollFd<'a>>,
    /// How many there are in each group.
    groups: Vec<usize>,
}

impl<'a> Watched<'a> {
    fn add(&mut self, group: impl Iterator<Item = BorrowedFd<'a>>) {
        let before = self.fds.len();
        self.fds
            .extend(group.map(|fd| PollFd::new(fd, PollFlags::POLLIN)));
        self.groups.push(self.fds.len() - before);
    }

    /// In which groups something can be read.
    fn wait(mut self, until: Option<Instant>) -> Vec<bool> {
        // If it was interrupted, everything is looked at.
        let asked = poll(&mut self.fds, timeout_until(until)).is_ok();
        let mut fds = self.fds.iter().map(|fd| !asked || fd.any() != Some(false));
        let mut is_ready = |length| fds.by_ref().take(length).fold(false, |any, one| any | one);
        self.groups.into_iter().map(&mut is_ready).collect()
    }
}
