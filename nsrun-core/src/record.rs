//! The completion record: the test's own word that it ran to its end.
//!
//! It is a memfd that the test process has under the number [`RECORD`](crate::RECORD). A test that
//! `nsrun` is linked into writes a [`Completion`] there. Any other harness that knows `--logfile`
//! (libtest, libtest-mimic) writes a line for each test: `ok NAME`, `failed NAME`, `ignored NAME`.

use std::fs::File;
use std::os::unix::fs::FileExt;

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

/// Reads a harness's log of the test `name`; `None` if the log is empty.
///
/// ```
/// use nsrun_core::{Recorded, read_log};
///
/// assert_eq!(read_log(b"ok a::b\n", "a::b"), Some(Recorded::Passed));
/// assert_eq!(read_log(b"", "a::b"), None);
/// assert_eq!(read_log(b"ok a::b\nok a::b\n", "a::b"), Some(Recorded::Contradictory));
/// ```
pub fn read_log(log: &[u8], name: &str) -> Option<Recorded> {
    let log = String::from_utf8_lossy(log);
    if log.is_empty() {
        return None;
    }
    let line = log.strip_suffix('\n').unwrap_or(&log);
    let recorded = match line.split_once(' ') {
        Some(("ok", test)) if test == name => Recorded::Passed,
        Some(("failed", test)) if test == name => Recorded::Failed,
        // A reason may follow the name.
        Some(("ignored", test)) if test.starts_with(name) => Recorded::Ignored,
        _ => Recorded::Contradictory,
    };
    Some(recorded)
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
            ("ok t\n", Recorded::Passed),
            ("failed t\n", Recorded::Failed),
            ("ignored t\n", Recorded::Ignored),
            ("ignored t, for a reason\n", Recorded::Ignored),
            ("ok u\n", Recorded::Contradictory),
            ("ok t\nok t\n", Recorded::Contradictory),
            ("ok t\nfailed t\n", Recorded::Contradictory),
            ("junk", Recorded::Contradictory),
            ("\n", Recorded::Contradictory),
        ] {
            assert_eq!(read_log(log.as_bytes(), "t"), Some(recorded), "{log:?}");
        }
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
