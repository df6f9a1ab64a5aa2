//! Has the fault catalogue run by several runners, compares what comes out with what must, and looks
//! at the host before and after.
//!
//! Ends with 1 if a runner of which everything is expected got anything wrong, or left anything.

mod args;
mod came;
mod check;
mod host;
mod invocation;
mod libtest;
mod nextest;
mod nsrun;
mod oracle;
mod own;
mod runner;
mod table;
mod terminal;
mod watch;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match args::parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(error) => {
            eprintln!("checker: {error}");
            return ExitCode::from(2);
        }
    };
    if !terminal::is_ours() {
        return terminal::run_again_on_one();
    }
    let checked: Vec<_> = args
        .runners
        .iter()
        .map(|runner| check::check(runner, &args))
        .collect();
    print!("{}", table::of(&checked));
    for wrong in checked.iter().flat_map(check::Checked::complaints) {
        eprintln!("{wrong}");
    }
    ExitCode::from(u8::from(checked.iter().any(check::Checked::fails)))
}
