//! The completion record: the test's own word that it ran to its end.
//!
//! It is a memfd that the test process has under the number [`RECORD`](crate::RECORD). A test that
//! `nsrun` is linked into writes a [`Completion`] there. Any other harness that knows `--logfile`
//! (libtest, libtest-mimic) writes a line for each test: `ok NAME`, `failed NAME`, `ignored NAME`.

use std::fs::File;
use std::os::unix::fs::FileExt;

use self::Recorded::Contradictory;

/// More than any record holds; what a test writes there beyond that is not a record.
const LIMIT: usize = 1 << 20;

/// What a record says of the one test that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It ran to its end, once, and passed.
    Passed,
    /// It ran to its end, once, and failed.
    Failed,
    /// The harness skipped it.
    Ignored,
    /// Something else: another test, or the same one twice.
    Contradictory,
}

/// Reads a harness's log of the test `name`, which ran alone; `None` if there is no result in it.
///
/// libtest writes `ok NAME`, libtest-mimic what it would else have printed.
///
/// ```
/// use nsrun_core::{Recorded, read_log};
///
/// assert_eq!(read_log(b"ok a::b\n", "a::b"), Some(Recorded::Passed));
/// assert_eq!(read_log(b"\nrunning 1 test\ntest a::b ... ok\n\n", "a::b"), Some(Recorded::Passed));
/// assert_eq!(read_log(b"", "a::b"), None);
/// assert_eq!(read_log(b"ok a::b\nok a::b\n", "a::b"), Some(Recorded::Contradictory));
/// ```
pub fn read_log(log: &[u8], name: &str) -> Option<Recorded> {
    let log = String::from_utf8_lossy(log);
    only(results(&log).map(|(result, test)| if test == name { result } else { Contradictory }))
}

/// Reads a harness's log of several tests for what it says of `name`.
pub fn read_shared_log(log: &[u8], name: &str) -> Option<Recorded> {
    let log = String::from_utf8_lossy(log);
    only(
        results(&log)
            .filter(|(_, test)| *test == name)
            .map(|(result, _)| result),
    )
}

fn only(mut results: impl Iterator<Item = Recorded>) -> Option<Recorded> {
    let result = results.next()?;
    Some(if results.next().is_none() {
        result
    } else {
        Contradictory
    })
}

/// Each result in a log, with the name of the test.
fn results(log: &str) -> impl Iterator<Item = (Recorded, &str)> {
    let mimic = log.strip_prefix("\nrunning ");
    let lines = mimic.map_or(log, |rest| {
        // Behind the first empty line stand messages of tests, which may look like anything.
        let (section, _) = rest.split_once("\n\n").unwrap_or((rest, ""));
        section.split_once('\n').map_or("", |(_, results)| results)
    });
    let read = if mimic.is_some() {
        read_mimic_line
    } else {
        read_libtest_line
    };
    lines.lines().filter_map(read)
}

/// `ok NAME`. A reason may follow the name of an ignored test.
fn read_libtest_line(line: &str) -> Option<(Recorded, &str)> {
    Some(match line.split_once(' ') {
        Some(("ok", test)) => (Recorded::Passed, test),
        Some(("failed", test)) => (Recorded::Failed, test),
        Some(("ignored", test)) => (
            Recorded::Ignored,
            test.split_once(", ").map_or(test, |(name, _)| name),
        ),
        _ => (Contradictory, line),
    })
}

/// `test NAME    ... ok`. A test that has begun and not ended has no result yet.
fn read_mimic_line(line: &str) -> Option<(Recorded, &str)> {
    let (test, result) = line.rsplit_once(" ... ").unwrap_or((line, "?"));
    let result = match result.split([',', ' ']).next() {
        Some("ok") => Recorded::Passed,
        Some("FAILED") => Recorded::Failed,
        Some("ignored") => Recorded::Ignored,
        Some("") => return None,
        _ => Contradictory,
    };
    Some((
        result,
        test.strip_prefix("test ").unwrap_or(test).trim_end(),
    ))
}

/// What a body that ran to its end left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completion {
    /// It returned.
    Returned,
    /// It panicked, with this message if the payload was a string.
    Panicked(Option<String>),
}

impl Completion {
    /// The bytes to append to the record, for the test `name`.
    pub fn encode(&self, name: &str) -> Vec<u8> {
        let mut writer = crate::wire::codec::Writer::default();
        writer.string(name);
        match self {
            Completion::Returned => writer.byte(0),
            Completion::Panicked(message) => {
                writer.byte(1);
                writer.option(message.as_ref(), |w, message| w.string(message));
            }
        }
        writer.finish()
    }

    /// Reads a record that must hold exactly one completion, of the test `name`.
    ///
    /// `Ok(None)` if the record is empty.
    ///
    /// # Errors
    /// [`Recorded::Contradictory`] if it holds anything else.
    pub fn decode(record: &[u8], name: &str) -> Result<Option<Completion>, Recorded> {
        if record.is_empty() {
            return Ok(None);
        }
        let mut reader = crate::wire::codec::Reader::new(record);
        let mut read = || {
            let matches = reader.string()? == name;
            let completion = if reader.flag()? {
                Completion::Panicked(reader.option(|r| r.string())?)
            } else {
                Completion::Returned
            };
            Ok::<_, crate::wire::codec::Malformed>(matches.then_some(completion))
        };
        match (read(), reader.end()) {
            (Ok(Some(completion)), Ok(())) => Ok(Some(completion)),
            _ => Err(Recorded::Contradictory),
        }
    }
}

pub(crate) fn read(record: &File) -> Vec<u8> {
    let length = record
        .metadata()
        .map_or(0, |metadata| metadata.len() as usize);
    let mut bytes = vec![0; length.min(LIMIT)];
    match record.read_at(&mut bytes, 0) {
        Ok(length) => bytes.truncate(length),
        Err(_) => bytes.clear(),
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_speaks_of_one_test_once() {
        for (log, recorded) in [
            ("", None),
            ("ok t\n", Some(Recorded::Passed)),
            ("failed t\n", Some(Recorded::Failed)),
            ("ignored t\n", Some(Recorded::Ignored)),
            ("ignored t, for a reason\n", Some(Recorded::Ignored)),
            ("ok u\n", Some(Contradictory)),
            ("ok t\nok t\n", Some(Contradictory)),
            ("ok t\nfailed t\n", Some(Contradictory)),
            ("junk", Some(Contradictory)),
            ("\nrunning 1 test\n", None),
            ("\nrunning 1 test\ntest t ... ", None),
            (
                "\nrunning 1 test\ntest t ... ok\n\n",
                Some(Recorded::Passed),
            ),
            (
                "\nrunning 1 test\ntest t   ... ok\n",
                Some(Recorded::Passed),
            ),
            (
                "\nrunning 1 test\ntest t ... FAILED\n\ntest t ... ok\n",
                Some(Recorded::Failed),
            ),
            (
                "\nrunning 1 test\ntest t ... ignored, x\n",
                Some(Recorded::Ignored),
            ),
            ("\nrunning 1 test\ntest u ... ok\n", Some(Contradictory)),
            ("\nrunning 1 test\ntest t ... odd\n", Some(Contradictory)),
        ] {
            assert_eq!(read_log(log.as_bytes(), "t"), recorded, "{log:?}");
        }
    }

    #[test]
    fn a_shared_log_is_asked_for_one_test() {
        for log in [
            "ok a\nfailed t\nok b\n",
            "\nrunning 2 tests\ntest a ... ok\ntest t ... FAILED\n",
        ] {
            assert_eq!(read_shared_log(log.as_bytes(), "t"), Some(Recorded::Failed));
            assert_eq!(read_shared_log(log.as_bytes(), "x"), None);
        }
        assert_eq!(read_shared_log(b"ok t\nok t\n", "t"), Some(Contradictory));
    }

    #[test]
    fn a_completion_is_of_one_test_once() {
        let message = || Completion::Panicked(Some("boom".to_owned()));
        for completion in [Completion::Returned, Completion::Panicked(None), message()] {
            let bytes = completion.encode("t");
            assert_eq!(Completion::decode(&bytes, "t"), Ok(Some(completion)));
            assert_eq!(
                Completion::decode(&bytes, "u"),
                Err(Recorded::Contradictory)
            );
            let twice = [bytes.as_slice(), &bytes].concat();
            assert_eq!(
                Completion::decode(&twice, "t"),
                Err(Recorded::Contradictory)
            );
        }
        assert_eq!(Completion::decode(b"", "t"), Ok(None));
        assert_eq!(Completion::decode(b"xy", "t"), Err(Recorded::Contradictory));
    }
}
