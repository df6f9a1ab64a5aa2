//! A run in which tests end in every way: the catalogue of `tests/faults`, the verdicts of which are
//! checked by `tests/faults.rs`.

use std::sync::LazyLock;

use serde_json::Value;

use crate::support::{Done, check};

/// What ends by its time limit is there too. The tests with large outputs are for tests of their own.
const ALL: &str = "test -p faults --timeout 10s --tmp-size 64M --message-format json -- \
                   --skip bibytes_on_std";

pub(crate) static RICH: LazyLock<Done> = LazyLock::new(|| check(ALL, "faults").code(101));

/// Tests selected = the sum of the verdicts.
#[test]
fn the_books_balance() {
    let suite = RICH.suite();
    let counted = suite["verdicts"].as_object().expect("an object");
    let sum: u64 = counted.values().filter_map(Value::as_u64).sum();
    assert_eq!(suite["selected"], sum);
    let tests = RICH.verdicts();
    assert_eq!(suite["selected"], tests.len());
    let count = |of: fn(&str) -> bool| tests.values().filter(|verdict| of(verdict)).count();
    assert_eq!(
        suite["passed"],
        count(|verdict| ["pass", "leak"].contains(&verdict))
    );
    assert_eq!(suite["ignored"], count(|verdict| verdict == "ignored"));
    let red = |verdict: &str| !["pass", "leak", "ignored"].contains(&verdict);
    assert_eq!(suite["failed"], count(red));
    assert_eq!(suite["filtered_out"], 4);
}

#[test]
fn as_root_the_verdicts_arrive_too() {
    let done = check(
        "test --root -p faults --message-format json -- \
         unmounts_tmp mounts_over changes_its_root sets_the_host_name settings_of_the_host",
        "faults",
    );
    let verdicts: Vec<_> = done.code(0).verdicts().into_values().collect();
    assert_eq!(verdicts, ["pass"; 5]);
}

#[test]
fn in_one_sandbox_a_crash_is_that_of_what_had_not_ended() {
    let done = check(
        "test -p faults --scope binary --message-format json -- \
         --exact ends::passes ends::fails ends::should_panic_but_does_not ends::is_ignored",
        "faults",
    );
    let verdicts: Vec<_> = done.code(101).verdicts().into_iter().collect();
    let expected = [
        ("ends::fails", "fail"),
        ("ends::is_ignored", "ignored"),
        ("ends::passes", "pass"),
        ("ends::should_panic_but_does_not", "fail"),
    ];
    let expected = expected.map(|(name, verdict)| (name.to_owned(), verdict.to_owned()));
    assert_eq!(verdicts, expected);

    let done = check(
        "test -p faults --scope binary --message-format json -- \
         --test-threads 1 --exact ends::aborts ends::passes",
        "faults",
    );
    let verdicts: Vec<_> = done.code(101).verdicts().into_values().collect();
    assert_eq!(verdicts, ["crash", "crash"]);
}
