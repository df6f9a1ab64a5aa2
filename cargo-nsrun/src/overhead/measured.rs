//! What was measured of the machine: plain data.

use nsrun_core::Kinds;
use nsrun_core::floor::Extent;

use super::statistics::Percentiles;
use crate::fatal::Fatal;

/// The ratios to the floor, each by its name. They are what a baseline has.
pub(crate) type Ratios = Vec<(String, f64)>;

/// The name of the sandbox that a test gets when it asks for nothing in particular.
pub(super) const DEFAULT: &str = "default";

/// The same, beside a floor with all that nsrun sets up.
pub(super) const DEFAULT_WHOLE: &str = "default, set up";

/// What sandboxes cost on this machine.
pub(crate) struct Machine {
    pub(crate) rounds: u32,
    /// What starting the program takes that runs in every sandbox, without one.
    pub(crate) process: Percentiles,
    pub(crate) costs: Vec<Cost>,
    pub(crate) rates: Vec<Rate>,
    pub(crate) unavailable: Vec<Unavailable>,
}

/// How long it takes to make and end one sandbox.
pub(crate) struct Cost {
    pub(crate) name: String,
    pub(crate) ours: Percentiles,
    pub(crate) floor: Percentiles,
    pub(crate) ratio: f64,
}

/// How many default sandboxes are made and ended in a second.
pub(crate) struct Rate {
    pub(crate) at_once: usize,
    pub(crate) ours: f64,
    pub(crate) floor: f64,
    /// Of the times that one takes, so that here too more is worse.
    pub(crate) ratio: f64,
}

/// A sandbox that cannot be made here.
pub(crate) struct Unavailable {
    pub(crate) name: String,
    pub(crate) why: Fatal,
}

impl Machine {
    pub(crate) fn ratios(&self) -> Ratios {
        let costs = self
            .costs
            .iter()
            .map(|cost| (cost.name.clone(), cost.ratio));
        let rates = self.rates.iter().map(|rate| (rate.name(), rate.ratio));
        costs.chain(rates).collect()
    }
}

impl Rate {
    pub(crate) fn name(&self) -> String {
        format!("{} at once", self.at_once)
    }
}

/// The sandboxes that are measured, each with its floor: user and mount alone, each other kind with
/// these two, and the default.
pub(super) fn subjects() -> Vec<(String, Kinds, Extent)> {
    let others = Kinds::ALL - Kinds::ALWAYS;
    let mut subjects = vec![(Kinds::ALWAYS.to_string(), Kinds::ALWAYS, Extent::SetUp)];
    for kind in others.iter() {
        subjects.push((kind.to_string(), Kinds::ALWAYS | kind.into(), Extent::SetUp));
    }
    subjects.push((DEFAULT.to_owned(), Kinds::DEFAULT, Extent::SetUp));
    subjects.push((DEFAULT_WHOLE.to_owned(), Kinds::DEFAULT, Extent::Whole));
    subjects
}
