//! The command line.

mod cargo;
mod exec;
mod libtest;
mod overhead;
mod sandbox;
mod share;
mod test;

use std::ffi::OsString;

use clap::{Parser, Subcommand};

pub(crate) use cargo::CargoArgs;
pub(crate) use exec::ExecArgs;
pub(crate) use libtest::LibtestArgs;
pub(crate) use overhead::{OverheadArgs, Percentage};
pub(crate) use sandbox::SandboxArgs;
pub(crate) use test::{
    Color, MessageFormat, NoTests, OnFlaky, OnUnsupported, Scope, ServerKind, TestArgs,
};

/// cargo starts `cargo-nsrun nsrun …`.
#[derive(Parser)]
#[command(name = "cargo", bin_name = "cargo", disable_help_subcommand = true)]
enum Cargo {
    Nsrun(Nsrun),
}

/// Runs every test in its own Linux namespaces: no root, no image, no daemon.
#[derive(clap::Args)]
#[command(version, subcommand_required = true, arg_required_else_help = true)]
struct Nsrun {
    #[command(subcommand)]
    command: Command,
}

/// What is to be done.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the tests of a crate or workspace, each in its own sandbox
    Test(Box<TestArgs>),
    /// Run any command in a sandbox
    Exec(ExecArgs),
    /// Try what this machine allows, and say what mends the rest
    Doctor,
    /// Measure what isolation costs on this machine
    Overhead(Box<OverheadArgs>),
    /// What cargo starts in place of a test binary
    #[command(hide = true)]
    Collect {
        socket: String,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
}

/// Parses the command line. Prints what is wrong with it, or the help, and ends, if it must.
pub(crate) fn parse() -> Command {
    let Cargo::Nsrun(Nsrun { command }) = Cargo::parse();
    command
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cargo::command().debug_assert();
    }
}
