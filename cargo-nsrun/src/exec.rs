//! `cargo nsrun exec`: any command in a sandbox.

use std::ffi::OsString;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use clap::{Args, FromArgMatches};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nsrun_core::{
    Exec, Failure, Job, Leaks, Outcome, Program, Running, Session, Step, Stop, Streams,
    find_program, local_server, timeout_until,
};

use crate::args::ExecArgs;
use crate::fatal::{Fatal, OrFatal};
use crate::{exit, report};

/// Runs the command; its exit status is ours.
pub(crate) fn run(args: ExecArgs) -> Result<u8, Fatal> {
    run_for(args, None)
}

/// As long as `supervisor` has its end open, if there is one.
fn run_for(args: ExecArgs, supervisor: Option<UnixStream>) -> Result<u8, Fatal> {
    let program = Exec {
        environment: args.environment,
        ..program(&args.command)?
    };
    let mut job = Job::new(args.sandbox.spec(), Program::Exec(program));
    job.session = Session::Callers;
    job.streams = Streams::Given(own_streams().or_fatal("pass the standard streams on")?);
    // Blocked from here on, in time for the sandbox: none may end us and leave it behind.
    let signals = block_signals().or_fatal("wait for signals")?;
    let outcome = drive(local_server()?.launch(job)?, &signals, supervisor);
    report::left_behind(&outcome);
    status(&outcome)
}

/// The same for words that come from elsewhere: options, `--`, and the command; and for as long as
/// they mean it there.
pub(crate) fn run_words(
    words: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    supervisor: UnixStream,
) -> Result<u8, Fatal> {
    let parser = ExecArgs::augment_args(clap::Command::new("exec").no_binary_name(true));
    let args = parser
        .try_get_matches_from(words)
        .and_then(|matches| ExecArgs::from_arg_matches(&matches))
        .or_fatal("read the options of the sandbox")?;
    let args = ExecArgs {
        environment: Some(environment),
        ..args
    };
    run_for(args, Some(supervisor))
}

fn program(command: &[OsString]) -> Result<Exec, Fatal> {
    // What stands where a command is expected is taken for one, even if an option was meant.
    if command[0].as_encoded_bytes().starts_with(b"-") {
        return Err(Fatal::usage(format!(
            "unexpected argument '{}' found",
            command[0].display()
        ))
        .help("if it is a command, give its path, such as ./-name"));
    }
    let path = find_program(&command[0]).map_err(|_| not_started(&command[0], Errno::ENOENT))?;
    Ok(Exec {
        path,
        arguments: command.to_vec(),
        environment: None,
        working_dir: None,
    })
}

fn not_started(program: &std::ffi::OsStr, errno: Errno) -> Fatal {
    let code = if errno == Errno::ENOENT {
        exit::NOT_FOUND
    } else {
        exit::NOT_EXECUTABLE
    };
    Fatal {
        code,
        ..Fatal::setup(format!("cannot execute `{}`: {errno}", program.display()))
    }
}

fn own_streams() -> std::io::Result<[OwnedFd; 3]> {
    Ok([
        std::io::stdin().as_fd().try_clone_to_owned()?,
        std::io::stdout().as_fd().try_clone_to_owned()?,
        std::io::stderr().as_fd().try_clone_to_owned()?,
    ])
}

const PASSED_ON: [Signal; 6] = [
    Signal::SIGINT,
    Signal::SIGTERM,
    Signal::SIGHUP,
    Signal::SIGQUIT,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
];

fn block_signals() -> Result<SignalFd, Errno> {
    let set: SigSet = PASSED_ON.into_iter().collect();
    set.thread_block()?;
    SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
}

fn drive(mut running: Running, signals: &SignalFd, mut supervisor: Option<UnixStream>) -> Outcome {
    while !running.advance(&mut |_, _| {}) {
        wait(&running, signals, supervisor.as_ref());
        if supervisor.take_if(|stream| has_hung_up(stream)).is_some() {
            running.kill(Stop::Interrupt);
        }
        while let Ok(Some(info)) = signals.read_signal() {
            // If the command has started by now, the signal may be an answer to what it said.
            running.advance(&mut |_, _| {});
            pass_on(&mut running, &info);
        }
    }
    running.into_outcome()
}

fn wait(running: &Running, signals: &SignalFd, supervisor: Option<&UnixStream>) {
    let mut fds: Vec<_> = running
        .fds()
        .chain([signals.as_fd()])
        .chain(supervisor.map(AsFd::as_fd))
        .map(|fd| PollFd::new(fd, PollFlags::POLLIN))
        .collect();
    // Interrupted or not, the caller looks at everything again.
    let _ = poll(&mut fds, timeout_until(running.wake_at()));
}

/// Whether whoever was at the other end is gone, and has not only nothing more to say (poll(2)).
pub(crate) fn has_hung_up(stream: &UnixStream) -> bool {
    let mut fds = [PollFd::new(stream.as_fd(), PollFlags::empty())];
    let polled = poll(&mut fds, PollTimeout::ZERO);
    let seen = fds[0].revents().unwrap_or(PollFlags::empty());
    polled.is_ok() && seen.contains(PollFlags::POLLHUP)
}

/// A key on the terminal reaches the command by itself; what was sent to us alone is passed on.
/// Before the command has started there is nobody to pass it to.
fn pass_on(running: &mut Running, info: &nix::libc::signalfd_siginfo) {
    let from_terminal = info.ssi_code > 0;
    let Ok(signal) = Signal::try_from(info.ssi_signo as i32) else {
        return;
    };
    if !running.has_started() {
        running.kill(Stop::Interrupt);
    } else if !from_terminal {
        running.signal(signal as i32);
    }
}

fn status(outcome: &Outcome) -> Result<u8, Fatal> {
    match (outcome.failure, outcome.stop, outcome.end) {
        (
            Some(Failure {
                step: Step::Exec,
                errno,
            }),
            _,
            _,
        ) => {
            let code = if errno == Errno::ENOENT {
                exit::NOT_FOUND
            } else {
                exit::NOT_EXECUTABLE
            };
            Err(Fatal {
                code,
                ..Fatal::from(Failure {
                    step: Step::Exec,
                    errno,
                })
            })
        }
        (Some(failure), _, _) => Err(failure.into()),
        (None, Some(Stop::Timeout), _) => Err(Fatal {
            code: exit::TIMED_OUT,
            ..Fatal::setup("the command was ended: its time was up")
        }),
        (None, Some(Stop::Interrupt), _) => Ok(exit::SIGNAL + Signal::SIGINT as u8),
        (None, None, Some(end)) => {
            isolated(outcome)?;
            match end.shell_status() {
                0 => nobody_left(outcome),
                status => Ok(status as u8),
            }
        }
        (None, None, None) => Err(Fatal::setup("the sandbox ended, nobody knows how")),
    }
}

/// A command that has failed has its own exit status to say so.
fn nobody_left(outcome: &Outcome) -> Result<u8, Fatal> {
    match (outcome.leaks, !outcome.has_survivors()) {
        (_, true) | (Leaks::Warn, false) => Ok(exit::OK),
        (Leaks::Fail, false) => Err(Fatal {
            code: exit::LEFT_BEHIND,
            ..Fatal::setup("the command succeeded, but left processes behind")
        }),
    }
}

fn isolated(outcome: &Outcome) -> Result<(), Fatal> {
    outcome
        .isolation
        .map_err(|reason| Fatal::setup(format!("the command was not isolated: {reason}")))
}
