//! The output of a test as it comes, for `--nocapture`, without what its harness prints around it.

use nsrun_core::Stream;

use super::noise::{STDERR_HEAD, STDOUT_HEAD, strip_stdout};

/// As much as is held back at the most: a test may print what looks like its harness.
const HELD: usize = 1 << 20;

/// The two streams of one test.
pub(super) struct Live {
    /// The test whose harness prints around it.
    test: Option<String>,
    stdout: Filter,
    stderr: Filter,
}

impl Live {
    /// The output of a test that a harness runs.
    pub(super) fn within_harness(test: &str) -> Live {
        let result_line = format!("test {test} ").into_bytes();
        Live {
            test: Some(test.to_owned()),
            stdout: Filter::new(STDOUT_HEAD, result_line),
            stderr: Filter::new(STDERR_HEAD, Vec::new()),
        }
    }

    /// The output of a test that is called.
    pub(super) fn bare() -> Live {
        Live {
            test: None,
            stdout: Filter::new(b"", Vec::new()),
            stderr: Filter::new(b"", Vec::new()),
        }
    }

    /// What of these bytes, and of those held back, can be shown now.
    pub(super) fn pass(&mut self, stream: Stream, bytes: &[u8]) -> Vec<u8> {
        match stream {
            Stream::Stdout => self.stdout.pass(bytes),
            Stream::Stderr => self.stderr.pass(bytes),
        }
    }

    /// What is left at the end, of each stream.
    pub(super) fn finish(self) -> [(Stream, Vec<u8>); 2] {
        let stdout = match &self.test {
            Some(test) => strip_stdout(self.stdout.held, test),
            None => self.stdout.held,
        };
        [(Stream::Stdout, stdout), (Stream::Stderr, self.stderr.held)]
    }
}

struct Filter {
    /// What the harness prints first, until that has come, or something else has.
    head: Option<&'static [u8]>,
    /// How the harness's own words begin behind the test's; empty if there are none.
    result_line: Vec<u8>,
    held: Vec<u8>,
}

impl Filter {
    fn new(head: &'static [u8], result_line: Vec<u8>) -> Filter {
        Filter {
            head: Some(head),
            result_line,
            held: Vec::new(),
        }
    }

    fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        if let Some(head) = self.head {
            if head.starts_with(&self.held) && self.held.len() < head.len() {
                return Vec::new();
            }
            if self.held.starts_with(head) {
                self.held.drain(..head.len());
            }
            self.head = None;
        }
        let shown = self.not_the_harness();
        self.held.drain(..shown).collect()
    }

    /// How much of what is held cannot be the beginning of the harness's closing words.
    fn not_the_harness(&self) -> usize {
        if self.result_line.is_empty() {
            return self.held.len();
        }
        if self.held.len() > HELD {
            return self.held.len() - self.result_line.len();
        }
        (0..self.held.len())
            .find(|at| {
                let rest = &self.held[*at..];
                rest.starts_with(&self.result_line) || self.result_line.starts_with(rest)
            })
            .unwrap_or(self.held.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of output that comes in pieces of this size.
    fn shown(output: &str, size: usize) -> String {
        let mut live = Live::within_harness("a::b");
        let mut shown = Vec::new();
        for piece in output.as_bytes().chunks(size) {
            shown.extend(live.pass(Stream::Stdout, piece));
        }
        let [(_, rest), _] = live.finish();
        shown.extend(rest);
        String::from_utf8(shown).unwrap()
    }

    #[test]
    fn the_harness_is_left_out_however_the_pieces_fall() {
        let end = "test a::b ... ok\n\ntest result: ok. 1 passed\n\n";
        for (output, test) in [
            (format!("\nrunning 1 test\n{end}"), ""),
            (format!("\nrunning 1 test\nhello\n{end}"), "hello\n"),
            (format!("\nrunning 1 test\nno newline{end}"), "no newline"),
            ("\nrunning 1 test\ndied here".to_owned(), "died here"),
            (
                "\nrunning wild\ntest a".to_owned(),
                "\nrunning wild\ntest a",
            ),
            ("test a::b is mine\n".to_owned(), "test a::b is mine\n"),
            (
                format!("\nrunning 1 test\ntest a::b is mine\nand more\n{end}"),
                "test a::b is mine\nand more\n",
            ),
        ] {
            for size in 1..output.len() {
                assert_eq!(shown(&output, size), test, "{output:?} by {size}");
            }
        }
    }

    #[test]
    fn a_line_is_shown_before_the_test_has_ended() {
        let mut live = Live::within_harness("a::b");
        assert_eq!(
            live.pass(Stream::Stdout, b"\nrunning 1 test\nfirst\n"),
            b"first\n"
        );
        assert_eq!(live.pass(Stream::Stdout, b"second te"), b"second ");
        assert_eq!(live.pass(Stream::Stdout, b"xt\n"), b"text\n");
    }
}
