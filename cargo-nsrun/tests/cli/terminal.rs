//! A run as a shell's job on a real terminal: keys are typed, and it is looked at from its other end.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use nix::pty::{OpenptyResult, openpty};
use nix::sys::termios::{SpecialCharacterIndices, Termios, tcgetattr};
use nix::unistd::{Pid, tcgetpgrp};

use crate::support::{NSRUN, Started, nsrun, program};

/// Whatever is not on the screen by then never will be, on however busy a machine.
const HANGS: Duration = Duration::from_secs(120);

/// After a SIGTERM that a test does not heed.
const GRACE: Duration = Duration::from_secs(2);

/// A shell that leads a session on a terminal of its own. It leaves the terminal's settings alone,
/// so that what a job has changed can be seen.
struct Shell {
    run: Started,
    terminal: File,
    appears: Receiver<Vec<u8>>,
    screen: String,
    /// The end of what has been waited for.
    seen: usize,
}

/// What a job must leave as it was.
#[derive(Debug, PartialEq)]
struct State {
    settings: Termios,
    foreground: Pid,
}

impl Shell {
    fn start() -> Shell {
        let OpenptyResult { master, slave } = openpty(None, None).expect("a pseudoterminal");
        let clone = |fd: &OwnedFd| fd.try_clone().expect("a descriptor");
        let appears = in_background(File::from(clone(&master)));
        let run = program("setsid", "--ctty sh -i", "faults")
            .env("NSRUN", NSRUN)
            .env("PS1", "")
            .stdin(clone(&slave))
            .stdout(slave)
            .start();
        let mut shell = Shell {
            run,
            terminal: File::from(master),
            appears,
            screen: String::new(),
            seen: 0,
        };
        // What it says of its jobs is to be seen, too.
        shell.types("exec 2>&1; echo $((6 * 7)) is ready\n");
        shell.waits_for("42 is ready");
        shell
    }

    fn types(&mut self, keys: &str) {
        let typed = self.terminal.write_all(keys.as_bytes());
        typed.expect("the terminal is there");
    }

    /// Presses the key that stands for this.
    fn presses(&mut self, key: SpecialCharacterIndices) {
        let key = self.state().settings.control_chars[key as usize];
        self.types(&char::from(key).to_string());
    }

    /// Reads on until this appears.
    fn waits_for(&mut self, words: &str) {
        let deadline = Instant::now() + HANGS;
        loop {
            if let Some(at) = self.screen[self.seen..].find(words) {
                self.seen += at + words.len();
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.appears.recv_timeout(left) {
                Ok(bytes) => self.screen += &String::from_utf8_lossy(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("no {words} after {} on\n{}", self.seen, self.screen)
                }
            }
        }
    }

    fn state(&self) -> State {
        State {
            settings: tcgetattr(&self.terminal).expect("it is a terminal"),
            foreground: tcgetpgrp(&self.terminal).expect("it has a session"),
        }
    }

    /// Starts a run of a test that ends by its time limit, and of one that passes; returns when the
    /// first of them runs.
    fn runs(&mut self, options: &str) {
        self.types(&format!(
            "\"$NSRUN\" nsrun test -p faults --message-format json {options} -- \
             --test-threads 1 --exact ends::never_ends ends::passes\n"
        ));
        self.waits_for("\"event\":\"started\"");
        self.waits_for("ends::never_ends");
    }

    /// Leaves the shell, and makes sure that it has left nothing.
    fn ends(mut self) {
        self.types("exit\n");
        self.run.done().code(0);
    }
}

fn in_background(mut master: File) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        // EIO when nobody has the terminal any more (pty(7)).
        while let Ok(length @ 1..) = master.read(&mut bytes) {
            if sender.send(bytes[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

/// So that nobody waits for cargo where time counts.
fn build() {
    nsrun("test -p faults --no-run", "faults").done().code(0);
}

#[test]
fn stopped_by_a_key_and_continued_it_goes_on() {
    build();
    let mut shell = Shell::start();
    let before = shell.state();
    let limit = Duration::from_secs(8);
    shell.runs(&format!("--timeout {}s", limit.as_secs()));
    let started = Instant::now();
    assert_ne!(shell.state().foreground, before.foreground);
    // It is said that a test starts before it has: only then does its time run.
    thread::sleep(Duration::from_secs(1));
    shell.presses(SpecialCharacterIndices::VSUSP);
    shell.waits_for("Stopped");
    let ran = started.elapsed();
    assert_eq!(shell.state(), before);
    // For longer than the test has left.
    thread::sleep(limit + Duration::from_secs(1));
    shell.types("fg\n");
    let continued = Instant::now();
    shell.waits_for("\"verdict\":\"timeout\"");
    let left = limit.saturating_sub(ran) + GRACE;
    let took = continued.elapsed();
    assert!(
        took + Duration::from_millis(500) > left,
        "ended {took:?} after `fg`, with {left:?} left"
    );
    shell.waits_for("\"verdict\":\"pass\"");
    shell.waits_for("\"type\":\"suite\"");
    shell.types("echo \"code=$?\"\n");
    shell.waits_for("code=101");
    assert_eq!(shell.state(), before);
    shell.ends();
}

#[test]
fn interrupted_by_a_key_twice_it_leaves_the_terminal_as_it_was() {
    build();
    let mut shell = Shell::start();
    let before = shell.state();
    shell.runs("");
    for _ in 0..2 {
        shell.presses(SpecialCharacterIndices::VINTR);
        // Two that come at once are one (signal(7)).
        thread::sleep(Duration::from_millis(300));
    }
    shell.waits_for("\"verdict\":\"interrupted\"");
    shell.waits_for("\"type\":\"suite\"");
    shell.types("echo \"code=$?\"\n");
    shell.waits_for("code=130");
    assert_eq!(shell.state(), before);
    shell.ends();
}
