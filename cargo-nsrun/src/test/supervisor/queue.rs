//! What is still to be started.

use std::collections::{HashMap, VecDeque};

use super::active::Work;

#[derive(Default)]
pub(super) struct Queue {
    /// Lists first: they make work for the others.
    lists: VecDeque<Work>,
    tests: VecDeque<Work>,
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
    }

    pub(super) fn add_tests(&mut self, binary: usize, names: Vec<String>) {
        self.tests
            .extend(names.into_iter().map(|name| Work::Test { binary, name }));
    }

    pub(super) fn add_whole(&mut self, binary: usize, tests: Option<Vec<String>>) {
        self.tests.push_back(Work::Whole { binary, tests });
    }

    pub(super) fn pop(&mut self) -> Option<Work> {
        self.lists.pop_front().or_else(|| self.tests.pop_front())
    }

    pub(super) fn has_work_for(&self, binary: usize) -> bool {
        self.lists
            .iter()
            .chain(&self.tests)
            .any(|work| work.binary() == binary)
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
        self.lists.retain(|work| work.binary() != binary);
        self.half_listed.remove(&binary).is_some()
    }

    /// Drops all that has not been started, and returns how many tests that is.
    pub(super) fn clear(&mut self) -> usize {
        self.lists.clear();
        self.half_listed.clear();
        self.tests.drain(..).map(|work| work.tests()).sum()
    }
}
