//! What can be seen of the host, before and after.

use std::collections::BTreeSet;
use std::fs;

use crate::terminal;

const DIRS: [&str; 3] = ["/tmp", "/var/tmp", "/dev/shm"];

const FILES: [&str; 4] = [
    "faults-big",
    "faults-met",
    "faults-secret",
    "faults-tmp-is-private",
];

/// One fact a line.
pub(crate) struct Host {
    facts: BTreeSet<String>,
}

impl Host {
    pub(crate) fn seen() -> Host {
        let read = |path| fs::read_to_string(path).expect("the host can be read");
        let mut facts = BTreeSet::from([
            format!("host name {}", read("/proc/sys/kernel/hostname").trim()),
            format!("terminal settings: {}", terminal::state()),
            format!("{} descriptors", count("/proc/self/fd")),
        ]);
        facts.extend(
            read("/proc/self/mountinfo")
                .lines()
                .map(|line| format!("mount {line}")),
        );
        facts.extend(
            DIRS.into_iter()
                .flat_map(files)
                .map(|path| format!("file {path}")),
        );
        Host { facts }
    }

    /// What is there now and was not before, and the other way round. The run had these processes.
    pub(crate) fn changes_since(&self, before: &Host, pids: &BTreeSet<i32>) -> Vec<String> {
        let new = self.facts.difference(&before.facts).cloned();
        let gone = before
            .facts
            .difference(&self.facts)
            .map(|fact| format!("no longer: {fact}"));
        new.chain(gone)
            .filter(|change| is_ours(change, pids))
            .collect()
    }

    /// Removes what the faults have made since, where nobody had hidden the folders from them.
    pub(crate) fn clean(&self) {
        let is_new = |path: &String| !self.facts.contains(&format!("file {path}"));
        let files = DIRS.into_iter().flat_map(files).filter(is_new);
        for path in files.filter(|path| is_of_a_fault(path)) {
            let _ = fs::remove_file(path);
        }
    }
}

fn count(dir: &str) -> usize {
    fs::read_dir(dir).map_or(0, Iterator::count)
}

fn files(dir: &str) -> Vec<String> {
    let names = fs::read_dir(dir).into_iter().flatten().flatten();
    names
        .map(|entry| entry.path().display().to_string())
        .collect()
}

/// What the faults make there. By their whole names: anybody may have something that is called alike.
fn is_of_a_fault(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    FILES.contains(&name)
}

/// Other people use these folders too. What the faults make has a name of [`FILES`]; what a runner makes has
/// the number of a process.
fn is_ours(change: &str, pids: &BTreeSet<i32>) -> bool {
    let Some((_, path)) = change.split_once("file ") else {
        return true;
    };
    let numbers = path.split(|letter: char| !letter.is_ascii_digit());
    let mut numbers = numbers.filter_map(|number| number.parse().ok());
    is_of_a_fault(path) || numbers.any(|number| pids.contains(&number))
}

/// By this a test knows that it is not on the host.
pub(crate) fn description() -> String {
    let parent = nix::unistd::getsid(Some(nix::unistd::getppid())).expect("there is a parent");
    let links = ["pid", "uts", "mnt"].map(|kind| {
        let link = fs::read_link(format!("/proc/self/ns/{kind}")).expect("there is a link");
        link.display().to_string()
    });
    format!("{} session:{parent}", links.join(" "))
}
