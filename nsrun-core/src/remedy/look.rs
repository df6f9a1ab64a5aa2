//! Reading the surroundings from the system: the only place that does.

use std::env;
use std::fs;
use std::path::Path;

use super::container::Container;
use super::mountinfo;
use super::surroundings::Surroundings;
use crate::kind::{Kind, Kinds};
use crate::sys::{self, Resource};

impl Surroundings {
    pub(super) fn look() -> Surroundings {
        let status = read("/proc/self/status");
        let mounts = read("/proc/self/mountinfo");
        Surroundings {
            kernel: version(&read("/proc/sys/kernel/osrelease")),
            uid: sys::user_id(),
            ids_mapped: is_mapped(&read("/proc/self/uid_map"), sys::user_id())
                && is_mapped(&read("/proc/self/gid_map"), sys::group_id()),
            may_map_root: has_capability(&status, CAP_SETFCAP),
            limits: limits(),
            kinds: Kinds::ALL.iter().filter(is_known).collect(),
            userns_switched_off: is_set("/proc/sys/kernel/unprivileged_userns_clone", "0"),
            apparmor_restricts: is_set(
                "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
                "1",
            ),
            apparmor_profile: apparmor_profile(),
            selinux: is_set("/sys/fs/selinux/enforce", "1"),
            seccomp: field(&status, "Seccomp:").is_some_and(|mode| mode != "0"),
            container: container(&mounts),
            chrooted: mountinfo::is_chrooted(&mounts, ancestors().map(mounts_of)),
            proc_mounted: Path::new("/proc/self/status").exists(),
            proc_masks: mountinfo::masks(&mounts, "/proc"),
            sys_masks: mountinfo::masks(&mounts, "/sys"),
            tmp_exists: Path::new("/tmp").is_dir(),
            process_limit: sys::soft_limit(Resource::Processes),
            file_limit: sys::soft_limit(Resource::Files),
            pids: pids(),
        }
    }
}

/// The number of this capability (capabilities(7), linux/capability.h).
const CAP_SETFCAP: u32 = 31;

/// The contents of a file; nothing if it cannot be read, which is no reason to say no more.
fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn is_set(path: &str, value: &str) -> bool {
    read(path).trim() == value
}

/// The value of one line of `/proc/PID/status`.
fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    let value = status.lines().find_map(|line| line.strip_prefix(name));
    value.map(str::trim)
}

fn version(release: &str) -> (u32, u32) {
    let mut numbers = release.split(|character: char| !character.is_ascii_digit());
    let mut next = || numbers.next().and_then(|digits| digits.parse().ok());
    (next().unwrap_or(0), next().unwrap_or(0))
}

fn has_capability(status: &str, number: u32) -> bool {
    let mask = field(status, "CapEff:").and_then(|hex| u64::from_str_radix(hex, 16).ok());
    mask.is_some_and(|mask| mask & 1 << number != 0)
}

fn is_mapped(map: &str, id: u32) -> bool {
    let inside = |line: &str| {
        let mut numbers = line
            .split_whitespace()
            .map_while(|word| word.parse::<u64>().ok());
        let (first, count) = (numbers.next()?, numbers.nth(1)?);
        Some((first..first + count).contains(&u64::from(id)))
    };
    map.lines().filter_map(inside).any(|inside| inside)
}

fn limits() -> [Option<u64>; Kind::ALL.len()] {
    let mut limits = [None; Kind::ALL.len()];
    for kind in Kinds::ALL.iter() {
        limits[kind as usize] = limit(kind);
    }
    limits
}

fn limit(kind: Kind) -> Option<u64> {
    let path = format!("/proc/sys/user/max_{}_namespaces", kind.proc_name());
    read(&path).trim().parse().ok()
}

/// A kernel without a kind has no link for it (namespaces(7)). Without `/proc` nobody knows.
fn is_known(kind: &Kind) -> bool {
    let dir = Path::new("/proc/self/ns");
    !dir.exists() || dir.join(kind.proc_name()).exists()
}

/// The label is a name and a mode: `docker-default (enforce)`. On other security modules the file
/// holds a label of theirs, or cannot be read.
fn apparmor_profile() -> Option<String> {
    let dedicated = read("/proc/self/attr/apparmor/current");
    let shared = read("/proc/self/attr/current");
    let label = if dedicated.is_empty() {
        shared
    } else {
        dedicated
    };
    let profile = label.trim().strip_suffix(" (enforce)")?;
    Some(profile.to_owned())
}

/// The files that tell are part of a container's image, from which a virtual machine may have been
/// made too; but only a container has its `/etc/resolv.conf` mounted.
fn container(mountinfo: &str) -> Option<Container> {
    if !mountinfo::is_mounted(mountinfo, "/etc/resolv.conf") {
        None
    } else if env::var_os("KUBERNETES_SERVICE_HOST").is_some() {
        Some(Container::Kubernetes)
    } else if Path::new("/run/.containerenv").exists() {
        Some(Container::Podman)
    } else if Path::new("/.dockerenv").exists() {
        Some(Container::Docker)
    } else {
        None
    }
}

/// The processes above this one, nearest first, as far as this pid namespace goes.
fn ancestors() -> impl Iterator<Item = String> {
    let parent = |pid: &String| {
        let status = read(&format!("/proc/{pid}/status"));
        let parent = field(&status, "PPid:")?.to_owned();
        (parent != "0").then_some(parent)
    };
    std::iter::successors(parent(&"self".to_owned()), parent)
}

fn mounts_of(pid: String) -> String {
    read(&format!("/proc/{pid}/mountinfo"))
}

/// How many processes are in the cgroup and may be. In a container with a cgroup namespace the
/// path is `/`, and its own directory is what is mounted.
fn pids() -> Option<(u64, u64)> {
    let cgroups = read("/proc/self/cgroup");
    let directory = |line: &str| {
        let mut parts = line.splitn(3, ':').skip(1);
        match (parts.next()?, parts.next()?) {
            ("", path) => Some(format!("/sys/fs/cgroup{path}")),
            ("pids", path) => Some(format!("/sys/fs/cgroup/pids{path}")),
            _ => None,
        }
    };
    // `max` is no number, and no limit.
    let number = |dir: &str, file| read(&format!("{dir}/{file}")).trim().parse().ok();
    let counts = |dir: String| Some((number(&dir, "pids.current")?, number(&dir, "pids.max")?));
    cgroups.lines().filter_map(directory).find_map(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_its_first_two_numbers() {
        assert_eq!(version("6.18.44-fc-v445\n"), (6, 18));
        assert_eq!(version("5.4-rc1"), (5, 4));
        assert_eq!(version("4.19+"), (4, 19));
        assert_eq!(version(""), (0, 0));
    }

    #[test]
    fn an_id_is_mapped_if_a_range_holds_it() {
        let map = "         0       1000          1\n         1     100000      65536\n";
        assert!(is_mapped(map, 0) && is_mapped(map, 65_536));
        assert!(!is_mapped(map, 65_537) && !is_mapped("", 0));
        assert!(is_mapped("0 0 4294967295", 4_294_967_294));
    }

    #[test]
    fn a_capability_is_a_bit() {
        let status = "Name:\tx\nCapEff:\t0000000080000000\nSeccomp:\t2\n";
        assert!(has_capability(status, CAP_SETFCAP));
        assert!(!has_capability(status, CAP_SETFCAP - 1));
        assert_eq!(field(status, "Seccomp:"), Some("2"));
        assert_eq!(field(status, "PPid:"), None);
    }
}
