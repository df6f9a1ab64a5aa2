//! The server's first packet: which tests its binary registered, and what they ask for.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::fd::{AsRawFd, BorrowedFd};

use nix::errno::Errno;

use super::codec::{Malformed, Reader, Writer};
use super::request::{read_spec, write_spec};
use crate::spec::Spec;
use crate::sys;

/// The first argument of a process that is started as a server. Without the control socket on its
/// standard input, which only a supervisor of ours gives it, the argument means nothing.
pub const SERVER_ARGUMENT: &str = "--nsrun-server";

/// The same, of a server that shall call tests: it goes through its harness first.
pub(crate) const HOST_ARGUMENT: &str = "--nsrun-host";

/// A test that asks for a sandbox of its own kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The name that the harness lists it by.
    pub name: String,
    /// The sandbox that it asks for.
    pub spec: Spec,
    /// Whether it may be called without its harness: then nothing but the harness stands between
    /// the two, and the harness only calls it.
    pub callable: bool,
}

pub(crate) fn send_hello(socket: BorrowedFd<'_>, tests: &[Registered]) -> Result<(), Errno> {
    let mut body = sys::memory_file(c"nsrun-tests")?;
    body.write_all(&encode(tests)).map_err(|_| Errno::EIO)?;
    sys::send_packet(socket, b"h", &[body.as_raw_fd()])
}

/// Waits for a server's first packet.
///
/// # Errors
/// ECONNRESET if the process ended instead of serving, EPROTO if it said something else.
pub(crate) fn read_hello(socket: BorrowedFd<'_>) -> Result<Vec<Registered>, Errno> {
    let mut byte = [0];
    let (length, mut fds) = sys::receive_packet(socket, &mut byte, 0)?;
    match (length, fds.pop()) {
        (0, _) => Err(Errno::ECONNRESET),
        (_, Some(body)) => read(File::from(body)).map_err(|_| Errno::EPROTO),
        (_, None) => Err(Errno::EPROTO),
    }
}

fn read(mut body: File) -> Result<Vec<Registered>, Malformed> {
    let mut bytes = Vec::new();
    body.rewind()
        .and_then(|()| body.read_to_end(&mut bytes))
        .map_err(|_| Malformed)?;
    decode(&bytes)
}

pub(super) fn encode(tests: &[Registered]) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.list(tests, |w, test| {
        w.string(&test.name);
        write_spec(w, &test.spec);
        w.byte(test.callable.into());
    });
    writer.finish()
}

pub(super) fn decode(bytes: &[u8]) -> Result<Vec<Registered>, Malformed> {
    let mut reader = Reader::new(bytes);
    let tests = reader.list(|r| {
        Ok(Registered {
            name: r.string()?,
            spec: read_spec(r)?,
            callable: r.flag()?,
        })
    })?;
    reader.end()?;
    Ok(tests)
}
