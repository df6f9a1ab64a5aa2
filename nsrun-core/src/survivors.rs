//! Who outlives a program, from the process table (proc_pid_stat(5)).

mod listening;

use std::fs::{self, File};
use std::io::{self, Read};
use std::time::Duration;

use nix::errno::Errno;

use self::listening::Sockets;
pub use self::listening::{Listener, Protocol};
use crate::sys;

/// What is read of a process's arguments. It may have written megabytes there.
const ARGUMENTS: usize = 4096;

/// A process that was still there when the program had ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// Its id, as the host sees it.
    pub pid: i32,
    /// Its arguments, joined by spaces; its name in brackets if it has none.
    pub command: String,
    /// How long it had been running.
    pub age: Duration,
    /// The TCP and UDP sockets on which it took what came, as far as they could be read.
    pub listening: Vec<Listener>,
}

struct Process {
    pid: i32,
    parent: i32,
    name: String,
    state: char,
    started: Duration,
}

/// Every descendant of `init` that still runs.
///
/// # Errors
/// If the process table could not be read: then nobody knows.
pub(crate) fn of(init: i32) -> io::Result<Vec<Survivor>> {
    let processes = processes()?;
    let descends = descendants(init, &processes);
    let mut sockets = Sockets::default();
    let mut found = Vec::new();
    for (process, descends) in processes.iter().zip(descends) {
        // A zombie has ended; only its parent has not asked how.
        if descends && process.state != 'Z' {
            found.push(process.as_survivor(&mut sockets));
        }
    }
    Ok(found)
}

/// Which of the processes, in the order of their ids, descend from `init`. Most have higher ids than their
/// parents, and one round finds them; where the kernel has begun with low ids again it takes more.
fn descendants(init: i32, processes: &[Process]) -> Vec<bool> {
    let mut descends = vec![false; processes.len()];
    loop {
        let mut more = false;
        for (i, process) in processes.iter().enumerate() {
            let parent = processes.binary_search_by_key(&process.parent, |other| other.pid);
            let is_below = process.parent == init || parent.is_ok_and(|parent| descends[parent]);
            more |= is_below && !descends[i];
            descends[i] |= is_below;
        }
        if !more {
            return descends;
        }
    }
}

/// In the order of their ids, in which `/proc` lists them (proc_pid_readdir() of the kernel).
fn processes() -> io::Result<Vec<Process>> {
    let mut processes = Vec::new();
    for entry in fs::read_dir("/proc")? {
        if let Some(pid) = entry?
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        {
            processes.extend(read(pid)?);
        }
    }
    Ok(processes)
}

/// `None` if the process has gone by now.
fn read(pid: i32) -> io::Result<Option<Process>> {
    match fs::read(format!("/proc/{pid}/stat")) {
        Ok(stat) => Ok(parse(pid, &stat)),
        Err(error) if has_gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A directory of `/proc` whose process ends is not there, or says so when it is read.
fn has_gone(error: &io::Error) -> bool {
    let errno = error.raw_os_error().map(Errno::from_raw);
    matches!(errno, Some(Errno::ENOENT | Errno::ESRCH))
}

/// The name stands in parentheses and may itself hold any character, so the last one counts.
fn parse(pid: i32, stat: &[u8]) -> Option<Process> {
    let stat = String::from_utf8_lossy(stat);
    let (before, after) = stat.rsplit_once(") ")?;
    let name = before.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = after.split(' ').collect();
    let ticks: u64 = fields.get(19)?.parse().ok()?;
    Some(Process {
        pid,
        parent: fields.get(1)?.parse().ok()?,
        name,
        state: fields.first()?.chars().next()?,
        started: Duration::from_secs_f64(ticks as f64 / f64::from(sys::ticks_per_second())),
    })
}

impl Process {
    fn as_survivor(&self, sockets: &mut Sockets) -> Survivor {
        Survivor {
            pid: self.pid,
            command: self.command(),
            age: sys::since_boot().saturating_sub(self.started),
            listening: sockets.listening(self.pid),
        }
    }

    /// Ended by NUL each; none if the process has gone by now.
    fn arguments(&self) -> Vec<u8> {
        let mut bytes = vec![0; ARGUMENTS];
        let read = File::open(format!("/proc/{}/cmdline", self.pid))
            .and_then(|mut file| file.read(&mut bytes));
        bytes.truncate(read.unwrap_or(0));
        bytes
    }

    fn command(&self) -> String {
        let line = self.arguments();
        let words: Vec<_> = line
            .split(|byte| *byte == 0)
            .filter(|word| !word.is_empty())
            .map(|word| String::from_utf8_lossy(word).into_owned())
            .collect();
        if words.is_empty() {
            format!("[{}]", self.name)
        } else {
            words.join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process((pid, parent): (i32, i32)) -> Process {
        Process {
            pid,
            parent,
            name: String::new(),
            state: 'S',
            started: Duration::ZERO,
        }
    }

    #[test]
    fn descendants_are_found_however_ids_follow_each_other() {
        for (parents, expected) in [
            (&[(1, 0), (5, 1), (6, 5), (7, 6), (8, 1)][..], &[6, 7][..]),
            (&[(1, 0), (2, 9), (3, 2), (5, 1), (9, 5)], &[2, 3, 9]),
            (&[(1, 0), (5, 1), (6, 4)], &[]),
        ] {
            let processes: Vec<_> = parents.iter().copied().map(process).collect();
            let descends = descendants(5, &processes);
            let found = processes.iter().zip(descends).filter(|(_, below)| *below);
            let found: Vec<i32> = found.map(|(process, _)| process.pid).collect();
            assert_eq!(found, expected, "{parents:?}");
        }
    }
}
