use std::env;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use nsrun::{Kind, Sandbox};

use crate::common::{Host, LIMIT};
use crate::lifeline::Lifeline;

/// Makes this test a supervisor, of a program that holds the lifeline which it names.
const SUPERVISE: &str = "NSRUN_TEST_SUPERVISE";

/// A program with a daemon, none of which ends by itself.
const PROGRAM: &str = r#"trap "" TERM HUP; exec 9>"$1"; sleep infinity &
                         setsid sleep infinity & echo here >&9; wait"#;

#[test]
fn a_supervisor_that_is_killed_leaves_nothing_behind() {
    by_itself().each_user(|| dies_with_all(Sandbox::new()));
}

#[test]
fn nor_does_it_where_pids_are_the_hosts() {
    by_itself().each_user(|| dies_with_all(Sandbox::new().share(Kind::Pid)));
}

/// In a process of its own, whose arguments name just this test.
fn by_itself() -> Host {
    Host {
        wrapper: vec!["env"],
        ..Host::default()
    }
}

fn dies_with_all(sandbox: Sandbox) {
    match env::var(SUPERVISE) {
        Ok(lifeline) => {
            let command = sandbox.command("sh").args(["-c", PROGRAM, "sh"]);
            let ended = command.arg(lifeline).output();
            panic!("nobody ends it but by a signal: {ended:?}");
        }
        Err(_) => kill_the_supervisor(),
    }
}

fn kill_the_supervisor() {
    let mut lifeline = Lifeline::new();
    let mut supervisor = start_supervisor(&lifeline);
    lifeline.wait_for_word();
    let started = descendants(supervisor.id());
    supervisor.kill().expect("it runs");
    supervisor.wait().expect("it is our child");
    // Server, init, the program and its two sleepers.
    assert_eq!(started.len(), 5, "{started:?}");
    lifeline.wait_for_end();
    let start = Instant::now();
    while let Some(left) = started.iter().find(|process| process.is_there()) {
        assert!(start.elapsed() < LIMIT, "{left:?} is left of {started:?}");
        thread::yield_now();
    }
}

fn start_supervisor(lifeline: &Lifeline) -> Child {
    let binary = env::current_exe().expect("the test binary has a path");
    let mut command = Command::new(binary);
    let command = command
        .args(env::args_os().skip(1))
        .env(SUPERVISE, lifeline.path())
        .stdout(Stdio::null());
    command.spawn().expect("the test binary can be run again")
}

/// A process, which another one with the same id is not.
#[derive(Clone, Debug)]
struct Process {
    pid: u32,
    parent: u32,
    started: String,
}

impl Process {
    /// The process of this id, unless it has ended.
    fn find(pid: u32) -> Option<Process> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, after) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = after.split(' ').collect();
        let process = Process {
            pid,
            parent: fields.get(1)?.parse().ok()?,
            started: (*fields.get(19)?).to_owned(),
        };
        (fields.first() != Some(&"Z")).then_some(process)
    }

    fn is_there(&self) -> bool {
        Process::find(self.pid).is_some_and(|now| now.started == self.started)
    }
}

/// The process's children, theirs, and so on.
fn descendants(pid: u32) -> Vec<Process> {
    let entries = fs::read_dir("/proc").expect("there is a /proc").flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let all: Vec<Process> = pids.filter_map(Process::find).collect();
    let mut family = vec![pid];
    let mut found = Vec::new();
    while let Some(parent) = family.pop() {
        let children = all.iter().filter(|process| process.parent == parent);
        family.extend(children.clone().map(|child| child.pid));
        found.extend(children.cloned());
    }
    found
}
