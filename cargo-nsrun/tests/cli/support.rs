//! Runs the command line on a fixture, and takes in what it did.

mod done;
mod run;
mod started;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use done::{Done, word};
pub(crate) use run::Run;
pub(crate) use started::Started;

/// The path of `cargo-nsrun`.
pub(crate) const NSRUN: &str = env!("CARGO_BIN_EXE_cargo-nsrun");

/// Runs `cargo nsrun ARGS`, words separated by spaces, in the folder of a fixture.
pub(crate) fn check(args: &str, fixture: &str) -> Done {
    nsrun(args, fixture).done()
}

/// The command for `cargo nsrun ARGS`, as cargo starts it.
pub(crate) fn nsrun(args: &str, fixture: &str) -> Run {
    Run::new(NSRUN, &format!("nsrun {args}"), fixture)
}

/// The command for a plain `cargo ARGS`.
pub(crate) fn cargo(args: &str, fixture: &str) -> Run {
    Run::new(&cargo_program(), args, fixture)
}

/// The command for any other program.
pub(crate) fn program(program: &str, args: &str, fixture: &str) -> Run {
    Run::new(program, args, fixture)
}

/// The command for `sh -c SCRIPT`, in which `$NSRUN` is `cargo-nsrun`.
pub(crate) fn shell(script: &str, fixture: &str) -> Run {
    Run::new("sh", "-c", fixture)
        .arg(script)
        .env("NSRUN", NSRUN)
}

pub(crate) fn fixture_dir(fixture: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    match fixture {
        // Other commands are tried on it too.
        "faults" => root.join("../tests/faults"),
        _ => root.join("tests/fixtures").join(fixture),
    }
}

/// Where a fixture is built: each in its own folder, so that they do not wait for each other.
pub(crate) fn target_dir(fixture: &str) -> PathBuf {
    let workspace = fixture.split('/').next().unwrap_or(fixture);
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(workspace)
}

/// A path that nothing else uses, and where nothing is yet.
pub(crate) fn fresh_path(name: &str) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fresh");
    fs::create_dir_all(&dir).expect("a folder");
    dir.join(format!("{}-{next}-{name}", std::process::id()))
}

pub(crate) fn host_triple() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc");
    let text = String::from_utf8(output.stdout).expect("text");
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc knows its host").to_owned()
}

fn cargo_program() -> String {
    std::env::var("CARGO").expect("cargo runs these tests")
}

/// That a run leaves nothing is tested for after each: would it be seen?
#[test]
#[should_panic(expected = "has left behind")]
fn what_is_left_behind_is_seen() {
    shell("sleep 5 >/dev/null 2>&1 &", "empty").done();
}
