//! What goes wrong in a test, and the verdict that comes out: the table of `fixtures/endings`.

use std::sync::LazyLock;

use serde_json::Value;

use crate::support::{Done, check, word};

/// Test, verdict, and words of the message, or else of its output.
const ENDINGS: &[(&str, &str, &str)] = &[
    ("ends::aborts", "crash 6", "ended by signal ABRT"),
    (
        "ends::closes_everything_and_panics",
        "no-result",
        "exited with status 101 before",
    ),
    ("ends::closes_its_streams_and_panics", "fail", ""),
    ("ends::errs", "fail", "an error that is returned"),
    (
        "ends::executes_true",
        "no-result",
        "exited with status 0 before the test had ended",
    ),
    (
        "ends::exits_badly",
        "no-result",
        "exited with status 3 before the test had ended",
    ),
    (
        "ends::exits_in_a_thread",
        "no-result",
        "exited with status 0 before the test had ended",
    ),
    (
        "ends::exits_well",
        "no-result",
        "exited with status 0 before the test had ended",
    ),
    ("ends::fails", "fail", "on purpose"),
    ("ends::fails_in_a_thread", "fail", "in a thread"),
    ("ends::is_ignored", "ignored", ""),
    ("ends::kills_itself", "crash 9", "ended by signal KILL"),
    ("ends::never_ends", "timeout", "not finished after"),
    ("ends::null_dereference", "crash 11", "ended by signal SEGV"),
    (
        "ends::overflows_the_stack",
        "crash 6",
        "has overflowed its stack",
    ),
    ("ends::panics_in_a_detached_thread", "pass", ""),
    ("ends::panics_twice", "crash 6", "the second one"),
    ("ends::panics_without_a_string", "fail", "Box<dyn Any>"),
    ("ends::passes", "pass", ""),
    (
        "ends::prints_a_result_line_and_exits",
        "no-result",
        "exited with status 0",
    ),
    ("ends::should_panic_and_does", "pass", ""),
    (
        "ends::should_panic_but_aborts",
        "crash 6",
        "ended by signal ABRT",
    ),
    (
        "ends::should_panic_but_does_not",
        "fail",
        "did not panic as expected",
    ),
    (
        "ends::should_panic_with_other_words",
        "fail",
        "did not contain expected string",
    ),
    ("ends::stops_itself", "timeout", "not finished after"),
    (
        "ends::terminates_itself",
        "crash 15",
        "ended by signal TERM",
    ),
    ("files::another_of_two_that_would_meet", "pass", ""),
    ("files::binds_port_8080", "pass", ""),
    ("files::binds_port_8080_as_well", "pass", ""),
    ("files::binds_port_8080_too", "pass", ""),
    ("files::changes_its_root", "pass", ""),
    ("files::fills_tmp", "pass", ""),
    ("files::mounts_over_the_root", "pass", ""),
    ("files::no_file_may_be_opened", "pass", ""),
    // The harness itself can write no record of it.
    (
        "files::no_file_may_grow",
        "crash 25",
        "ended by signal XFSZ",
    ),
    ("files::nobody_reads_what_is_forbidden", "pass", ""),
    ("files::one_of_two_that_would_meet", "pass", ""),
    ("files::runs_out_of_files", "pass", ""),
    ("files::sets_the_host_name", "pass", ""),
    ("files::settings_of_the_host_are_read_only", "pass", ""),
    ("files::the_host_name_resolves", "pass", ""),
    ("files::the_outside_is_out_of_reach", "pass", ""),
    ("files::tmp_is_private", "pass", ""),
    ("files::unmounts_tmp", "pass", ""),
    (
        "output::a_megabyte_on_stderr",
        "fail",
        "so that the output is shown",
    ),
    (
        "output::bytes_that_are_no_text",
        "fail",
        "so that the output is shown",
    ),
    (
        "processes::a_fork_bomb",
        "leak",
        "left behind and killed: pid ",
    ),
    ("processes::forks_twice", "leak", "sleep 3602"),
    ("processes::is_not_process_one", "pass", ""),
    (
        "processes::kills_everybody",
        "crash 9",
        "ended by signal KILL",
    ),
    (
        "processes::kills_its_group",
        "crash 9",
        "ended by signal KILL",
    ),
    ("processes::kills_its_parent", "pass", ""),
    ("processes::kills_process_one", "pass", ""),
    (
        "processes::leaves_a_daemon_with_its_stdout",
        "leak",
        "sleep 3600",
    ),
    (
        "processes::leaves_a_daemon_without_streams",
        "leak",
        "sleep 3601",
    ),
    ("processes::leaves_two_thousand_orphans", "pass", ""),
    (
        "processes::signals_are_as_a_program_expects_them",
        "pass",
        "",
    ),
    ("streams::stdin_is_at_its_end", "pass", ""),
    ("streams::there_is_no_terminal", "pass", ""),
];

/// Of the binary that does not link nsrun, and of the one that does.
const BINARIES: [(&str, &str, &str); 3] = [
    ("endings", "", "exec"),
    ("linked", "endings::", "exec"),
    ("linked", "endings::", "fork"),
];

/// The tests with large outputs are for tests of their own.
const TABLE: &str = "--timeout 10s --tmp-size 64M --message-format json -- --skip bibytes_on_std";

fn the_run(package: &str, server: &str) -> Done {
    check(
        &format!("test -p {package} --server {server} {TABLE}"),
        "endings",
    )
    .code(101)
}

pub(crate) static RICH: LazyLock<Done> = LazyLock::new(|| the_run("endings", "exec"));

fn verdict(event: &Value) -> String {
    match event.get("signal") {
        Some(signal) => format!("{} {signal}", word(&event["verdict"])),
        None => word(&event["verdict"]),
    }
}

fn matches_the_table(done: &Done, prefix: &str) {
    let tests = done.tests();
    for (name, expected, words) in ENDINGS {
        let event = tests.get(&format!("{prefix}{name}"));
        let event = event.unwrap_or_else(|| panic!("{name} did not end\n{done}"));
        assert_eq!(verdict(event), *expected, "{event:#}");
        let said = ["message", "stderr", "stdout"].map(|field| word(&event[field]));
        assert!(
            said.concat().contains(words),
            "not said: {words}\n{event:#}"
        );
    }
    assert_eq!(tests.len(), ENDINGS.len());
}

#[test]
fn every_ending_has_its_verdict() {
    matches_the_table(&RICH, "");
}

#[test]
fn every_ending_has_its_verdict_in_a_binary_that_links_nsrun() {
    for (package, prefix, server) in &BINARIES[1..] {
        matches_the_table(&the_run(package, server), prefix);
    }
}

/// Tests selected = the sum of the verdicts.
#[test]
fn the_books_balance() {
    let suite = RICH.suite();
    let counted = suite["verdicts"].as_object().expect("an object");
    let sum: u64 = counted.values().filter_map(Value::as_u64).sum();
    assert_eq!(suite["selected"], sum);
    assert_eq!(suite["selected"], ENDINGS.len());
    let count = |green: fn(&str) -> bool| {
        let of = |(_, verdict, _): &&(&str, &str, &str)| green(verdict);
        ENDINGS.iter().filter(of).count()
    };
    assert_eq!(
        suite["passed"],
        count(|verdict| ["pass", "leak"].contains(&verdict))
    );
    assert_eq!(suite["ignored"], count(|verdict| verdict == "ignored"));
    let red = |verdict: &str| !["pass", "leak", "ignored"].contains(&verdict);
    assert_eq!(suite["failed"], count(red));
    assert_eq!(suite["filtered_out"], 4);
}

/// What tests did to their sandboxes, nobody sees outside.
#[test]
fn the_host_is_as_it_was() {
    let state = || {
        let read = |path| std::fs::read_to_string(path).expect("the host can be read");
        [
            read("/proc/sys/kernel/hostname"),
            read("/proc/self/mountinfo"),
        ]
    };
    let before = state();
    let done = check(
        "test -p endings --message-format json -- \
         unmounts_tmp mounts_over changes_its_root sets_the_host_name tmp_is_private",
        "endings",
    );
    let verdicts: Vec<_> = done.code(0).verdicts().into_values().collect();
    assert_eq!(verdicts, ["pass"; 5]);
    assert_eq!(state(), before);
    for dir in ["/tmp", "/var/tmp", "/dev/shm"] {
        let name = format!("{dir}/nsrun-endings-tmp-is-private");
        assert!(!std::path::Path::new(&name).exists(), "{name}");
    }
}

#[test]
fn as_root_the_verdicts_arrive_too() {
    let done = check(
        "test --root -p endings --message-format json -- \
         unmounts_tmp mounts_over changes_its_root sets_the_host_name settings_of_the_host",
        "endings",
    );
    let verdicts: Vec<_> = done.code(0).verdicts().into_values().collect();
    assert_eq!(verdicts, ["pass"; 5]);
}

#[test]
fn in_one_sandbox_a_crash_is_that_of_what_had_not_ended() {
    let done = check(
        "test -p endings --scope binary --message-format json -- \
         --exact ends::passes ends::fails ends::should_panic_but_does_not ends::is_ignored",
        "endings",
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
        "test -p endings --scope binary --message-format json -- \
         --test-threads 1 --exact ends::aborts ends::passes",
        "endings",
    );
    let verdicts: Vec<_> = done.code(101).verdicts().into_values().collect();
    assert_eq!(verdicts, ["crash", "crash"]);
}
