//! The end of tests, of servers that have no more of them, and of the run.

use std::time::{Duration, Instant};

use super::super::rerun;
use super::Supervisor;
use super::active::Active;
use super::attempt::Attempt;
use super::ended::Context;
use super::work::Work;
use crate::exit;
use crate::fatal::Fatal;
use crate::results::{Finished, Tally};

impl Supervisor<'_> {
    pub(super) fn collect_finished(&mut self) {
        let mut show = |stream, bytes: &[u8]| self.report.live(stream, bytes);
        let now = Instant::now();
        let is_over = |active: &mut Active| active.is_due(now) && active.advance(&mut show);
        let over: Vec<Active> = self.running.extract_if(.., is_over).collect();
        over.into_iter().for_each(|active| self.conclude(active));
    }

    fn conclude(&mut self, active: Active) {
        match active.running.failure() {
            Some(failure) if self.may_put_off(failure) => {
                return self.put_off(active.attempt, failure);
            }
            None if active.is_waiting() && self.stopped_early => {
                return self.give_up(active.attempt);
            }
            _ => {}
        }
        if let Work::List { .. } = active.attempt.work {
            return self.listed(active);
        }
        let number = active.attempt.work.binary();
        let context = Context {
            binary: &self.binaries[number],
            default: &self.default,
            retries: self.args.retries,
            flaky: self.args.flaky.into(),
            rerun: &|name| self.rerun(number, name),
        };
        let mut ended = active.into_ended();
        let finished = ended.judged(&context);
        self.tried(ended.attempt, finished);
    }

    /// A test that has failed is tried again, as often as that is asked for. Tests that share a
    /// process are not: see `test.rs`.
    pub(super) fn tried(&mut self, attempt: Attempt, mut finished: Vec<Finished>) {
        let again = |one: &Finished| attempt.may_be_followed(one.verdict, self.args.retries);
        match finished.pop_if(|one| again(one) && !self.stopped_early) {
            Some(failed) => {
                self.report.tried(&failed);
                self.queue.add_again(attempt.next(failed));
            }
            None => finished.into_iter().for_each(|one| self.finish(one)),
        }
    }

    pub(super) fn finish(&mut self, finished: Finished) {
        self.tally.count(&finished);
        let red = finished.verdict.is_red();
        self.report.finished(finished);
        if red && self.args.fail_fast {
            self.stop_starting();
        }
    }

    pub(super) fn rerun(&self, binary: usize, name: &str) -> String {
        let selection = &self.binaries[binary].selection;
        rerun::command(self.args, self.harness, selection, name)
    }

    /// A binary's server ends with the last of its tests.
    pub(super) fn close_idle(&mut self) {
        for (number, binary) in self.binaries.iter_mut().enumerate() {
            let mut running = self.running.iter();
            let runs = running.any(|active| active.attempt.work.binary() == number);
            if !runs && !self.queue.has_work_for(number) {
                binary.close();
            }
        }
    }

    /// The end of the run: what it came to.
    pub(super) fn close(mut self) -> Result<Tally, Fatal> {
        let status = self.cargo.wait()?;
        if !self.stopped_early {
            self.look_for_what_was_kept_back();
        }
        match self.artifacts.build {
            _ if self.tally.interrupted_by.is_some() || status.success() => {}
            Some(true) if self.stopped_early => {}
            Some(true) => self.tally.doctests.is_red = true,
            Some(false) | None => {
                let code = status.code().map_or(exit::TESTS_FAILED, |code| code as u8);
                self.tally.build_failed = Some(code);
            }
        }
        self.tally.elapsed = self
            .started
            .map_or(Duration::ZERO, |started: Instant| started.elapsed());
        Ok(self.tally)
    }
}
