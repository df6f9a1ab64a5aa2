//! Sandboxes that are made at the same time.

use std::path::Path;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, poll};
use nsrun_core::floor::{Extent, Meter};
use nsrun_core::{Kinds, Running, timeout_until};

use super::measured::Rate;
use super::sandboxes::{self, Ours};
use super::statistics::median;
use crate::fatal::Fatal;

/// How many sandboxes follow each other in each of the places before somebody looks at the clock.
pub(super) const EACH: u32 = 10;

/// So many default sandboxes at once: ours from one server, as the tests of a binary have them, and
/// bare ones from as many processes.
pub(super) struct Level {
    ours: Ours,
    meters: Vec<Meter>,
    /// How many were made in a second.
    our_rates: Vec<f64>,
    floor_rates: Vec<f64>,
}

/// One at once, two, four, and so on, up to one for each core.
pub(super) fn levels(cores: usize, program: &Path) -> Result<Vec<Level>, Fatal> {
    let powers = (0..usize::BITS).map(|power| 1 << power);
    let below = powers.take_while(|level| *level < cores);
    below
        .chain([cores])
        .map(|at_once| Level::new(at_once, program))
        .collect()
}

impl Level {
    fn new(at_once: usize, program: &Path) -> Result<Level, Fatal> {
        let meter = |_| sandboxes::meter(Kinds::DEFAULT, Extent::SetUp, program);
        Ok(Level {
            ours: Ours::new(Kinds::DEFAULT, program),
            meters: (0..at_once).map(meter).collect::<Result<_, _>>()?,
            our_rates: Vec::new(),
            floor_rates: Vec::new(),
        })
    }

    pub(super) fn measure(&mut self) -> Result<(), Fatal> {
        let floor = self.floor_rate()?;
        self.floor_rates.push(floor);
        let ours = self.our_rate()?;
        self.our_rates.push(ours);
        Ok(())
    }

    fn floor_rate(&mut self) -> Result<f64, Fatal> {
        let start = Instant::now();
        for meter in &mut self.meters {
            meter.ask(EACH)?;
        }
        for meter in &mut self.meters {
            meter.answer()?;
        }
        Ok(self.rate(start.elapsed()))
    }

    fn our_rate(&self) -> Result<f64, Fatal> {
        let start = Instant::now();
        let mut left = self.count();
        let mut running: Vec<Running> = Vec::new();
        while left > 0 || !running.is_empty() {
            while left > 0 && running.len() < self.meters.len() {
                running.push(self.ours.launch()?);
                left -= 1;
            }
            wait(&running);
            for over in running.extract_if(.., |running| running.advance(&mut |_, _| {})) {
                sandboxes::check(&over.into_outcome())?;
            }
        }
        Ok(self.rate(start.elapsed()))
    }

    fn count(&self) -> usize {
        EACH as usize * self.meters.len()
    }

    fn rate(&self, taken: Duration) -> f64 {
        self.count() as f64 / taken.as_secs_f64()
    }

    pub(super) fn result(self) -> Rate {
        let (ours, floor) = (median(self.our_rates), median(self.floor_rates));
        Rate {
            at_once: self.meters.len(),
            ours,
            floor,
            ratio: floor / ours,
        }
    }
}

/// Until something happens to one of them.
fn wait(running: &[Running]) {
    let fds = running.iter().flat_map(Running::fds);
    let mut fds: Vec<_> = fds.map(|fd| PollFd::new(fd, PollFlags::POLLIN)).collect();
    let wake_at = running.iter().filter_map(Running::wake_at).min();
    // Interrupted or not, the caller looks at everything again.
    let _ = poll(&mut fds, timeout_until(wake_at));
}
