//! What came of a sandbox that is over.

use std::path::PathBuf;

use nix::errno::Errno;

use super::Running;
use crate::attestation;
use crate::outcome::{End, Outcome};
use crate::step::{Failure, Step};

impl Running {
    /// What came of it. To be called when [`Running::advance`] has returned true.
    pub fn into_outcome(mut self) -> Outcome {
        // Who has written there has ended, maybe since we have looked.
        self.read_record();
        Outcome {
            failure: self
                .failure
                .or_else(|| self.unfinished())
                .or_else(|| self.lost_server()),
            missing: self.missing(),
            stop: self.ending.reason(),
            timeout: self.ending.timeout(),
            end: self.ended.map(|(status, _)| End::from_wait_status(status)),
            isolation: self
                .isolation
                .unwrap_or(Err(attestation::NotIsolated::Unattested)),
            survivors: self.survivors.unwrap_or_default(),
            unnamed_survivors: self.unnamed_survivors,
            leaks: self.leaks,
            // Where nobody was born, nobody is left.
            escaped: self.ending.gave_up() && self.init.is_some(),
            record: self.recorded,
            times: self.times,
        }
    }

    /// A failure has no room for a path, so it is looked at again.
    fn missing(&self) -> Vec<PathBuf> {
        let mut missing = Vec::new();
        if matches!(self.failure, Some(failure) if failure.step == Step::Keep) {
            missing.extend_from_slice(&self.shared);
            missing.retain(|path| path.metadata().is_err());
        }
        missing
    }

    fn unfinished(&self) -> Option<Failure> {
        self.ending.is_unfinished().then_some(Failure {
            step: Step::SetUp,
            errno: Errno::ETIMEDOUT,
        })
    }

    /// A server that ends before it has made the sandbox cannot say so itself.
    fn lost_server(&self) -> Option<Failure> {
        let unborn = !self.is_made() && self.ended.is_none();
        (unborn && self.ending.reason().is_none()).then_some(Failure {
            step: Step::Server,
            errno: Errno::ECONNRESET,
        })
    }
}
