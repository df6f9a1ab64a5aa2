//! `cargo nsrun test`.

mod artifacts;
mod binary;
mod capture;
mod cargo;
mod identity;
mod lines;
mod listing;
mod live;
mod log;
mod manifest;
mod noise;
mod note;
mod output_file;
mod rerun;
mod rustdoc;
mod signals;
mod supervisor;
mod unsupported;
mod user_runner;
mod workspace;

use crate::args::{LibtestArgs, NoTests, Scope, TestArgs};
use crate::exit;
use crate::fatal::{Fatal, OrFatal};
use crate::report::Report;
use crate::results::Tally;

/// Builds, runs every test that is asked for in its sandbox, and says how it went.
pub(crate) fn run(mut args: TestArgs) -> Result<u8, Fatal> {
    let mut harness = LibtestArgs::parse_from_command_line(&args.libtest)?;
    harness.filters.extend(args.filter.clone());
    args.quiet |= harness.quiet;
    args.color = harness.color.unwrap_or(args.color);
    refuse_what_contradicts(&args)?;
    if args.no_run {
        return only_build(&args);
    }
    if let Some(code) = unsupported::check(&args)? {
        return Ok(code);
    }
    let mut report = Report::new(&args);
    let tally = supervisor::run(&args, &harness, &mut report)?;
    if harness.list && tally.is_green() {
        return Ok(exit::OK);
    }
    report.summary(&tally);
    exit_code(&tally, &args, &mut report)
}

fn refuse_what_contradicts(args: &TestArgs) -> Result<(), Fatal> {
    if args.retries > 0 && args.scope == Scope::Binary {
        let message = "`--retries` cannot be honoured with `--scope binary`";
        return Err(Fatal::usage(message).help(
            "the tests of a binary share one process there, and none of them can be run again alone",
        ));
    }
    Ok(())
}

fn only_build(args: &TestArgs) -> Result<u8, Fatal> {
    let mut command = cargo::command(args);
    let status = command.arg("--no-run").status().or_fatal("start cargo")?;
    Ok(status.code().map_or(exit::TESTS_FAILED, |code| code as u8))
}

fn exit_code(tally: &Tally, args: &TestArgs, report: &mut Report) -> Result<u8, Fatal> {
    if let Some(signal) = tally.interrupted_by {
        return Ok(exit::SIGNAL + signal as u8);
    }
    if let Some(code) = tally.build_failed {
        return Ok(code);
    }
    if !tally.is_balanced() {
        let message = format!("the books do not balance, which is a bug of nsrun: {tally:?}");
        return Err(Fatal {
            code: exit::INTERNAL,
            ..Fatal::setup(message)
        });
    }
    if report.is_deaf() {
        return Err(Fatal::setup(
            "the results could not be written to standard output",
        ));
    }
    if !tally.is_green() {
        return Ok(if tally.only_setup_failed() {
            exit::SETUP
        } else {
            exit::TESTS_FAILED
        });
    }
    if !tally.ran_anything() {
        return nothing_ran(tally, args.no_tests, report);
    }
    Ok(exit::OK)
}

fn nothing_ran(tally: &Tally, no_tests: NoTests, report: &mut Report) -> Result<u8, Fatal> {
    let message = match (tally.filtered_out, tally.of("ignored")) {
        (0, 0) => "no tests to run".to_owned(),
        (out, ignored) => {
            format!("no tests to run: {out} filtered out, {ignored} ignored")
        }
    };
    match no_tests {
        NoTests::Pass => Ok(exit::OK),
        NoTests::Warn => {
            report.warning(&message);
            Ok(exit::OK)
        }
        NoTests::Fail => Err(Fatal {
            code: exit::NO_TESTS,
            ..Fatal::setup(message)
        }
        .help("`--no-tests pass` or `--no-tests warn` accepts that")),
    }
}
