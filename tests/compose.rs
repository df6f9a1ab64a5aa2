//! `#[ns_test]` in every shape and among other attributes, as a stock libtest lists and runs it.
//!
//! The tests themselves are a package of their own, `tests/compose`, since they need a crate in
//! which tests fail, and one that knows nsrun by another name.

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compose");

/// The plain tests beside the sandboxed ones; they check what has been registered.
const PLAIN: [&str; 3] = [
    "registry::paths",
    "registry::specs",
    "registry::what_libtest_knows_too",
];

fn cargo(args: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(args)
        .current_dir(PACKAGE)
        .env(
            "CARGO_TARGET_DIR",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/compose"),
        )
        .env("CARGO_TERM_COLOR", "never")
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("cargo runs")
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("cargo writes UTF-8")
}

/// All the tests that there should be, sorted by their names.
fn expected() -> Vec<String> {
    let listed = fs::read_to_string(Path::new(PACKAGE).join("listed.txt")).expect("a list");
    let mut names: Vec<String> = listed.lines().chain(PLAIN).map(str::to_owned).collect();
    names.sort();
    names
}

#[test]
fn libtest_lists_each_test_once() {
    let output = cargo(&["test", "--lib", "--", "--list", "--format", "terse"]);
    let mut names: Vec<&str> = text(&output.stdout)
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .collect();
    names.sort_unstable();
    let expected = expected();
    let missing: Vec<_> = expected
        .iter()
        .filter(|name| !names.contains(&name.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "not listed: {missing:#?}\n{}",
        text(&output.stderr)
    );
    assert_eq!(names, expected);
}

#[test]
fn every_test_ends_as_it_should() {
    let output = cargo(&["test", "--lib", "--", "--test-threads", "1"]);
    let stdout = text(&output.stdout);
    for name in expected() {
        let outcome = outcome(stdout, &name);
        assert!(
            outcome.starts_with(expected_outcome(&name)),
            "{name}: {outcome}\n{stdout}"
        );
    }
}

/// A test that should fail says so in its name, and so does one that should not run.
fn expected_outcome(name: &str) -> &'static str {
    match name {
        "cases::failing::case_2" => "ok",
        name if name.contains("failing") => "FAILED",
        name if name.contains("ignored") => "ignored",
        _ => "ok",
    }
}

fn outcome<'a>(stdout: &'a str, name: &str) -> &'a str {
    let start = format!("test {name} ");
    let line = stdout.lines().find(|line| line.starts_with(&start));
    let line = line.unwrap_or_else(|| panic!("{name} has not run:\n{stdout}"));
    line.rsplit_once(" ... ")
        .map_or(line, |(_, outcome)| outcome)
}

#[test]
fn a_renamed_dependency() {
    passes(&["test", "--package", "renamed"]);
}

#[test]
fn a_target_without_libtest() {
    passes(&["test", "--test", "custom_harness"]);
}

#[test]
fn a_target_without_tests() {
    passes(&["test", "--test", "no_tests"]);
}

fn passes(args: &[&str]) {
    let output = cargo(args);
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(
        output.status.success(),
        "cargo {args:?}\n{stdout}\n{stderr}"
    );
}

#[test]
fn what_only_libtest_shows_to_be_wrong() {
    fails_to_compile("rejected");
}

#[test]
fn an_attribute_that_drops_ours() {
    fails_to_compile("forgotten");
}

#[test]
fn an_attribute_that_makes_no_test() {
    fails_to_compile("unlisted");
}

/// Compares the errors with `FEATURE.stderr`, or writes it if `TRYBUILD=overwrite`.
fn fails_to_compile(feature: &str) {
    let output = cargo(&["check", "--lib", "--tests", "--features", feature]);
    assert!(!output.status.success(), "{feature} compiles");
    let errors = errors(text(&output.stderr), feature);
    let path = Path::new(PACKAGE).join(format!("{feature}.stderr"));
    if env::var_os("TRYBUILD").is_some_and(|how| how == "overwrite") {
        fs::write(&path, &errors).expect("the file is writable");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(errors, expected, "{}", path.display());
}

/// The first line of every error in the module, and the place; the rest is the compiler's.
fn errors(stderr: &str, module: &str) -> String {
    let place = format!(" --> src/{module}.rs:");
    let lines: Vec<&str> = stderr.lines().collect();
    let mut errors: Vec<(u32, String)> = lines
        .windows(2)
        .filter(|pair| pair[0].starts_with("error"))
        .filter_map(|pair| {
            let (_, at) = pair[1].split_once(&place)?;
            let (line, _) = at.split_once(':')?;
            Some((line.parse().ok()?, format!("{}\n --> line {at}\n", pair[0])))
        })
        .collect();
    errors.sort();
    let texts: Vec<String> = errors.into_iter().map(|(_, text)| text).collect();
    texts.join("\n")
}
