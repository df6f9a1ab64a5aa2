//! The options of `cargo nsrun overhead`.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::{CargoArgs, MessageFormat, SandboxArgs};
use crate::fatal::Fatal;

/// `cargo nsrun overhead`.
#[derive(Args, Clone, Debug)]
// cargo has an option of this name too. Its own meaning can be had by other options of cargo's.
#[command(mut_arg("tests", |tests| tests
    .help("Measure the tests of this crate or workspace, with and without isolation")
    .help_heading(None::<&str>)))]
pub(crate) struct OverheadArgs {
    /// With --tests, only run tests containing this string in their names
    #[arg(value_name = "TESTNAME")]
    pub(crate) filter: Option<String>,
    /// With --tests, arguments for the test binaries
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) libtest: Vec<OsString>,

    /// How often everything is measured, in turns [default: 200, or as
    /// often as 15 seconds allow; with --tests 5]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: Option<u32>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t, value_name = "FMT")]
    pub(crate) message_format: MessageFormat,
    /// Write the result to this file, to be a baseline later
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// Fail if a ratio has become worse than in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// How much worse than in the baseline a ratio may be
    #[arg(
        long,
        value_name = "PERCENT",
        default_value = "15%",
        requires = "baseline"
    )]
    pub(crate) max_regression: Percentage,

    #[command(flatten)]
    pub(crate) sandbox: SandboxArgs,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

impl OverheadArgs {
    /// Whether it is about the tests of a crate, and not about the machine.
    pub(crate) fn asks_for_tests(&self) -> bool {
        self.cargo.tests
    }

    /// What `cargo test` and `cargo nsrun test` are both given to select tests by.
    pub(crate) fn selection(&self) -> Vec<OsString> {
        let cargo = CargoArgs {
            tests: false,
            ..self.cargo.clone()
        };
        cargo.to_args()
    }

    /// What the test binaries are told.
    pub(crate) fn harness_args(&self) -> Vec<OsString> {
        let filter = self.filter.iter().map(OsString::from);
        let rest = self.libtest.iter().cloned();
        filter.chain(["--".into()]).chain(rest).collect()
    }

    /// Options that select tests or describe their sandboxes say nothing where none run.
    pub(crate) fn check(&self) -> Result<(), Fatal> {
        let sandbox = self.sandbox.to_options().into_iter().map(OsString::from);
        let mut given = self.selection().into_iter().chain(sandbox);
        let filter = || self.filter.as_ref().map(OsString::from);
        let argument = || self.libtest.first().cloned();
        match given.next().or_else(filter).or_else(argument) {
            Some(option) if !self.asks_for_tests() => Err(Fatal::usage(format!(
                "`{}` is about tests, which are measured only with `--tests`",
                option.display()
            ))
            .help("add `--tests`, or leave it out to measure this machine")),
            _ => Ok(()),
        }
    }
}

/// A part of a hundred, such as `15%`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Percentage(pub(crate) f64);

impl FromStr for Percentage {
    type Err = String;

    fn from_str(text: &str) -> Result<Percentage, String> {
        let number = text.strip_suffix('%').unwrap_or(text).parse();
        match number {
            Ok(number) if (0.0..=1e6).contains(&number) => Ok(Percentage(number)),
            _ => Err("not a percentage; give a number that is not negative, such as 15%".into()),
        }
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages() {
        for (text, number) in [("15%", 15.0), ("15", 15.0), ("0%", 0.0), ("2.5%", 2.5)] {
            assert_eq!(text.parse(), Ok(Percentage(number)), "{text}");
        }
        for text in ["", "%", "-1%", "NaN", "inf%", "15%%", "fifteen"] {
            assert!(text.parse::<Percentage>().is_err(), "{text}");
        }
    }
}
