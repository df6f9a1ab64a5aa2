//! A sandbox that is made before it is its program's turn.

#![cfg(target_os = "linux")]

#[path = "common/own_server.rs"]
mod own_server;

use std::fs;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use nsrun_core::{
    End, Evidence, Failure, Outcome, Proof, Running, Server, Start, Step, Stop, Verdict, explain,
    judge,
};

use nsrun as _;

/// A sandbox that is ready, and its server.
struct Ready {
    server: Server,
    running: Running,
}

impl Ready {
    fn new() -> Ready {
        let server = own_server::start();
        let mut job = own_server::job();
        job.start = Start::WhenTold;
        let mut running = server.launch(job).expect("it listens");
        loop {
            assert!(!running.advance(&mut |_, _| ()), "it has ended");
            if running.is_made() {
                return Ready { server, running };
            }
            let mut fds: Vec<_> = running
                .fds()
                .map(|fd| PollFd::new(fd, PollFlags::POLLIN))
                .collect();
            poll(&mut fds, PollTimeout::NONE).expect("it says when it is there");
        }
    }

    fn outcome(self) -> Outcome {
        let outcome = self.running.wait(&mut |_, _| ());
        drop(self.server);
        outcome
    }
}

fn verdict(outcome: &Outcome) -> Verdict {
    judge(&Evidence::new(outcome, Proof::ExitStatus))
}

/// The only child of the process.
fn child_of(parent: &str) -> Pid {
    let path = format!("/proc/{parent}/children");
    let children = fs::read_to_string(path).expect("there is /proc");
    Pid::from_raw(children.trim().parse().expect("one child"))
}

fn init() -> Pid {
    let server = child_of("thread-self");
    child_of(&format!("{server}/task/{server}"))
}

#[test]
fn the_program_starts_when_it_is_told() {
    let mut ready = Ready::new();
    assert!(ready.running.is_waiting());
    ready.running.start();
    assert!(!ready.running.is_waiting());
    let outcome = ready.outcome();
    assert_eq!(outcome.end, Some(End::Exited(0)), "{outcome:#?}");
    assert_eq!(verdict(&outcome), Verdict::Pass);
}

#[test]
fn stopped_before_there_is_none() {
    let mut ready = Ready::new();
    ready.running.stop(Stop::Interrupt);
    let outcome = ready.outcome();
    assert_eq!((outcome.end, outcome.failure), (None, None), "{outcome:#?}");
    assert_eq!(verdict(&outcome), Verdict::Interrupted);
}

#[test]
fn refused_it_says_why() {
    let mut ready = Ready::new();
    let failure = Failure {
        step: Step::Exec,
        errno: Errno::ESTALE,
    };
    ready.running.refuse(failure);
    let outcome = ready.outcome();
    assert_eq!(outcome.failure, Some(failure));
    assert_eq!(outcome.end, None);
    assert_eq!(verdict(&outcome), Verdict::SetupError);
}

/// Told to start too early, it has closed a socket on which there was something to read: that must
/// not keep what it said before from us (ECONNRESET of unix(7)).
#[test]
fn told_before_its_set_up_fails_it_still_says_why() {
    let server = own_server::start();
    let mut job = own_server::job();
    job.start = Start::WhenTold;
    job.spec.share.push("/nothing/to/share".into());
    let pid = child_of("thread-self");
    kill(pid, Signal::SIGSTOP).expect("it is ours");
    let mut running = server.launch(job).expect("there is room for a request");
    running.start();
    kill(pid, Signal::SIGCONT).expect("it is ours");
    let outcome = running.wait(&mut |_, _| ());
    let expected = Failure {
        step: Step::Keep,
        errno: Errno::ENOENT,
    };
    assert_eq!(outcome.failure, Some(expected), "{outcome:#?}");
}

/// It is not the server that has ended.
#[test]
fn killed_meanwhile_it_is_an_error_that_blames_nobody_else() {
    let ready = Ready::new();
    kill(init(), Signal::SIGKILL).expect("it is ours");
    let outcome = ready.outcome();
    assert_eq!(outcome.failure, None, "{outcome:#?}");
    assert_eq!(verdict(&outcome), Verdict::SetupError);
    let words = explain(Verdict::SetupError, &outcome);
    assert!(words.contains("never attested where it is"), "{words}");
}
