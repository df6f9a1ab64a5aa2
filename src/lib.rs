//! draft

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod hook;

pub use nsrun_core::{Clocks, Identity, Kind, Kinds, Spec};
pub use nsrun_macros::ns_test;

#[doc(hidden)]
pub mod __private;
