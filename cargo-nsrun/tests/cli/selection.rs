//! The flags of `cargo test` select and build what they select and build there, and those of
//! libtest leave what they leave there: the same tests run. Every test of the fixture notes in a
//! file that it has run, whoever started it.

use std::fs;
use std::process::Command;

use crate::support::{Run, cargo, fixture_dir, fresh_path, host_triple, nsrun};

/// What has run, sorted.
fn ledger(run: Run, code: i32) -> Vec<String> {
    let path = fresh_path("ledger");
    fs::write(&path, "").expect("a file");
    run.env("LEDGER", &path).done().code(code);
    let mut lines: Vec<String> = fs::read_to_string(&path)
        .expect("a file")
        .lines()
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines
}

/// The arguments run the same tests as under cargo; returns how many those are.
#[track_caller]
fn same(args: &str) -> usize {
    let expected = ledger(cargo(&format!("test {args}"), "selection"), 0);
    // An error under nsrun, unless asked otherwise.
    let code = if expected.is_empty() && !args.contains("--no-run") {
        4
    } else {
        0
    };
    let ran = ledger(nsrun(&format!("test {args}"), "selection"), code);
    assert_eq!(ran, expected, "`cargo nsrun test {args}`");
    expected.len()
}

#[track_caller]
fn table(rows: &[(&str, usize)]) {
    for (args, tests) in rows {
        assert_eq!(same(args), *tests, "`cargo test {args}`");
    }
}

#[test]
fn packages() {
    table(&[
        ("", 11),
        ("-p alpha", 11),
        ("--package=beta", 3),
        ("-p alpha -p beta", 14),
        ("--workspace", 14),
        ("--all", 14),
        ("--workspace --exclude alpha", 3),
    ]);
}

#[test]
fn targets() {
    table(&[
        ("--lib", 5),
        ("--bins", 2),
        ("--bin alpha", 1),
        ("--bin untested", 1),
        ("--test first", 1),
        ("--test first --test second", 2),
        ("--test *", 2),
        ("--tests", 9),
        ("--examples", 2),
        ("--example plain", 1),
        ("--benches", 8),
        ("--bench speed", 1),
        ("--doc", 2),
        ("--doc --workspace", 3),
        ("--all-targets", 12),
        ("--lib --bins --test second", 8),
        ("--workspace --lib", 6),
    ]);
}

#[test]
fn features_and_profiles() {
    table(&[
        ("--lib --features extra", 6),
        ("--lib -F extra", 6),
        ("--lib --features=usual,extra", 6),
        ("--lib --all-features", 6),
        ("--lib --no-default-features", 4),
        ("--lib --release", 5),
        ("--lib -r", 5),
        ("--lib --profile slow", 5),
    ]);
}

#[test]
fn the_build() {
    let host = host_triple();
    let elsewhere = fresh_path("target");
    let rows = [
        (format!("--lib --target {host}"), 5),
        (format!("--lib --target-dir {}", elsewhere.display()), 5),
        ("--lib --locked".to_owned(), 5),
        ("--lib --offline".to_owned(), 5),
        ("--lib --frozen".to_owned(), 5),
        ("--lib -j 1".to_owned(), 5),
        ("--lib --jobs=2".to_owned(), 5),
        ("--lib --ignore-rust-version".to_owned(), 5),
        ("--lib --timings".to_owned(), 5),
        ("--lib --future-incompat-report".to_owned(), 5),
        ("--lib --config build.incremental=false".to_owned(), 5),
        ("--lib --no-run".to_owned(), 0),
        ("--lib --no-fail-fast".to_owned(), 5),
    ];
    for (args, tests) in &rows {
        table(&[(args, *tests)]);
    }
    assert!(elsewhere.join("debug").exists());
    fs::remove_dir_all(elsewhere).expect("it is there");
}

#[test]
fn the_words() {
    table(&[
        ("--lib -q", 5),
        ("--lib -v", 5),
        ("--lib -vv", 5),
        ("--lib --color always", 5),
        ("--lib --color never", 5),
        ("--lib --message-format short", 5),
        ("--lib --message-format human", 5),
        ("--lib --message-format json", 5),
    ]);
}

#[test]
fn a_manifest_elsewhere() {
    let args = "test --manifest-path selection/Cargo.toml --lib";
    let above = fixture_dir("selection").join("..");
    let expected = ledger(cargo(args, "selection").dir(&above), 0);
    let ran = ledger(nsrun(args, "selection").dir(&above), 0);
    assert_eq!(ran, expected);
    assert_eq!(ran.len(), 5);
}

#[test]
fn from_the_folder_of_a_member() {
    let beta = fixture_dir("selection").join("beta");
    let expected = ledger(cargo("test", "selection").dir(&beta), 0);
    let ran = ledger(nsrun("test", "selection").dir(&beta), 0);
    assert_eq!(ran, expected);
    assert_eq!(ran.len(), 3);
}

#[test]
fn filters() {
    table(&[
        ("one", 6),
        ("tests::", 5),
        ("--workspace one", 8),
        ("--lib -- one two", 3),
        ("--lib one -- two", 3),
        ("--lib -- --exact tests::one", 1),
        ("--lib tests::one -- --exact", 1),
        ("--lib -- --exact one", 0),
        ("--lib -- --skip one", 3),
        ("--lib -- --skip one --skip two", 2),
        ("--lib -- --exact --skip tests::one", 4),
        ("--lib deeper -- --skip two", 1),
        ("--lib no_such_test", 0),
    ]);
}

#[test]
fn ignored_tests() {
    table(&[
        ("--tests -- --ignored", 3),
        ("--tests -- --include-ignored", 12),
        ("--lib slow -- --ignored", 1),
        ("--lib -- --ignored --exact tests::slow", 1),
        ("--lib -- --skip slow --include-ignored", 5),
    ]);
}

#[test]
fn how_tests_run() {
    table(&[
        ("--lib -- --nocapture", 5),
        ("--lib -- --no-capture", 5),
        ("--lib -- --show-output", 5),
        ("--lib -- --test-threads 1", 5),
        ("--lib -- --test-threads=3", 5),
        ("--lib -- --quiet", 5),
        ("--lib -- -q", 5),
        ("--lib -- --color never", 5),
        ("--lib -- --test", 5),
    ]);
}

/// The names that `--list` prints, with what stands around them cut off.
fn listed(run: Run) -> Vec<String> {
    let done = run.env("LEDGER", "/dev/full").done().code(0);
    let mut names: Vec<String> = done
        .text()
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .map(|line| line.rsplit(' ').next().unwrap_or(line).to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn lists() {
    for (args, tests) in [
        ("--workspace --tests -- --list", 14),
        ("--tests -- --list --ignored", 3),
        ("--tests one -- --list", 6),
        ("--lib -- --list --skip one", 4),
        ("--lib -- --list --exact tests::slow", 1),
    ] {
        let expected = listed(cargo(&format!("test {args}"), "selection"));
        let ours = listed(nsrun(&format!("test {args}"), "selection"));
        assert_eq!(ours, expected, "{args}");
        assert_eq!(ours.len(), tests, "{args}");
    }
}

/// Where a private `/tmp` would hide the workspace, what is built, and the current folder.
#[test]
fn a_workspace_below_tmp() {
    let copy = std::path::Path::new("/tmp").join(format!("nsrun-cli-{}", std::process::id()));
    let copied = Command::new("cp")
        .arg("-r")
        .arg(fixture_dir("selection"))
        .arg(&copy)
        .status();
    assert!(copied.expect("there is cp").success());
    let path = copy.join("ledger.txt");
    fs::write(&path, "").expect("a file");
    let run = nsrun("test --workspace", "selection").dir(&copy);
    let run = run
        .env("CARGO_TARGET_DIR", copy.join("target"))
        .env("LEDGER", &path);
    let done = run.done();
    let lines = fs::read_to_string(&path).expect("a file").lines().count();
    fs::remove_dir_all(&copy).expect("it is there");
    done.code(0).prints("11 tests run");
    assert_eq!(lines, 14);
}
