//! The fault catalogue: what a test can do wrong or hostile, and the verdict that must come out.
//!
//! Each module has a table, and beside it, in `body.rs`, what the tests do. Each row of the table is
//! a plain `#[test]`, and in the module `isolated` an `#[ns_test]` of the same body.
//!
//! What would hurt the host refuses to run unless it is proven that it does not ([`guard`]), so a
//! plain `cargo test` here is safe. `./run` has every row run by several runners, and looks at the
//! host before and after.

mod fault;

#[cfg(test)]
mod c;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod lock;

pub mod ends;
pub mod files;
pub mod meetings;
pub mod output;
pub mod processes;
pub mod streams;

pub use fault::{Fault, Verdict};

/// The chapters of the catalogue: a title, and the rows.
pub const CATALOGUE: &[(&str, &[Fault])] = &[
    ("How a test ends", ends::FAULTS),
    ("Processes and signals", processes::FAULTS),
    ("Output", output::FAULTS),
    ("Input and terminal", streams::FAULTS),
    ("Files, network, host", files::FAULTS),
    ("Tests that would meet", meetings::FAULTS),
];
