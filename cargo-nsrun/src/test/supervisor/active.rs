//! One sandbox that runs, and what for.

use nsrun_core::{
    End, Evidence, Outcome, Proof, Running, Sink, Stream, Verdict, explain, judge, logged_reason,
    read_completion, read_log,
};

use super::super::binary::Recorder;
use super::super::capture::Capture;
use super::super::listing::{self, Form};
use super::super::live::Live;
use super::super::noise;
use super::together::judge_each;
use super::work::Work;
use crate::results::Finished;

pub(super) struct Active {
    pub(super) work: Work,
    pub(super) running: Running,
    recorder: Recorder,
    stdout: Capture,
    stderr: Capture,
    /// Shows the output as it comes, if it is not to be captured.
    live: Option<Live>,
}

impl Active {
    pub(super) fn new(work: Work, running: Running, recorder: Recorder) -> Active {
        Active {
            work,
            running,
            recorder,
            stdout: Capture::default(),
            stderr: Capture::default(),
            live: None,
        }
    }

    /// Has a test's output shown as it comes.
    pub(super) fn show_live(mut self) -> Active {
        if let Work::Test { name, .. } = &self.work {
            self.live = Some(match self.recorder {
                Recorder::Harness => Live::within_harness(name),
                Recorder::Nsrun => Live::bare(),
            });
        }
        self
    }

    /// Takes in what has come, and hands on what is to be shown at once; whether all is over.
    pub(super) fn advance(&mut self, show: Sink<'_>) -> bool {
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

    /// The names that were listed.
    ///
    /// # Errors
    /// Why there is no list, in words.
    pub(super) fn into_listing(self, form: Form) -> Result<Vec<String>, String> {
        let outcome = self.running.into_outcome();
        let verdict = judge(&Evidence::new(&outcome, Proof::ExitStatus));
        match (verdict, outcome.end) {
            (Verdict::Pass | Verdict::Leak, _) => {
                listing::parse(&self.stdout.into_bytes(), form).map_err(|bad| bad.to_string())
            }
            (Verdict::Fail, Some(End::Exited(status))) => {
                let stderr = self.stderr.into_bytes();
                let words = String::from_utf8_lossy(&stderr).trim().to_owned();
                Err(format!("`--list` exited with status {status}: {words}"))
            }
            (other, _) => Err(format!("`--list`: {other}: {}", explain(other, &outcome))),
        }
    }

    /// The test, or the tests, that have ended.
    pub(super) fn into_finished(
        self,
        binary: &str,
        rerun: &dyn Fn(&str) -> String,
    ) -> Vec<Finished> {
        let kinds = self.running.kinds();
        let outcome = self.running.into_outcome();
        let (stdout, mut stderr) = (self.stdout.into_bytes(), self.stderr.into_bytes());
        if self.recorder == Recorder::Harness {
            stderr = noise::strip_stderr(stderr);
        }
        let finished = |name: &str, verdict: Verdict, stdout, stderr| Finished {
            binary: binary.to_owned(),
            name: name.to_owned(),
            verdict,
            message: message(verdict, &outcome, name),
            namespaces: kinds,
            set_up: outcome.times.set_up(),
            run: outcome.times.run(),
            stdout,
            stderr,
            rerun: if verdict.is_red() {
                rerun(name)
            } else {
                String::new()
            },
        };
        match &self.work {
            Work::List { .. } => Vec::new(),
            Work::Test { name, .. } => {
                let (recorded, stdout) = match self.recorder {
                    Recorder::Nsrun => (read_completion(&outcome.record, name), stdout),
                    Recorder::Harness => {
                        let stdout = noise::strip_stdout(stdout, name);
                        (read_log(&outcome.record, name), stdout)
                    }
                };
                let verdict = judge(&Evidence::new(&outcome, Proof::Record(recorded)));
                vec![finished(name, verdict, stdout, stderr)]
            }
            Work::Whole { tests: None, .. } => {
                let verdict = judge(&Evidence::new(&outcome, Proof::ExitStatus));
                let mut finished = finished("", verdict, stdout, stderr);
                if let (Verdict::Fail, Some(End::Exited(status))) = (verdict, outcome.end) {
                    finished.message = format!("exited with status {status}");
                }
                vec![finished]
            }
            Work::Whole {
                tests: Some(tests), ..
            } => {
                // The output is that of all of them together: it goes with the first red one.
                let mut output = Some((stdout, stderr));
                tests
                    .iter()
                    .zip(judge_each(&outcome, tests))
                    .map(|(name, verdict)| {
                        let output = if verdict.is_red() {
                            output.take()
                        } else {
                            None
                        };
                        let (stdout, stderr) = output.unwrap_or_default();
                        finished(name, verdict, stdout, stderr)
                    })
                    .collect()
            }
        }
    }
}

/// What the verdict means; of a failure, what the harness kept out of the output.
fn message(verdict: Verdict, outcome: &Outcome, name: &str) -> String {
    let reason = match verdict {
        Verdict::Fail => logged_reason(&outcome.record, name),
        _ => None,
    };
    let lines = [reason.unwrap_or_default(), explain(verdict, outcome)];
    lines.join("\n").trim().to_owned()
}
