//! What a run of tests comes to: plain data between those who run and those who report.

mod finished;
mod tally;

pub(crate) use finished::{Finished, Try};
pub(crate) use tally::{Doctests, Tally};
