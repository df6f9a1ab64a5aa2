//! `cargo nsrun`: every test of any crate in its own Linux namespaces, without root.

mod args;
mod collect;
mod doctor;
mod exec;
mod exit;
mod fatal;
mod overhead;
mod report;
mod results;
mod test;

use std::process::ExitCode;

use args::Command;
use fatal::Fatal;

fn main() -> ExitCode {
    nsrun_core::serve_in_main();
    nsrun_core::floor::measure_in_main();
    let code = run(args::parse()).unwrap_or_else(|fatal| {
        report::fatal(&fatal);
        fatal.code
    });
    ExitCode::from(code)
}

fn run(command: Command) -> Result<u8, Fatal> {
    match command {
        Command::Test(args) => test::run(*args),
        Command::Exec(args) => exec::run(args),
        Command::Doctor => run_doctor(),
        Command::Overhead(args) => overhead::run(&args),
        Command::Collect { socket, command } => collect::run(&socket, command),
    }
}

fn run_doctor() -> Result<u8, Fatal> {
    match doctor::run(&mut std::io::stdout().lock()) {
        Ok(true) => Ok(exit::OK),
        Ok(false) => Ok(exit::SETUP),
        Err(error) => Err(Fatal::setup(format!("cannot print: {error}"))),
    }
}
