//! How a sandbox ends: by itself, by a deadline, or because it is told to.
//!
//! A pure state machine of time: it gives orders, and is told what became of them.

use std::time::{Duration, Instant};

use crate::outcome::Stop;

/// After SIGTERM, how long a program may take to end.
const GRACE: Duration = Duration::from_secs(2);
/// How long init may take to end when its socket is closed, before it is killed.
const CLOSING: Duration = Duration::from_secs(1);
/// How long the kernel may take to end what was killed, before we report that it did not.
const DYING: Duration = Duration::from_secs(2);
/// How long somebody outside may hold the program's output open when the sandbox is gone.
const DRAINING: Duration = Duration::from_millis(500);

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Send SIGTERM to the program.
    Terminate,
    /// Close the control socket, on which init ends the sandbox.
    Close,
    /// Kill init.
    Kill,
    /// Go on without it.
    GiveUp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The program has not started, or runs.
    Alive,
    Terminating,
    Closing,
    Dying,
    /// All processes are gone; output may still be held open by somebody else.
    Draining,
    Over,
}

#[derive(Debug)]
pub(super) struct Ending {
    timeout: Option<Duration>,
    phase: Phase,
    deadline: Option<Instant>,
    stop: Option<Stop>,
    gave_up: bool,
}

impl Ending {
    pub(super) fn new(timeout: Option<Duration>) -> Ending {
        Ending {
            timeout,
            phase: Phase::Alive,
            deadline: None,
            stop: None,
            gave_up: false,
        }
    }

    pub(super) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    pub(super) fn wake_at(&self) -> Option<Instant> {
        self.deadline
    }

    pub(super) fn reason(&self) -> Option<Stop> {
        self.stop
    }

    pub(super) fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    /// Whether processes of the sandbox may be left, since the kernel did not end them in time.
    pub(super) fn gave_up(&self) -> bool {
        self.gave_up
    }

    pub(super) fn postpone(&mut self, pause: Duration) {
        self.deadline = self.deadline.map(|deadline| deadline + pause);
    }

    /// The timeout is the program's, not the set-up's.
    pub(super) fn program_started(&mut self, now: Instant) {
        if self.phase == Phase::Alive {
            self.deadline = self.timeout.map(|timeout| now + timeout);
        }
    }

    pub(super) fn program_ended(&mut self, now: Instant) -> Option<Order> {
        matches!(self.phase, Phase::Alive | Phase::Terminating)
            .then(|| self.enter(Phase::Closing, CLOSING, now, Order::Close))
    }

    pub(super) fn stop(&mut self, stop: Stop, now: Instant) -> Option<Order> {
        (self.phase == Phase::Alive).then(|| {
            self.stop = Some(stop);
            self.enter(Phase::Terminating, GRACE, now, Order::Terminate)
        })
    }

    pub(super) fn kill(&mut self, stop: Stop, now: Instant) -> Option<Order> {
        matches!(self.phase, Phase::Alive | Phase::Terminating).then(|| {
            self.stop = self.stop.or(Some(stop));
            self.enter(Phase::Closing, CLOSING, now, Order::Close)
        })
    }

    /// What time, the end of init, and the closing of channels ask for.
    pub(super) fn advance(&mut self, alive: bool, output_open: bool) -> Option<Order> {
        let now = Instant::now();
        if !alive && !matches!(self.phase, Phase::Draining | Phase::Over) {
            self.phase = Phase::Draining;
            self.deadline = Some(now + DRAINING);
        }
        if self.phase == Phase::Draining && !output_open {
            self.phase = Phase::Over;
        }
        if self.deadline.is_none_or(|deadline| now < deadline) {
            return None;
        }
        match self.phase {
            Phase::Alive => self.stop(Stop::Timeout, now),
            Phase::Terminating => Some(self.enter(Phase::Closing, CLOSING, now, Order::Close)),
            Phase::Closing => Some(self.enter(Phase::Dying, DYING, now, Order::Kill)),
            Phase::Dying => {
                self.gave_up = true;
                self.phase = Phase::Over;
                Some(Order::GiveUp)
            }
            Phase::Draining => {
                self.phase = Phase::Over;
                Some(Order::GiveUp)
            }
            Phase::Over => None,
        }
    }

    fn enter(&mut self, phase: Phase, time: Duration, now: Instant, order: Order) -> Order {
        self.phase = phase;
        self.deadline = Some(now + time);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(ending: &mut Ending) {
        ending.deadline = Some(Instant::now());
    }

    #[test]
    fn a_program_that_ends_by_itself_is_closed_and_over() {
        let mut ending = Ending::new(None);
        ending.program_started(Instant::now());
        assert_eq!(ending.wake_at(), None);
        assert_eq!(ending.program_ended(Instant::now()), Some(Order::Close));
        assert_eq!(ending.advance(true, true), None);
        assert_eq!(ending.advance(false, true), None);
        assert!(!ending.is_over());
        assert_eq!(ending.advance(false, false), None);
        assert!(ending.is_over());
        assert_eq!(ending.reason(), None);
    }

    #[test]
    fn a_program_that_does_not_end_meets_every_means_in_turn() {
        let mut ending = Ending::new(Some(Duration::ZERO));
        ending.program_started(Instant::now());
        for order in [Order::Terminate, Order::Close, Order::Kill, Order::GiveUp] {
            past(&mut ending);
            assert_eq!(ending.advance(true, true), Some(order));
        }
        assert!(ending.is_over() && ending.gave_up());
        assert_eq!(ending.reason(), Some(Stop::Timeout));
    }

    #[test]
    fn output_held_from_outside_is_waited_for_only_so_long() {
        let mut ending = Ending::new(None);
        assert_eq!(ending.advance(false, true), None);
        past(&mut ending);
        assert_eq!(ending.advance(false, true), Some(Order::GiveUp));
        assert!(ending.is_over() && !ending.gave_up());
    }
}
