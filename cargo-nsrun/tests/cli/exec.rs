//! `cargo nsrun exec`: any command in a sandbox.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Run, cargo, check, fixture_dir, nsrun, shell};

#[test]
fn the_exit_status_is_the_commands() {
    for (script, code) in [
        ("exit 0", 0),
        ("exit 1", 1),
        ("exit 77", 77),
        ("exit 255", 255),
        ("kill -TERM $$", 128 + 15),
        ("kill -KILL $$", 128 + 9),
        ("kill -SEGV $$", 128 + 11),
    ] {
        nsrun("exec -- sh -c", "empty")
            .arg(script)
            .done()
            .code(code);
    }
}

#[test]
fn what_cannot_be_executed() {
    let file = fixture_dir("empty").join("Cargo.toml");
    nsrun("exec --", "empty")
        .arg(&file)
        .done()
        .code(126)
        .says("EACCES");
    check("exec -- /etc", "empty").code(126).says("error");
    check("exec -- no-such-command", "empty")
        .code(127)
        .says("cannot execute `no-such-command`: ENOENT");
    check("exec -- ./nowhere/true", "empty")
        .code(127)
        .says("ENOENT");
}

#[test]
fn the_time_is_limited() {
    check("exec --timeout 300ms -- sleep 3600", "empty")
        .code(124)
        .says("the command was ended: its time was up");
    check("exec --timeout 1h -- true", "empty").code(0);
}

#[test]
fn the_streams_are_the_callers() {
    let done = shell(
        "echo to the command | \"$NSRUN\" nsrun exec -- sh -c 'cat; echo err >&2'",
        "empty",
    );
    let done = done.done().code(0);
    assert_eq!(
        (&*done.text(), &*done.stderr),
        ("to the command\n", "err\n")
    );
}

#[test]
fn arguments_and_directory_are_passed_on() {
    let done = check("exec printf [%s] --root -h -- a", "empty").code(0);
    assert_eq!(done.text(), "[--root][-h][--][a]");
    let done = check("exec -- pwd", "empty").code(0);
    assert_eq!(Path::new(done.text().trim()), fixture_dir("empty"));
}

/// A reader that goes away ends the writer, as anywhere.
#[test]
fn signals_have_their_usual_meaning() {
    let done = nsrun("exec -- sh -c", "empty")
        .arg("yes | head -1; kill -INT $$; echo on")
        .done();
    let done = done.code(130);
    assert_eq!((&*done.text(), &*done.stderr), ("y\n", ""));
}

#[test]
fn a_signal_to_us_is_the_commands() {
    let script = "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.1; done";
    let mut run = nsrun("exec -- sh -c", "empty").arg(script).start_piped();
    read_line(&mut run.child, "ready");
    signal(&run.child, "TERM");
    let done = run.done().code(5);
    assert_eq!(done.text(), "caught\n");
}

/// Reads a line of standard output, byte by byte so as to leave the rest.
fn read_line(child: &mut std::process::Child, expected: &str) {
    use std::io::Read;
    let stdout = child.stdout.as_mut().expect("a pipe");
    let mut line = Vec::new();
    let mut byte = [0];
    while byte != *b"\n" {
        stdout.read_exact(&mut byte).expect("a line");
        line.extend(byte);
    }
    assert_eq!(String::from_utf8_lossy(&line).trim_end(), expected);
}

fn signal(child: &std::process::Child, name: &str) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-s", name, &pid]).status();
    assert!(sent.expect("there is kill").success());
}

#[test]
fn who_outlives_the_command_is_named_and_ended() {
    nsrun("exec -- sh -c", "empty")
        .arg("setsid sleep 3603 & exit 3")
        .done()
        .code(3)
        .says("left behind and killed: pid ")
        .says("sleep 3603");
}

/// `cargo-nsrun` is found as `.cargo/config.toml` names it.
fn on_path(run: Run) -> Run {
    let folder = Path::new(crate::support::NSRUN).parent().expect("a folder");
    let path = std::env::var_os("PATH").expect("PATH is set");
    let folders = [folder.to_owned()]
        .into_iter()
        .chain(std::env::split_paths(&path));
    let outside = fs::read_link("/proc/self/ns/net").expect("a link");
    // Where there is one sandbox.
    let once = nsrun("exec -- grep -c", "empty")
        .arg(" /tmp ")
        .arg("/proc/self/mountinfo")
        .done();
    run.env("PATH", std::env::join_paths(folders).expect("a path"))
        .env("ONCE", once.code(0).text().trim())
        .env("OUTSIDE", outside)
}

#[test]
fn as_the_runner_of_cargo_test() {
    on_path(cargo("test", "runner"))
        .done()
        .code(0)
        .prints("test tests::inside ... ok")
        .prints("test src/lib.rs - (line 1) ... ok");
}

#[test]
fn as_the_runner_of_cargo_run() {
    on_path(cargo("run -- a --root", "runner"))
        .done()
        .code(9)
        .prints("ran with [\"a\", \"--root\"]\n");
}

#[test]
fn as_the_runner_of_nextest() {
    on_path(cargo("nextest run", "runner"))
        .done()
        .code(0)
        .says("2 tests run: 2 passed");
}

#[test]
fn a_sandbox_is_not_made_twice() {
    let done = on_path(nsrun("test --message-format json", "runner"))
        .done()
        .code(0);
    let words: Vec<_> = done.verdicts().into_values().collect();
    assert_eq!(words, ["pass", "pass"]);
    assert_eq!(done.suite()["doctests"]["passed"], 1);
}

/// As it happens where a test that is run by this runner makes sandboxes itself.
#[test]
fn a_sandbox_within_a_sandbox() {
    shell(
        r#""$NSRUN" nsrun exec -- "$NSRUN" nsrun exec -- cat /proc/self/comm"#,
        "empty",
    )
    .done()
    .code(0)
    .prints("cat\n");
}
