//! What a harness prints around its one test. Cut off for display; no verdict depends on it.

/// Before the test: libtest's count, and its warning about `--logfile`.
pub(super) const STDOUT_HEAD: &[u8] = b"\nrunning 1 test\n";
pub(super) const STDERR_HEAD: &[u8] = b"warning: `--logfile` is deprecated";

/// Cuts off what libtest or libtest-mimic printed to standard output around the test `name`.
pub(super) fn strip_stdout(mut output: Vec<u8>, name: &str) -> Vec<u8> {
    let result_line = format!("test {name} ");
    let output_end = rfind_line(&output, result_line.as_bytes())
        .filter(|at| contains(&output[*at..], b"\ntest result: "));
    if let Some(end) = output_end {
        output.truncate(end);
    }
    strip_head(output, STDOUT_HEAD)
}

pub(super) fn strip_stderr(output: Vec<u8>) -> Vec<u8> {
    strip_head(output, STDERR_HEAD)
}

fn strip_head(mut output: Vec<u8>, head: &[u8]) -> Vec<u8> {
    if output.starts_with(head) {
        output.drain(..head.len());
    }
    output
}

/// Where the last line begins that starts so.
fn rfind_line(text: &[u8], start: &[u8]) -> Option<usize> {
    let mut at = text.len().checked_sub(start.len())?;
    loop {
        let begins_line = at == 0 || text[at - 1] == b'\n';
        // A test that ends without a newline has the harness's line behind its own words.
        let found = text[at..].starts_with(start);
        if found && (begins_line || text[at..].contains(&b'\n')) {
            return Some(at);
        }
        at = at.checked_sub(1)?;
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(output: &str) -> String {
        String::from_utf8(strip_stdout(output.into(), "a::b")).unwrap()
    }

    #[test]
    fn the_harness_is_cut_off_around_the_test() {
        let end = "\n\ntest result: ok. 1 passed; 0 failed\n\n";
        for (output, test) in [
            (format!("\nrunning 1 test\ntest a::b ... ok{end}"), ""),
            (
                format!("\nrunning 1 test\nhello\ntest a::b ... ok{end}"),
                "hello\n",
            ),
            (
                format!("\nrunning 1 test\nhello test a::b ... ok{end}"),
                "hello ",
            ),
            (
                format!("\nrunning 1 test\ntest a::b ... FAILED\n\nfailures:\n    a::b{end}"),
                "",
            ),
            (
                format!("\nrunning 1 test\ntest a::b - should panic ... ok{end}"),
                "",
            ),
            ("\nrunning 1 test\ndied here".to_owned(), "died here"),
            ("no harness".to_owned(), "no harness"),
        ] {
            assert_eq!(stripped(&output), test, "{output:?}");
        }
    }

    #[test]
    fn what_only_looks_like_the_harness_stays() {
        assert_eq!(stripped("test a::b ... ok\nmore"), "test a::b ... ok\nmore");
        assert_eq!(
            strip_stderr(b"a warning: `--logfile` is deprecated".to_vec()).len(),
            36
        );
    }
}
