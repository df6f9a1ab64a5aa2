//! draft

#[cfg(feature = "harness")]
pub mod harness;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod hook;

#[cfg(target_os = "linux")]
pub use nsrun_core::{
    Clocks, Command, CommandOutput, End, Failure, Identity, Kind, Kinds, NotIsolated, Outcome,
    Sandbox, Spec, Step, Stop, Survivor, Times, UnknownKind,
};
pub use nsrun_macros::ns_test;

#[cfg(target_os = "linux")]
#[doc(hidden)]
pub mod __private;
