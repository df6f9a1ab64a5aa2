//! The request for one sandbox.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use nix::errno::Errno;

use super::codec::{Malformed, Reader, Writer};
use crate::kind::Kinds;
use crate::program::{Exec, HarnessOutput, Program, RecordFd, Session, Start};
use crate::spec::{Clocks, Identity, Leaks, Spec};
use crate::sys;

/// Everything that a server must know to make one sandbox and start its program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) spec: Spec,
    pub(crate) program: Program,
    pub(crate) session: Session,
    pub(crate) harness: HarnessOutput,
    pub(crate) record: RecordFd,
    pub(crate) start: Start,
}

/// The descriptors of one sandbox.
pub(crate) struct Fds<T = OwnedFd> {
    pub(crate) control: T,
    pub(crate) stdin: T,
    pub(crate) stdout: T,
    pub(crate) stderr: T,
    pub(crate) record: T,
}

const FDS: usize = sys::PACKET_FDS;

impl Request {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        write_spec(&mut writer, &self.spec);
        write_program(&mut writer, &self.program);
        writer.byte((self.session == Session::Callers).into());
        writer.byte((self.harness == HarnessOutput::Hidden).into());
        writer.byte(self.record as u8);
        writer.byte((self.start == Start::WhenTold).into());
        writer.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Request, Malformed> {
        let mut reader = Reader::new(bytes);
        let request = Request {
            spec: read_spec(&mut reader)?,
            program: read_program(&mut reader)?,
            session: if reader.flag()? {
                Session::Callers
            } else {
                Session::Own
            },
            harness: if reader.flag()? {
                HarnessOutput::Hidden
            } else {
                HarnessOutput::Shown
            },
            record: read_record(reader.byte()?)?,
            start: if reader.flag()? {
                Start::WhenTold
            } else {
                Start::AtOnce
            },
        };
        reader.end()?;
        Ok(request)
    }
}

pub(crate) fn write_spec(writer: &mut Writer, spec: &Spec) {
    writer.byte(spec.kinds.bits());
    writer.byte((spec.identity == Identity::Root).into());
    writer.option(spec.hostname.as_ref(), |w, name| w.string(name));
    writer.duration(spec.clocks.monotonic);
    writer.duration(spec.clocks.boottime);
    writer.number(spec.tmp_size);
    writer.option(spec.timeout, Writer::duration);
    writer.option(spec.leaks, |w, leaks| w.byte((leaks == Leaks::Fail).into()));
    writer.list(&spec.keep, |w, path| w.string(path));
    writer.list(&spec.share, |w, path| w.string(path));
}

pub(crate) fn read_spec(reader: &mut Reader<'_>) -> Result<Spec, Malformed> {
    Ok(Spec {
        kinds: Kinds::from_bits(reader.byte()?),
        identity: if reader.flag()? {
            Identity::Root
        } else {
            Identity::Own
        },
        hostname: reader.option(Reader::string)?,
        clocks: Clocks {
            monotonic: reader.duration()?,
            boottime: reader.duration()?,
        },
        tmp_size: reader.number()?,
        timeout: reader.option(Reader::duration)?,
        leaks: reader.option(read_leaks)?,
        keep: reader.list(|r| r.os_string().map(Into::into))?,
        share: reader.list(|r| r.os_string().map(Into::into))?,
    })
}

fn read_leaks(reader: &mut Reader<'_>) -> Result<Leaks, Malformed> {
    Ok(if reader.flag()? {
        Leaks::Fail
    } else {
        Leaks::Warn
    })
}

fn read_record(byte: u8) -> Result<RecordFd, Malformed> {
    let all = [RecordFd::Closed, RecordFd::Open, RecordFd::Announced];
    all.into_iter()
        .find(|record| *record as u8 == byte)
        .ok_or(Malformed)
}

fn write_program(writer: &mut Writer, program: &Program) {
    match program {
        Program::Main { arguments } => {
            writer.byte(0);
            writer.list(arguments, |w, argument| w.string(argument));
        }
        Program::Exec(exec) => {
            writer.byte(1);
            writer.string(&exec.path);
            writer.list(&exec.arguments, |w, argument| w.string(argument));
            writer.option(exec.environment.as_ref(), |w, variables| {
                w.list(variables, |w, (name, value)| {
                    w.string(name);
                    w.string(value);
                });
            });
            writer.option(exec.working_dir.as_ref(), |w, path| w.string(path));
        }
        Program::Test { number, name } => {
            writer.byte(2);
            writer.number(*number as u64);
            writer.string(name);
        }
    }
}

fn read_program(reader: &mut Reader<'_>) -> Result<Program, Malformed> {
    match reader.byte()? {
        0 => Ok(Program::Main {
            arguments: reader.list(Reader::os_string)?,
        }),
        1 => Ok(Program::Exec(Exec {
            path: reader.os_string()?.into(),
            arguments: reader.list(Reader::os_string)?,
            environment: reader.option(|r| r.list(|r| Ok((r.os_string()?, r.os_string()?))))?,
            working_dir: reader.option(|r| r.os_string().map(Into::into))?,
        })),
        2 => Ok(Program::Test {
            number: reader.number()? as usize,
            name: reader.string()?,
        }),
        _ => Err(Malformed),
    }
}

/// Sends a request to a server.
pub(crate) fn send(
    server: BorrowedFd<'_>,
    request: &Request,
    fds: &Fds<BorrowedFd<'_>>,
) -> Result<(), Errno> {
    let mut body = sys::memory_file(c"nsrun-request")?;
    body.write_all(&request.encode()).map_err(errno)?;
    let raw: [RawFd; FDS] = [
        body.as_fd(),
        fds.control,
        fds.stdin,
        fds.stdout,
        fds.stderr,
        fds.record,
    ]
    .map(|fd| fd.as_raw_fd());
    sys::send_packet(server, b"r", &raw)
}

/// Waits for the next request; `None` when the supervisor is gone.
///
/// The outer error is one of the socket, the inner one of the request: for the latter there is a
/// control socket on which to report it.
#[expect(
    clippy::type_complexity,
    reason = "two failures of different reach, each named above"
)]
pub(crate) fn receive(
    server: BorrowedFd<'_>,
) -> Result<Option<(Result<Request, Malformed>, Fds)>, Errno> {
    let mut byte = [0];
    let (length, fds) = sys::receive_packet(server, &mut byte, 0)?;
    if length == 0 {
        return Ok(None);
    }
    let [body, control, stdin, stdout, stderr, record] =
        <[OwnedFd; FDS]>::try_from(fds).map_err(|_| Errno::EPROTO)?;
    let request = read_body(body);
    Ok(Some((
        request,
        Fds {
            control,
            stdin,
            stdout,
            stderr,
            record,
        },
    )))
}

fn read_body(body: OwnedFd) -> Result<Request, Malformed> {
    let mut file = File::from(body);
    let mut bytes = Vec::new();
    file.rewind()
        .and_then(|()| file.read_to_end(&mut bytes))
        .map_err(|_| Malformed)?;
    Request::decode(&bytes)
}

fn errno(error: std::io::Error) -> Errno {
    error.raw_os_error().map_or(Errno::EIO, Errno::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn requests() -> [Request; 3] {
        let mut spec = Spec::new(Kinds::ALL);
        spec.identity = Identity::Root;
        spec.hostname = Some("db".to_owned());
        spec.clocks.monotonic = Duration::new(7, 9);
        spec.timeout = Some(Duration::from_millis(1500));
        spec.leaks = Some(Leaks::Fail);
        spec.keep = vec!["/a b".into()];
        spec.share = vec!["/c".into(), "/d".into()];
        let exec = Exec {
            path: "/bin/echo".into(),
            arguments: vec!["echo".into(), "\u{e9}".into()],
            environment: Some(vec![("A".into(), "1".into())]),
            working_dir: Some("/".into()),
        };
        let main = Program::Main {
            arguments: vec!["x".into(), "--exact".into()],
        };
        let test = Program::Test {
            number: 7,
            name: "a::b".into(),
        };
        [
            Request {
                spec: Spec::default(),
                program: test,
                session: Session::Own,
                harness: HarnessOutput::Shown,
                record: RecordFd::Open,
                start: Start::WhenTold,
            },
            Request {
                spec,
                program: Program::Exec(exec),
                session: Session::Callers,
                harness: HarnessOutput::Shown,
                record: RecordFd::Announced,
                start: Start::AtOnce,
            },
            Request {
                spec: Spec::default(),
                program: main,
                session: Session::Own,
                harness: HarnessOutput::Hidden,
                record: RecordFd::Open,
                start: Start::AtOnce,
            },
        ]
    }

    #[test]
    fn a_request_survives_the_wire() {
        for request in requests() {
            assert_eq!(Request::decode(&request.encode()), Ok(request));
        }
    }

    #[test]
    fn a_request_cut_short_or_with_more_behind_it_is_malformed() {
        for request in requests() {
            let bytes = request.encode();
            for end in 0..bytes.len() {
                assert_eq!(
                    Request::decode(&bytes[..end]),
                    Err(Malformed),
                    "cut at {end}"
                );
            }
            assert_eq!(
                Request::decode(&[&bytes[..], b"x"].concat()),
                Err(Malformed)
            );
        }
    }
}
