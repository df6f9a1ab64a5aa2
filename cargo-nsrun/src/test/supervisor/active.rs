//! One sandbox that runs, and what for.

use std::time::Instant;

use nsrun_core::{Running, Sink, Stream};

use super::super::binary::Recorder;
use super::super::capture::Capture;
use super::super::live::Live;
use super::attempt::Attempt;
use super::ended::Ended;
use super::work::Work;

pub(super) struct Active {
    pub(super) attempt: Attempt,
    pub(super) running: Running,
    recorder: Recorder,
    stdout: Capture,
    stderr: Capture,
    /// Shows the output as it comes, if it is not to be captured.
    live: Option<Live>,
    /// Whether there is something that it has not taken in.
    ready: bool,
}

impl Active {
    pub(super) fn new(
        attempt: Attempt,
        running: Running,
        recorder: Recorder,
        captures: [Capture; 2],
    ) -> Active {
        let [stdout, stderr] = captures;
        Active {
            attempt,
            running,
            recorder,
            stdout,
            stderr,
            live: None,
            ready: true,
        }
    }

    /// Whether it is not yet its turn.
    pub(super) fn is_waiting(&self) -> bool {
        self.running.is_waiting()
    }

    /// Has a test's output shown as it comes.
    pub(super) fn show_live(mut self) -> Active {
        if let Work::Test { name, .. } = &self.attempt.work {
            self.live = Some(match self.recorder {
                Recorder::Harness => Live::within_harness(name),
                Recorder::Nsrun => Live::bare(),
            });
        }
        self
    }

    pub(super) fn mark(&mut self, ready: bool) {
        self.ready |= ready;
    }

    /// Whether there is a reason to [`advance`](Active::advance).
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.ready || self.running.wake_at().is_some_and(|at| at <= now)
    }

    /// Takes in what has come, and hands on what is to be shown at once; whether all is over.
    pub(super) fn advance(&mut self, show: Sink<'_>) -> bool {
        self.ready = false;
        let (stdout, stderr, live) = (&mut self.stdout, &mut self.stderr, &mut self.live);
        let over = self
            .running
            .advance(&mut |stream, bytes| match (live.as_mut(), stream) {
                (Some(live), stream) => show(stream, &live.pass(stream, bytes)),
                (None, Stream::Stdout) => stdout.push(bytes),
                (None, Stream::Stderr) => stderr.push(bytes),
            });
        if over && let Some(live) = self.live.take() {
            for (stream, rest) in live.finish() {
                show(stream, &rest);
            }
        }
        over
    }

    /// What came of it, when all is over.
    pub(super) fn into_ended(self) -> Ended {
        Ended {
            attempt: self.attempt,
            kinds: self.running.kinds(),
            recorder: self.recorder,
            outcome: self.running.into_outcome(),
            stdout: self.stdout.finish(),
            stderr: self.stderr.finish(),
        }
    }
}
