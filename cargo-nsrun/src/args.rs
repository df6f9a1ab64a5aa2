//! The command line.

mod cargo;
mod libtest;
mod sandbox;
mod test;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub(crate) use cargo::CargoArgs;
pub(crate) use libtest::LibtestArgs;
pub(crate) use sandbox::SandboxArgs;
pub(crate) use test::{Color, MessageFormat, NoTests, OnUnsupported, Scope, ServerKind, TestArgs};

use crate::fatal::Fatal;
use crate::{collect, doctor, exec, exit, report, test as test_command};

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

#[derive(Subcommand)]
enum Command {
    /// Run the tests of a crate or workspace, each in its own sandbox
    Test(Box<TestArgs>),
    /// Run any command in a sandbox
    Exec(exec::ExecArgs),
    /// Try what this machine allows, and say what mends the rest
    Doctor,
    /// What cargo starts in place of a test binary
    #[command(hide = true)]
    Collect {
        socket: String,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
}

/// Parses the command line and does what it says.
pub(crate) fn run() -> ExitCode {
    let Cargo::Nsrun(Nsrun { command }) = Cargo::parse();
    let done = match command {
        Command::Test(args) => test_command::run(*args),
        Command::Exec(args) => exec::run(args),
        Command::Doctor => run_doctor(),
        Command::Collect { socket, command } => collect::run(&socket, command),
    };
    let code = done.unwrap_or_else(|fatal: Fatal| {
        report::fatal(&fatal);
        fatal.code
    });
    ExitCode::from(code)
}

fn run_doctor() -> Result<u8, Fatal> {
    let well = doctor::run(&mut std::io::stdout().lock());
    match well {
        Ok(true) => Ok(exit::OK),
        Ok(false) => Ok(exit::SETUP),
        Err(error) => Err(Fatal::setup(format!("cannot print: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cargo::command().debug_assert();
    }
}
