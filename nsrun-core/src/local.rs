//! The server of this process: its own binary, started anew.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::OnceLock;

use nix::errno::Errno;

use crate::serve::can_serve;
use crate::server::Server;
use crate::step::{Failure, Step};

/// The server that belongs to this process: its own binary, started at the first call.
///
/// # Errors
/// [`Step::Server`] with ENOSYS if this program neither calls
/// [`serve_in_main`](crate::serve_in_main) nor has `nsrun` linked in, or why it could not be
/// started.
pub fn local_server() -> Result<&'static Server, Failure> {
    static SERVER: OnceLock<Result<Server, Failure>> = OnceLock::new();
    SERVER
        .get_or_init(|| Server::start(own_command()?))
        .as_ref()
        .map_err(|failure| *failure)
}

/// The same, to [call](crate::Program::Test) tests of this binary.
///
/// # Errors
/// As [`local_server`], or if its harness did not call a test.
pub fn local_host() -> Result<&'static Server, Failure> {
    static HOST: OnceLock<Result<Server, Failure>> = OnceLock::new();
    HOST.get_or_init(start_own_host)
        .as_ref()
        .map_err(|failure| *failure)
}

fn start_own_host() -> Result<Server, Failure> {
    let host = Server::start_host(own_command()?)?;
    host.registered()?;
    Ok(host)
}

fn own_command() -> Result<Command, Failure> {
    if !can_serve() {
        return Err(Failure {
            step: Step::Server,
            errno: Errno::ENOSYS,
        });
    }
    // The link leads to this very file, even if its path has another by now.
    let mut command = Command::new("/proc/self/exe");
    if let Some(name) = env::args_os().next() {
        command.arg0(name);
    }
    Ok(command)
}
