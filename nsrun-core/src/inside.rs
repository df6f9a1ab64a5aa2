//! The other world: what runs between clone and exec, or between clone and `main`.
//!
//! Everything here takes a prepared [`Plan`](crate::plan::Plan) and never allocates, formats,
//! locks or panics: the process is a copy of the server, whose allocator and locks it must not
//! touch, and it has nobody to print for. Whatever fails travels to the supervisor as a
//! [`Failure`], a step and an errno.
//!
//! [`init`] is the table of contents.

mod attest;
mod children;
mod clocks;
mod devices;
mod file;
mod ids;
mod init;
mod keyrings;
mod mounts;
mod network;
mod set_up;
mod start;
mod system_dirs;
mod watch;

#[cfg(feature = "cli")]
pub(crate) use ids::become_mapped;
pub(crate) use ids::write_maps;
pub(crate) use init::{Handover, init};
#[cfg(feature = "cli")]
pub(crate) use set_up::set_up;

/// The exit status of a process that could not get as far as the program.
const EXIT_FAILED: i32 = 125;
