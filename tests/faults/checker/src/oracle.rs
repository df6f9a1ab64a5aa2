//! The host before a run and after it: nothing of the run may be left.

use std::thread;
use std::time::Duration;

use crate::host::{self, Host};
use crate::invocation::{Ended, Invocation};
use crate::own::{Marks, Process};
use crate::terminal;
use crate::watch::Watch;

/// What is gone within a second was only late.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// Runs a command between two looks at the host. Also says what it has left behind, and clears it
/// away.
pub(crate) fn observe(
    mut command: std::process::Command,
    limit: Duration,
    marks: &Marks,
) -> (Ended, Vec<String>) {
    let before = Host::seen();
    let settings = terminal::settings();
    let mut watch = Watch::new();
    command
        .env("FAULTS_HOST", host::description())
        .env("FAULTS_COOKIE", &marks.cookie)
        .env("FAULTS_LOCK", &marks.lock);
    let ended = Invocation::start(command).end(limit, marks, &mut watch);
    let mut left = settled(marks, &watch);
    if ended.is_held {
        left.push("its output is held open".to_owned());
    }
    let pids = watch.close();
    left.extend(Host::seen().changes_since(&before, &pids));
    marks.kill();
    terminal::take_back(&settings);
    before.clean();
    (ended, left)
}

/// What is left of the processes, when it had its time to end.
fn settled(marks: &Marks, watch: &Watch) -> Vec<String> {
    let mut left = Vec::new();
    for _ in 0..TRIES {
        left = processes(marks, watch);
        if left.is_empty() {
            break;
        }
        thread::sleep(PAUSE);
    }
    left
}

fn processes(marks: &Marks, watch: &Watch) -> Vec<String> {
    let running = marks
        .all()
        .into_iter()
        .map(|process| named("runs on", &process));
    let inside = watch
        .inhabited()
        .into_iter()
        .map(|process| named("in a namespace of the run", &process));
    let locked = marks.is_locked().then(|| "the lock is held".to_owned());
    running.chain(inside).chain(locked).collect()
}

fn named(what: &str, process: &Process) -> String {
    format!("{what}: {}", process.command)
}
