//! A command that runs, and what must not be left of it.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::done::Done;
use crate::processes::{command_line, marked};

/// Whatever takes longer hangs, on however busy a machine.
const HANGS: Duration = Duration::from_secs(300);
/// The variable by which a process is known to belong to a run.
pub(super) const MARK: &str = "NSRUN_CLI_TEST";

/// A command that runs.
pub(crate) struct Started {
    pub(crate) child: Child,
    pub(super) mark: String,
    pub(super) words: String,
}

impl Started {
    /// What runs of it by now.
    pub(crate) fn command_lines(&self) -> Vec<String> {
        let processes = marked(MARK, &self.mark);
        processes.iter().map(|dir| command_line(dir)).collect()
    }

    /// Waits for its end, and makes sure that nothing of it is left.
    pub(crate) fn done(self) -> Done {
        self.done_watched(|_| ())
    }

    /// The same, and has a look at the process all the while.
    pub(crate) fn done_watched(mut self, mut look: impl FnMut(u32)) -> Done {
        let stdout = self.child.stdout.take().map(read_in_background);
        let stderr = self.child.stderr.take().map(read_in_background);
        let deadline = Instant::now() + HANGS;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                break status;
            }
            assert!(Instant::now() < deadline, "`{}` hangs", self.words);
            look(self.child.id());
            thread::sleep(Duration::from_millis(5));
        };
        nothing_left(&self.mark, &self.words);
        let text = |read: Option<thread::JoinHandle<Vec<u8>>>| {
            read.map_or_else(Vec::new, |read| read.join().expect("a pipe can be read"))
        };
        Done {
            code: status.into_raw() >> 8 & 0xff,
            signal: status.signal(),
            stdout: text(stdout),
            stderr: String::from_utf8_lossy(&text(stderr)).into_owned(),
            words: std::mem::take(&mut self.words),
        }
    }
}

impl Drop for Started {
    /// A test that panics while it runs must not leave it running.
    fn drop(&mut self) {
        // Whoever has been waited for is not killed again: `Child` remembers.
        let _ = self.child.kill();
        let _ = self.child.wait();
        for process in marked(MARK, &self.mark) {
            end(&process);
        }
    }
}

/// What was started by it and not tied to it.
fn end(process: &Path) {
    let name = process.file_name().and_then(|name| name.to_str());
    if let Some(pid) = name.and_then(|name| name.parse().ok()) {
        // It may have ended by now.
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
    }
}

fn read_in_background(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        bytes
    })
}

/// Nothing survives: no process that carries the mark outlives the run by more than a second.
fn nothing_left(mark: &str, words: &str) {
    let deadline = Instant::now() + Duration::from_secs(1);
    loop {
        let left: Vec<_> = marked(MARK, mark)
            .iter()
            .map(|dir| described(dir))
            .collect();
        if left.is_empty() {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "`{words}` has left behind: {left:#?}"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

/// What a panic would leave is looked for here, since nobody does after a panic.
#[test]
fn what_is_dropped_while_it_runs_has_ended() {
    let run = super::shell("sleep 1000 & wait", "empty").start();
    let mark = run.mark.clone();
    while marked(MARK, &mark).len() < 2 {
        thread::sleep(Duration::from_millis(5));
    }
    drop(run);
    nothing_left(&mark, "a command that was dropped");
}

fn described(process: &Path) -> String {
    format!("{} {}", process.display(), command_line(process))
}
