//! The completion record: the test's own word that it ran to its end.
//!
//! It is a pipe, of which the test process has an end under the number [`RECORD`](crate::RECORD): a
//! file could not grow where the test has limited files (RLIMIT_FSIZE of setrlimit(2)). A test that
//! `nsrun` is linked into writes a [`Completion`] there. Any other harness that knows `--logfile`
//! (libtest, libtest-mimic) writes its log.

#[cfg(test)]
mod fuzzed;

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

/// Reads the record of a test that was [called](crate::Program::Test); `None` if it is empty.
pub fn read_completion(record: &[u8], name: &str) -> Option<Recorded> {
    match Completion::decode(record, name) {
        Ok(None) => None,
        Ok(Some(Completion::Returned)) => Some(Recorded::Passed),
        Ok(Some(Completion::Panicked(_))) => Some(Recorded::Failed),
        Err(recorded) => Some(recorded),
    }
}

/// Adds what has come to a record.
pub(crate) fn append(record: &mut Vec<u8>, bytes: &[u8]) {
    let room = LIMIT - record.len();
    record.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

#[cfg(test)]
mod tests {
    use super::*;

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
