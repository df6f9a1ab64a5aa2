//! The event loop: one thread that follows cargo, lists binaries, and runs their tests.

mod active;
mod attempt;
mod doctests;
mod end;
mod ended;
mod intake;
mod lists;
mod queue;
mod selection;
mod start;
mod together;
mod watch;
mod work;

use std::collections::VecDeque;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use nsrun_core::{Spec, Stop};

use self::active::Active;
use self::attempt::Attempt;
use self::queue::Queue;
use self::watch::Ready;
use super::artifacts::Artifacts;
use super::binary::Binary;
use super::cargo::Cargo;
use super::output_file::Run;
use super::rustdoc::Rustdoc;
use super::signals::{Asked, Signals};
use super::user_runner::UserRunner;
use crate::args::{LibtestArgs, TestArgs};
use crate::collect::Collected;
use crate::fatal::{Fatal, OrFatal};
use crate::report::Report;
use crate::results::Tally;

/// Runs all that the arguments ask for.
pub(super) fn run(
    args: &TestArgs,
    harness: &LibtestArgs,
    report: &mut Report,
) -> Result<Tally, Fatal> {
    let signals = Signals::block().or_fatal("wait for signals")?;
    let runner = UserRunner::find(&args.cargo)?;
    let at_once = start::at_once(harness);
    let cargo = Cargo::start(args, &runner)?;
    let mut supervisor = Supervisor {
        args,
        harness,
        report,
        cargo,
        runner,
        default: args.sandbox.spec(),
        at_once,
        ahead: at_once.div_ceil(2),
        artifacts: Artifacts::default(),
        binaries: Vec::new(),
        queue: Queue::default(),
        running: Vec::new(),
        outputs: Run::new(),
        launches: 0,
        rustdoc: Rustdoc::default(),
        doctests: VecDeque::new(),
        released: Vec::new(),
        warned_of_doctests: false,
        tally: Tally::default(),
        stopped_early: false,
        started: None,
    };
    while !supervisor.is_over() {
        let ready = watch::wait(
            &signals,
            &supervisor.cargo,
            &supervisor.running,
            supervisor.wake_at(),
        );
        supervisor.turn(&signals, ready);
    }
    supervisor.close()
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
    /// How many sandboxes may be made before it is their test's turn.
    ahead: usize,
    artifacts: Artifacts,
    binaries: Vec<Binary>,
    queue: Queue,
    running: Vec<Active>,
    /// Where outputs go that are more than memory is for.
    outputs: Run,
    /// How many sandboxes have been launched.
    launches: usize,
    /// What it prints of doctests.
    rustdoc: Rustdoc,
    /// Runners that rustdoc waits for.
    doctests: VecDeque<(Collected, UnixStream)>,
    /// Runners of doctests that run: each ends when its stream does.
    released: Vec<UnixStream>,
    warned_of_doctests: bool,
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

    fn wake_at(&self) -> Option<Instant> {
        if self.can_start() {
            return Some(Instant::now());
        }
        let running = self.running.iter();
        let running = running.filter_map(|active| active.running.wake_at());
        running.chain(self.cargo.wake_at()).min()
    }

    /// Looks once at everything that has something to say.
    fn turn(&mut self, signals: &Signals, ready: Ready) {
        for (active, ready) in self.running.iter_mut().zip(ready.running) {
            active.mark(ready);
        }
        if ready.signals {
            self.obey(signals);
        }
        if ready.cargo {
            self.follow_cargo();
        }
        self.collect_finished();
        self.start_waiting();
        while self.can_start() {
            self.start_next();
        }
        self.close_idle();
        self.release_doctests();
    }

    fn obey(&mut self, signals: &Signals) {
        while let Some(asked) = signals.next() {
            match asked {
                Asked::End(signal) => self.interrupt(signal),
                Asked::Paused(pause) => self.postpone(pause),
            }
        }
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

    fn give_up(&mut self, attempt: Attempt) {
        match attempt.given_up() {
            Ok(finished) => self.finish(finished),
            Err(tests) => self.tally.not_run += tests,
        }
    }

    fn stop_starting(&mut self) {
        self.stopped_early = true;
        let waiting = self.running.iter_mut().filter(|active| active.is_waiting());
        waiting.for_each(|active| active.running.kill(Stop::Interrupt));
        self.doctests.clear();
        self.released.clear();
        self.cargo.kill();
        for attempt in self.queue.clear() {
            self.give_up(attempt);
        }
    }
}
