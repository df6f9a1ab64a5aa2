//! The table: which step, which errno, where; why, and what mends it.

mod caller;
mod kernel;
mod limits;
mod masks;
mod paths;
mod policies;
mod program;
mod row;
mod server;
mod steps;
mod text;

use self::row::Row;
use super::Remedy;
use super::surroundings::Surroundings;
use crate::step::Failure;

/// All rows, by what they are about. The first one that fits is the answer, so the special stands
/// before the general: in each of these files, and here.
static TABLE: [&[Row]; 8] = [
    server::ROWS,
    limits::ROWS,
    kernel::ROWS,
    caller::ROWS,
    masks::ROWS,
    policies::ROWS,
    paths::ROWS,
    program::ROWS,
];

/// The remedy for this failure in these surroundings.
pub(super) fn find(failure: &Failure, here: &Surroundings) -> Option<Remedy> {
    let row = rows().find(|row| row.fits(failure, here))?;
    Some(row.remedy(here))
}

fn rows() -> impl Iterator<Item = &'static Row> {
    TABLE.into_iter().flatten()
}

#[cfg(test)]
mod tests;
