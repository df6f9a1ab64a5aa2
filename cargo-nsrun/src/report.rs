//! The one module that prints.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the one module that prints"
)]

mod escape;
mod human;
mod json;
mod overhead;

use std::io::Write;

use anstream::ColorChoice;
use nsrun_core::{Outcome, Stream, Verdict, explain, surroundings};

use crate::args::{Color, MessageFormat, Scope, ServerKind, TestArgs};
use crate::fatal::{Fatal, OrFatal};
use crate::overhead::{Comparison, Machine, Suite};
use crate::results::{Finished, Output, Tally};

/// Reports a run as it goes.
pub(crate) struct Report {
    format: MessageFormat,
    quiet: bool,
    verbose: bool,
    show_output: bool,
    scope: Scope,
    /// What the summary repeats: what is red, or flaky.
    repeated: Vec<Finished>,
    /// What rustdoc printed of doctests, kept from a person who wants to see failures only.
    held_back: String,
    /// Whether the reader of our output is gone.
    deaf: bool,
}

impl Report {
    pub(crate) fn new(args: &TestArgs) -> Report {
        match args.color {
            Color::Auto => {}
            Color::Always => ColorChoice::Always.write_global(),
            Color::Never => ColorChoice::Never.write_global(),
        }
        let asks = |flag: &str| args.libtest.iter().any(|arg| arg == flag);
        Report {
            format: args.message_format,
            quiet: args.quiet,
            verbose: args.cargo.verbose > 0,
            show_output: ["--show-output", "--nocapture", "--no-capture"]
                .into_iter()
                .any(asks),
            scope: args.scope,
            repeated: Vec::new(),
            held_back: String::new(),
            deaf: false,
        }
    }

    fn is_json(&self) -> bool {
        self.format == MessageFormat::Json
    }

    /// A reader that closes its end wants no more, which is no error of the run.
    fn print(&mut self, text: &str) {
        let mut stdout = anstream::stdout().lock();
        self.deaf |= stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
            .is_err();
    }

    /// Whether something could not be printed.
    pub(crate) fn is_deaf(&self) -> bool {
        self.deaf
    }

    pub(crate) fn binary_opened(&mut self, id: &str, started_by: ServerKind) {
        if self.verbose {
            anstream::eprintln!("{}", human::binary(id, started_by));
        }
    }

    pub(crate) fn started(&mut self, binary: &str, name: &str) {
        if self.is_json() {
            self.print(&json::started(binary, name));
        }
    }

    pub(crate) fn finished(&mut self, finished: Finished) {
        let text = if self.is_json() {
            json::finished(&finished)
        } else {
            self.human(&finished)
        };
        self.print(&text);
        if finished.verdict.is_red() || finished.verdict == Verdict::Flaky {
            self.repeated.push(Finished {
                stdout: Output::default(),
                stderr: Output::default(),
                ..finished
            });
        }
    }

    /// An attempt at a test has failed, and there will be another.
    pub(crate) fn tried(&mut self, failed: &Finished) {
        let text = if self.is_json() {
            json::tried(failed)
        } else {
            human::tried(failed) + &human::output(failed)
        };
        self.print(&text);
    }

    fn human(&self, finished: &Finished) -> String {
        let verdict = finished.verdict;
        let noteworthy = verdict.is_red() || matches!(verdict, Verdict::Leak | Verdict::Flaky);
        if self.quiet && !noteworthy {
            return String::new();
        }
        let line = human::line(finished);
        if finished.verdict.is_red() || self.show_output {
            line + &human::output(finished)
        } else {
            line
        }
    }

    /// Whether there is a place for output that comes at any time: not between JSON objects.
    pub(crate) fn can_show_live(&self) -> bool {
        !self.is_json()
    }

    /// What a test prints, as it comes, byte for byte.
    pub(crate) fn live(&mut self, stream: Stream, bytes: &[u8]) {
        match stream {
            Stream::Stdout => {
                let mut stdout = std::io::stdout().lock();
                self.deaf |= stdout
                    .write_all(bytes)
                    .and_then(|()| stdout.flush())
                    .is_err();
            }
            // Whoever closes standard error wants none of it.
            Stream::Stderr => drop(std::io::stderr().lock().write_all(bytes)),
        }
    }

    pub(crate) fn list(&mut self, binary: &str, name: &str) {
        let text = if self.is_json() {
            json::listed(binary, name)
        } else {
            human::listed(binary, name)
        };
        self.print(&text);
    }

    pub(crate) fn summary(&mut self, tally: &Tally) {
        if tally.build_failed.is_some() && tally.selected == 0 {
            return;
        }
        if tally.doctests.is_red {
            let held_back = std::mem::take(&mut self.held_back);
            self.print(&held_back);
        }
        let text = if self.is_json() {
            json::summary(tally)
        } else {
            human::summary(tally, self.scope, &self.repeated)
        };
        self.print(&text);
    }

    /// A doctest has ended, as rustdoc says.
    pub(crate) fn doctest(&mut self, name: &str, event: &str) {
        if self.is_json() {
            self.print(&json::doctest(name, event));
        }
    }

    /// What rustdoc prints of its doctests.
    pub(crate) fn doctest_line(&mut self, line: &str) {
        if self.is_json() {
            eprintln!("{line}");
        } else if self.quiet {
            self.held_back += line;
            self.held_back.push('\n');
        } else {
            self.print(&format!("{line}\n"));
        }
    }

    pub(crate) fn compiler_message(&mut self, rendered: &str) {
        anstream::eprint!("{rendered}");
    }

    pub(crate) fn error(&mut self, message: &str) {
        error(message);
    }

    pub(crate) fn warning(&mut self, message: &str) {
        warning(message);
    }
}

/// An error that ends the command.
pub(crate) fn fatal(fatal: &Fatal) {
    error(&fatal.to_string());
}

fn error(message: &str) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{style}error{style:#}: {message}");
}

pub(crate) fn warning(message: &str) {
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    anstream::eprintln!("{style}warning{style:#}: {message}");
}

/// A line of somebody else's.
pub(crate) fn line(line: &str) {
    println!("{line}");
}

/// Who outlived a command.
pub(crate) fn left_behind(outcome: &Outcome) {
    if outcome.has_survivors() {
        warning(&explain(Verdict::Leak, outcome));
    }
}

/// What sandboxes cost on this machine.
pub(crate) fn machine(format: MessageFormat, machine: &Machine) -> Result<(), Fatal> {
    for it in &machine.unavailable {
        warning(&format!("`{}` is left out: {}", it.name, it.why));
    }
    print(&match format {
        MessageFormat::Json => json_of_machine(machine),
        _ => overhead::table::machine(&surroundings(), machine),
    })
}

/// What isolation costs a suite of tests.
pub(crate) fn suite(format: MessageFormat, suite: &Suite) -> Result<(), Fatal> {
    print(&match format {
        MessageFormat::Json => json_of_suite(suite),
        _ => overhead::table::suite(suite),
    })
}

/// How either compares with a baseline.
pub(crate) fn comparison(format: MessageFormat, comparison: &Comparison) -> Result<(), Fatal> {
    for name in &comparison.missing {
        warning(&format!(
            "the baseline has a ratio of `{name}`, which is not compared: it was not measured here"
        ));
    }
    print(&match format {
        MessageFormat::Json => overhead::json::comparison(comparison),
        _ => overhead::table::comparison(comparison),
    })
}

/// As a baseline has it.
pub(crate) fn json_of_machine(machine: &Machine) -> String {
    overhead::json::machine(machine)
}

/// As a baseline has it.
pub(crate) fn json_of_suite(suite: &Suite) -> String {
    overhead::json::suite(suite)
}

fn print(text: &str) -> Result<(), Fatal> {
    let mut stdout = anstream::stdout().lock();
    let written = stdout.write_all(text.as_bytes());
    written.and_then(|()| stdout.flush()).or_fatal("print")
}
