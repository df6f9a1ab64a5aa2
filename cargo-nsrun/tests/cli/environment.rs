//! A test sees the directory and the environment that cargo would have given it.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Run, cargo, fresh_path, host_triple, nsrun, target_dir};

const WHO: [&str; 4] = ["lib", "bin", "test", "doctest"];

type Environment = BTreeMap<String, String>;

/// What each of the four saw.
fn dumps(run: Run) -> Vec<Environment> {
    let path = fresh_path("dump");
    run.env("DUMP", &path).done().code(0);
    let read = |who| {
        let bytes = fs::read(format!("{}.{who}", path.display()));
        parse(&bytes.unwrap_or_else(|error| panic!("{who}: {error}")))
    };
    WHO.map(read).into()
}

fn parse(dump: &[u8]) -> Environment {
    let text = String::from_utf8(dump.to_vec()).expect("text");
    let entries = text.split_terminator('\0');
    entries
        .map(|entry| entry.split_once('=').expect("a name and a value"))
        // Which differ from one run to the next, under cargo as well.
        .filter(|(name, _)| !["DUMP", "NSRUN_CLI_TEST"].contains(name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn same_as_under_cargo(options: &str, set: impl Fn(Run) -> Run) {
    let expected = dumps(set(cargo("test", "environment")));
    let seen = dumps(set(nsrun(&format!("test {options}"), "environment")));
    for ((who, expected), seen) in WHO.iter().zip(&expected).zip(&seen) {
        let names = expected.keys().chain(seen.keys());
        let differ: Vec<_> = names
            .filter(|name| expected.get(*name) != seen.get(*name))
            .map(|name| (name, expected.get(name), seen.get(name)))
            .collect();
        assert!(differ.is_empty(), "{options} {who}: {differ:#?}");
    }
}

#[test]
fn everything_is_as_under_cargo() {
    same_as_under_cargo("", |run| run);
}

#[test]
fn also_where_all_tests_share_a_sandbox() {
    same_as_under_cargo("--scope binary", |run| run);
}

/// The user's own runner runs in the sandbox, and ours does not show in its place.
#[test]
fn also_where_the_user_has_a_runner() {
    let variable = format!(
        "CARGO_TARGET_{}_RUNNER",
        host_triple().to_uppercase().replace('-', "_")
    );
    same_as_under_cargo("", |run| run.env(&variable, "env BY_A_RUNNER=1"));
    let seen = dumps(nsrun("test", "environment").env(&variable, "env BY_A_RUNNER=1"));
    for (who, environment) in WHO.iter().zip(&seen) {
        assert_eq!(
            environment.get("BY_A_RUNNER").map(String::as_str),
            Some("1"),
            "{who}"
        );
    }
}

/// Against the chance that both are wrong alike.
#[test]
fn what_the_manual_of_cargo_promises_is_there() {
    let seen = dumps(nsrun("test", "environment"));
    for (who, environment) in WHO.iter().zip(&seen) {
        for (name, value) in [
            ("CARGO_PKG_NAME", "environment"),
            ("CARGO_PKG_VERSION", "1.2.3-pre"),
            ("CARGO_PKG_VERSION_MINOR", "2"),
            ("CARGO_PKG_VERSION_PRE", "pre"),
            ("CARGO_PKG_AUTHORS", "A. Nobody <nobody@example.com>"),
            ("CARGO_PKG_DESCRIPTION", "What a test sees of cargo"),
            ("CARGO_PKG_HOMEPAGE", "https://example.com"),
        ] {
            assert_eq!(
                environment.get(name).map(String::as_str),
                Some(value),
                "{who}: {name}"
            );
        }
        let root = crate::support::fixture_dir("environment");
        let root = root.to_str();
        for name in ["(directory)", "CARGO_MANIFEST_DIR"] {
            assert_eq!(
                environment.get(name).map(String::as_str),
                root,
                "{who}: {name}"
            );
        }
        let out = environment
            .get("OUT_DIR")
            .unwrap_or_else(|| panic!("{who}: OUT_DIR"));
        assert!(out.starts_with(target_dir("environment").to_str().expect("text")));
        assert!(
            environment["LD_LIBRARY_PATH"].contains(out.as_str()),
            "{who}"
        );
    }
}
