//! One sandbox, in the making of which one call fails.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use nsrun_core::{
    Evidence, Exec, Failure, HarnessOutput, Job, Kind, Kinds, Outcome, Program, Proof, RecordFd,
    Running, Server, Spec, Stop, Verdict, judge, read_completion, timeout_until,
};

use crate::tracer::{Fault, Trace, Tracer};

/// So often may nothing happen for so long. Counted, so that to be stopped ourselves is no hang.
const HANGS: usize = 200;
const MOMENT: Duration = Duration::from_millis(100);

/// The variable that names the file for the body, and marks all processes of a run.
pub(crate) const FILE: &str = "NSRUN_INJECTED_FILE";

/// How the test process becomes the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A fork of the server goes on to `main`.
    Main,
    /// A fork of the host calls the test.
    Call,
    /// It executes the test binary.
    Exec,
}

/// What came of a run.
pub(crate) struct Seen {
    pub(crate) end: End,
    pub(crate) trace: Trace,
    /// What must not be.
    pub(crate) wrong: Vec<String>,
}

/// How one sandbox ended.
pub(crate) struct End {
    pub(crate) verdict: Verdict,
    /// The step that failed.
    pub(crate) failure: Option<Failure>,
    /// What else there is to say of it.
    pub(crate) details: String,
    hangs: bool,
}

/// A server of our own, before its first request.
struct Subject {
    server: Server,
    /// The thread that serves.
    thread: Pid,
    pid: Pid,
    file: PathBuf,
    /// Something below a private directory that is asked for, so that it has to be brought back.
    shared: PathBuf,
    way: Way,
}

/// Has one sandbox made, with this fault; then a second one, by the same server and without.
pub(crate) fn run(way: Way, fault: Option<Fault>) -> Seen {
    let subject = Subject::start(way);
    let before = subject.descriptors();
    let tracer = Tracer::attach(subject.thread, fault, way == Way::Exec);
    let (supervised, trace) = thread::scope(|scope| {
        let supervised = scope.spawn(|| subject.supervise());
        let trace = tracer.follow();
        (supervised.join(), trace)
    });
    let end = supervised.expect("a supervisor does not panic");
    let mut wrong = Vec::new();
    wrong.extend(end.hangs.then(|| "it hangs".to_owned()));
    wrong.extend(subject.body_was_elsewhere(end.verdict));
    if !trace.server_ended && !end.hangs {
        let after = subject.descriptors();
        if after != before {
            wrong.push(format!("the server holds {after:?}, not {before:?}"));
        }
        wrong.extend(subject.next_fails());
    }
    wrong.extend(subject.end());
    Seen { end, trace, wrong }
}

impl Subject {
    fn start(way: Way) -> Subject {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("nsrun-injected-{}-{number}", std::process::id());
        let file = dir().join(&name);
        let shared = Path::new("/tmp").join(name);
        fs::create_dir(&shared).expect("everybody may write there");
        let mut command = Command::new("/proc/self/exe");
        command.env(FILE, &file);
        let server = match way {
            Way::Call => Server::start_host(command),
            Way::Main | Way::Exec => Server::start(command),
        };
        let server = server.expect("this binary can serve");
        server.registered().expect("it says what it has");
        let pid = only_child();
        let thread = serving_thread(pid);
        await_the_wait(pid, thread);
        Subject {
            server,
            thread,
            pid,
            file,
            shared,
            way,
        }
    }

    fn job(&self) -> Job {
        let mut spec = Spec::new(Kinds::ALL);
        spec.clocks.monotonic = Duration::from_secs(1000);
        spec.keep.push(dir());
        spec.share.push(self.shared.clone());
        let mut job = Job::new(spec, self.program());
        if self.way == Way::Call {
            job.record = RecordFd::Open;
        } else {
            job.harness = HarnessOutput::Hidden;
            job.record = RecordFd::Announced;
        }
        job
    }

    fn program(&self) -> Program {
        let words = ["test", BODY, "--exact", "--nocapture", "--include-ignored"];
        let arguments: Vec<OsString> = words.map(OsString::from).into();
        match self.way {
            Way::Main => Program::Main { arguments },
            Way::Call => Program::Test {
                number: 0,
                name: BODY.to_owned(),
            },
            Way::Exec => Program::Exec(Exec {
                path: std::env::current_exe().expect("it has a path"),
                arguments,
                environment: None,
                working_dir: Some("/".into()),
            }),
        }
    }

    fn supervise(&self) -> End {
        match self.server.launch(self.job()) {
            Ok(running) => self.watch(running),
            Err(failure) => End::unborn(failure),
        }
    }

    fn watch(&self, mut running: Running) -> End {
        let mut moments = 0;
        while !running.advance(&mut |_, _| ()) {
            if !await_something(&running) {
                moments += 1;
            }
            if moments == HANGS {
                running.kill(Stop::Interrupt);
                // Our own child, which has not been waited for.
                let _ = kill(self.pid, Signal::SIGKILL);
            }
        }
        End::of(&running.into_outcome(), moments >= HANGS)
    }

    /// The namespaces that the body found itself in, if it ran.
    fn body_was_elsewhere(&self, verdict: Verdict) -> Option<String> {
        let seen = fs::read_to_string(&self.file).ok();
        let _ = fs::remove_file(&self.file);
        let Some(seen) = seen else {
            return (verdict == Verdict::Pass).then(|| "a pass without a body".to_owned());
        };
        let host = namespaces();
        let shared = seen.lines().zip(host.lines()).any(|(a, b)| a == b);
        let all = seen.lines().count() == host.lines().count();
        (shared || !all).then(|| format!("the body ran in {seen}"))
    }

    /// A failure is one test's, not the server's.
    fn next_fails(&self) -> Option<String> {
        let end = self.supervise();
        let _ = fs::remove_file(&self.file);
        (end.verdict != Verdict::Pass).then(|| format!("the next one: {}", end.details))
    }

    fn descriptors(&self) -> BTreeSet<OsString> {
        let entries = fs::read_dir(format!("/proc/{}/fd", self.pid));
        let entries = entries.into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name()).collect()
    }

    /// Whoever is left a second after the server.
    fn end(self) -> Option<String> {
        let Subject {
            server,
            file,
            shared,
            ..
        } = self;
        drop(server);
        let _ = fs::remove_dir(shared);
        let deadline = Instant::now() + Duration::from_secs(1);
        loop {
            let left = marked(&file);
            if left.is_empty() {
                return None;
            }
            if Instant::now() > deadline {
                return Some(format!("left behind: {left:?}"));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Waits a moment for something to happen; whether it did.
fn await_something(running: &Running) -> bool {
    let moment = Instant::now() + MOMENT;
    let wake_at = running
        .wake_at()
        .map_or(moment, |wake_at| wake_at.min(moment));
    let mut fds: Vec<_> = running
        .fds()
        .map(|fd| PollFd::new(fd, PollFlags::POLLIN))
        .collect();
    poll(&mut fds, timeout_until(Some(wake_at))).is_ok_and(|ready| ready > 0)
}

/// The name of the test that is run.
const BODY: &str = "body";

/// What a body writes down, and what it must not find.
pub(crate) fn namespaces() -> String {
    let link = |kind| fs::read_link(format!("/proc/self/ns/{kind}")).expect("there is /proc");
    let links = Kind::ALL.map(|kind| link(kind.proc_name()));
    links.map(|link| link.display().to_string()).join("\n")
}

impl End {
    fn of(outcome: &Outcome, hangs: bool) -> End {
        let proof = Proof::Record(read_completion(&outcome.record, BODY));
        let verdict = judge(&Evidence::new(outcome, proof));
        let failure = outcome.failure;
        let (end, isolation) = (outcome.end, outcome.isolation);
        End {
            verdict,
            failure,
            details: format!("{verdict}, {failure:?}, {end:?}, {isolation:?}"),
            hangs: hangs || outcome.escaped,
        }
    }

    fn unborn(failure: Failure) -> End {
        End {
            verdict: Verdict::SetupError,
            failure: Some(failure),
            details: failure.to_string(),
            hangs: false,
        }
    }
}

fn dir() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("injected");
    fs::create_dir_all(&dir).expect("the target folder is ours");
    dir
}

/// Each server is the only child of the thread that started it.
fn only_child() -> Pid {
    let children = fs::read_to_string("/proc/thread-self/children").expect("there is /proc");
    let pid = children.trim().parse().expect("one child");
    Pid::from_raw(pid)
}

/// A host serves in the thread that its harness has called the test in, the last one.
fn serving_thread(pid: Pid) -> Pid {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).expect("it runs");
    let tids = tasks
        .flatten()
        .filter_map(|task| task.file_name().to_str()?.parse().ok());
    tids.max().map_or(pid, Pid::from_raw)
}

/// Waits until the server waits for a request (proc_pid_syscall(5)).
fn await_the_wait(pid: Pid, thread: Pid) {
    let path = format!("/proc/{pid}/task/{thread}/syscall");
    let waits = format!("{} ", libc::SYS_recvmsg);
    while !fs::read_to_string(&path).is_ok_and(|call| call.starts_with(&waits)) {
        assert!(
            fs::exists(&path).is_ok_and(|runs| runs),
            "the server has ended"
        );
        thread::sleep(Duration::from_micros(200));
    }
}

/// The processes with the file's name in their environment.
fn marked(file: &Path) -> Vec<String> {
    let entry = format!("{FILE}={}", file.display());
    let processes = fs::read_dir("/proc").expect("there is /proc").flatten();
    let carries = |dir: &PathBuf| {
        let environment = fs::read(dir.join("environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|one| one == entry.as_bytes())
    };
    let marked = processes.map(|process| process.path()).filter(carries);
    marked.map(|dir| dir.display().to_string()).collect()
}
