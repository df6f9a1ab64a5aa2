//! What isolation costs is measured, compared and reported. No test here looks at a time.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{Done, NSRUN, check, fresh_path, nsrun, shell};

/// Few enough that nobody waits.
const SOON: &str = "overhead --rounds 2";
/// The sandboxes and how many of them at once, on a machine with any number of cores.
const NAMES: [&str; 10] = [
    "user,mount",
    "net",
    "pid",
    "uts",
    "ipc",
    "cgroup",
    "time",
    "default",
    "default, set up",
    "1 at once",
];
/// A file with these contents.
fn file(contents: &str) -> PathBuf {
    let path = fresh_path("baseline.json");
    fs::write(&path, contents).expect("a file");
    path
}

/// A baseline in which every ratio is this one.
fn baseline(ratio: f64) -> Value {
    let ratios = NAMES.map(|name| (name.to_owned(), ratio.into()));
    json!({ "ratios": serde_json::Map::from_iter(ratios) })
}

/// Measures, and compares with a baseline of these contents.
pub(crate) fn compare(options: &str, contents: &str) -> Done {
    let path = file(contents);
    let run = nsrun(&format!("{SOON} {options}"), "empty");
    let done = run.arg("--baseline").arg(&path).done();
    fs::remove_file(path).expect("the baseline is still there");
    done
}

/// What no ratio is as good as.
pub(crate) fn too_good() -> String {
    baseline(1e-6).to_string()
}

/// What no ratio is as bad as.
pub(crate) fn too_bad() -> String {
    baseline(1e6).to_string()
}

#[test]
fn people_get_a_table() {
    let done = check(SOON, "empty").code(0);
    let done = done.prints("p50").prints("floor").prints("no sandbox");
    let text = done.text();
    for name in NAMES {
        let starts = |line: &&str| line.trim_start().starts_with(name);
        let row = text.lines().find(starts);
        let row = row.unwrap_or_else(|| panic!("no row of {name}: {done}"));
        let ratio = row.split_whitespace().last().expect("a cell");
        assert!(ratio.parse::<f64>().is_ok_and(|it| it > 0.0), "{row}");
    }
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|width| width <= 100), "{done}");
    assert_eq!(done.stderr, "");
}

#[test]
fn programs_get_one_object() {
    let done = check(&format!("{SOON} --message-format json"), "empty").code(0);
    let [event] = &done.events()[..] else {
        panic!("not one line: {done}");
    };
    assert_eq!(event["rounds"], 2);
    for name in NAMES {
        assert!(event["ratios"][name].is_f64(), "{name}: {done}");
    }
    let ms = |side: &str, percentile| event[side]["default"][percentile].as_f64();
    for side in ["nsrun_ms", "floor_ms"] {
        assert!(ms(side, "p50") <= ms(side, "p90"), "{done}");
        assert!(ms(side, "p90") <= ms(side, "p99"), "{done}");
    }
}

/// What is saved is what is printed, and can be a baseline.
#[test]
fn a_result_that_was_saved_is_a_baseline() {
    let path = fresh_path("saved.json");
    let args = format!("{SOON} --message-format json --save");
    let saved = nsrun(&args, "empty").arg(&path).done().code(0);
    assert_eq!(fs::read(&path).expect("it was saved"), saved.stdout);
    nsrun(
        &format!("{SOON} --max-regression 1000000% --baseline"),
        "empty",
    )
    .arg(&path)
    .done()
    .code(0)
    .prints("Compared with the baseline")
    .omits("worse");
    fs::remove_file(path).expect("it is still there");
}

#[test]
fn a_regression_fails_and_is_named() {
    let done = compare("--max-regression 15%", &too_good()).code(5);
    let done = done.prints("worse").says("became worse by more than 15%: ");
    for name in NAMES {
        let said = done.stderr.contains(&format!("`{name}` from 0.00 to "));
        assert!(said, "{name}: {done}");
    }
}

/// One that is allowed to be worse does not fail with the others.
#[test]
fn only_what_regressed_is_named() {
    let mut contents = baseline(1e6);
    contents["ratios"]["net"] = 1e-6.into();
    compare("", &contents.to_string())
        .code(5)
        .says("1 of ")
        .says("more than 15%: `net` from 0.00 to ");
}

#[test]
fn no_regression_passes() {
    let done = compare("--max-regression 0%", &too_bad()).code(0);
    done.omits("worse").prints("Compared with the baseline");
}

/// Another machine may have more cores.
#[test]
fn what_cannot_be_compared_is_named() {
    let mut contents = baseline(1e6);
    contents["ratios"]["4096 at once"] = 1.0.into();
    compare("", &contents.to_string())
        .code(0)
        .says("warning: the baseline has a ratio of `4096 at once`, which is not compared");
}

#[test]
fn a_file_that_is_no_baseline() {
    let words_of = [
        ("", "is not JSON"),
        ("[1]", "has no object `ratios`"),
        ("{\"ratios\": 1}", "has no object `ratios`"),
        ("{\"ratios\": {}}", "has no ratio of `default`"),
        ("{\"ratios\": {\"tests\": 1}}", "has no ratio of `default`"),
        ("{\"ratios\": {\"net\": \"2\"}}", "as the ratio of `net`"),
        (
            "{\"ratios\": {\"net\": -1}}",
            "has `-1` as the ratio of `net`",
        ),
    ];
    for (contents, words) in words_of {
        let done = compare("", contents).code(2);
        let done = done.says("error: the baseline `").says(words);
        done.says("help: make one with").omits("floor");
    }
}

#[test]
fn files_that_are_not_there() {
    check(&format!("{SOON} --baseline nowhere.json"), "empty")
        .code(2)
        .says("the baseline `nowhere.json` cannot be read: No such file")
        .says("--save nowhere.json")
        .omits("floor");
    check(&format!("{SOON} --save nowhere/new.json"), "empty")
        .code(2)
        .says("cannot write to `nowhere/new.json`: No such file")
        .omits("floor");
}

#[test]
fn options_that_mean_nothing() {
    for (options, words) in [
        ("--baseline x --max-regression much", "not a percentage"),
        ("--baseline x --max-regression=-1%", "not a percentage"),
        ("--max-regression 5%", "--baseline"),
        ("--rounds 0", "--rounds"),
        ("--lib", "`--lib` is about tests"),
        ("--share net", "`--share=net` is about tests"),
        ("some_test", "`some_test` is about tests"),
        ("-- --ignored", "`--ignored` is about tests"),
    ] {
        let done = check(&format!("overhead {options}"), "empty").code(2);
        done.says(words).omits("floor");
    }
}

/// A suite that passes with and without isolation.
pub(crate) const SUITE: &str = "overhead --tests --rounds 2 --lib";

#[test]
fn a_suite_is_measured_both_ways() {
    let done = check(SUITE, "listing").code(0);
    done.prints("cargo test")
        .prints("cargo nsrun test")
        .prints("times")
        .omits("failed");
}

#[test]
fn a_suite_has_a_baseline_too() {
    let good = file("{\"ratios\": {\"tests\": 0.001}}");
    nsrun(&format!("{SUITE} --baseline"), "listing")
        .arg(good)
        .done()
        .code(5)
        .says("`tests` from 0.00 to ");
    let other = file(&too_bad());
    nsrun(&format!("{SUITE} --baseline"), "listing")
        .arg(other)
        .done()
        .code(2)
        .says("has no ratio of `tests`");
}

/// cargo's green is no proof: a test that ends its process ends it well.
#[test]
fn runs_that_fail_are_named() {
    let path = fresh_path("failed.json");
    let of_endings = |test: &str| {
        let args = format!("{SUITE} -p faults ends::{test} --save");
        let done = nsrun(&args, "faults").arg(&path).done().code(101);
        assert_eq!(fs::read(&path).expect("it was opened"), b"", "{done}");
        done.prints("2 failed")
            .omits("With isolation")
            .says("2 of 2 runs of `cargo nsrun test` failed (exit status: 101)")
    };
    of_endings("fails").says("2 of 2 runs of `cargo test` failed (exit status: 101)");
    let only_ours = of_endings("exits_well");
    assert!(!only_ours.stderr.contains("`cargo test`"), "{only_ours}");
    fs::remove_file(path).expect("it is still there");
}

#[test]
fn a_suite_that_does_not_compile() {
    check("overhead --tests", "broken")
        .code(101)
        .says("cannot find function `undefined`")
        .says("the tests could not be built")
        .omits("median");
}

/// Not for people: without its pipes, it measures nothing, and ends.
#[test]
fn a_floor_that_nobody_asks_for() {
    shell("$0 --nsrun-floor set-up user,mount </dev/null", "empty")
        .arg(NSRUN)
        .done()
        .code(0)
        .omits(" ");
    let junk = "$0 --nsrun-floor junk </dev/null";
    shell(junk, "empty").arg(NSRUN).done().code(1);
}
