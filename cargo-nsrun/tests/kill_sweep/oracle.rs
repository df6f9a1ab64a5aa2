//! What must not be left of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::process::{self, Process, namespaces_in, start_of};

/// So many looks, with so much time between, make a second. Counted, not measured: a machine on
/// which nothing runs for a while ends nothing in that while.
const LOOKS: usize = 50;
const BETWEEN: Duration = Duration::from_millis(20);

/// The host before a run, and what is known of the run.
pub(crate) struct Oracle {
    cookie: String,
    mounts: BTreeSet<String>,
    host: BTreeSet<PathBuf>,
    /// The namespaces that some process of the run was seen in, and when last. Later on, one of
    /// the same number may be somebody else's.
    seen: BTreeMap<PathBuf, u64>,
}

impl Oracle {
    pub(crate) fn new(cookie: &str) -> Oracle {
        Oracle {
            cookie: cookie.to_owned(),
            mounts: mounts(),
            host: namespaces_in(Path::new("/proc/self")).into_iter().collect(),
            seen: BTreeMap::new(),
        }
    }

    /// Takes note of the namespaces that the run has just now.
    pub(crate) fn note(&mut self, processes: &[Process]) {
        let now = process::now();
        for namespace in processes.iter().flat_map(Process::namespaces) {
            if !self.host.contains(&namespace) {
                self.seen.insert(namespace, now);
            }
        }
    }

    pub(crate) fn namespaces_seen(&self) -> usize {
        self.seen.len()
    }

    /// What is left after a second.
    pub(crate) fn left(&self) -> Vec<String> {
        for _ in 1..LOOKS {
            if self.found().is_empty() {
                return Vec::new();
            }
            thread::sleep(BETWEEN);
        }
        self.found()
    }

    fn found(&self) -> Vec<String> {
        let processes = process::of_run(&self.cookie).into_iter();
        let processes =
            processes.map(|process| format!("process {} {}", process.pid, process.command()));
        let namespaces = self.inhabited().into_iter();
        let mounts = mounts();
        let mounts = mounts
            .difference(&self.mounts)
            .map(|one| format!("mount {one}"));
        let files = files(&self.cookie).into_iter();
        let files = files.map(|one| format!("file {}", one.display()));
        processes
            .chain(namespaces)
            .chain(mounts)
            .chain(files)
            .collect()
    }

    /// Those of the run's namespaces that somebody is in who was there when it was seen, cookie
    /// or not.
    fn inhabited(&self) -> Vec<String> {
        let all = fs::read_dir("/proc").expect("there is /proc").flatten();
        all.flat_map(|entry| self.inhabited_by(&entry.path()))
            .collect()
    }

    fn inhabited_by(&self, process: &Path) -> Vec<String> {
        let Some(start) = start_of(process) else {
            return Vec::new();
        };
        let namespaces = namespaces_in(process).into_iter();
        let of_run = namespaces.filter(|one| self.seen.get(one).is_some_and(|seen| start < *seen));
        let named = |one: PathBuf| format!("namespace {} of {}", one.display(), process.display());
        of_run.map(named).collect()
    }
}

/// What is mounted where: the other fields may change under anybody's hands.
fn mounts() -> BTreeSet<String> {
    let info = fs::read_to_string("/proc/self/mountinfo").expect("there is /proc");
    let place = |line: &str| line.split(' ').take(5).collect::<Vec<_>>().join(" ");
    info.lines().map(place).collect()
}

/// Files of the run where the tests believe to write, and others of ours.
fn files(cookie: &str) -> Vec<PathBuf> {
    let dirs = ["/tmp", "/var/tmp", "/dev/shm"];
    let entries = dirs
        .iter()
        .flat_map(|dir| fs::read_dir(dir).into_iter().flatten());
    let paths = entries.flatten().map(|entry| entry.path());
    paths
        .filter(|path| path.to_string_lossy().contains(cookie))
        .collect()
}
