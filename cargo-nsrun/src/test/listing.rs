//! The tests that a binary lists.

use std::fmt;

/// What `--list` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The tests, and at the end how many that were: the proof that none is missing.
    Counted,
    /// The tests.
    Bare,
}

/// Why what was printed is no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    /// This line is not of the form `NAME: test` or `NAME: benchmark`.
    Line(String),
    /// The count is missing, or is another.
    Incomplete,
}

/// Reads what `--list` printed.
pub(super) fn parse(output: &[u8], form: Form) -> Result<Vec<String>, Bad> {
    let text = String::from_utf8_lossy(output);
    let mut lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let count = match form {
        Form::Counted => lines.pop_if(|line| parse_count(line).is_some()),
        Form::Bare => None,
    };
    let names = lines
        .into_iter()
        .map(parse_line)
        .collect::<Result<Vec<_>, _>>()?;
    match (form, count.and_then(parse_count)) {
        (Form::Counted, count) if count != Some(names.len()) => Err(Bad::Incomplete),
        _ => Ok(names),
    }
}

fn parse_line(line: &str) -> Result<String, Bad> {
    [": test", ": benchmark"]
        .into_iter()
        .find_map(|kind| line.strip_suffix(kind))
        .map(str::to_owned)
        .ok_or_else(|| Bad::Line(line.to_owned()))
}

/// `3 tests, 1 benchmark`
fn parse_count(line: &str) -> Option<usize> {
    let (tests, benchmarks) = line.split_once(", ")?;
    let count = |part: &str, word: &str| {
        let (count, what) = part.split_once(' ')?;
        let known = what.strip_suffix('s').unwrap_or(what) == word;
        known.then(|| count.parse::<usize>().ok()).flatten()
    };
    count(tests, "test")?.checked_add(count(benchmarks, "benchmark")?)
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bad::Line(line) => write!(f, "`--list` printed `{}`", line.escape_debug()),
            Bad::Incomplete => f.write_str("`--list` ended before the list was complete"),
        }
    }
}

#[cfg(test)]
mod fuzzed;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_junk_is_named() {
        let listed = parse(b"a: test\nb::c: benchmark\n\n", Form::Bare).unwrap();
        assert_eq!(listed, ["a", "b::c"]);
        assert_eq!(parse(b"", Form::Bare).unwrap(), Vec::<String>::new());
        assert_eq!(
            parse(b"a: test\nrunning wild\n", Form::Bare),
            Err(Bad::Line("running wild".to_owned()))
        );
    }

    #[test]
    fn a_list_that_is_counted_is_whole_or_none() {
        for (text, expected) in [
            ("a: test\nb: benchmark\n\n1 test, 1 benchmark\n", Ok(2)),
            ("a: test\nb: test\n\n2 tests, 0 benchmarks\n", Ok(2)),
            ("0 tests, 0 benchmarks\n", Ok(0)),
            ("a: test\n\n2 tests, 0 benchmarks\n", Err(Bad::Incomplete)),
            ("a: test\n", Err(Bad::Incomplete)),
            ("", Err(Bad::Incomplete)),
        ] {
            let listed = parse(text.as_bytes(), Form::Counted);
            assert_eq!(listed.map(|names| names.len()), expected, "{text:?}");
        }
    }

    #[test]
    fn a_name_may_hold_what_it_likes() {
        assert_eq!(
            parse("x: test: test\n\u{e9} y: test\n".as_bytes(), Form::Bare).unwrap(),
            ["x: test", "\u{e9} y"]
        );
    }
}
