//! No flag is dropped: each that cargo or libtest has is either taken or refused by its name.

use std::collections::BTreeSet;

use crate::support::{cargo, check, nsrun};

/// All the `--flags` that a help text describes.
fn flags(help: &str) -> BTreeSet<String> {
    help.lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with('-'))
        .flat_map(|line| line.split([' ', ',', '=', '[', '.']))
        .filter(|word| word.starts_with("--") && word.len() > 2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_flag_of_cargo_test_is_known() {
    let theirs = flags(&cargo("test --help", "empty").done().code(0).text());
    let ours = flags(&check("test --help", "empty").code(0).text());
    let missing: Vec<_> = theirs.difference(&ours).collect();
    // An alias that cargo calls deprecated, and what runs no test and needs a nightly cargo.
    assert_eq!(missing, ["--all", "--unit-graph"]);
    assert!(theirs.len() > 30, "{theirs:?}");
    check("test --unit-graph", "empty")
        .code(2)
        .says("--unit-graph");
}

/// What means nothing to tests that run one by one, each in a process of its own.
const REFUSED: &[&str] = &[
    "--bench",
    "--ensure-time",
    "--exclude-should-panic",
    "--fail-fast",
    "--force-run-in-process",
    "--format",
    "--help",
    "--logfile",
    "--report-time",
    "--shuffle",
    "--shuffle-seed",
    "--test-timeout",
];

#[test]
fn every_flag_of_libtest_is_taken_or_refused() {
    let help = cargo("test --lib -- --help", "listing").done().code(0);
    for flag in flags(&help.text()) {
        let value = match flag.as_str() {
            "--test-threads" => "=2",
            "--color" => "=never",
            "--skip" | "--logfile" | "--shuffle-seed" => "=1",
            "--format" => "=json",
            _ => "",
        };
        let args = format!("test --lib --no-tests pass -- {flag}{value}");
        if REFUSED.contains(&flag.as_str()) {
            check(&args, "listing").code(2).says(&format!("'{flag}"));
        } else {
            check(&args, "listing").code(0);
        }
    }
}

#[test]
fn a_short_flag_of_libtest_is_refused_too() {
    check("test --lib -- -Zunstable-options", "listing")
        .code(2)
        .says("'-Z'");
}

/// What cannot be read ends the command before anything is built, with the reason.
#[test]
fn nonsense_is_refused_with_a_word_on_what_would_do() {
    for (args, words) in [
        (
            "test --isolate net,disk",
            "net, pid, uts, ipc, cgroup and time",
        ),
        ("test --share disk", "net, pid, uts, ipc, cgroup and time"),
        (
            "test --share mount",
            "a sandbox always has its own mount namespace",
        ),
        ("test --share /no/such/file", "'/no/such/file'"),
        ("test --share /no/such/file", "No such file or directory"),
        ("test --share /tmp", "share a path below it"),
        (
            "test --share net,/etc",
            "a path takes a `--share` of its own",
        ),
        ("test --timeout soon", "--timeout"),
        ("test --timeout 0s", "must be more than nothing"),
        ("test --timeout 5", "time unit needed"),
        ("test --tmp-size much", "--tmp-size"),
        ("test --tmp-size 0", "must be more than nothing"),
        ("test --leaks never", "warn, fail"),
        ("exec --leaks never -- true", "warn, fail"),
        ("test --retries many", "invalid digit"),
        ("test --retries -1", "'-1'"),
        ("test --flaky maybe", "pass, fail"),
        ("test --scope crate", "test, binary"),
        ("test --server thread", "fork, exec"),
        ("test --on-unsupported cry", "fail, skip, run"),
        ("test --no-tests shrug", "pass, warn, fail"),
        ("test --color blue", "auto, always, never"),
        ("test --message-format xml", "human, short, json"),
        (
            "test --message-format json-render-diagnostics",
            "human, short, json",
        ),
        ("test --no-such-option", "--no-such-option"),
        ("test -x", "'-x'"),
        ("test -- --no-such-option", "--no-such-option"),
        ("test -- --test-threads 0", "--test-threads"),
        ("test -- --ignored --include-ignored", "--include-ignored"),
        ("test a b", "'b'"),
        (
            "exec --isolate disk -- true",
            "net, pid, uts, ipc, cgroup and time",
        ),
        ("exec --no-such-option -- true", "--no-such-option"),
        ("exec", "<COMMAND>"),
        ("nonsense", "nonsense"),
        ("", "Usage"),
    ] {
        check(args, "empty").code(2).says(words);
    }
}

#[test]
fn an_option_may_come_from_the_environment_only_where_it_is_said() {
    nsrun("test", "listing")
        .env("NSRUN_SERVER", "thread")
        .done()
        .code(2)
        .says("fork, exec");
}

#[test]
fn help_and_version() {
    check("--version", "empty")
        .code(0)
        .prints(env!("CARGO_PKG_VERSION"));
    for command in ["", "test ", "exec ", "doctor "] {
        check(&format!("{command}--help"), "empty")
            .code(0)
            .prints("Usage: cargo nsrun");
    }
}

/// As cargo finds it: `cargo nsrun` starts `cargo-nsrun nsrun`.
#[test]
fn cargo_starts_it() {
    let folder = std::path::Path::new(crate::support::NSRUN)
        .parent()
        .expect("a folder");
    let path = std::env::var_os("PATH").expect("PATH is set");
    let mut folders = vec![folder.to_owned()];
    folders.extend(std::env::split_paths(&path));
    let done = cargo("nsrun exec -- echo inside", "empty")
        .env("PATH", std::env::join_paths(folders).expect("a path"))
        // Below this repository the words mean something else, by an alias.
        .dir("/")
        .done();
    done.code(0).prints("inside\n");
}
