//! A whole suite of tests, with and without isolation.
//!
//! The two are run as a person runs them, in turns: `cargo test`, and this very program's `test`.
//! What both have to do, such as cargo's look at whether anything is to be built, is in both times.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::measured::Ratios;
use super::statistics::{median, median_time};
use crate::args::OverheadArgs;
use crate::exit;
use crate::fatal::{Fatal, OrFatal};

/// The name of the ratio.
pub(super) const NAME: &str = "tests";

const ROUNDS: u32 = 5;

/// What was measured.
pub(crate) struct Suite {
    pub(crate) isolated: Side,
    pub(crate) plain: Side,
}

/// The runs of one command, one a round.
pub(crate) struct Side {
    pub(crate) command: &'static str,
    pub(crate) times: Vec<Duration>,
    pub(crate) failed: Vec<ExitStatus>,
}

pub(super) fn measure(args: &OverheadArgs) -> Result<Suite, Fatal> {
    build(args)?;
    let mut suite = Suite {
        isolated: Side::new("cargo nsrun test"),
        plain: Side::new("cargo test"),
    };
    for _ in 0..args.rounds.unwrap_or(ROUNDS) {
        suite.plain.run(&mut plain(args))?;
        suite.isolated.run(&mut isolated(args))?;
    }
    Ok(suite)
}

/// What is built once is not built while somebody looks at the clock.
fn build(args: &OverheadArgs) -> Result<(), Fatal> {
    let mut command = cargo_test(args);
    let status = command.arg("--no-run").stdout(Stdio::null()).status();
    match status.or_fatal("start cargo")?.success() {
        true => Ok(()),
        false => Err(Fatal {
            code: exit::TESTS_FAILED,
            ..Fatal::setup("the tests could not be built, so that there is nothing to measure")
        }),
    }
}

fn cargo_test(args: &OverheadArgs) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.arg("test").args(args.selection());
    command
}

/// All that was selected, whatever fails, as ours does.
fn plain(args: &OverheadArgs) -> Command {
    let mut command = cargo_test(args);
    command.arg("--no-fail-fast").args(args.harness_args());
    command
}

fn isolated(args: &OverheadArgs) -> Command {
    // The link leads to this very file, even if its path has another by now.
    let mut command = Command::new("/proc/self/exe");
    let sandbox = args.sandbox.to_options().into_iter().map(OsString::from);
    command.args(["nsrun", "test"]).args(args.selection());
    command.args(sandbox).args(args.harness_args());
    command
}

impl Side {
    fn new(command: &'static str) -> Side {
        Side {
            command,
            times: Vec::new(),
            failed: Vec::new(),
        }
    }

    fn run(&mut self, command: &mut Command) -> Result<(), Fatal> {
        command.stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status();
        let status = status.or_fatal(format_args!("start `{}`", self.command))?;
        self.times.push(start.elapsed());
        self.failed.extend((!status.success()).then_some(status));
        Ok(())
    }

    /// In seconds.
    pub(crate) fn median(&self) -> f64 {
        median_time(&self.times)
    }

    /// `None` if all is well.
    fn complaint(&self) -> Option<String> {
        let status = self.failed.first()?;
        let (failed, all) = (self.failed.len(), self.times.len());
        let command = self.command;
        Some(format!(
            "{failed} of {all} runs of `{command}` failed ({status})"
        ))
    }
}

impl Suite {
    /// What isolation takes, as a multiple of the time without it.
    pub(crate) fn ratio(&self) -> f64 {
        let rounds = self.isolated.times.iter().zip(&self.plain.times);
        median(rounds.map(|(isolated, plain)| isolated.div_duration_f64(*plain)))
    }

    pub(crate) fn ratios(&self) -> Ratios {
        vec![(NAME.to_owned(), self.ratio())]
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.check().is_err()
    }

    /// Runs that failed are no measure of those that do not.
    pub(super) fn check(&self) -> Result<(), Fatal> {
        let sides = [&self.plain, &self.isolated];
        let complaints: Vec<_> = sides.into_iter().filter_map(Side::complaint).collect();
        if complaints.is_empty() {
            return Ok(());
        }
        Err(Fatal {
            code: exit::TESTS_FAILED,
            ..Fatal::setup(complaints.join(", "))
        }
        .help("run both commands to see why; nothing is saved or compared until both pass"))
    }
}
