//! What a person reads.

// Only to strings, to which writing cannot fail.
use std::fmt::Write;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use nsrun_core::Verdict;

use super::escape::visible;
use crate::args::{Scope, ServerKind};
use crate::results::{Finished, Output, Tally, Whole};

const BOLD: Style = Style::new().bold();

/// The word for a test, and its colour.
fn status(finished: &Finished) -> (String, Style) {
    let Finished {
        verdict, attempt, ..
    } = finished;
    let word = match verdict {
        Verdict::Flaky | Verdict::FlakyFail => {
            format!("{} {}/{}", capitals(*verdict), attempt.number, attempt.of)
        }
        // The one at which it was given up.
        _ if attempt.number > 1 => one_try(finished),
        _ => capitals(*verdict),
    };
    (word, colour(*verdict).on_default().bold())
}

fn colour(verdict: Verdict) -> AnsiColor {
    match verdict {
        Verdict::Pass => AnsiColor::Green,
        Verdict::Leak | Verdict::Flaky | Verdict::Ignored => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    }
}

fn capitals(verdict: Verdict) -> String {
    verdict.to_string().to_uppercase()
}

fn one_try(finished: &Finished) -> String {
    format!(
        "TRY {} {}",
        finished.attempt.number,
        capitals(finished.verdict)
    )
}

/// `  TRY 1 FAIL [   0.004s] demo::it tests::x`
pub(super) fn tried(failed: &Finished) -> String {
    let style = colour(failed.verdict).on_default().bold();
    described(&one_try(failed), style, failed)
}

/// `        PASS [   0.004s] demo::it tests::x`
pub(super) fn line(finished: &Finished) -> String {
    let (word, style) = status(finished);
    described(&word, style, finished)
}

fn described(word: &str, style: Style, finished: &Finished) -> String {
    let time = match finished.verdict {
        Verdict::Ignored => " ".repeat(10),
        _ => seconds(finished.set_up + finished.run),
    };
    let mut line = format!(
        "{style}{word:>12}{style:#} {time} {}\n",
        full_name(finished)
    );
    let whole = streams(finished)
        .into_iter()
        .filter_map(|(stream, output)| whole(stream, output));
    let message = finished.message.lines().map(str::to_owned);
    for explained in message.chain(whole) {
        let _ = writeln!(line, "{:>12} {}", "", visible(explained.as_bytes()));
    }
    line
}

fn seconds(time: Duration) -> String {
    format!("[{:>7.3}s]", time.as_secs_f64())
}

fn full_name(finished: &Finished) -> String {
    let Finished { binary, name, .. } = finished;
    if name.is_empty() {
        return format!("{binary} {BOLD}(whole binary: exit code only){BOLD:#}");
    }
    format!("{binary} {BOLD}{}{BOLD:#}", visible(name.as_bytes()))
}

fn streams(finished: &Finished) -> [(&'static str, &Output); 2] {
    [("stdout", &finished.stdout), ("stderr", &finished.stderr)]
}

/// Where all of an output is that is not shown whole.
fn whole(stream: &str, output: &Output) -> Option<String> {
    match &output.whole {
        Whole::Shown => None,
        Whole::File(path) => Some(format!("all of its {stream}: {}", path.display())),
        Whole::Lost(why) => Some(format!("all of its {stream} could not be kept: {why}")),
    }
}

/// What the test printed, each stream under a line of its own.
pub(super) fn output(finished: &Finished) -> String {
    let mut text = String::new();
    for (stream, output) in streams(finished) {
        let bytes = &output.bytes;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let shown = visible(bytes);
        let end = if shown.ends_with('\n') { "" } else { "\n" };
        let title = format!("──── {stream}: {} {}", finished.binary, finished.name);
        let _ = write!(
            text,
            "{BOLD}{}{BOLD:#}\n{}{end}",
            title.trim_end(),
            shown.trim_start_matches('\n')
        );
    }
    if !text.is_empty() {
        text.push_str("────\n");
    }
    text
}

pub(super) fn listed(binary: &str, name: &str) -> String {
    match name {
        "" => format!("{binary}: a harness of its own, which runs whole\n"),
        name => format!("{binary} {name}: test\n"),
    }
}

pub(super) fn binary(id: &str, started_by: ServerKind) -> String {
    let how = match started_by {
        ServerKind::Fork => "forked from the test binary",
        ServerKind::Exec => "executed",
    };
    format!("{:>12} test processes of {id} are {how}", "Server")
}

/// The counts, the flaky tests, and the red ones, each with a line by which to run it again.
pub(super) fn summary(tally: &Tally, scope: Scope, repeated: &[Finished]) -> String {
    let colour = if tally.is_green() {
        AnsiColor::Green
    } else {
        AnsiColor::Red
    };
    let style = colour.on_default().bold();
    let mut text = format!(
        "────────────\n{style}{:>12}{style:#} {} {}\n",
        "Summary",
        seconds(tally.elapsed),
        counts(tally, scope)
    );
    let (red, flaky): (Vec<_>, Vec<_>) = repeated.iter().partition(|one| one.verdict.is_red());
    for finished in flaky.into_iter().chain(red) {
        let (word, style) = status(finished);
        let _ = writeln!(text, "{style}{word:>12}{style:#} {}", full_name(finished));
        if !finished.rerun.is_empty() {
            let _ = writeln!(text, "{:>12} {}", "run again:", finished.rerun);
        }
    }
    text
}

fn counts(tally: &Tally, scope: Scope) -> String {
    let ran = tally.ran();
    let mut text = format!(
        "{ran} {} run, each in {}: {} passed",
        if ran == 1 { "test" } else { "tests" },
        match scope {
            Scope::Test => "its own sandbox",
            Scope::Binary => "its binary's sandbox",
        },
        tally.passed()
    );
    let but: Vec<_> = [
        (tally.of("flaky"), "flaky"),
        (tally.passed_and_leaked, "left something behind"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    if !but.is_empty() {
        let _ = write!(text, " ({})", but.join(", "));
    }
    for word in [
        "fail",
        "crash",
        "timeout",
        "no-result",
        "leak-fail",
        "flaky-fail",
        "setup-error",
        "interrupted",
    ] {
        let count = tally.of(word);
        if count > 0 || word == "fail" {
            let _ = write!(
                text,
                ", {count} {}",
                if word == "fail" { "failed" } else { word }
            );
        }
    }
    for (count, what) in [
        (tally.of("ignored"), "ignored"),
        (tally.filtered_out, "filtered out"),
        (tally.not_run, "not run"),
    ] {
        if count > 0 {
            let _ = write!(text, ", {count} {what}");
        }
    }
    if tally.unlistable > 0 {
        let plural = if tally.unlistable == 1 {
            "binary"
        } else {
            "binaries"
        };
        let _ = write!(
            text,
            ", {} {plural} without a list of tests",
            tally.unlistable
        );
    }
    let doctests = tally.doctests;
    if doctests.passed + doctests.failed + doctests.ignored > 0 {
        let _ = write!(
            text,
            "; doctests: {} passed, {} failed",
            doctests.passed, doctests.failed
        );
    }
    text
}
