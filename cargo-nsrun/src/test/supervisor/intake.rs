//! What cargo hands over: test binaries, and what stands between them on its output.

use std::os::unix::net::UnixStream;
use std::time::Instant;

use nix::errno::Errno;
use nsrun_core::{Failure, PROTOCOL_VERSION, Step};

use super::super::artifacts::{Harness, Line, Target};
use super::super::binary::Binary;
use super::Supervisor;
use super::doctests::answer;
use crate::args::Scope;
use crate::collect::{Answer, Collected};
use crate::fatal::Fatal;

impl Supervisor<'_> {
    pub(super) fn follow_cargo(&mut self) {
        self.read_cargo();
        loop {
            match self.cargo.accept() {
                Ok(Some((collected, stream))) => self.take_over(collected, stream),
                Ok(None) => break,
                Err(_) if self.may_free_descriptors() => break self.cargo.rest(),
                Err(errno) => break self.cannot_take_over(errno),
            }
        }
    }

    fn take_over(&mut self, collected: Collected, stream: UnixStream) {
        // cargo says what it has built before it runs it.
        self.read_cargo();
        match self.artifacts.hand_over(collected.command[0].as_ref()) {
            Some(target) => {
                drop(answer(stream, &Answer::Later));
                self.open(&target, collected);
            }
            None => self.doctests.push_back((collected, stream)),
        }
    }

    /// Whether something is still to end, which then gives back what it holds.
    fn may_free_descriptors(&self) -> bool {
        let doctests = self.doctests.len() + self.released.len();
        !self.running.is_empty() || !self.queue.is_empty() || doctests > 0
    }

    /// Nobody knows what the runner has for us, and cargo waits for it.
    fn cannot_take_over(&mut self, errno: Errno) {
        let step = Step::Server;
        self.tally.unlistable += 1;
        self.report.error(&format!(
            "no test binary can be taken over from cargo: {}",
            Fatal {
                message: errno.to_string(),
                ..Failure { step, errno }.into()
            }
        ));
        self.cargo.hang_up();
        self.stop_starting();
    }

    fn read_cargo(&mut self) {
        for line in self.cargo.read_lines() {
            match self.artifacts.read(line) {
                Line::Known => {}
                Line::Rendered(message) => self.report.compiler_message(&message),
                Line::Foreign(line) => {
                    self.tally.doctests.read(&line);
                    if let Some((name, event)) = self.rustdoc.read(&line) {
                        self.report.doctest(name, event);
                    }
                    self.report.doctest_line(&line);
                }
            }
        }
    }

    fn open(&mut self, target: &Target, mut collected: Collected) {
        if self.stopped_early {
            return;
        }
        self.runner.restore(&mut collected.environment);
        match Binary::open(target, collected, &self.runner.command, self.args.server) {
            Ok(binary) => {
                self.started.get_or_insert_with(Instant::now);
                self.report.binary_opened(&binary.id, binary.started_by);
                if let Some(version) = binary.foreign_version() {
                    self.report.warning(&foreign(&binary.id, version));
                }
                if self.args.scope == Scope::Test && !self.harness.list {
                    binary.foresee(|test| self.harness.selects(test));
                }
                self.binaries.push(binary);
                self.add_binary(self.binaries.len() - 1);
            }
            Err(failure) => self.unlistable(&target.id, &failure.to_string()),
        }
    }

    /// A binary that cannot list its tests is one test as a whole.
    pub(super) fn add_binary(&mut self, number: usize) {
        let whole = self.binaries[number].harness == Harness::Unknown;
        match (whole, self.harness.list) {
            (false, _) => self.queue.list_binary(number),
            (true, true) => self.report.list(&self.binaries[number].id, ""),
            (true, false) => {
                self.tally.selected += 1;
                self.queue.add_whole(number, None);
            }
        }
    }

    pub(super) fn unlistable(&mut self, id: &str, why: &str) {
        self.tally.unlistable += 1;
        self.report
            .error(&format!("the tests of `{id}` cannot be listed: {why}"));
    }

    /// A runner that is set where ours cannot take its place, such as by `--config`, has run tests
    /// without us.
    pub(super) fn look_for_what_was_kept_back(&mut self) {
        if self.artifacts.build == Some(true) {
            for id in self.artifacts.kept_back() {
                self.unlistable(
                    &id,
                    "cargo has not handed them over, and may have run them without a sandbox; \
                     does `--config` set a runner?",
                );
            }
        }
    }
}

fn foreign(binary: &str, version: u32) -> String {
    format!(
        "`{binary}` has another version of nsrun linked in (its protocol is {version}, this one's \
         {PROTOCOL_VERSION}): its tests run in the default sandbox, in which those that ask for \
         one make their own; use the same version of nsrun and cargo-nsrun"
    )
}
