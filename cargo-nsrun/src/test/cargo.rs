//! cargo, which builds, and says by its runner what is to be run.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::socket::{getsockopt, sockopt};
use nix::unistd::geteuid;
use nsrun_core::{Failure, Step};

use super::lines::Lines;
use super::user_runner::UserRunner;
use crate::args::{Color, MessageFormat, TestArgs};
use crate::collect::Collected;
use crate::fatal::{Fatal, OrFatal};

/// A `cargo test` that runs our collector in place of each test binary.
pub(super) struct Cargo {
    child: Child,
    stdout: Option<File>,
    lines: Lines,
    /// None if nobody is to be taken over any more.
    listener: Option<UnixListener>,
    /// Until when nobody is, since there was no descriptor for him.
    rests_until: Option<Instant>,
}

/// How long it is left alone that a runner waits for whom there is no descriptor: to be polled, he
/// would be ready all the while.
const REST: Duration = Duration::from_millis(100);

/// The program that cargo is: it says so itself to its subcommands.
pub(super) fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The command that cargo is started by, without what makes it collect.
pub(super) fn command(args: &TestArgs) -> Command {
    let mut command = Command::new(program());
    // Else it would go on to build, or to wait for another cargo, when we are killed.
    nsrun_core::tie(&mut command);
    command.arg("test").args(args.cargo.to_args());
    if args.quiet {
        command.arg("--quiet");
    }
    match args.color {
        Color::Auto => {}
        Color::Always => drop(command.arg("--color=always")),
        Color::Never => drop(command.arg("--color=never")),
    }
    command
}

/// The arguments for the harnesses: for doctests they are rustdoc's to honour. That they shall be quiet
/// cargo tells them by itself, and they do not take it twice.
pub(super) fn add_harness_args(command: &mut Command, args: &TestArgs) {
    let libtest = args.libtest.iter();
    let libtest = libtest.filter(|arg| *arg != "-q" && *arg != "--quiet");
    command.args(&args.filter).arg("--").args(libtest);
}

impl Cargo {
    pub(super) fn start(args: &TestArgs, runner: &UserRunner) -> Result<Cargo, Fatal> {
        let name = format!("nsrun-{}", std::process::id());
        let listener = listen(&name).or_fatal("open a socket for cargo's runner")?;
        let mut command = command(args);
        // It is about doctests here: what else fails, cargo does not see.
        if !args.fail_fast {
            command.arg("--no-fail-fast");
        }
        command.arg(message_format(args.message_format));
        // By this link it is found even if its file is replaced, and no path has a space in it.
        let own = format!("/proc/{}/exe", std::process::id());
        runner.replace(&mut command, &[&own, "nsrun", "collect", &name])?;
        add_harness_args(&mut command, args);
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .or_fatal(format_args!("start `{}`", program().display()))?;
        let stdout = child
            .stdout
            .take()
            .map(|pipe| File::from(OwnedFd::from(pipe)));
        for fd in stdout.iter().map(AsFd::as_fd) {
            fcntl(fd, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).or_fatal("read from cargo")?;
        }
        Ok(Cargo {
            child,
            stdout,
            lines: Lines::default(),
            listener: Some(listener),
            rests_until: None,
        })
    }

    pub(super) fn fds(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let listener = self.listener.iter().filter(|_| self.wake_at().is_none());
        let stdout = self.stdout.iter().map(AsFd::as_fd);
        stdout.chain(listener.map(AsFd::as_fd))
    }

    /// When to look again for a runner, if nothing wakes us before.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        self.rests_until.filter(|until| *until > Instant::now())
    }

    /// Whether cargo has said all that it will.
    pub(super) fn is_silent(&self) -> bool {
        self.stdout.is_none()
    }

    /// The lines that cargo has printed since the last call.
    pub(super) fn read_lines(&mut self) -> Vec<String> {
        let mut buffer = [0; 1 << 16];
        while let Some(stdout) = &mut self.stdout {
            match stdout.read(&mut buffer) {
                Ok(0) => self.stdout = None,
                Ok(length) => self.lines.push(&buffer[..length]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Nothing more can be read, and a cargo that has more to say fails to.
                Err(_) => self.stdout = None,
            }
        }
        self.lines.take(self.stdout.is_none())
    }

    /// The next runner that has something for us. One whose word does not arrive whole is hung up
    /// on, and fails.
    ///
    /// # Errors
    /// If one waits, and there is no descriptor for him, or no memory (accept(2)): he goes on waiting.
    pub(super) fn accept(&self) -> Result<Option<(Collected, UnixStream)>, Errno> {
        while let Some(listener) = &self.listener {
            let stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(Failure::from_io(Step::Server, &error).errno),
            };
            if let Some(collected) = word_of(&stream) {
                return Ok(Some((collected, stream)));
            }
        }
        Ok(None)
    }

    /// Leaves those who wait alone for a while.
    pub(super) fn rest(&mut self) {
        self.rests_until = Some(Instant::now() + REST);
    }

    /// Hangs up on those who wait, and on all that come.
    pub(super) fn hang_up(&mut self) {
        self.listener = None;
    }

    /// Ends cargo, and with it all that it still has to build or to test.
    pub(super) fn kill(&mut self) {
        // Fails only if it has ended already.
        let _ = self.child.kill();
    }

    pub(super) fn wait(&mut self) -> Result<ExitStatus, Fatal> {
        self.child.wait().or_fatal("wait for cargo")
    }
}

/// What a runner says; none if it is not all there, or he is none of ours.
fn word_of(mut stream: &UnixStream) -> Option<Collected> {
    if !is_ours(stream) {
        return None;
    }
    let mut bytes = Vec::new();
    // Our own runner writes all at once; a dead one must not hold us up.
    let _ = stream.set_nonblocking(false);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    stream.read_to_end(&mut bytes).ok()?;
    Collected::decode(&bytes)
}

fn message_format(format: MessageFormat) -> &'static str {
    match format {
        MessageFormat::Human | MessageFormat::Json => "--message-format=json-render-diagnostics",
        MessageFormat::Short => "--message-format=json-diagnostic-short",
    }
}

/// An abstract socket leaves no file behind, whatever ends us.
fn listen(name: &str) -> std::io::Result<UnixListener> {
    let listener = UnixListener::bind_addr(&SocketAddr::from_abstract_name(name)?)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Anybody may connect to an abstract socket, but only our own user tells us what to run; whoever
/// cannot be asked is somebody else.
fn is_ours(stream: &UnixStream) -> bool {
    getsockopt(stream, sockopt::PeerCredentials).is_ok_and(|peer| peer.uid() == geteuid().as_raw())
}
