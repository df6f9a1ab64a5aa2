//! A terminal of our own, as a shell has one: each run is a job in its foreground.

use std::fs::File;
use std::io::{Read, stdin};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::thread;

use nix::libc;
use nix::pty::{OpenptyResult, openpty};
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::sys::termios::{FlushArg, SetArg, Termios, tcflush, tcgetattr, tcsetattr};
use nix::unistd::{Pid, getpgrp, getpid, setsid, tcsetpgrp};

/// Says that this process leads the session of such a terminal.
const VARIABLE: &str = "FAULTS_TERMINAL";

pub(crate) fn is_ours() -> bool {
    std::env::var_os(VARIABLE).is_some()
}

/// Runs this program once more, with standard input from a terminal that it leads.
pub(crate) fn run_again_on_one() -> ExitCode {
    let OpenptyResult { master, slave } = openpty(None, None).expect("a pseudoterminal");
    thread::spawn(move || discard(master));
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command
        .args(std::env::args_os().skip(1))
        .env(VARIABLE, "1")
        .stdin(slave);
    // SAFETY: what runs there are two system calls.
    unsafe { command.pre_exec(lead) };
    let status = command.status().expect("this program runs once more");
    ExitCode::from(status.code().map_or(3, |code| code as u8))
}

/// What appears on the screen. The master is open as long as this program runs.
fn discard(master: OwnedFd) {
    let mut master = File::from(master);
    while master.read(&mut [0; 4096]).is_ok() {}
}

fn lead() -> std::io::Result<()> {
    setsid()?;
    // SAFETY: standard input is a terminal that nobody has.
    match unsafe { libc::ioctl(0, libc::TIOCSCTTY, 0) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}

/// For a child, before it executes: makes it a job of its own in the foreground.
pub(crate) fn come_to_the_foreground() -> std::io::Result<()> {
    // SAFETY: no handler is installed.
    let set = |handler| unsafe { signal(Signal::SIGTTOU, handler) };
    nix::unistd::setpgid(Pid::from_raw(0), Pid::from_raw(0))?;
    set(SigHandler::SigIgn)?;
    tcsetpgrp(stdin(), getpid())?;
    set(SigHandler::SigDfl)?;
    Ok(())
}

pub(crate) fn settings() -> Termios {
    tcgetattr(stdin()).expect("it is a terminal")
}

/// Takes the foreground back, with these settings, and forgets what was typed.
pub(crate) fn take_back(settings: &Termios) {
    // SAFETY: no handler is installed.
    unsafe { signal(Signal::SIGTTOU, SigHandler::SigIgn) }.expect("it can be ignored");
    tcsetpgrp(stdin(), getpgrp()).expect("this session leads the terminal");
    tcsetattr(stdin(), SetArg::TCSANOW, settings).expect("it is a terminal");
    tcflush(stdin(), FlushArg::TCIFLUSH).expect("it is a terminal");
}

/// Its settings, and how much has been typed.
pub(crate) fn state() -> String {
    let settings = settings();
    let mut typed: libc::c_int = 0;
    // SAFETY: the number is written to a variable of its type.
    unsafe { libc::ioctl(stdin().as_raw_fd(), libc::FIONREAD, &mut typed) };
    let flags = (
        settings.input_flags,
        settings.output_flags,
        settings.local_flags,
    );
    format!("{typed} bytes typed, {flags:?}")
}
