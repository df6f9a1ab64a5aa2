//! Who is left behind: named with all that the process table says, killed, and counted.

use serde_json::Value;

use crate::support::{Done, cargo, check, nsrun, shell, word};

/// Each test of the fixture, and its verdict where nothing else is said.
const TESTS: [(&str, &str); 6] = [
    ("a_server_is_left", "leak-fail"),
    ("nobody_is_left", "pass"),
    ("somebody_is_left", "leak"),
    ("somebody_is_left_and_it_fails", "fail"),
    ("somebody_is_left_and_it_panics_as_it_should", "leak-fail"),
    ("somebody_may_be_left", "leak"),
];

const JSON: &str = "test --lib --message-format json";

fn has_verdicts(done: &Done, expected: impl IntoIterator<Item = (&'static str, &'static str)>) {
    let expected = expected
        .into_iter()
        .map(|(name, verdict)| (format!("tests::{name}"), verdict.to_owned()));
    assert_eq!(done.verdicts(), expected.collect(), "{done}");
}

/// The one survivor of a test.
fn survivor(test: &Value) -> &Value {
    let left_behind = test["left_behind"].as_array().expect("an array");
    assert_eq!(left_behind.len(), 1, "{test:#}");
    &left_behind[0]
}

#[test]
fn the_attribute_says_what_it_means() {
    for server in ["fork", "exec"] {
        let done = check(&format!("{JSON} --server {server}"), "leaks").code(101);
        has_verdicts(&done, TESTS);
        let suite = done.suite();
        assert_eq!(suite["passed"], 3, "{suite:#}");
        assert_eq!(suite["failed"], 3, "{suite:#}");
        assert_eq!(suite["leaked"], 5, "{suite:#}");
    }
}

/// The attribute's word counts more.
#[test]
fn the_command_line_says_it_for_the_rest() {
    let stricter = |(name, verdict)| match name {
        "somebody_is_left" => (name, "leak-fail"),
        _ => (name, verdict),
    };
    let done = check(&format!("{JSON} --leaks fail"), "leaks").code(101);
    has_verdicts(&done, TESTS.map(stricter));
    let done = check(&format!("{JSON} --leaks warn"), "leaks").code(101);
    has_verdicts(&done, TESTS);
}

#[test]
fn a_binary_that_knows_nothing_of_nsrun() {
    let test = "-p faults -- --exact processes::leaves_a_daemon_without_streams";
    check(&format!("test --leaks fail {test}"), "faults")
        .code(101)
        .prints("LEAK-FAIL ")
        .prints("passed, but left processes behind, which counts as a failure here\n")
        .prints(" s old: sleep 3601\n")
        .prints("help: end them in the test and wait for their end")
        .prints(": 0 passed, 0 failed, 1 leak-fail, ")
        .prints(" --leaks=fail ");
    check(&format!("test {test}"), "faults")
        .code(0)
        .prints(": 1 passed (1 left something behind), 0 failed");
}

#[test]
fn in_one_sandbox_nobody_knows_whose_it_was() {
    let done = check(&format!("{JSON} --scope binary"), "leaks").code(101);
    let suspected = |(name, verdict)| match name {
        "nobody_is_left" => (name, "leak-fail"),
        _ => (name, verdict),
    };
    has_verdicts(&done, TESTS.map(suspected));
    assert!(!done.stderr.contains("has no effect"), "{done}");
}

#[test]
fn what_a_survivor_listens_on() {
    let done = check(
        &format!("{JSON} -- --exact tests::a_server_is_left"),
        "leaks",
    )
    .code(101);
    let test = &done.tests()["tests::a_server_is_left"];
    let survivor = survivor(test);
    assert_eq!(survivor["command"], "sleep 3603");
    assert!(survivor["age"].is_number() && survivor["pid"].is_u64());
    let mut listening: Vec<_> = survivor["listening"]
        .as_array()
        .expect("an array")
        .iter()
        .map(word)
        .collect();
    listening.sort();
    assert_eq!(listening, ["tcp 127.0.0.1:8080", "udp [::1]:5353"]);
    let message = word(&test["message"]);
    for listener in listening {
        assert!(message.contains(&listener), "{message}");
    }
}

/// The ports of a machine that is shared are not all the survivor's.
#[test]
fn on_a_network_that_is_shared_too() {
    let args = "test --share net --message-format json -p faults -- \
                --exact processes::leaves_a_daemon_without_streams";
    let done = check(args, "faults").code(0);
    let tests = done.tests();
    let test = &tests["processes::leaves_a_daemon_without_streams"];
    assert_eq!(survivor(test)["listening"], Value::Array(Vec::new()));
}

fn says_who_is_left(done: &Done) {
    let text = done.text() + &done.stderr;
    for words in [
        "nsrun: leak-fail: passed, but left processes behind",
        "tcp 127.0.0.1:8080",
        "udp [::1]:5353",
        ": sleep 3603\n",
        "nsrun: fail: left behind and killed: pid ",
    ] {
        assert!(text.contains(words), "not printed: {words}\n{done}");
    }
}

#[test]
fn under_cargo_test() {
    for server in ["fork", "exec"] {
        let done = cargo("test --lib", "leaks").env("NSRUN_SERVER", server);
        let done = done.done().code(101);
        for (name, verdict) in TESTS {
            let panics = if name.contains("panics") {
                " - should panic"
            } else {
                ""
            };
            let outcome = match verdict {
                "pass" | "leak" => "ok",
                _ => "FAILED",
            };
            let line = format!("test tests::{name}{panics} ... {outcome}\n");
            assert!(done.text().contains(&line), "not printed: {line}\n{done}");
        }
        says_who_is_left(&done);
    }
}

#[test]
fn under_nextest() {
    let done = cargo("nextest run --no-fail-fast", "leaks")
        .done()
        .code(100);
    for (name, verdict) in TESTS {
        let word = match verdict {
            "pass" | "leak" => "PASS",
            _ => "FAIL",
        };
        let line = format!("leaks tests::{name}\n");
        let mut lines = done.stderr.split_inclusive('\n');
        let found = lines.any(|it| it.trim_start().starts_with(word) && it.ends_with(&line));
        assert!(found, "not {word}: {name}\n{done}");
    }
    says_who_is_left(&done);
}

#[test]
fn of_doctests_too() {
    check("test --doc", "leaks").code(0);
    check("test --doc --leaks fail", "leaks")
        .code(101)
        .says("error: the command succeeded, but left processes behind");
}

#[test]
fn a_command_that_leaves_somebody_behind() {
    let run = |leaks: &str, script: &str| {
        nsrun(&format!("exec {leaks} -- sh -c"), "empty")
            .arg(script)
            .done()
    };
    let warned = "left behind and killed: pid ";
    run("", "sleep 3600 &").code(0).says(warned);
    run("--leaks warn", "sleep 3600 &").code(0).says(warned);
    run("--leaks fail", "sleep 3600 &")
        .code(123)
        .says(warned)
        .says("error: the command succeeded, but left processes behind");
    run("--leaks fail", "sleep 3600 & exit 7")
        .code(7)
        .says(warned);
    run("--leaks fail", "true").code(0);
}

/// Whoever is left behind has written its own command line.
#[test]
fn a_command_line_with_control_characters() {
    let script = "\"$NSRUN\" nsrun exec -- sh -c 'sh -c \"sleep 3600; true\" \"$(printf \"a\\033]0;b\\nc\")\" &'";
    shell(script, "empty")
        .done()
        .code(0)
        .says("a\\u{1b}]0;b\\nc\n");
}
