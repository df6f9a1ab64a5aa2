//! Which of the tests that a binary lists are meant.

use std::collections::HashSet;

use crate::args::LibtestArgs;

/// The tests that the arguments select, in the order of the list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) tests: Vec<Selected>,
    /// How many are there besides.
    pub(super) filtered_out: usize,
}

/// A test that is selected.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Selected {
    pub(super) name: String,
    /// Whether it is to run: an ignored one is selected and does not.
    pub(super) runs: bool,
}

impl Selection {
    pub(super) fn of(harness: &LibtestArgs, all: Vec<String>, ignored: Vec<String>) -> Selection {
        let count = all.len();
        let ignored: HashSet<String> = ignored.into_iter().collect();
        let tests: Vec<_> = all
            .into_iter()
            .filter(|name| harness.selects(name))
            .map(|name| Selected {
                runs: harness.runs(ignored.contains(&name)),
                name,
            })
            // Where only ignored tests are asked for, the others are not even mentioned.
            .filter(|test| test.runs || !harness.ignored)
            .collect();
        Selection {
            filtered_out: count - tests.len(),
            tests,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(args: &str) -> (Vec<(String, bool)>, usize) {
        let words: Vec<_> = args.split_whitespace().map(Into::into).collect();
        let harness = LibtestArgs::parse_from_command_line(&words).unwrap_or_default();
        let all = ["a", "b", "ab"].map(str::to_owned).into();
        let selection = Selection::of(&harness, all, vec!["b".to_owned()]);
        let tests = selection.tests.into_iter();
        (
            tests.map(|test| (test.name, test.runs)).collect(),
            selection.filtered_out,
        )
    }

    #[test]
    fn every_test_is_selected_or_filtered_out() {
        for (args, expected, filtered_out) in [
            ("", &[("a", true), ("b", false), ("ab", true)][..], 0),
            ("a", &[("a", true), ("ab", true)], 1),
            ("--ignored", &[("b", true)], 2),
            ("--include-ignored b", &[("b", true), ("ab", true)], 1),
            ("--ignored --skip b", &[], 3),
        ] {
            let expected: Vec<_> = expected
                .iter()
                .map(|(name, runs)| (String::from(*name), *runs))
                .collect();
            assert_eq!(selection(args), (expected, filtered_out), "{args:?}");
        }
    }
}
