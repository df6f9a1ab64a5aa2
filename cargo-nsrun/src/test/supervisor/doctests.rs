//! Doctests, which rustdoc runs and reports itself: only their sandboxes are ours.

use std::ffi::OsString;
use std::os::unix::net::UnixStream;

use super::super::workspace;
use super::Supervisor;
use crate::collect::{Answer, Collected};
use crate::exec::has_hung_up;

impl Supervisor<'_> {
    /// They go last, so that what rustdoc prints does not stand between our results.
    pub(super) fn release_doctests(&mut self) {
        if self.running.is_empty() && self.queue.is_empty() {
            self.warn_that_none_is_retried();
            for (doctest, stream) in std::mem::take(&mut self.doctests) {
                let stream = answer(stream, &Answer::Now(self.in_sandbox(doctest)));
                self.released.push(stream);
            }
        }
        self.released.retain(|stream| !has_hung_up(stream));
    }

    /// Once: rustdoc runs them, and says how each went before we could run it again.
    fn warn_that_none_is_retried(&mut self) {
        if self.args.retries > 0 && !self.doctests.is_empty() && !self.warned_of_doctests {
            self.warned_of_doctests = true;
            self.report.warning(
                "`--retries` has no effect on doctests: rustdoc runs them, each of them once",
            );
        }
    }

    /// What `exec` is to do with a doctest: its options, the user's own runner, the program.
    fn in_sandbox(&self, mut doctest: Collected) -> Collected {
        let mut sandbox = self.args.sandbox.clone();
        sandbox.keep.extend(workspace::keep_for_doctest(&doctest));
        self.runner.restore(&mut doctest.environment);
        // What takes a runner to be run cannot run itself.
        if self.runner.command.is_empty() {
            doctest.announce_merged_doctests();
        }
        let options = sandbox.to_options().into_iter().map(OsString::from);
        let runner = self.runner.command.iter().cloned();
        let before = options.chain(["--".into()]).chain(runner);
        doctest.command = before.chain(doctest.command).collect();
        doctest
    }
}

/// Tells a runner what to do. It goes on for as long as the stream is open.
pub(super) fn answer(mut stream: UnixStream, answer: &Answer) -> UnixStream {
    // A runner that is gone waits for nothing.
    let _ = answer.send(&mut stream);
    stream
}
