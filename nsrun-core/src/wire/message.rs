//! The messages of a control socket: a fixed size, encoded without allocation.

use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;

use crate::kind::Kind;
use crate::step::{Failure, Step};
use crate::sys;

pub(super) const WORDS: usize = 13;

/// What a sandbox says of itself before the program starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The test process's id, in its own pid namespace.
    pub(crate) pid: i32,
    /// The inode of each kind's namespace, in the order of [`Kind::ALL`].
    pub(crate) inodes: [u64; Kind::ALL.len()],
    /// The `IFF_*` flags of `lo`.
    pub(crate) loopback: u16,
    /// The device of `/tmp`.
    pub(crate) tmp_device: u64,
}

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// From the server: init exists. The pidfd of init travels along.
    Born { pid: i32 },
    /// From the server, init or the test process: a step failed.
    Failed(Failure),
    /// From the test process: where it is. The program starts right after.
    Attested(Facts),
    /// From init: the test process ended, and whether others outlive it.
    Ended { status: i32, survivors: bool },
    /// To init: send this signal to the program.
    Signal(i32),
    /// To init: the program may start.
    Start,
}

impl Message {
    fn to_words(self) -> [u64; WORDS] {
        let mut words = [0; WORDS];
        match self {
            Message::Born { pid } => {
                words[0] = 1;
                words[1] = pid as u64;
            }
            Message::Failed(failure) => {
                words[0] = 2;
                words[1] = failure.step as u64;
                words[2] = failure.errno as u64;
            }
            Message::Attested(facts) => {
                words[0] = 3;
                words[1] = facts.pid as u64;
                words[2] = u64::from(facts.loopback);
                words[3] = facts.tmp_device;
                words[4..4 + facts.inodes.len()].copy_from_slice(&facts.inodes);
            }
            Message::Ended { status, survivors } => {
                words[0] = 4;
                words[1] = status as u64;
                words[2] = u64::from(survivors);
            }
            Message::Signal(signal) => {
                words[0] = 5;
                words[1] = signal as u64;
            }
            Message::Start => words[0] = 6,
        }
        words
    }

    fn from_words(words: &[u64; WORDS]) -> Option<Message> {
        Some(match words[0] {
            1 => Message::Born {
                pid: words[1] as i32,
            },
            2 => Message::Failed(Failure {
                step: Step::from_code(words[1])?,
                errno: Errno::from_raw(words[2] as i32),
            }),
            3 => {
                let mut inodes = [0; Kind::ALL.len()];
                inodes.copy_from_slice(&words[4..4 + Kind::ALL.len()]);
                Message::Attested(Facts {
                    pid: words[1] as i32,
                    loopback: words[2] as u16,
                    tmp_device: words[3],
                    inodes,
                })
            }
            4 => Message::Ended {
                status: words[1] as i32,
                survivors: words[2] != 0,
            },
            5 => Message::Signal(words[1] as i32),
            6 => Message::Start,
            _ => return None,
        })
    }

    pub(super) fn to_bytes(self) -> [u8; WORDS * 8] {
        let mut bytes = [0; WORDS * 8];
        for (chunk, word) in bytes.chunks_exact_mut(8).zip(self.to_words()) {
            chunk.copy_from_slice(&word.to_ne_bytes());
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Message> {
        let mut words = [0; WORDS];
        if bytes.len() != WORDS * 8 {
            return None;
        }
        for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = u64::from_ne_bytes(chunk.try_into().ok()?);
        }
        Message::from_words(&words)
    }

    /// Sends the message. Does not allocate, does not raise SIGPIPE.
    pub(crate) fn send(self, control: BorrowedFd<'_>) -> Result<(), Errno> {
        sys::send(control, &self.to_bytes())
    }

    /// Receives a message, without a descriptor, without allocation; `None` at end-of-file.
    pub(crate) fn receive(control: BorrowedFd<'_>) -> Result<Option<Message>, Errno> {
        let mut bytes = [0; WORDS * 8];
        match sys::receive(control, &mut bytes)? {
            0 => Ok(None),
            length => Message::from_bytes(&bytes[..length])
                .ok_or(Errno::EPROTO)
                .map(Some),
        }
    }

    /// Sends the message with a descriptor.
    pub(crate) fn send_with(
        self,
        control: BorrowedFd<'_>,
        fd: BorrowedFd<'_>,
    ) -> Result<(), Errno> {
        sys::send_packet(control, &self.to_bytes(), &[fd.as_raw_fd()])
    }

    /// Receives a message and the descriptor that may come with it; `None` at end-of-file.
    pub(crate) fn receive_with(
        control: BorrowedFd<'_>,
    ) -> Result<Option<(Message, Option<OwnedFd>)>, Errno> {
        let mut bytes = [0; WORDS * 8];
        let (length, mut fds) = sys::receive_packet(control, &mut bytes, libc::MSG_DONTWAIT)?;
        if length == 0 {
            return Ok(None);
        }
        let message = Message::from_bytes(&bytes[..length]).ok_or(Errno::EPROTO)?;
        Ok(Some((message, fds.pop())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_survives_the_wire() {
        let facts = Facts {
            pid: 2,
            inodes: [1, 2, 3, 4, 5, 6, 7, 8],
            loopback: 0x49,
            tmp_device: 77,
        };
        let failure = Failure {
            step: Step::Exec,
            errno: Errno::ENOENT,
        };
        for message in [
            Message::Born { pid: 4711 },
            Message::Failed(failure),
            Message::Attested(facts),
            Message::Ended {
                status: -1,
                survivors: true,
            },
            Message::Signal(15),
            Message::Start,
        ] {
            assert_eq!(Message::from_bytes(&message.to_bytes()), Some(message));
        }
    }

    #[test]
    fn junk_is_no_message() {
        assert_eq!(Message::from_bytes(&[]), None);
        assert_eq!(Message::from_bytes(&[0xff; WORDS * 8]), None);
        let mut unknown_step = [0; WORDS * 8];
        unknown_step[0] = 2;
        unknown_step[8] = 255;
        assert_eq!(Message::from_bytes(&unknown_step), None);
    }
}
