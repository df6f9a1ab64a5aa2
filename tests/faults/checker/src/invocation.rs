//! One command, run to its end or to its limit.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::came::crash;
use crate::own::Marks;
use crate::terminal;
use crate::watch::Watch;

const TICK: Duration = Duration::from_millis(20);
/// Of each stream; of what comes after, nothing is kept.
const KEPT: u64 = 256 << 20;

pub(crate) struct Invocation {
    child: Child,
    streams: [Receiver<Vec<u8>>; 2],
}

pub(crate) struct Ended {
    /// None if it had to be killed.
    pub(crate) status: Option<ExitStatus>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// Somebody held the streams open when it had ended.
    pub(crate) is_held: bool,
}

impl Invocation {
    pub(crate) fn start(mut command: Command) -> Invocation {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        // SAFETY: what runs there are a few system calls.
        unsafe { command.pre_exec(terminal::come_to_the_foreground) };
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdout = child.stdout.take().expect("a pipe");
        let stderr = child.stderr.take().expect("a pipe");
        Invocation {
            streams: [in_background(stdout), in_background(stderr)],
            child,
        }
    }

    /// Waits. Counts only the time in which this process runs itself: the machine may be stopped.
    pub(crate) fn end(mut self, limit: Duration, marks: &Marks, watch: &mut Watch) -> Ended {
        let mut status = None;
        for tick in 0..limit.as_millis() / TICK.as_millis() {
            status = self.child.try_wait().expect("it is our child");
            if status.is_some() {
                break;
            }
            if tick % 5 == 1 {
                watch.look(marks);
            }
            thread::sleep(TICK);
        }
        if status.is_none() {
            marks.kill();
            self.child.wait().expect("it is our child");
        }
        self.ended(status)
    }

    fn ended(self, status: Option<ExitStatus>) -> Ended {
        let read = self
            .streams
            .map(|stream| stream.recv_timeout(Duration::from_secs(1)));
        let is_held = read.iter().any(Result::is_err);
        let [stdout, stderr] = read.map(Result::unwrap_or_default);
        Ended {
            status,
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
            is_held,
        }
    }
}

fn in_background(mut stream: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.by_ref().take(KEPT).read_to_end(&mut bytes);
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
        let _ = sender.send(bytes);
    });
    receiver
}

impl Ended {
    /// All that is known of a test that the runner has not named.
    pub(crate) fn word(&self) -> String {
        match self.status {
            None => "hang".to_owned(),
            Some(status) if status.success() => "pass".to_owned(),
            Some(status) => status
                .signal()
                .or_else(|| self.named_signal())
                .map_or("fail".to_owned(), crash),
        }
    }

    /// `process didn't exit successfully: `…` (signal: 6, SIGABRT: process abort signal)`
    fn named_signal(&self) -> Option<i32> {
        let (_, rest) = self.stderr.rsplit_once("(signal: ")?;
        rest.split([',', ')']).next()?.parse().ok()
    }
}
