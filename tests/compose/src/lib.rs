//! Every shape that a `#[ns_test]` may have, compiled under lints as strict as they come.
//!
//! `registry.rs` says which tests there are; that libtest lists the same and each only once, and
//! that each ends as it would without the attribute, is what `tests/compose.rs` of nsrun checks.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::all, clippy::pedantic, clippy::nursery)]
#![allow(
    clippy::ignore_without_reason,
    clippy::should_panic_without_expect,
    reason = "those spellings are to be tried, too"
)]
#![cfg(test)]

mod attributes;
mod cases;
#[cfg(feature = "forgotten")]
mod forgotten;
mod names;
mod registry;
#[cfg(feature = "rejected")]
mod rejected;
mod results;
mod runtimes;
#[cfg(feature = "unlisted")]
mod unlisted;
