//! The supervisor's end of a server.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};

use crate::patience::was_held_up;
use crate::program::Program;
use crate::running::{Job, Running, timeout_until};
use crate::step::{At, Failure, Step};
use crate::sys;
use crate::wire::{HOST_ARGUMENT, Registered, SERVER_ARGUMENT, read_hello};

/// How long a server may take to end when its socket is closed, before it is killed.
const CLOSING: Duration = Duration::from_secs(1);
/// How long the kernel may take to end it then.
const DYING: Duration = Duration::from_secs(2);

/// A server process: makes sandboxes until this handle is dropped.
#[derive(Debug)]
pub struct Server {
    socket: Option<OwnedFd>,
    child: Child,
}

impl Server {
    /// Starts `command` as a server. It must be a program that calls
    /// [`serve_in_main`](crate::serve_in_main) or has the hook of `nsrun` linked in; its
    /// environment and working directory are those of every program that it will start.
    ///
    /// # Errors
    /// [`Step::Server`] if the program cannot be started.
    pub fn start(command: Command) -> Result<Server, Failure> {
        Server::start_as(command, SERVER_ARGUMENT)
    }

    /// Starts `command` as a server that calls its own tests, without their harness. It must be a
    /// program that has the hook of `nsrun` linked in, and tests that are
    /// [callable](Registered::callable) in libtest. Whether its harness has called one, so that it
    /// serves, is to be asked by [`Server::registered`], before anything is launched.
    ///
    /// # Errors
    /// [`Step::Server`] if the program cannot be started.
    pub fn start_host(command: Command) -> Result<Server, Failure> {
        Server::start_as(command, HOST_ARGUMENT)
    }

    fn start_as(mut command: Command, argument: &str) -> Result<Server, Failure> {
        let (ours, theirs) = sys::packet_pair().at(Step::Server)?;
        command.arg(argument);
        // Room for the arguments that a test process hands to `main`.
        command.args([""; Program::MAIN_ARGUMENTS]);
        command
            .stdin(theirs)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let spawned = command.spawn();
        let child = spawned.map_err(|error| Failure::from_io(Step::Server, &error))?;
        Ok(Server {
            socket: Some(ours),
            child,
        })
    }

    /// Waits for the server's first word: the tests that registered in its binary. To be called
    /// at most once.
    ///
    /// # Errors
    /// [`Step::Server`] if the program ended, or turned out not to be a server; with ETIMEDOUT if
    /// it has said nothing after [`Job::SET_UP`].
    pub fn registered(&self) -> Result<Vec<Registered>, Failure> {
        let socket = self.socket()?;
        readable_within(socket, Job::SET_UP).at(Step::Server)?;
        read_hello(socket).at(Step::Server)
    }

    /// Asks for a sandbox and the start of a program in it. Does not wait.
    ///
    /// # Errors
    /// If the request could not be sent. What goes wrong later is part of the outcome.
    pub fn launch(&self, job: Job) -> Result<Running, Failure> {
        Running::launch(self.socket()?, job)
    }

    /// Reaps it if it ends by then.
    fn ends_within(&mut self, time: Duration) -> bool {
        let pidfd = sys::pidfd(self.child.id() as i32);
        let ended = pidfd.and_then(|pidfd| readable_within(pidfd.as_fd(), time));
        match ended {
            Err(Errno::ETIMEDOUT) => false,
            // Without a descriptor to wait on there is only to wait.
            Ok(()) | Err(_) => self.child.wait().is_ok(),
        }
    }

    fn socket(&self) -> Result<BorrowedFd<'_>, Failure> {
        let gone = Failure {
            step: Step::Server,
            errno: Errno::EPIPE,
        };
        self.socket.as_ref().map(AsFd::as_fd).ok_or(gone)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its end of the socket is now at its end, and so is the server, unless something holds it
        // up. What SIGKILL does not end in time (proc_pid_stat(5), state D) must not hold us up.
        self.socket = None;
        if !self.ends_within(CLOSING) {
            let _ = self.child.kill();
            self.ends_within(DYING);
        }
    }
}

/// Waits until there is something to read, or else for ETIMEDOUT.
fn readable_within(fd: BorrowedFd<'_>, time: Duration) -> Result<(), Errno> {
    let mut deadline = Instant::now() + time;
    let mut fds = [PollFd::new(fd, PollFlags::POLLIN)];
    loop {
        match poll(&mut fds, timeout_until(Some(deadline))) {
            Ok(0) if was_held_up(deadline, Instant::now()) => deadline = Instant::now() + time,
            Ok(0) => return Err(Errno::ETIMEDOUT),
            Err(Errno::EINTR) => {}
            done => return done.map(drop),
        }
    }
}
