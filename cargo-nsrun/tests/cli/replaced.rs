//! A test binary that is built anew while its tests run: all of them are of one and the same, or it is
//! an error.

use std::fs;
use std::time::Duration;

use crate::support::{Done, fresh_path, nsrun, word};

/// Puts something else in the place of the binary while the first test runs.
fn replaced(server: &str) -> Done {
    let args = format!("test --server {server} --message-format json -- --test-threads 1");
    let note = fresh_path("note");
    let mut run = nsrun(&args, "replaced").env("NOTE", &note).start_piped();
    while !note.exists() {
        let ended = run.child.try_wait().expect("it is our child");
        assert_eq!(ended, None, "the first test has not run");
        std::thread::sleep(Duration::from_millis(10));
    }
    let binary = fs::read_to_string(&note).expect("it was written");
    let [kept, other] = ["kept", "other"].map(|word| format!("{binary}.{word}"));
    fs::copy("/bin/false", &other).expect("the target folder is ours");
    fs::hard_link(&binary, &kept).expect("the target folder is ours");
    fs::rename(&other, &binary).expect("the target folder is ours");
    fs::remove_file(note).expect("it is ours");
    let done = run.done();
    // cargo does not look whether it is still what was built.
    fs::rename(kept, binary).expect("the target folder is ours");
    done
}

/// One after the other: there is one binary.
#[test]
fn a_server_goes_on_as_it_was_and_to_execute_another_is_an_error() {
    let done = replaced("fork").code(0);
    let verdicts: Vec<_> = done.verdicts().into_values().collect();
    assert_eq!(verdicts, ["pass", "pass", "pass"]);
    let done = replaced("exec").code(125);
    assert_eq!(done.tests().len(), 3);
    for (name, test) in done.tests() {
        let expected = match &*name {
            "tests::a_waits" => "pass",
            _ => "setup-error",
        };
        assert_eq!(test["verdict"], expected, "{name}: {done}");
        let message = word(&test["message"]);
        let said = message.contains("ESTALE") && message.contains("built anew");
        assert_eq!(said, expected == "setup-error", "{name}: {message}");
    }
}
