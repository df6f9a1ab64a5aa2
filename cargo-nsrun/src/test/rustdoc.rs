//! What rustdoc prints of each doctest: libtest's form for people, the only one that is stable.

/// How many results are still to come; none where there may be anything else.
#[derive(Default)]
pub(super) struct Rustdoc {
    announced: usize,
    /// Whether results have been, and below them stands what doctests have printed.
    is_below: bool,
}

impl Rustdoc {
    /// The doctest whose end this line is, with libtest's word for how it went. What a doctest has
    /// printed looks like anything, and stands below the results of all.
    pub(super) fn read<'a>(&mut self, line: &'a str) -> Option<(&'a str, &'static str)> {
        if line.starts_with("test result: ") {
            self.is_below = false;
        } else if self.announced > 0 {
            let result = result(line)?;
            self.announced -= 1;
            return Some(result);
        } else if let (Some(announced), false) = (announced(line), self.is_below) {
            self.announced = announced;
            self.is_below = true;
        }
        None
    }
}

fn announced(line: &str) -> Option<usize> {
    let (count, what) = line.strip_prefix("running ")?.split_once(' ')?;
    ["test", "tests"]
        .contains(&what)
        .then(|| count.parse().ok())?
}

fn result(line: &str) -> Option<(&str, &'static str)> {
    let (name, word) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let event = match word {
        "ok" => "ok",
        "FAILED" => "failed",
        // A reason may follow.
        _ if word.starts_with("ignored") => "ignored",
        _ => return None,
    };
    Some((name, event))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With a doctest that fails and prints what looks like results, and a second harness.
    const PRINTED: &str = "
running 3 tests
test src/lib.rs - a (line 1) ... ok
test src/lib.rs - b (line 5) - should panic ... FAILED
test src/lib.rs - c ... d (line 9) ... ignored

failures:

---- src/lib.rs - b (line 5) stdout ----
running 1 test
test forged ... ok

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.04s


running 1 test
test src/lib.rs - e (line 13) ... ok
test src/lib.rs - f (line 13) ... ok
";

    #[test]
    fn only_results_are_read() {
        let mut rustdoc = Rustdoc::default();
        let read: Vec<_> = PRINTED
            .lines()
            .filter_map(|line| rustdoc.read(line))
            .collect();
        assert_eq!(
            read,
            [
                ("src/lib.rs - a (line 1)", "ok"),
                ("src/lib.rs - b (line 5) - should panic", "failed"),
                ("src/lib.rs - c ... d (line 9)", "ignored"),
                ("src/lib.rs - e (line 13)", "ok"),
            ]
        );
    }
}
