//! The event loop: one thread that follows cargo, lists binaries, and runs their tests.

mod active;
mod queue;
mod together;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::os::fd::BorrowedFd;
use std::os::unix::net::UnixStream;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::signal::Signal;
use nsrun_core::{Failure, Spec, Stop, Verdict, timeout_until};

use self::active::{Active, Work};
use self::queue::Queue;
use super::artifacts::{Artifacts, Harness, Line, Target};
use super::binary::{Binary, Recorder};
use super::cargo::Cargo;
use super::signals::{Asked, Signals};
use super::user_runner::UserRunner;
use super::{rerun, workspace};
use crate::args::{LibtestArgs, Scope, TestArgs};
use crate::collect::{Answer, Collected};
use crate::exit;
use crate::fatal::{Fatal, OrFatal};
use crate::report::Report;
use crate::results::{Finished, Tally};

/// Runs all that the arguments ask for.
pub(super) fn run(
    args: &TestArgs,
    harness: &LibtestArgs,
    report: &mut Report,
) -> Result<Tally, Fatal> {
    let signals = Signals::block().or_fatal("wait for signals")?;
    let runner = UserRunner::find(&args.cargo)?;
    let cargo = Cargo::start(args, &runner)?;
    let mut supervisor = Supervisor {
        args,
        harness,
        report,
        cargo,
        runner,
        default: args.sandbox.spec(),
        at_once: at_once(harness),
        artifacts: Artifacts::default(),
        binaries: Vec::new(),
        queue: Queue::default(),
        running: Vec::new(),
        doctests: VecDeque::new(),
        tally: Tally::default(),
        stopped_early: false,
        started: None,
    };
    while !supervisor.is_over() {
        supervisor.wait(&signals);
        supervisor.turn(&signals);
    }
    supervisor.close()
}

/// Asked once: the standard library reads the limits of the cgroup for it.
fn at_once(harness: &LibtestArgs) -> usize {
    let threads = harness.test_threads.map(NonZeroUsize::get);
    threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from))
}

struct Supervisor<'a> {
    args: &'a TestArgs,
    harness: &'a LibtestArgs,
    report: &'a mut Report,
    cargo: Cargo,
    runner: UserRunner,
    default: Spec,
    /// How many tests may run at the same time.
    at_once: usize,
    artifacts: Artifacts,
    binaries: Vec<Binary>,
    queue: Queue,
    running: Vec<Active>,
    /// Runners that rustdoc waits for.
    doctests: VecDeque<(Collected, UnixStream)>,
    tally: Tally,
    /// Whether nothing more is to be started.
    stopped_early: bool,
    /// When the first binary came: what went before is the build.
    started: Option<Instant>,
}

impl Supervisor<'_> {
    fn is_over(&self) -> bool {
        self.running.is_empty() && self.queue.is_empty() && self.cargo.is_silent()
    }

    /// Waits until anything happens.
    fn wait(&self, signals: &Signals) {
        let sandboxes = self.running.iter().flat_map(|active| active.running.fds());
        let fds: Vec<BorrowedFd<'_>> = sandboxes
            .chain(self.cargo.fds())
            .chain([signals.fd()])
            .collect();
        let mut fds: Vec<_> = fds
            .into_iter()
            .map(|fd| PollFd::new(fd, PollFlags::POLLIN))
            .collect();
        let deadline = self
            .running
            .iter()
            .filter_map(|active| active.running.wake_at())
            .min();
        let deadline = if self.can_start() {
            Some(Instant::now())
        } else {
            deadline
        };
        // Interrupted or not, everything is looked at again.
        let _ = poll(&mut fds, timeout_until(deadline));
    }

    /// Looks at everything once.
    fn turn(&mut self, signals: &Signals) {
        while let Some(asked) = signals.next() {
            match asked {
                Asked::End(signal) => self.interrupt(signal),
                Asked::Paused(pause) => self.postpone(pause),
            }
        }
        self.follow_cargo();
        self.collect_finished();
        while self.can_start() {
            self.start_next();
        }
        self.close_idle();
        self.release_doctests();
    }

    fn postpone(&mut self, pause: Duration) {
        self.running
            .iter_mut()
            .for_each(|active| active.running.postpone(pause));
    }

    /// The first time with grace, then at once.
    fn interrupt(&mut self, signal: Signal) {
        let again = self.tally.interrupted_by.replace(signal).is_some();
        self.stop_starting();
        for active in &mut self.running {
            if again {
                active.running.kill(Stop::Interrupt);
            } else {
                active.running.stop(Stop::Interrupt);
            }
        }
    }

    fn stop_starting(&mut self) {
        self.stopped_early = true;
        self.tally.not_run += self.queue.clear();
        self.doctests.clear();
        self.cargo.kill();
    }

    fn follow_cargo(&mut self) {
        self.read_cargo();
        while let Some((collected, stream)) = self.cargo.accept() {
            // cargo says what it has built before it runs it.
            self.read_cargo();
            match self.artifacts.hand_over(collected.command[0].as_ref()) {
                Some(target) => {
                    answer(stream, &Answer::Later);
                    self.open(&target, collected);
                }
                None => self.doctests.push_back((collected, stream)),
            }
        }
    }

    fn read_cargo(&mut self) {
        for line in self.cargo.read_lines() {
            match self.artifacts.read(line) {
                Line::Known => {}
                Line::Rendered(message) => self.report.compiler_message(&message),
                Line::Foreign(line) => {
                    self.tally.doctests.read(&line);
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
                self.binaries.push(binary);
                self.add_binary(self.binaries.len() - 1);
            }
            Err(failure) => self.unlistable(&target.id, &failure.to_string()),
        }
    }

    /// A binary that cannot list its tests is one test as a whole.
    fn add_binary(&mut self, number: usize) {
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

    fn unlistable(&mut self, id: &str, why: &str) {
        self.tally.unlistable += 1;
        self.report
            .error(&format!("the tests of `{id}` cannot be listed: {why}"));
    }

    /// Doctests go last: rustdoc runs them itself and prints their results itself.
    fn release_doctests(&mut self) {
        if self.running.is_empty() && self.queue.is_empty() {
            for (doctest, stream) in std::mem::take(&mut self.doctests) {
                answer(stream, &Answer::Now(self.in_sandbox(doctest)));
            }
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

    fn can_start(&self) -> bool {
        !self.queue.is_empty() && self.running.len() < self.at_once
    }

    fn start_next(&mut self) {
        let Some(work) = self.queue.pop() else { return };
        let binary = &self.binaries[work.binary()];
        if let Work::Test { name, .. } = &work {
            self.report.started(&binary.id, name);
        }
        let launch = |job| Ok((binary.server()?.launch(job)?, Recorder::Harness));
        let launched = match &work {
            Work::List { ignored, .. } => {
                launch(binary.list_job(*ignored, &self.default, self.args.list_timeout))
            }
            Work::Test { name, .. } => binary.launch_test(name, &self.default),
            Work::Whole { .. } => launch(binary.whole_job(&self.harness_args(), &self.default)),
        };
        match launched {
            Ok((running, recorder)) => {
                let active = Active::new(work, running, recorder);
                let live = self.harness.nocapture && self.report.can_show_live();
                self.running
                    .push(if live { active.show_live() } else { active });
            }
            Err(failure) => self.not_launched(work, failure),
        }
    }

    /// What cargo would hand to a test binary.
    fn harness_args(&self) -> Vec<OsString> {
        let filter = self.args.filter.iter().map(OsString::from);
        filter.chain(self.args.libtest.iter().cloned()).collect()
    }

    fn not_launched(&mut self, work: Work, failure: Failure) {
        let number = work.binary();
        let id = self.binaries[number].id.clone();
        let names = match work {
            Work::List { .. } => return self.unlistable(&id, &failure.to_string()),
            Work::Test { name, .. } => vec![name],
            Work::Whole { tests, .. } => tests.unwrap_or_else(|| vec![String::new()]),
        };
        for name in names {
            let mut finished = Finished::ignored(&id, &name);
            finished.verdict = Verdict::SetupError;
            finished.message = Fatal::from(failure).to_string();
            finished.rerun = self.rerun(number, &name);
            self.finish(finished);
        }
    }

    fn collect_finished(&mut self) {
        let mut still = Vec::with_capacity(self.running.len());
        for mut active in std::mem::take(&mut self.running) {
            if active.advance(&mut |stream, bytes| self.report.live(stream, bytes)) {
                self.conclude(active);
            } else {
                still.push(active);
            }
        }
        self.running.append(&mut still);
    }

    fn conclude(&mut self, active: Active) {
        if let Work::List { .. } = active.work {
            return self.listed(active);
        }
        let number = active.work.binary();
        let id = self.binaries[number].id.clone();
        for finished in active.into_finished(&id, &|name| self.rerun(number, name)) {
            self.finish(finished);
        }
    }

    fn rerun(&self, binary: usize, name: &str) -> String {
        rerun::command(
            self.args,
            self.harness,
            &self.binaries[binary].selection,
            name,
        )
    }

    /// A binary's server ends with the last of its tests.
    fn close_idle(&mut self) {
        for (number, binary) in self.binaries.iter_mut().enumerate() {
            let runs = self
                .running
                .iter()
                .any(|active| active.work.binary() == number);
            if !runs && !self.queue.has_work_for(number) {
                binary.close();
            }
        }
    }

    fn finish(&mut self, finished: Finished) {
        self.tally.count(finished.verdict);
        let red = finished.verdict.is_red();
        self.report.finished(finished);
        if red && self.args.fail_fast {
            self.stop_starting();
        }
    }

    /// What a binary listed is queued when both of its lists are there.
    fn listed(&mut self, active: Active) {
        let number = active.work.binary();
        let Work::List { ignored, .. } = active.work else {
            return;
        };
        match active.into_listing(self.binaries[number].listing_form()) {
            Ok(names) => {
                if let Some((all, ignored)) = self.queue.listed(number, ignored, names) {
                    self.select(number, all, &ignored);
                }
            }
            Err(why) => self.listing_failed(number, &why),
        }
    }

    /// A harness of the crate's own need not know how to list: then it runs whole.
    fn listing_failed(&mut self, number: usize, why: &str) {
        if !self.queue.give_up_listing(number) || self.stopped_early {
            return;
        }
        if self.binaries[number].harness == Harness::Compatible {
            self.binaries[number].harness = Harness::Unknown;
            self.add_binary(number);
        } else {
            let id = self.binaries[number].id.clone();
            self.unlistable(&id, why);
        }
    }

    fn select(&mut self, number: usize, all: Vec<String>, ignored: &[String]) {
        let (wanted, out): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|name| self.harness.selects(name));
        self.tally.filtered_out += out.len();
        let is_ignored = |name: &String| ignored.contains(name);
        if self.harness.list {
            let listed = wanted
                .iter()
                .filter(|name| self.harness.runs(is_ignored(name)) || !self.harness.ignored);
            listed.for_each(|name| self.report.list(&self.binaries[number].id, name));
            self.tally.filtered_out += wanted.len();
            return;
        }
        let (run, skipped): (Vec<_>, Vec<_>) = wanted
            .into_iter()
            .partition(|name| self.harness.runs(is_ignored(name)));
        if self.harness.ignored {
            self.tally.filtered_out += skipped.len();
        } else {
            self.tally.selected += skipped.len();
            for name in &skipped {
                self.finish(Finished::ignored(&self.binaries[number].id.clone(), name));
            }
        }
        self.tally.selected += run.len();
        self.enqueue(number, run);
    }

    fn enqueue(&mut self, number: usize, tests: Vec<String>) {
        if self.stopped_early {
            self.tally.not_run += tests.len();
        } else if self.args.scope == Scope::Binary && !tests.is_empty() {
            self.queue.add_whole(number, Some(tests));
        } else {
            self.queue.add_tests(number, tests);
        }
    }

    /// A runner that is set where ours cannot take its place, such as by `--config`, has run tests
    /// without us.
    fn look_for_what_was_kept_back(&mut self) {
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

    fn close(mut self) -> Result<Tally, Fatal> {
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
            .map_or(Duration::ZERO, |started| started.elapsed());
        Ok(self.tally)
    }
}

fn answer(mut stream: UnixStream, answer: &Answer) {
    use std::io::Write;
    // A runner that is gone waits for nothing.
    let _ = stream.write_all(&answer.encode());
}
