//! What to do about a step that failed: one table.

use crate::step::Failure;

/// What mends this failure on this machine, if that is known.
pub fn remedy(_failure: &Failure) -> Option<String> {
    None
}
