//! What a run of tests comes to: plain data between those who run and those who report.

mod finished;
mod tally;

pub(crate) use finished::{Finished, Output, Try, Whole};
pub(crate) use tally::{Doctests, Tally};
