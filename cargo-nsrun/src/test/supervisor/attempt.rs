//! One attempt at some work: a test that fails may be tried again.

use nsrun_core::Verdict;

use super::work::Work;
use crate::results::{Finished, Try};

pub(super) struct Attempt {
    pub(super) work: Work,
    /// From 1.
    number: u32,
    /// What came of the one before.
    before: Option<Finished>,
}

impl Attempt {
    pub(super) fn first(work: Work) -> Attempt {
        Attempt {
            work,
            number: 1,
            before: None,
        }
    }

    /// The next one, after this one has come to that.
    pub(super) fn next(self, before: Finished) -> Attempt {
        Attempt {
            work: self.work,
            number: self.number + 1,
            before: Some(before),
        }
    }

    /// Whether there was one before.
    pub(super) fn is_another(&self) -> bool {
        self.number > 1
    }

    /// Which one of so many it is.
    pub(super) fn of(&self, retries: u32) -> Try {
        Try {
            number: self.number,
            of: retries.saturating_add(1),
        }
    }

    /// Whether there is another one if this one comes to that.
    pub(super) fn may_be_followed(&self, verdict: Verdict, retries: u32) -> bool {
        let failed = match verdict {
            Verdict::Fail
            | Verdict::Crash(_)
            | Verdict::Timeout
            | Verdict::NoResult
            | Verdict::LeakFail
            | Verdict::SetupError => true,
            Verdict::Pass
            | Verdict::Leak
            | Verdict::Flaky
            | Verdict::FlakyFail
            | Verdict::Interrupted
            | Verdict::Ignored => false,
        };
        failed && self.number <= retries
    }

    /// What is left of it if it is not made: the end that the one before came to, or else a number
    /// of tests that have not run.
    pub(super) fn given_up(self) -> Result<Finished, usize> {
        let mut finished = self.before.ok_or(self.work.tests())?;
        let lines = [&*finished.message, "not tried again: the run ended early"];
        finished.message = lines.join("\n").trim().to_owned();
        Ok(finished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        Attempt::first(Work::Test {
            binary: 0,
            name: "a".to_owned(),
        })
    }

    fn failed() -> Finished {
        Finished::new("binary", "a", Verdict::Fail)
    }

    #[test]
    fn there_are_as_many_as_asked_for() {
        let first = attempt();
        assert!(!first.may_be_followed(Verdict::Fail, 0));
        assert!(first.may_be_followed(Verdict::Fail, 1));
        assert!(!first.may_be_followed(Verdict::Pass, 1));
        assert!(!first.may_be_followed(Verdict::Interrupted, 1));
        let second = first.next(failed());
        assert!(!second.may_be_followed(Verdict::Fail, 1));
        assert!(second.may_be_followed(Verdict::Fail, 2));
        assert!(!second.may_be_followed(Verdict::FlakyFail, 2));
        assert_eq!((second.of(2).number, second.of(2).of), (2, 3));
    }

    /// Every test that was selected has one end, however early the run ends.
    #[test]
    fn what_is_given_up_has_failed_or_has_not_run() {
        assert_eq!(attempt().given_up().err(), Some(1));
        let failed = attempt().next(failed()).given_up().ok();
        let failed = failed.map(|finished| (finished.verdict, finished.message));
        let message = "not tried again: the run ended early".to_owned();
        assert_eq!(failed, Some((Verdict::Fail, message)));
    }
}
