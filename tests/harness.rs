//! A target with `harness = false`: the attribute's tests, and tests made at run time, each in a
//! sandbox of its own.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

use nsrun::{Kind, Kinds, Sandbox, ns_test};

/// All of these bind the same port and write the same file, several at once.
const PORT: u16 = 8080;

fn occupy(contents: &str) {
    let listener = TcpListener::bind(("127.0.0.1", PORT)).unwrap();
    let file = Path::new("/tmp/nsrun-harness");
    assert!(!file.exists(), "somebody else has been here");
    fs::write(file, contents).unwrap();
    drop(listener);
}

#[ns_test]
fn an_attribute_in_the_default_sandbox() {
    occupy("attribute");
}

#[ns_test(net, uts, hostname = "db")]
fn an_attribute_with_a_sandbox_of_its_own() -> std::io::Result<()> {
    assert_eq!(fs::read_to_string("/proc/sys/kernel/hostname")?, "db\n");
    Ok(())
}

#[ns_test]
#[should_panic(expected = "as it should")]
fn an_attribute_that_panics() {
    panic!("it panics as it should");
}

#[ns_test]
#[ignore = "shows that it is not run"]
fn an_ignored_attribute() {
    panic!("an ignored test has run");
}

fn main() -> ExitCode {
    let mut harness = nsrun::harness::harness();
    for number in 0..8 {
        harness = harness.test(format!("made_at_run_time::{number}"), move || {
            occupy(&number.to_string());
        });
    }
    let sandbox = Sandbox::with(Kinds::from(Kind::Uts)).hostname("own");
    harness
        .test_in(
            &sandbox,
            "made_at_run_time::with_a_sandbox_of_its_own",
            || {
                let name = fs::read_to_string("/proc/sys/kernel/hostname")?;
                assert_eq!(name, "own\n");
                Ok::<(), std::io::Error>(())
            },
        )
        .run()
}
