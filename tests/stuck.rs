//! A set-up that does not come to an end, as with a mount that does not answer: who is to go on with
//! it is stopped before it has made its first call.

#![cfg(target_os = "linux")]

#[path = "common/own_server.rs"]
mod own_server;

use std::fs;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use nsrun_core::{Evidence, Failure, Job, Outcome, Proof, Server, Step, Verdict, explain, judge};

use nsrun as _;

/// Enough for a set-up on a busy machine, and soon over.
const SOON: Duration = Duration::from_millis(500);

/// Closing, killing, giving up: what there is after the limit, with room for a busy machine.
const THEN: Duration = Duration::from_secs(20);

/// A server of our own, whose sandboxes have little time to come to be.
struct Subject {
    server: Server,
    pid: Pid,
}

impl Subject {
    fn start() -> Subject {
        let server = own_server::start();
        // Each server is the only child of the thread that started it.
        let children = fs::read_to_string("/proc/thread-self/children").expect("there is /proc");
        let pid = children.trim().parse().expect("one child");
        Subject {
            server,
            pid: Pid::from_raw(pid),
        }
    }

    fn job() -> Job {
        let mut job = own_server::job();
        job.set_up = SOON;
        job
    }

    /// What comes of a sandbox of which `hold` stops somebody.
    fn outcome(&self, hold: impl FnOnce()) -> Outcome {
        let running = self.server.launch(Subject::job()).expect("it listens");
        hold();
        running.wait(&mut |_, _| ())
    }
}

const UNFINISHED: Failure = Failure {
    step: Step::SetUp,
    errno: Errno::ETIMEDOUT,
};

/// Whether the set-up, and nothing else, is named as what did not finish.
fn is_unfinished(outcome: &Outcome) {
    assert_eq!(outcome.failure, Some(UNFINISHED), "{outcome:#?}");
    assert!(!outcome.escaped, "{outcome:#?}");
    let verdict = judge(&Evidence::new(outcome, Proof::ExitStatus));
    assert_eq!(verdict, Verdict::SetupError);
    let words = explain(verdict, outcome);
    assert!(
        words.contains("cannot finish the set-up of the sandbox: ETIMEDOUT"),
        "{words}"
    );
    assert!(words.contains("findmnt"), "{words}");
}

fn has_ended(pid: Pid) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    assert!(
        status.is_empty() || status.contains("State:\tZ"),
        "{status}"
    );
}

#[test]
fn of_an_init_that_is_stopped() {
    ends_with_who_is_stopped(1);
}

#[test]
fn of_a_test_process_that_is_stopped() {
    ends_with_who_is_stopped(2);
}

/// The server's first descendant is init, and the second one the test process.
fn ends_with_who_is_stopped(birth: usize) {
    let subject = Subject::start();
    let started = Instant::now();
    trace(subject.pid);
    let mut stopped = None;
    let outcome = subject.outcome(|| stopped = Some(stop_at_birth(birth)));
    is_unfinished(&outcome);
    assert!(started.elapsed() >= SOON);
    has_ended(stopped.expect("somebody was"));
    // A failure is one test's, not the server's.
    let next = subject.outcome(|| ());
    assert_eq!(next.failure, None, "{next:#?}");
}

#[test]
fn of_a_server_that_is_stopped() {
    let subject = Subject::start();
    kill(subject.pid, Signal::SIGSTOP).expect("it is ours");
    let started = Instant::now();
    is_unfinished(&subject.outcome(|| ()));
    let Subject { server, pid } = subject;
    // Nobody waits for it any more.
    drop(server);
    has_ended(pid);
    assert!(started.elapsed() < SOON + THEN);
}

/// Who waits for no more than the start is not told that all is well.
#[test]
fn of_a_sandbox_that_is_only_tried() {
    let subject = Subject::start();
    let tried = || subject.server.launch(Subject::job()).expect("it listens");
    assert_eq!(tried().wait_for_start(&mut |_, _| ()), None);
    kill(subject.pid, Signal::SIGSTOP).expect("it is ours");
    let failure = tried().wait_for_start(&mut |_, _| ());
    assert_eq!(failure, Some(UNFINISHED));
    let unanswered = tried();
    kill(subject.pid, Signal::SIGKILL).expect("it is ours");
    let lost = Failure {
        step: Step::Server,
        errno: Errno::ECONNRESET,
    };
    assert_eq!(unanswered.wait_for_start(&mut |_, _| ()), Some(lost));
}

/// Has the server's descendants stop as soon as they are there.
fn trace(server: Pid) {
    let births =
        Options::PTRACE_O_TRACEFORK | Options::PTRACE_O_TRACEVFORK | Options::PTRACE_O_TRACECLONE;
    ptrace::seize(server, births).expect("our own descendants can be traced");
}

/// Stops the descendant that is born as this one, and lets go of all.
fn stop_at_birth(birth: usize) -> Pid {
    let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
    let mut tracees = Vec::new();
    for number in 1.. {
        let (parent, child) = loop {
            match waitpid(None, Some(flags)).expect("the server is traced") {
                WaitStatus::PtraceEvent(pid, _, event) if event != libc::PTRACE_EVENT_STOP => {
                    let child = ptrace::getevent(pid).expect("it has a child");
                    break (pid, Pid::from_raw(child as i32));
                }
                WaitStatus::PtraceEvent(pid, _, _) => tracees.push(pid),
                other => panic!("{other:?}"),
            }
        };
        if !tracees.contains(&child) {
            waitpid(child, Some(WaitPidFlag::__WALL)).expect("a new tracee stops");
        }
        if number == birth {
            kill(child, Signal::SIGSTOP).expect("it is ours");
            for tracee in [child, parent] {
                ptrace::detach(tracee, None).expect("it has stopped");
            }
            return child;
        }
        tracees.clear();
        // The parent has no more to do with it; who has just been born does.
        ptrace::detach(parent, None).expect("it has stopped");
        ptrace::cont(child, None).expect("it has stopped");
    }
    unreachable!("there is a birth of each number")
}
