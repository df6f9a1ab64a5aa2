//! What stands after `--`: the arguments of a test binary.

use std::ffi::OsString;

use clap::{ArgAction, Parser};

use super::test::Color;
use crate::fatal::Fatal;

/// libtest's own options, as far as they mean something for tests that run one by one.
#[derive(Parser, Clone, Debug, Default)]
#[command(
    name = "cargo nsrun test --",
    no_binary_name = true,
    disable_help_flag = true
)]
pub(crate) struct LibtestArgs {
    /// Run only tests whose names contain one of these
    pub(crate) filters: Vec<String>,
    /// Exactly match filters rather than by substring
    #[arg(long)]
    pub(crate) exact: bool,
    /// Skip tests whose names contain this
    #[arg(long, value_name = "FILTER")]
    pub(crate) skip: Vec<String>,
    /// Run only ignored tests
    #[arg(long, conflicts_with = "include_ignored")]
    pub(crate) ignored: bool,
    /// Run ignored and not ignored tests
    #[arg(long)]
    pub(crate) include_ignored: bool,
    /// Don't capture the output of tests
    #[arg(long, alias = "no-capture")]
    pub(crate) nocapture: bool,
    /// Show captured output of successful tests too
    #[arg(long)]
    pub(crate) show_output: bool,
    /// How many tests run at once
    #[arg(long, value_name = "N")]
    pub(crate) test_threads: Option<std::num::NonZeroUsize>,
    /// List all tests
    #[arg(long)]
    pub(crate) list: bool,
    /// Print only failures
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub(crate) quiet: bool,
    /// When to use colours
    #[arg(long)]
    pub(crate) color: Option<Color>,
    /// Run tests and not benchmarks
    #[arg(long)]
    pub(crate) test: bool,
}

impl LibtestArgs {
    /// Parses the arguments after `--`; one that cannot be honoured is refused by its name.
    pub(crate) fn parse_from_command_line(args: &[OsString]) -> Result<LibtestArgs, Fatal> {
        LibtestArgs::try_parse_from(args).map_err(|error| {
            let text = error.to_string();
            let text = text
                .trim_start_matches("error: ")
                .lines()
                .next()
                .unwrap_or("")
                .to_owned();
            Fatal::usage(format!("{text} after `--`")).help(
                "what works there: filters, --exact, --skip, --ignored, --include-ignored, \
                 --nocapture, --show-output, --test-threads, --list, --quiet, --color",
            )
        })
    }

    /// Whether a test of this name is asked for.
    pub(crate) fn selects(&self, name: &str) -> bool {
        let matches = |filter: &String| {
            if self.exact {
                name == filter
            } else {
                name.contains(filter.as_str())
            }
        };
        let wanted = self.filters.is_empty() || self.filters.iter().any(matches);
        wanted && !self.skip.iter().any(matches)
    }

    /// Whether a test that is ignored, or is not, runs.
    pub(crate) fn runs(&self, ignored: bool) -> bool {
        if ignored {
            self.ignored || self.include_ignored
        } else {
            !self.ignored
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<LibtestArgs, Fatal> {
        let words: Vec<OsString> = line.split_whitespace().map(Into::into).collect();
        LibtestArgs::parse_from_command_line(&words)
    }

    #[test]
    fn filters_select_as_in_libtest() {
        for (line, name, selected) in [
            ("", "a::b", true),
            ("b", "a::b", true),
            ("c", "a::b", false),
            ("c b", "a::b", true),
            ("b --exact", "a::b", false),
            ("a::b --exact", "a::b", true),
            ("--skip b", "a::b", false),
            ("a --skip c", "a::b", true),
            ("--exact --skip b", "a::b", true),
        ] {
            assert_eq!(
                parse(line).unwrap().selects(name),
                selected,
                "{line:?} on {name}"
            );
        }
    }

    #[test]
    fn ignored_tests_run_when_asked_for() {
        for (line, ignored, runs) in [
            ("", true, false),
            ("", false, true),
            ("--ignored", true, true),
            ("--ignored", false, false),
            ("--include-ignored", true, true),
            ("--include-ignored", false, true),
        ] {
            assert_eq!(parse(line).unwrap().runs(ignored), runs, "{line:?}");
        }
    }

    #[test]
    fn what_cannot_be_honoured_is_refused_by_name() {
        for flag in ["--shuffle", "--logfile=x", "--report-time", "--bench"] {
            let refusal = parse(flag).unwrap_err();
            let name = flag.split('=').next().unwrap();
            assert!(refusal.message.contains(name), "{}", refusal.message);
        }
    }
}
