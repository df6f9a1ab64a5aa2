//! The processes and namespaces that a run makes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use crate::own::{self, Marks};

const KINDS: [&str; 8] = ["user", "mnt", "net", "pid", "uts", "ipc", "cgroup", "time"];
/// More need not be known, to see that some are left.
const MOST: usize = 400;

/// Those that were seen, by their numbers. Each is held open, so that its number comes to mean
/// nothing else; that keeps no process of it alive.
pub(crate) struct Watch {
    hosts: Vec<u64>,
    seen: BTreeMap<u64, File>,
    /// The numbers of all processes that were seen.
    pids: BTreeSet<i32>,
}

impl Watch {
    pub(crate) fn new() -> Watch {
        let hosts = links(std::process::id() as i32).filter_map(|link| number(&link));
        Watch {
            hosts: hosts.collect(),
            seen: BTreeMap::new(),
            pids: BTreeSet::new(),
        }
    }

    /// Looks at the processes that the run has now.
    pub(crate) fn look(&mut self, marks: &Marks) {
        let processes = marks.with_cookie();
        self.pids
            .extend(processes.iter().map(|process| process.pid));
        for link in processes.iter().flat_map(|process| links(process.pid)) {
            let known =
                |number: &u64| self.hosts.contains(number) || self.seen.contains_key(number);
            let is_new = number(&link).is_some_and(|number| !known(&number));
            if let (true, true, Ok(file)) = (is_new, self.seen.len() < MOST, File::open(&link)) {
                let opened = file.metadata().expect("it is open").ino();
                self.seen.insert(opened, file);
            }
        }
        // Looked up and opened, a process may have gone from one to the other.
        self.seen.retain(|number, _| !self.hosts.contains(number));
    }

    /// Lets go of the namespaces.
    pub(crate) fn close(self) -> BTreeSet<i32> {
        self.pids
    }

    /// The processes that are in any of them.
    pub(crate) fn inhabited(&self) -> Vec<own::Process> {
        let is_seen =
            |link: PathBuf| number(&link).is_some_and(|number| self.seen.contains_key(&number));
        let inhabits = |pid: &i32| links(*pid).any(is_seen);
        own::all().filter(inhabits).map(own::process).collect()
    }
}

fn links(pid: i32) -> impl Iterator<Item = PathBuf> {
    KINDS
        .into_iter()
        .map(move |kind| PathBuf::from(format!("/proc/{pid}/ns/{kind}")))
}

fn number(link: &PathBuf) -> Option<u64> {
    let text = fs::read_link(link).ok()?;
    let (_, number) = text.to_str()?.trim_end_matches(']').split_once('[')?;
    number.parse().ok()
}
