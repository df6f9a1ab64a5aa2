//! One row of the table.

use nix::errno::Errno::{self, EACCES, EPERM};

use super::text::fill_in;
use crate::remedy::surroundings::Surroundings;
use crate::remedy::{Mend, Remedy, container};
use crate::step::{Failure, Step};

/// One cause of a failure. Words in braces are filled in from the surroundings.
pub(super) struct Row {
    pub(super) steps: &'static [Step],
    pub(super) errnos: &'static [Errno],
    pub(super) when: fn(&Surroundings) -> bool,
    pub(super) cause: &'static str,
    pub(super) mend: Words,
}

/// What mends it, before the words in braces are filled in.
pub(super) enum Words {
    Run(&'static str),
    Do(&'static str),
    /// The container has to be started in another way.
    StartContainer,
}

/// The errnos by which the kernel, a filter or a policy says no.
pub(super) const FORBIDDEN: &[Errno] = &[EPERM, EACCES];

/// For rows that are right in any surroundings.
pub(super) fn anywhere(_: &Surroundings) -> bool {
    true
}

impl Row {
    pub(super) fn fits(&self, failure: &Failure, here: &Surroundings) -> bool {
        self.steps.contains(&failure.step)
            && self.errnos.contains(&failure.errno)
            && (self.when)(here)
    }

    pub(super) fn remedy(&self, here: &Surroundings) -> Remedy {
        Remedy {
            cause: fill_in(self.cause, here),
            mend: match self.mend {
                Words::Run(command) => Mend::Run(fill_in(command, here)),
                Words::Do(words) => Mend::Do(fill_in(words, here)),
                Words::StartContainer => container::permissive_start(here),
            },
        }
    }
}
