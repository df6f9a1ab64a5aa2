//! cargo, which builds, and says by its runner what is to be run.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::socket::{getsockopt, sockopt};
use nix::unistd::geteuid;

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
    listener: UnixListener,
}

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

/// The arguments for the harnesses: for doctests they are rustdoc's to honour.
pub(super) fn add_harness_args(command: &mut Command, args: &TestArgs) {
    command.args(&args.filter).arg("--").args(&args.libtest);
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
            listener,
        })
    }

    pub(super) fn fds(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.stdout
            .iter()
            .map(AsFd::as_fd)
            .chain([self.listener.as_fd()])
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
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                // Nothing more can be read, and a cargo that has more to say fails to.
                Err(_) => self.stdout = None,
            }
        }
        self.lines.take(self.stdout.is_none())
    }

    /// The next runner that has something for us. One whose word does not arrive whole is hung up
    /// on, and fails.
    pub(super) fn accept(&self) -> Option<(Collected, UnixStream)> {
        loop {
            // Nobody waits, or no descriptor is left: then he goes on waiting.
            let (mut stream, _) = self.listener.accept().ok()?;
            if !is_ours(&stream) {
                continue;
            }
            let mut bytes = Vec::new();
            // Our own runner writes all at once; a dead one must not hold us up.
            let _ = stream.set_nonblocking(false);
            let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            let whole = stream.read_to_end(&mut bytes).is_ok();
            if let (true, Some(collected)) = (whole, Collected::decode(&bytes)) {
                return Some((collected, stream));
            }
        }
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
