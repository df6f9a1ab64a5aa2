//! The fault catalogue, `tests/faults`, under nsrun: what must come out does, and nothing is left.
//!
//! The checker there runs it, with both servers and by the attribute alone, and looks at the host
//! before and after.

#[path = "common/own_cargo.rs"]
mod own_cargo;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// Those of which everything is expected.
const RUNNERS: [&str; 5] = [
    "nsrun",
    "nsrun-exec",
    "nsrun-ns_test",
    "cargo-test-ns_test",
    "nextest-ns_test",
];

/// What one leaves on the host is not to be found by the other.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn every_fault_comes_out_as_it_must_and_nothing_is_left() {
    let runners = RUNNERS.iter().flat_map(|runner| ["--runner", runner]);
    let (succeeded, said) = check(runners);
    assert!(succeeded, "{said}");
    assert!(said.contains("| **all** |"), "{said}");
}

/// Would it be seen? A runner that does not isolate leaves all of this.
#[test]
fn what_is_left_is_seen() {
    let faults = "exits_well without_streams forgets_its tmp_is_private takes_the_terminal";
    let (_, said) = check(
        ["--runner", "cargo-test"]
            .into_iter()
            .chain(faults.split(' ')),
    );
    for left in [
        "| exits well | no-result | ✗ pass |",
        "| leak | ✗ pass; left `sleep 3601`",
        "| leak | ✗ pass; left `sleep 3603`",
        "✗ pass; file /dev/shm/faults-tmp-is-private (+2) |",
        "| takes the terminal | pass | ✗ fail; terminal settings",
        "| 0 right, 5 wrong, 0 not run |",
    ] {
        assert!(said.contains(left), "not said: {left}\n{said}");
    }
}

/// Whether the checker is content, and what it says.
fn check<'a>(args: impl Iterator<Item = &'a str>) -> (bool, String) {
    let _one_at_a_time = ONE_AT_A_TIME.lock();
    let output = checker().args(args).output().expect("there is cargo");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = text(&output.stdout) + &text(&output.stderr);
    (output.status.success(), said)
}

/// `cargo run` in the fault crate, without what the cargo that runs us has set.
fn checker() -> Command {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/faults");
    let mut command = Command::new("cargo");
    own_cargo::forget(&mut command);
    command
        .args(["run", "--quiet", "--package", "checker", "--"])
        .args(["--nsrun", env!("CARGO_BIN_EXE_cargo-nsrun")])
        .current_dir(dir)
        .env(
            "CARGO_TARGET_DIR",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/faults"),
        )
        .stdin(Stdio::null());
    command
}
