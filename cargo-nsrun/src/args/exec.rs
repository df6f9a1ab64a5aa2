//! The options of `cargo nsrun exec`.

use std::ffi::OsString;

use clap::Args;

use super::SandboxArgs;

/// `cargo nsrun exec`.
#[derive(Args)]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    pub(crate) sandbox: SandboxArgs,
    /// The command, and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) command: Vec<OsString>,
    /// The command's environment, if it is not ours.
    #[arg(skip)]
    pub(crate) environment: Option<Vec<(OsString, OsString)>>,
}
