//! The tests that a binary lists.

/// Reads what `--list --format terse` printed.
///
/// # Errors
/// The first line that is not of the form `NAME: test` or `NAME: benchmark`.
pub(super) fn parse(output: &[u8]) -> Result<Vec<String>, String> {
    let text = String::from_utf8_lossy(output);
    text.lines()
        .filter(|line| !line.is_empty())
        .map(parse_line)
        .collect()
}

fn parse_line(line: &str) -> Result<String, String> {
    [": test", ": benchmark"]
        .into_iter()
        .find_map(|kind| line.strip_suffix(kind))
        .map(str::to_owned)
        .ok_or_else(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_junk_is_named() {
        let listed = parse(b"a: test\nb::c: benchmark\n\n").unwrap();
        assert_eq!(listed, ["a", "b::c"]);
        assert_eq!(parse(b"").unwrap(), Vec::<String>::new());
        assert_eq!(
            parse(b"a: test\nrunning wild\n").unwrap_err(),
            "running wild"
        );
    }

    #[test]
    fn a_name_may_hold_what_it_likes() {
        assert_eq!(
            parse("x: test: test\n\u{e9} y: test\n".as_bytes()).unwrap(),
            ["x: test", "\u{e9} y"]
        );
    }
}
