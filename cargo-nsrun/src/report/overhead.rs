//! What `cargo nsrun overhead` prints: text from plain data.

pub(super) mod json;
pub(super) mod table;
