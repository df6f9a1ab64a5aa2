//! What binaries list, and what becomes of it.

use nsrun_core::Verdict;

use super::super::artifacts::Harness;
use super::Supervisor;
use super::active::Active;
use super::selection::{Selected, Selection};
use super::work::Work;
use crate::args::Scope;
use crate::results::Finished;

impl Supervisor<'_> {
    /// What a binary listed is queued when both of its lists are there.
    pub(super) fn listed(&mut self, active: Active) {
        let number = active.attempt.work.binary();
        let Work::List { ignored, .. } = active.attempt.work else {
            return;
        };
        match active
            .into_ended()
            .into_listing(self.binaries[number].listing_form())
        {
            Ok(names) => {
                if let Some((all, ignored)) = self.queue.listed(number, ignored, names) {
                    self.select(number, Selection::of(self.harness, all, ignored));
                }
            }
            Err(why) => self.listing_failed(number, &why),
        }
    }

    /// A harness of the crate's own need not know how to list: then it runs whole.
    fn listing_failed(&mut self, number: usize, why: &str) {
        if !self.queue.give_up_listing(number) || self.stopped_early {
            return;
        }
        if self.binaries[number].harness == Harness::Compatible {
            self.binaries[number].harness = Harness::Unknown;
            self.add_binary(number);
        } else {
            let id = self.binaries[number].id.clone();
            self.unlistable(&id, why);
        }
    }

    fn select(&mut self, number: usize, selection: Selection) {
        self.tally.filtered_out += selection.filtered_out;
        if self.harness.list {
            self.tally.filtered_out += selection.tests.len();
            self.print_list(number, &selection.tests);
        } else {
            self.tally.selected += selection.tests.len();
            self.take_up(number, selection.tests);
        }
    }

    fn print_list(&mut self, number: usize, tests: &[Selected]) {
        for test in tests {
            self.report.list(&self.binaries[number].id, &test.name);
        }
    }

    fn take_up(&mut self, number: usize, tests: Vec<Selected>) {
        let (run, ignored): (Vec<_>, Vec<_>) = tests.into_iter().partition(|test| test.runs);
        for test in ignored {
            let id = &self.binaries[number].id;
            self.finish(Finished::new(id, &test.name, Verdict::Ignored));
        }
        self.enqueue(number, run.into_iter().map(|test| test.name).collect());
    }

    fn enqueue(&mut self, number: usize, tests: Vec<String>) {
        if self.stopped_early {
            self.tally.not_run += tests.len();
        } else if self.args.scope == Scope::Binary && !tests.is_empty() {
            self.warn_of_what_they_ask_for(number, &tests);
            self.queue.add_whole(number, Some(tests));
        } else {
            self.queue.add_tests(number, tests);
        }
    }

    fn warn_of_what_they_ask_for(&mut self, number: usize, tests: &[String]) {
        let binary = &self.binaries[number];
        let asks = |test: &&String| binary.asks_for_its_own(test, &self.default);
        let asking: Vec<_> = tests.iter().filter(asks).map(String::as_str).collect();
        if !asking.is_empty() {
            self.report.warning(&format!(
                "`--scope binary`: what `#[ns_test]` asks for, other than `leaks`, has no effect on \
                 these tests of `{}`: {}",
                binary.id,
                asking.join(", ")
            ));
        }
    }
}
