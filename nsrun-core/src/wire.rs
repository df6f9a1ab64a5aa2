//! What travels between supervisor and sandbox.
//!
//! A *request* goes from the supervisor to the server: one memfd with the encoded [`Request`], and
//! the descriptors that the sandbox shall use ([`Fds`]), all in one packet's SCM_RIGHTS
//! (unix(7)). A memfd holds requests of any size and makes a request one atomic packet, so that
//! several threads may share the server's socket.
//!
//! *Messages* go over the control socket of one sandbox, which only its supervisor and its own
//! processes hold: when all of these are gone, the supervisor reads end-of-file.

/// The version of all this, which a binary with `nsrun` linked in carries in an ELF note.
pub const PROTOCOL_VERSION: u32 = 4;

pub(crate) mod codec;
#[cfg(test)]
mod fuzzed;
mod hello;
mod message;
mod request;

pub(crate) use hello::HOST_ARGUMENT;
pub use hello::{Registered, SERVER_ARGUMENT};
pub(crate) use hello::{read_hello, send_hello};
pub(crate) use message::{Facts, Message};
pub(crate) use request::{Fds, Request, receive, send};
