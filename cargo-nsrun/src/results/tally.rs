//! The books: every test that was selected ends as exactly one verdict.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Finished;
use nix::sys::signal::Signal;

/// What has been counted so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Tests that the arguments select; ignored ones that do not run are among them.
    pub(crate) selected: usize,
    /// Tests that the filters leave out.
    pub(crate) filtered_out: usize,
    /// By the word of the verdict.
    pub(crate) verdicts: BTreeMap<&'static str, usize>,
    /// Tests that left processes behind, whatever their verdict.
    pub(crate) leaked: usize,
    /// Those of them that have passed.
    pub(crate) passed_and_leaked: usize,
    /// Tests that were not started, since the run ended early.
    pub(crate) not_run: usize,
    /// Binaries whose tests could not even be listed.
    pub(crate) unlistable: usize,
    /// What rustdoc said of doctests.
    pub(crate) doctests: Doctests,
    /// cargo's exit code, if the build failed.
    pub(crate) build_failed: Option<u8>,
    pub(crate) interrupted_by: Option<Signal>,
    pub(crate) elapsed: Duration,
}

/// What rustdoc, which runs doctests itself, said of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Doctests {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) ignored: usize,
    /// Whether cargo said that they failed, by its exit code.
    pub(crate) is_red: bool,
}

impl Tally {
    pub(crate) fn count(&mut self, finished: &Finished) {
        *self.verdicts.entry(finished.verdict.word()).or_default() += 1;
        if !finished.left_behind.is_empty() {
            self.leaked += 1;
            self.passed_and_leaked += usize::from(!finished.verdict.is_red());
        }
    }

    pub(crate) fn of(&self, word: &str) -> usize {
        self.verdicts.get(word).copied().unwrap_or(0)
    }

    /// Passed, also those that left something behind, or had failed before.
    pub(crate) fn passed(&self) -> usize {
        self.of("pass") + self.of("leak") + self.of("flaky")
    }

    /// Passed, but had failed before.
    pub(crate) fn flaky(&self) -> usize {
        self.of("flaky") + self.of("flaky-fail")
    }

    /// Tests that were started.
    pub(crate) fn ran(&self) -> usize {
        self.verdicts.values().sum::<usize>() - self.of("ignored")
    }

    pub(crate) fn red(&self) -> usize {
        self.ran() - self.passed()
    }

    pub(crate) fn is_green(&self) -> bool {
        self.red() == 0 && self.unlistable == 0 && !self.doctests.is_red && self.not_run == 0
    }

    pub(crate) fn only_setup_failed(&self) -> bool {
        self.red() > 0
            && self.red() == self.of("setup-error")
            && self.unlistable == 0
            && !self.doctests.is_red
    }

    pub(crate) fn ran_anything(&self) -> bool {
        self.ran() + self.doctests.passed + self.doctests.failed > 0
    }

    /// Selected = the sum of the verdicts + what was not started.
    pub(crate) fn is_balanced(&self) -> bool {
        self.selected == self.verdicts.values().sum::<usize>() + self.not_run
    }
}

impl Doctests {
    /// Adds what a harness's closing line says; whether it is one.
    pub(crate) fn read(&mut self, line: &str) -> bool {
        let Some((_, counts)) = line
            .strip_prefix("test result: ")
            .and_then(|l| l.split_once(". "))
        else {
            return false;
        };
        for part in counts.split("; ") {
            let mut words = part.split(' ');
            // The last part says how long it took.
            let count = words
                .next()
                .and_then(|word| word.parse::<usize>().ok())
                .unwrap_or(0);
            match words.next() {
                Some("passed") => self.passed += count,
                Some("failed") => self.failed += count,
                Some("ignored") => self.ignored += count,
                _ => {}
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nsrun_core::Verdict;

    fn count(tally: &mut Tally, verdict: Verdict) {
        tally.count(&Finished::new("binary", "test", verdict));
    }

    #[test]
    fn the_books_balance_only_if_every_test_has_ended() {
        let mut tally = Tally {
            selected: 3,
            ..Tally::default()
        };
        count(&mut tally, Verdict::Pass);
        count(&mut tally, Verdict::Crash(11));
        assert!(!tally.is_balanced());
        tally.not_run = 1;
        assert!(tally.is_balanced());
        assert_eq!((tally.ran(), tally.passed(), tally.red()), (2, 1, 1));
        assert!(!tally.is_green() && !tally.only_setup_failed());
    }

    #[test]
    fn each_colour_has_its_verdicts() {
        for (verdict, green, setup) in [
            (Verdict::Pass, true, false),
            (Verdict::Leak, true, false),
            (Verdict::LeakFail, false, false),
            (Verdict::Flaky, true, false),
            (Verdict::FlakyFail, false, false),
            (Verdict::Ignored, true, false),
            (Verdict::Fail, false, false),
            (Verdict::SetupError, false, true),
            (Verdict::NoResult, false, false),
        ] {
            let mut tally = Tally {
                selected: 1,
                ..Tally::default()
            };
            count(&mut tally, verdict);
            assert_eq!(
                (tally.is_green(), tally.only_setup_failed()),
                (green, setup),
                "{verdict}"
            );
        }
    }

    #[test]
    fn the_closing_line_of_doctests_is_read() {
        let mut doctests = Doctests::default();
        assert!(doctests.read(
            "test result: FAILED. 2 passed; 1 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.10s"
        ));
        assert!(!doctests.read("test result"));
        assert_eq!(
            (doctests.passed, doctests.failed, doctests.ignored),
            (2, 1, 3)
        );
    }
}
