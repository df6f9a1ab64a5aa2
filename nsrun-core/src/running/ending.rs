//! How a sandbox ends: by itself, by a deadline, or because it is told to.
//!
//! A pure state machine of time: it gives orders, and is told what became of them.

use std::time::{Duration, Instant};

use crate::outcome::Stop;
use crate::patience::was_held_up;

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
    /// The program has not started.
    SettingUp,
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
    set_up: Duration,
    phase: Phase,
    deadline: Option<Instant>,
    stop: Option<Stop>,
    unfinished: bool,
    gave_up: bool,
}

impl Ending {
    /// The program may run for `timeout`, once it has been started, for which there is `set_up`.
    pub(super) fn new(timeout: Option<Duration>, set_up: Duration) -> Ending {
        Ending {
            timeout,
            set_up,
            phase: Phase::SettingUp,
            deadline: Some(Instant::now() + set_up),
            stop: None,
            unfinished: false,
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

    /// Whether the set-up was ended because it took too long.
    pub(super) fn is_unfinished(&self) -> bool {
        self.unfinished
    }

    /// Whether processes of the sandbox may be left, since the kernel did not end them in time.
    pub(super) fn gave_up(&self) -> bool {
        self.gave_up
    }

    pub(super) fn postpone(&mut self, pause: Duration) {
        self.deadline = self.deadline.map(|deadline| deadline + pause);
    }

    /// The set-up may take as long as it likes, since nobody waits for it yet.
    pub(super) fn rest(&mut self) {
        self.deadline = None;
    }

    /// From now on somebody waits for the set-up.
    pub(super) fn end_rest(&mut self, now: Instant) {
        if self.phase == Phase::SettingUp {
            self.deadline = Some(now + self.set_up);
        }
    }

    /// The timeout is the program's, not the set-up's.
    pub(super) fn program_started(&mut self, now: Instant) {
        if self.phase == Phase::SettingUp {
            self.phase = Phase::Alive;
            self.deadline = self.timeout.map(|timeout| now + timeout);
        }
    }

    pub(super) fn program_ended(&mut self, now: Instant) -> Option<Order> {
        self.may_be_closed()
            .then(|| self.enter(Phase::Closing, CLOSING, now, Order::Close))
    }

    pub(super) fn stop(&mut self, stop: Stop, now: Instant) -> Option<Order> {
        matches!(self.phase, Phase::SettingUp | Phase::Alive).then(|| {
            self.stop = Some(stop);
            self.enter(Phase::Terminating, GRACE, now, Order::Terminate)
        })
    }

    pub(super) fn kill(&mut self, stop: Stop, now: Instant) -> Option<Order> {
        self.may_be_closed().then(|| {
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
        let deadline = self.deadline.filter(|deadline| now >= *deadline)?;
        match self.phase {
            Phase::SettingUp if was_held_up(deadline, now) => {
                self.deadline = Some(now + self.set_up);
                None
            }
            Phase::SettingUp => {
                self.unfinished = true;
                Some(self.enter(Phase::Closing, CLOSING, now, Order::Close))
            }
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

    fn may_be_closed(&self) -> bool {
        matches!(
            self.phase,
            Phase::SettingUp | Phase::Alive | Phase::Terminating
        )
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
    use crate::patience::HELD_UP;

    /// Longer than any of these tests.
    const LONG: Duration = Duration::from_secs(3600);

    fn past(ending: &mut Ending) {
        ending.deadline = Some(Instant::now());
    }

    #[test]
    fn a_program_that_ends_by_itself_is_closed_and_over() {
        let mut ending = Ending::new(None, LONG);
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
        let mut ending = Ending::new(Some(Duration::ZERO), LONG);
        ending.program_started(Instant::now());
        for order in [Order::Terminate, Order::Close, Order::Kill, Order::GiveUp] {
            past(&mut ending);
            assert_eq!(ending.advance(true, true), Some(order));
        }
        assert!(ending.is_over() && ending.gave_up());
        assert_eq!(ending.reason(), Some(Stop::Timeout));
    }

    #[test]
    fn a_set_up_has_a_limit_of_its_own() {
        let mut ending = Ending::new(None, LONG);
        assert_eq!(ending.advance(true, true), None);
        past(&mut ending);
        for order in [Order::Close, Order::Kill, Order::GiveUp] {
            assert_eq!(ending.advance(true, true), Some(order));
            past(&mut ending);
        }
        assert!(ending.is_unfinished() && ending.is_over());
        assert_eq!(ending.reason(), None);
    }

    /// Stopped for a minute, as is everybody else, a supervisor knows nothing of a set-up.
    #[test]
    fn a_supervisor_that_was_stopped_itself_takes_nobody_for_lost() {
        let mut ending = Ending::new(None, LONG);
        ending.deadline = Instant::now().checked_sub(2 * HELD_UP);
        assert_eq!(ending.advance(true, true), None);
        assert!(ending.wake_at().is_some_and(|at| at > Instant::now()));
        assert!(!ending.is_unfinished());
    }

    #[test]
    fn a_set_up_ahead_of_need_has_its_limit_when_it_is_needed() {
        let mut ending = Ending::new(None, LONG);
        ending.rest();
        assert_eq!(ending.wake_at(), None);
        ending.end_rest(Instant::now());
        assert!(ending.wake_at().is_some());
        ending.kill(Stop::Interrupt, Instant::now());
        let closing = ending.wake_at();
        ending.end_rest(Instant::now());
        assert_eq!(ending.wake_at(), closing);
    }

    #[test]
    fn output_held_from_outside_is_waited_for_only_so_long() {
        let mut ending = Ending::new(None, LONG);
        assert_eq!(ending.advance(false, true), None);
        past(&mut ending);
        assert_eq!(ending.advance(false, true), Some(Order::GiveUp));
        assert!(ending.is_over() && !ending.gave_up());
    }
}
