//! What a harness that is not ours writes to the file that `--logfile` names.
//!
//! libtest writes a line for each test that has ended: `ok NAME`, `failed NAME`, `ignored NAME`. A
//! message, which may have several lines, stands before the name: `failed: MESSAGE NAME`.
//!
//! libtest-mimic writes all that it would print: a title, and a line `test NAME ... ok` for each
//! test.

#[cfg(test)]
mod fuzzed;

use nsrun_core::Recorded;

/// Reads a harness's log of the test `name` alone; `None` if it says nothing of any test.
pub(super) fn read_log(log: &[u8], name: &str) -> Option<Recorded> {
    let log = String::from_utf8_lossy(log);
    let entries = entries(&log);
    match entries[..] {
        [] => None,
        [entry] => Some(entry.of(name).unwrap_or(Recorded::Contradictory)),
        _ => Some(Recorded::Contradictory),
    }
}

/// Reads what the log of many tests says of the test `name`; `None` if that is nothing.
pub(super) fn read_shared_log(log: &[u8], name: &str) -> Option<Recorded> {
    let log = String::from_utf8_lossy(log);
    let entries = entries(&log);
    let mut of_this = entries.iter().filter_map(|entry| entry.of(name));
    match (of_this.next(), of_this.next()) {
        (first, None) => first,
        (_, Some(_)) => Some(Recorded::Contradictory),
    }
}

/// What the log says of the failure of the test `name`, where a harness does not print that like
/// a panic's message.
pub(super) fn logged_reason(log: &[u8], name: &str) -> Option<String> {
    let log = String::from_utf8_lossy(log);
    let title = format!("\n---- {name} ----\n");
    let reason = match log.strip_prefix("\nrunning ") {
        Some(after) => after.split_once(&title)?.1.split("\n\n").next()?,
        None => entries(&log).into_iter().find_map(|entry| match entry {
            Entry::Libtest(text) => text
                .strip_prefix("failed: ")?
                .strip_suffix(name)?
                .strip_suffix(' '),
            Entry::Mimic(_) => None,
        })?,
    };
    Some(reason.trim_end().to_owned()).filter(|reason| !reason.is_empty())
}

/// What stands in a log for one test.
#[derive(Clone, Copy)]
enum Entry<'a> {
    Libtest(&'a str),
    Mimic(&'a str),
}

impl Entry<'_> {
    /// What it says, if it is of the test `name`.
    fn of(self, name: &str) -> Option<Recorded> {
        match self {
            Entry::Libtest(text) => libtest(text, name),
            Entry::Mimic(line) => mimic(line, name),
        }
    }
}

fn libtest(text: &str, name: &str) -> Option<Recorded> {
    let before = text.strip_suffix(name)?.strip_suffix(' ')?;
    match before.split([':', ' ', ',']).next() {
        Some("ok") if before == "ok" => Some(Recorded::Passed),
        Some("failed") => Some(Recorded::Failed),
        Some("ignored") => Some(Recorded::Ignored),
        _ => Some(Recorded::Contradictory),
    }
}

/// Names are padded to one width, a kind in brackets before them as well.
fn mimic(line: &str, name: &str) -> Option<Recorded> {
    let (test, outcome) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    if !test.split_whitespace().eq(name.split_whitespace()) {
        return None;
    }
    match outcome.split(',').next() {
        Some("ok") => Some(Recorded::Passed),
        Some("FAILED") => Some(Recorded::Failed),
        Some("ignored") => Some(Recorded::Ignored),
        _ => Some(Recorded::Contradictory),
    }
}

fn entries(log: &str) -> Vec<Entry<'_>> {
    match log.strip_prefix("\nrunning ") {
        Some(after) => mimic_entries(after),
        None => libtest_entries(log),
    }
}

/// Behind the first empty line stand messages of tests, which may look like anything. A test that
/// has begun and not ended has nothing behind its dots.
fn mimic_entries(after_title: &str) -> Vec<Entry<'_>> {
    let lines = after_title.lines().skip(1);
    lines
        .take_while(|line| line.starts_with("test "))
        .filter(|line| !line.ends_with(" ... "))
        .map(Entry::Mimic)
        .collect()
}

/// A line that begins with none of the words goes on with a message.
fn libtest_entries(log: &str) -> Vec<Entry<'_>> {
    let log = log.strip_suffix('\n').unwrap_or(log);
    let words = ["ok ", "failed ", "failed: ", "ignored ", "ignored: "];
    let begins = |text: &str| words.iter().any(|word| text.starts_with(word));
    let mut starts: Vec<usize> = log
        .match_indices('\n')
        .map(|(newline, _)| newline + 1)
        .filter(|start| begins(&log[*start..]))
        .collect();
    if !log.is_empty() {
        starts.insert(0, 0);
    }
    let ends = starts.iter().skip(1).map(|next| next - 1);
    let spans = starts.iter().zip(ends.chain([log.len()]));
    spans
        .map(|(start, end)| Entry::Libtest(&log[*start..end]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Recorded::{Contradictory, Failed, Ignored, Passed};

    #[test]
    fn a_log_speaks_of_one_test_once() {
        for (log, recorded) in [
            ("ok t\n", Passed),
            ("failed t\n", Failed),
            ("failed: it did not panic as expected t\n", Failed),
            (
                "failed: wrong words:\n  \"ok t\"\n  expected: \"x\" t\n",
                Failed,
            ),
            ("failed (time limit exceeded) t\n", Failed),
            ("ignored t\n", Ignored),
            ("ignored: for a reason t\n", Ignored),
            ("ok u\n", Contradictory),
            ("ok no t\n", Contradictory),
            ("ok t\nok t\n", Contradictory),
            ("ok t\nfailed t\n", Contradictory),
            ("ignored u\nok t\n", Contradictory),
            ("junk", Contradictory),
        ] {
            assert_eq!(read_log(log.as_bytes(), "t"), Some(recorded), "{log:?}");
        }
        for empty in ["", "\n"] {
            assert_eq!(read_log(empty.as_bytes(), "t"), None);
        }
    }

    fn mimic_log(tests: &str) -> String {
        format!("\nrunning 1 test\n{tests}\n\ntest result: ok. 1 passed; 0 failed\n\n")
    }

    #[test]
    fn a_log_of_libtest_mimic_is_read_too() {
        for (tests, recorded) in [
            ("test t ... ok", Passed),
            (
                "test t ... FAILED\n\nfailures:\n\n---- t ----\ntest t ... ok",
                Failed,
            ),
            ("test t ... ignored", Ignored),
            ("test t ... ignored, not here", Ignored),
            ("test u ... ok", Contradictory),
            ("test t ... ok\ntest t ... ok", Contradictory),
        ] {
            let log = mimic_log(tests);
            assert_eq!(read_log(log.as_bytes(), "t"), Some(recorded), "{log:?}");
        }
        assert_eq!(read_log(b"\nrunning 1 test\n", "t"), None);
        assert_eq!(read_log(b"\nrunning 1 test\ntest t ... ", "t"), None);
    }

    #[test]
    fn a_reason_is_found() {
        let mimic = mimic_log(
            "test a ... FAILED\ntest t ... FAILED\n\nfailures:\n\n---- a ----\nof a\n\n\
             ---- t ----\nit is bad\nvery\n\n\nfailures:\n    a\n    t\n",
        );
        for (log, reason) in [
            ("failed t\n", None),
            ("ok t\n", None),
            (
                "failed: of u u\nfailed: did not panic t\n",
                Some("did not panic"),
            ),
            ("failed: wrong:\n  words t\n", Some("wrong:\n  words")),
            (&mimic, Some("it is bad\nvery")),
        ] {
            assert_eq!(
                logged_reason(log.as_bytes(), "t").as_deref(),
                reason,
                "{log:?}"
            );
        }
    }

    #[test]
    fn each_of_many_is_found() {
        let libtest = "ok a\nfailed: said\n\"ok b\" b\nfailed c\nok d\nok d\n";
        let mimic = mimic_log("test       a ... ok\ntest [k]   b ... FAILED\ntest c ... FAILED");
        for (log, name, recorded) in [
            (libtest, "a", Some(Passed)),
            (libtest, "b", Some(Failed)),
            (libtest, "c", Some(Failed)),
            (libtest, "d", Some(Contradictory)),
            (libtest, "e", None),
            (&mimic, "a", Some(Passed)),
            (&mimic, "[k] b", Some(Failed)),
            (&mimic, "c", Some(Failed)),
            (&mimic, "b", None),
        ] {
            assert_eq!(read_shared_log(log.as_bytes(), name), recorded, "{name}");
        }
    }
}
