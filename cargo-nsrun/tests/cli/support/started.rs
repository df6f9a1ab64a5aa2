//! A command that runs, and what must not be left of it.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

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
            if Instant::now() > deadline {
                let _ = self.child.kill();
                panic!("`{}` hangs", self.words);
            }
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
            words: self.words,
        }
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

fn described(process: &Path) -> String {
    format!("{} {}", process.display(), command_line(process))
}
