//! What is still to be started.

use std::collections::{HashMap, VecDeque};

use super::attempt::Attempt;
use super::work::Work;

#[derive(Default)]
pub(super) struct Queue {
    /// Lists first: they make work for the others.
    lists: VecDeque<Work>,
    tests: VecDeque<Attempt>,
    /// How much of it is each binary's.
    waiting: HashMap<usize, usize>,
    /// Of each binary, whichever of its two lists came first.
    half_listed: HashMap<usize, Listed>,
}

/// The lists of a binary that have come: of all tests, and of the ignored ones.
#[derive(Default)]
struct Listed {
    all: Option<Vec<String>>,
    ignored: Option<Vec<String>>,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.tests.is_empty()
    }

    pub(super) fn list_binary(&mut self, binary: usize) {
        self.half_listed.insert(binary, Listed::default());
        self.lists
            .extend([false, true].map(|ignored| Work::List { binary, ignored }));
        *self.waiting.entry(binary).or_default() += 2;
    }

    pub(super) fn add_tests(&mut self, binary: usize, names: Vec<String>) {
        for name in names {
            self.push_test(Work::Test { binary, name });
        }
    }

    pub(super) fn add_whole(&mut self, binary: usize, tests: Option<Vec<String>>) {
        self.push_test(Work::Whole { binary, tests });
    }

    /// Before all others: what was printed of a test that failed is kept until it has ended.
    pub(super) fn add_again(&mut self, attempt: Attempt) {
        *self.waiting.entry(attempt.work.binary()).or_default() += 1;
        self.tests.push_front(attempt);
    }

    pub(super) fn pop(&mut self) -> Option<Attempt> {
        let list = self.lists.pop_front().map(Attempt::first);
        let attempt = list.or_else(|| self.tests.pop_front())?;
        if let Some(waiting) = self.waiting.get_mut(&attempt.work.binary()) {
            *waiting -= 1;
        }
        Some(attempt)
    }

    pub(super) fn has_work_for(&self, binary: usize) -> bool {
        self.waiting
            .get(&binary)
            .is_some_and(|waiting| *waiting > 0)
            || self.half_listed.contains_key(&binary)
    }

    fn push_test(&mut self, work: Work) {
        *self.waiting.entry(work.binary()).or_default() += 1;
        self.tests.push_back(Attempt::first(work));
    }

    /// Takes in one of a binary's lists; returns both when they are there.
    pub(super) fn listed(
        &mut self,
        binary: usize,
        ignored: bool,
        names: Vec<String>,
    ) -> Option<(Vec<String>, Vec<String>)> {
        let listed = self.half_listed.get_mut(&binary)?;
        *if ignored {
            &mut listed.ignored
        } else {
            &mut listed.all
        } = Some(names);
        if listed.all.is_none() || listed.ignored.is_none() {
            return None;
        }
        let Listed { all, ignored } = self.half_listed.remove(&binary)?;
        all.zip(ignored)
    }

    /// Forgets the lists of a binary; whether there were any to wait for.
    pub(super) fn give_up_listing(&mut self, binary: usize) -> bool {
        let before = self.lists.len();
        self.lists.retain(|work| work.binary() != binary);
        if let Some(waiting) = self.waiting.get_mut(&binary) {
            *waiting -= before - self.lists.len();
        }
        self.half_listed.remove(&binary).is_some()
    }

    /// Takes out all that has not been started; lists are no tests.
    pub(super) fn clear(&mut self) -> Vec<Attempt> {
        self.lists.clear();
        self.waiting.clear();
        self.half_listed.clear();
        self.tests.drain(..).collect()
    }
}
