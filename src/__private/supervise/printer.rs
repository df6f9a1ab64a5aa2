//! Printing into the harness's capture, which only the print macros reach.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the one place that prints"
)]

use nsrun_core::{Failure, Stream, Verdict, remedy};

/// Passes the test's output on, in whole characters.
#[derive(Default)]
pub(super) struct Printer {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Printer {
    pub(super) fn print(&mut self, stream: Stream, bytes: &[u8]) {
        let pending = match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        };
        pending.extend_from_slice(bytes);
        let whole = pending.len() - unfinished(pending);
        let text: Vec<u8> = pending.drain(..whole).collect();
        show(stream, &text);
    }

    /// Prints what is left, even if it ends within a character.
    pub(super) fn flush(&mut self) {
        show(Stream::Stdout, &std::mem::take(&mut self.stdout));
        show(Stream::Stderr, &std::mem::take(&mut self.stderr));
    }
}

fn show(stream: Stream, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match stream {
        Stream::Stdout => print!("{text}"),
        Stream::Stderr => eprint!("{text}"),
    }
}

/// How many bytes at the end are the beginning of a character of which the rest is yet to come.
fn unfinished(bytes: &[u8]) -> usize {
    let last = bytes
        .utf8_chunks()
        .last()
        .map_or(&[][..], |chunk| chunk.invalid());
    let may_go_on = std::str::from_utf8(last).is_err_and(|error| error.error_len().is_none());
    if may_go_on { last.len() } else { 0 }
}

pub(super) fn message(verdict: Verdict, explanation: &str) -> String {
    if explanation.is_empty() {
        format!("nsrun: {verdict}")
    } else {
        format!("nsrun: {verdict}: {explanation}")
    }
}

pub(super) fn failure(failure: &Failure) -> String {
    let remedy = remedy(failure)
        .map(|remedy| format!("\nhelp: {remedy}"))
        .unwrap_or_default();
    message(Verdict::SetupError, &format!("{failure}{remedy}"))
}

pub(super) fn error(message: &str) {
    eprintln!("{message}");
}

/// Something to say of a test that is not red.
pub(super) fn note(verdict: Verdict, explanation: &str) {
    if !explanation.is_empty() {
        eprintln!("{}", message(verdict, explanation));
    }
}
