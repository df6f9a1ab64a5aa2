//! What cargo starts in place of each test binary.
//!
//! cargo is given this program as its runner, so it is cargo itself that says which binary is to
//! run, with which environment, in which directory. The runner passes that on to the supervisor
//! and ends at once; the supervisor runs the tests in its own order. Only where somebody waits for
//! the result (rustdoc, for a doctest) does the supervisor have the runner run the program.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::{Path, PathBuf};

use crate::fatal::{Fatal, OrFatal};
use crate::{exec, exit};

/// A program that cargo wants to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Collected {
    /// The program and its arguments.
    pub(crate) command: Vec<OsString>,
    pub(crate) working_dir: PathBuf,
    pub(crate) environment: Vec<(OsString, OsString)>,
}

/// What the supervisor wants of a runner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// To end: the program will be run later.
    Later,
    /// To run this: the command is the words of `exec`.
    Now(Collected),
}

/// Registers `command` with the supervisor, and does what that says.
pub(crate) fn run(socket: &str, command: Vec<OsString>) -> Result<u8, Fatal> {
    let collected = Collected {
        working_dir: env::current_dir().or_fatal("find the working directory")?,
        environment: env::vars_os().collect(),
        command,
    };
    let (answer, supervisor) =
        register(socket, &collected).or_fatal("reach the supervisor of this test run")?;
    match answer {
        Some(Answer::Later) => Ok(exit::OK),
        Some(Answer::Now(exec)) => exec::run_words(exec.command, exec.environment, supervisor),
        None => Err(Fatal::setup("the supervisor of this test run is gone")),
    }
}

/// The connection stays open for as long as the supervisor wants this runner to go on.
fn register(socket: &str, collected: &Collected) -> std::io::Result<(Option<Answer>, UnixStream)> {
    let mut stream = UnixStream::connect_addr(&SocketAddr::from_abstract_name(socket)?)?;
    stream.write_all(&collected.encode())?;
    stream.shutdown(Shutdown::Write)?;
    let answer = Answer::receive(&mut stream)?;
    Ok((answer, stream))
}

/// Tells a binary into which rustdoc has merged doctests where it lies, so that it can run each of
/// them in a process of its own. rustdoc says so only if there is no runner in between.
const MERGED_BINARY: &str = "RUSTDOC_DOCTEST_BIN_PATH";

impl Collected {
    /// What the program finds in its environment under this name.
    pub(crate) fn variable(&self, name: &str) -> Option<&OsStr> {
        let mut variables = self.environment.iter();
        let (_, value) = variables.find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Lets a binary into which rustdoc has merged doctests know where it lies.
    pub(crate) fn announce_merged_doctests(&mut self) {
        let program = &self.command[0];
        if Path::new(program).file_name() == Some(OsStr::new("rust_out")) {
            self.environment
                .push((MERGED_BINARY.into(), program.clone()));
        }
    }

    /// Strings ended by NUL, which none of them can hold.
    fn encode(&self) -> Vec<u8> {
        let count = self.command.len().to_string();
        let mut strings = vec![self.working_dir.as_os_str(), OsStr::new(&count)];
        strings.extend(self.command.iter().map(OsString::as_os_str));
        for (name, value) in &self.environment {
            strings.extend([name.as_os_str(), value.as_os_str()]);
        }
        strings
            .into_iter()
            .flat_map(|string| [string.as_bytes(), b"\0"])
            .flatten()
            .copied()
            .collect()
    }

    /// `None` if this is not what a runner sends.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Collected> {
        let mut strings = bytes.strip_suffix(b"\0")?.split(|byte| *byte == 0);
        let mut next = || {
            strings
                .next()
                .map(|bytes| OsString::from_vec(bytes.to_vec()))
        };
        let working_dir = next()?.into();
        let count: usize = next()?.to_str()?.parse().ok()?;
        let command = (0..count).map(|_| next()).collect::<Option<Vec<_>>>()?;
        let mut environment = Vec::new();
        while let Some(name) = next() {
            environment.push((name, next()?));
        }
        (count > 0).then_some(Collected {
            command,
            working_dir,
            environment,
        })
    }
}

impl Answer {
    /// With its length before it: what follows is the end of the connection, some time.
    pub(crate) fn send(&self, stream: &mut UnixStream) -> std::io::Result<()> {
        let bytes = self.encode();
        stream.write_all(&(bytes.len() as u64).to_ne_bytes())?;
        stream.write_all(&bytes)
    }

    fn receive(stream: &mut UnixStream) -> std::io::Result<Option<Answer>> {
        let mut length = [0; 8];
        stream.read_exact(&mut length)?;
        let mut bytes = Vec::new();
        let length = u64::from_ne_bytes(length);
        stream.take(length).read_to_end(&mut bytes)?;
        Ok(Answer::decode(&bytes))
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            Answer::Later => b"later".to_vec(),
            Answer::Now(exec) => [b"now\0".to_vec(), exec.encode()].concat(),
        }
    }

    fn decode(bytes: &[u8]) -> Option<Answer> {
        match bytes.strip_prefix(b"now\0") {
            Some(exec) => Collected::decode(exec).map(Answer::Now),
            None => (bytes == b"later").then_some(Answer::Later),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_wants_survives_the_socket() {
        let collected = Collected {
            command: vec!["/a b/c".into(), String::new().into(), "--x".into()],
            working_dir: "/w".into(),
            environment: vec![("A".into(), "1\n2".into()), ("B".into(), "".into())],
        };
        assert_eq!(Collected::decode(&collected.encode()), Some(collected));
        for junk in [&b""[..], b"\0", b"/w\0x\0", b"/w\x003\0a\0", b"/w\x000\0"] {
            assert_eq!(Collected::decode(junk), None, "{junk:?}");
        }
    }

    #[test]
    fn an_answer_survives_the_socket() {
        let exec = Collected {
            command: vec!["--root".into(), "--".into(), "/a".into()],
            working_dir: "/w".into(),
            environment: vec![("A".into(), "1".into())],
        };
        for answer in [Answer::Later, Answer::Now(exec)] {
            assert_eq!(Answer::decode(&answer.encode()), Some(answer));
        }
        for junk in [&b""[..], b"now", b"now\0", b"later\0"] {
            assert_eq!(Answer::decode(junk), None, "{junk:?}");
        }
    }
}
