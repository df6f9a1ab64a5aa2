//! The start of what waits in the queue.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use nsrun_core::{Failure, Running, Start, Verdict};

use super::super::binary::{Binary, Recorder};
use super::super::capture::Capture;
use super::Supervisor;
use super::active::Active;
use super::attempt::Attempt;
use super::work::Work;
use crate::args::LibtestArgs;
use crate::fatal::Fatal;
use crate::report::Report;
use crate::results::Finished;

/// Asked once: the standard library reads the limits of the cgroup for it.
pub(super) fn at_once(harness: &LibtestArgs) -> usize {
    let threads = harness.test_threads.map(NonZeroUsize::get);
    threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from))
}

impl Supervisor<'_> {
    pub(super) fn can_start(&self) -> bool {
        !self.queue.is_empty()
            && (self.has_room() || self.has_room_ahead())
            && self.running.len() < 2 * self.at_once + self.ahead
    }

    /// Whether it is another test's turn.
    fn has_room(&self) -> bool {
        self.running_tests() < self.at_once
    }

    /// What is made ahead must not take the room of those whose turn it is.
    fn has_room_ahead(&self) -> bool {
        self.waiting() < self.ahead && self.running.iter().all(|one| one.running.is_made())
    }

    /// While the kernel takes a sandbox apart in which nobody is left, the next test may start; but
    /// not where it may not, if this one has failed.
    fn running_tests(&self) -> usize {
        let running = self.running.iter().filter(|active| !active.is_waiting());
        running
            .filter(|active| self.args.fail_fast || !active.running.is_deserted())
            .count()
    }

    fn waiting(&self) -> usize {
        self.running.iter().filter(|one| one.is_waiting()).count()
    }

    /// Those whose sandboxes were made ahead have their turn before those that have none.
    pub(super) fn start_waiting(&mut self) {
        while let Some(number) = self.next_waiting() {
            let active = &mut self.running[number];
            report_start(self.report, &self.binaries, &active.attempt.work);
            match self.binaries[active.attempt.work.binary()].may_start() {
                Ok(()) => active.running.start(),
                Err(failure) => active.running.refuse(failure),
            }
        }
    }

    fn next_waiting(&self) -> Option<usize> {
        let may_start = self.has_room() && !self.stopped_early;
        let mut running = self.running.iter();
        may_start.then(|| running.position(Active::is_waiting))?
    }

    pub(super) fn start_next(&mut self) {
        let Some(attempt) = self.queue.pop() else {
            return;
        };
        let start = if self.has_room() {
            Start::AtOnce
        } else {
            Start::WhenTold
        };
        match self.launch(&attempt.work, start) {
            Ok((running, recorder)) => self.launched(attempt, running, recorder),
            Err(failure) => self.not_launched(attempt, failure),
        }
    }

    fn launch(&self, work: &Work, start: Start) -> Result<(Running, Recorder), Failure> {
        let binary = &self.binaries[work.binary()];
        let mut job = match work {
            Work::List { ignored, .. } => {
                binary.list_job(*ignored, &self.default, self.args.list_timeout)
            }
            Work::Test { name, .. } => binary.test_job(name, &self.default),
            Work::Whole { .. } => binary.whole_job(&self.harness_args(), &self.default),
        };
        job.start = start;
        binary.launch(job)
    }

    /// What cargo would hand to a test binary.
    fn harness_args(&self) -> Vec<OsString> {
        let filter = self.args.filter.iter().map(OsString::from);
        filter.chain(self.args.libtest.iter().cloned()).collect()
    }

    fn launched(&mut self, attempt: Attempt, running: Running, recorder: Recorder) {
        if !running.is_waiting() {
            report_start(self.report, &self.binaries, &attempt.work);
        }
        let captures = self.captures(&attempt);
        let active = Active::new(attempt, running, recorder, captures);
        let live = self.harness.nocapture && self.report.can_show_live();
        self.running
            .push(if live { active.show_live() } else { active });
    }

    /// For standard output, and for standard error.
    fn captures(&mut self, attempt: &Attempt) -> [Capture; 2] {
        let binary = &self.binaries[attempt.work.binary()];
        let name = match &attempt.work {
            Work::List { .. } => return [Capture::of_list(), Capture::of_list()],
            Work::Test { name, .. } => name,
            Work::Whole { .. } => "",
        };
        self.launches += 1;
        let number = attempt.of(self.args.retries).number;
        ["stdout", "stderr"].map(|stream| {
            let words = [&*binary.id, name, &format!("{number}.{stream}")];
            let dir = &binary.target_dir;
            Capture::new(self.outputs.place(dir, self.launches, words))
        })
    }

    /// Whether there is hope for more room: when one of the others has ended, or when there are no
    /// others.
    pub(super) fn may_put_off(&self, failure: Failure) -> bool {
        let in_a_crowd = !self.running.is_empty() || self.at_once + self.ahead > 1;
        failure.is_shortage() && in_a_crowd && !self.stopped_early
    }

    /// Nothing of it has run. From here on there are no more at once than there was room for.
    pub(super) fn put_off(&mut self, attempt: Attempt, failure: Failure) {
        self.ahead = 0;
        let room = self.running_tests().max(1);
        if room < self.at_once {
            self.at_once = room;
            self.report
                .warning(&format!("{failure}: from here on, {room} at once"));
        }
        self.queue.add_again(attempt);
    }

    fn not_launched(&mut self, attempt: Attempt, failure: Failure) {
        if self.may_put_off(failure) {
            return self.put_off(attempt, failure);
        }
        report_start(self.report, &self.binaries, &attempt.work);
        let number = attempt.work.binary();
        let id = &self.binaries[number].id;
        let names = match &attempt.work {
            Work::List { .. } => return self.unlistable(&id.clone(), &failure.to_string()),
            Work::Test { name, .. } => vec![name.clone()],
            Work::Whole { tests, .. } => tests.clone().unwrap_or_else(|| vec![String::new()]),
        };
        let finished = |name: &String| Finished {
            message: Fatal::from(failure).to_string(),
            rerun: self.rerun(number, name),
            attempt: attempt.of(self.args.retries),
            ..Finished::new(id, name, Verdict::SetupError)
        };
        let finished = names.iter().map(finished).collect();
        self.tried(attempt, finished);
    }
}

fn report_start(report: &mut Report, binaries: &[Binary], work: &Work) {
    if let Work::Test { binary, name } = work {
        report.started(&binaries[*binary].id, name);
    }
}
