//! A sandbox that runs, as its supervisor sees it: a state machine to be driven by any loop.
//!
//! A loop polls [`Running::fds`] for reading until [`Running::wake_at`], calls
//! [`Running::advance`], and takes the [`Outcome`] when that says that all is over.
//! [`Running::wait`] is that loop for one.

mod channel;
mod ending;
mod job;
mod launch;
mod over;

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use self::channel::Channel;
use self::ending::Ending;
pub use self::job::{Job, Streams};
use crate::attestation;
use crate::kind::Kinds;
use crate::outcome::{Outcome, Stop, Times};
use crate::record;
use crate::spec::Leaks;
use crate::step::Failure;
use crate::survivors::{self, Survivor};
use crate::sys;
use crate::wire::{Facts, Message};

/// One of the two output streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Takes the output of a program as it comes.
pub type Sink<'a> = &'a mut dyn FnMut(Stream, &[u8]);

/// A sandbox that has been asked for and is not over yet.
#[derive(Debug)]
pub struct Running {
    kinds: Kinds,
    control: Channel,
    stdout: Channel,
    stderr: Channel,
    record: Channel,
    recorded: Vec<u8>,
    /// Its process id and a descriptor of it, as long as it lives.
    init: Option<(i32, OwnedFd)>,
    /// Whether there has been an init.
    born: bool,
    facts: Option<Facts>,
    failure: Option<Failure>,
    /// What is shared with the host.
    shared: Vec<PathBuf>,
    /// The wait status, and whether somebody outlived the program.
    ended: Option<(i32, bool)>,
    isolation: Option<Result<(), attestation::NotIsolated>>,
    /// None before anybody has looked for them.
    survivors: Option<Vec<Survivor>>,
    unnamed_survivors: bool,
    leaks: Leaks,
    /// Whether the program waits to be told to start.
    waits: bool,
    ending: Ending,
    times: Times,
}

impl Running {
    /// The descriptors to poll for reading.
    pub fn fds(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        [&self.control, &self.stdout, &self.stderr, &self.record]
            .into_iter()
            .filter_map(Channel::fd)
            .chain(self.ending_init())
    }

    /// When to call [`Running::advance`] even if nothing is readable.
    pub fn wake_at(&self) -> Option<Instant> {
        self.ending.wake_at()
    }

    /// Takes in whatever has come. Returns whether the sandbox is over: nothing of it is left.
    pub fn advance(&mut self, sink: Sink<'_>) -> bool {
        let [stdout, stderr, record, control] =
            channel::readable([&self.stdout, &self.stderr, &self.record, &self.control]);
        if stdout {
            self.stdout.drain(&mut |bytes| sink(Stream::Stdout, bytes));
        }
        if stderr {
            self.stderr.drain(&mut |bytes| sink(Stream::Stderr, bytes));
        }
        if record {
            self.read_record();
        }
        if control {
            self.read_message();
        }
        self.look_from_outside();
        let output_open = self.stdout.is_open() || self.stderr.is_open();
        let alive = self.control.is_open() || self.is_init_ending();
        let order = self.ending.advance(alive, output_open);
        self.obey(order);
        self.ending.is_over()
    }

    /// The kinds of the sandbox's namespaces.
    pub fn kinds(&self) -> Kinds {
        self.kinds
    }

    /// Tells the program to start, where it [waits for that](crate::Start::WhenTold).
    pub fn start(&mut self) {
        if self.waits {
            self.waits = false;
            self.times = Times::start();
            self.ending.end_rest(Instant::now());
            self.send(Message::Start);
        }
    }

    /// Ends it, if the program waits to be told to start and may not, for that reason.
    pub fn refuse(&mut self, failure: Failure) {
        if self.waits {
            self.waits = false;
            self.failure = self.failure.or(Some(failure));
            let order = self.ending.program_ended(Instant::now());
            self.obey(order);
        }
    }

    /// Whether the program waits to be told to start.
    pub fn is_waiting(&self) -> bool {
        self.waits
    }

    /// Whether there was room for its namespaces.
    pub fn is_made(&self) -> bool {
        self.born || self.has_started()
    }

    /// Whether the program has started.
    pub fn has_started(&self) -> bool {
        self.facts.is_some()
    }

    /// Whether the program has ended and left nobody behind: only the sandbox is still to go.
    pub fn is_deserted(&self) -> bool {
        matches!(self.ended, Some((_, false)))
    }

    /// Why there was no program to run, as far as is known by now.
    pub fn failure(&self) -> Option<Failure> {
        self.failure
    }

    /// Asks the program to end, and ends it if it does not: `stop` says why. If there is no program
    /// yet, there will be none.
    pub fn stop(&mut self, stop: Stop) {
        if self.waits {
            return self.kill(stop);
        }
        let order = self.ending.stop(stop, Instant::now());
        self.obey(order);
    }

    /// Ends everything at once.
    pub fn kill(&mut self, stop: Stop) {
        let order = self.ending.kill(stop, Instant::now());
        self.obey(order);
    }

    /// Passes a signal, by its number, on to the program.
    pub fn signal(&self, signal: i32) {
        self.send(Message::Signal(signal));
    }

    /// Moves every deadline, for a supervisor that was itself stopped for so long.
    pub fn postpone(&mut self, pause: Duration) {
        self.ending.postpone(pause);
    }

    /// Drives this one sandbox to its end.
    pub fn wait(mut self, sink: Sink<'_>) -> Outcome {
        while !self.advance(sink) {
            self.poll();
        }
        self.into_outcome()
    }

    /// Drives this one sandbox until its program starts, and lets it end then. Returns why the program
    /// never did, if that is so.
    pub fn wait_for_start(mut self, sink: Sink<'_>) -> Option<Failure> {
        while !self.advance(sink) {
            if self.has_started() {
                return None;
            }
            self.poll();
        }
        self.into_outcome().failure
    }

    fn poll(&self) {
        let mut fds = Vec::new();
        for fd in self.fds() {
            fds.push(PollFd::new(fd, PollFlags::POLLIN));
        }
        // Interrupted or not, the caller looks at everything again.
        let _ = poll(&mut fds, timeout_until(self.wake_at()));
    }

    fn read_record(&mut self) {
        let recorded = &mut self.recorded;
        self.record
            .drain(&mut |bytes| record::append(recorded, bytes));
    }

    /// One of them: if there are more, the loop is woken at once.
    fn read_message(&mut self) {
        let Some(control) = self.control.fd() else {
            return;
        };
        match Message::receive_with(control) {
            Ok(Some((message, fd))) => self.take(message, fd),
            // Reset: the other end was closed with something of ours unread. It is said once, before
            // what came from there, which is still to be had (unix(7)).
            Err(Errno::EAGAIN | Errno::EINTR | Errno::ECONNRESET) => {}
            // A message that nobody sends is as bad as none.
            Ok(None) | Err(_) => self.control.close(),
        }
    }

    fn take(&mut self, message: Message, fd: Option<OwnedFd>) {
        match message {
            Message::Born { pid } => {
                self.init = fd.map(|pidfd| (pid, pidfd));
                self.born = true;
            }
            // The first failure is the cause, what follows are its consequences.
            Message::Failed(failure) => self.failure = self.failure.or(Some(failure)),
            Message::Attested(facts) => {
                self.facts = Some(facts);
                self.times.attested();
                self.ending.program_started(Instant::now());
            }
            Message::Ended { status, survivors } => {
                self.ended = Some((status, survivors));
                self.times.ended();
            }
            Message::Signal(_) | Message::Start => {}
        }
    }

    /// Init stays until we close its socket: what is checked from outside is still there.
    fn look_from_outside(&mut self) {
        let Some((init, pidfd)) = &self.init else {
            return;
        };
        if let (Some(facts), None) = (&self.facts, &self.isolation) {
            self.isolation = Some(attestation::check(self.kinds, facts, *init, pidfd.as_fd()));
        }
        if let Some((_, left_behind)) = self.ended {
            if left_behind && self.survivors.is_none() {
                let survivors = survivors::of(*init);
                self.unnamed_survivors = survivors.is_err();
                self.survivors = Some(survivors.unwrap_or_default());
            }
            let order = self.ending.program_ended(Instant::now());
            self.obey(order);
        }
    }

    fn obey(&mut self, order: Option<ending::Order>) {
        match order {
            None => {}
            Some(ending::Order::Terminate) => self.send(Message::Signal(libc::SIGTERM)),
            Some(ending::Order::Close) => self.control.shut_down(),
            Some(ending::Order::Kill) => self.kill_init(),
            Some(ending::Order::GiveUp) => {
                for channel in [&mut self.control, &mut self.stdout, &mut self.stderr] {
                    channel.close();
                }
            }
        }
    }

    /// Init, between the closing of its socket and its end. A process closes its files before the
    /// kernel ends its pid namespace (pid_namespaces(7)), so the one is no proof of the other.
    fn ending_init(&self) -> Option<BorrowedFd<'_>> {
        let (_, pidfd) = self.init.as_ref().filter(|_| !self.control.is_open())?;
        Some(pidfd.as_fd())
    }

    /// Forgets init when it has ended (a pidfd is then readable, pidfd_open(2)).
    fn is_init_ending(&mut self) -> bool {
        let mut fds = self
            .ending_init()
            .map(|fd| PollFd::new(fd, PollFlags::POLLIN));
        let ended = poll(fds.as_mut_slice(), PollTimeout::ZERO).is_ok_and(|ready| ready > 0);
        if ended {
            self.init = None;
        }
        self.ending_init().is_some()
    }

    fn send(&self, message: Message) {
        if let Some(control) = self.control.fd() {
            // If nobody receives it, the sandbox is already ending.
            let _ = message.send(control);
        }
    }

    fn kill_init(&self) {
        if let Some((_, pidfd)) = &self.init {
            // ESRCH: it is gone already, which is what is wanted.
            let _ = sys::signal_pidfd(pidfd.as_fd(), libc::SIGKILL);
        }
    }
}

/// How long to poll so as to wake at `deadline`.
pub fn timeout_until(deadline: Option<Instant>) -> PollTimeout {
    let Some(deadline) = deadline else {
        return PollTimeout::NONE;
    };
    // Rounded up: woken too early, a loop would spin until the deadline.
    let left = deadline.saturating_duration_since(Instant::now()) + Duration::from_millis(1);
    PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX)
}
