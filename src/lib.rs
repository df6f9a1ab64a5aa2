//! draft

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod hook;

pub use nsrun_core::{
    Clocks, Command, CommandOutput, End, Failure, Identity, Kind, Kinds, Outcome, Sandbox, Spec,
    Step, Stop, Survivor,
};
pub use nsrun_macros::ns_test;

#[doc(hidden)]
pub mod __private;
