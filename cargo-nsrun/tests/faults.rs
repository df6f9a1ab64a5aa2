//! The fault catalogue, `tests/faults`, under nsrun: what must come out does, and nothing is left.
//!
//! The checker there runs it, with both servers and by the attribute alone, and looks at the host
//! before and after.

use std::path::Path;
use std::process::{Command, Stdio};

/// Those of which everything is expected.
const RUNNERS: [&str; 5] = [
    "nsrun",
    "nsrun-exec",
    "nsrun-ns_test",
    "cargo-test-ns_test",
    "nextest-ns_test",
];

#[test]
fn every_fault_comes_out_as_it_must_and_nothing_is_left() {
    let mut command = checker();
    for runner in RUNNERS {
        command.args(["--runner", runner]);
    }
    let output = command.output().expect("there is cargo");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (table, complaints) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{table}\n{complaints}");
    assert!(table.contains("| **all** |"), "{table}\n{complaints}");
}

/// `cargo run` in the fault crate, without what the cargo that runs us has set.
fn checker() -> Command {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/faults");
    let mut command = Command::new("cargo");
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let ours = ["CARGO", "NSRUN", "RUST_"].map(|start| name.starts_with(start));
        if ours.contains(&true) && name != "CARGO_HOME" {
            command.env_remove(&*name);
        }
    }
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
