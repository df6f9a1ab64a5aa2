use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::unistd::geteuid;
use nsrun::{Kind, Sandbox};

use crate::common::check;

/// What anybody may open, and what belongs to a network namespace.
const OPEN: [&str; 3] = [
    "/proc/sys/net",
    "/proc/sys/kernel/ns_last_pid",
    "/proc/pressure",
];

/// Settings that no namespace has of its own.
const GLOBAL: [&str; 6] = [
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/printk",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sys/fs/file-max",
    "/proc/sysrq-trigger",
    "/sys/kernel/profiling",
];

/// The files below a directory that a mode allows to write.
fn writable_files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let paths = entries
        .map(|entry| entry.path())
        .filter(|path| !is_process(path));
    let all = paths.filter(|path| !OPEN.iter().any(|open| path == Path::new(open)));
    all.flat_map(|path| match path.symlink_metadata() {
        Ok(meta) if meta.is_dir() => writable_files(&path),
        Ok(meta) if meta.is_file() && meta.mode() & 0o222 != 0 => vec![path],
        Ok(_) | Err(_) => Vec::new(),
    })
    .collect()
}

fn is_process(path: &Path) -> bool {
    let in_proc = path.strip_prefix("/proc").ok().and_then(Path::to_str);
    in_proc.is_some_and(|name| name.parse::<u32>().is_ok())
}

/// Opens for writing, and writes nothing.
fn open(path: &Path) -> Result<File, Option<i32>> {
    let opened = File::options().write(true).open(path);
    opened.map_err(|error| error.raw_os_error())
}

fn cannot_be_written(dir: &str) {
    let files = writable_files(Path::new(dir));
    assert!(!files.is_empty(), "{dir} shows nothing");
    let open: Vec<_> = files.iter().filter(|file| open(file).is_ok()).collect();
    assert!(open.is_empty(), "these can be opened: {open:?}");
}

#[test]
fn those_in_proc_cannot_be_written() {
    check(Sandbox::new(), String::new, |_| cannot_be_written("/proc"));
}

#[test]
fn those_in_sys_cannot_be_written() {
    check(Sandbox::new(), String::new, |_| cannot_be_written("/sys"));
}

#[test]
fn nor_with_the_hosts_pids_and_network() {
    for dir in ["/proc", "/sys"] {
        let sandbox = Sandbox::new().share(Kind::Pid).share(Kind::Net);
        check(sandbox, String::new, |_| cannot_be_written(dir));
    }
}

#[test]
fn root_inside_is_refused_those_that_no_namespace_has_of_its_own() {
    check(Sandbox::new().root(), String::new, |_| {
        let files = GLOBAL.map(Path::new).into_iter();
        let files: Vec<_> = files.filter(|file| file.exists()).collect();
        assert!(files.len() >= 4, "{files:?}");
        for file in files {
            let refused = open(file).err().flatten().map(Errno::from_raw);
            // Somebody without privileges outside is no user 0 to the host's files.
            let expected = [Errno::EROFS, Errno::EACCES];
            assert!(
                refused.is_some_and(|errno| expected.contains(&errno)),
                "{file:?}: {refused:?}"
            );
        }
    });
}

#[test]
fn real_root_is_told_that_they_are_read_only() {
    check(Sandbox::new(), String::new, |_| {
        let files = GLOBAL.map(Path::new).into_iter();
        for file in files.filter(|file| file.exists() && geteuid().is_root()) {
            let refused = open(file).err().flatten().map(Errno::from_raw);
            assert_eq!(refused, Some(Errno::EROFS), "{}", file.display());
        }
    });
}

#[test]
fn those_of_its_own_network_can_be() {
    const TTL: &str = "/proc/sys/net/ipv4/ip_default_ttl";
    let ttl = || fs::read_to_string(TTL).expect("there is a network");
    check(Sandbox::new().root(), ttl, move |_| {
        fs::write(TTL, "77").expect("it is the sandbox's own");
        assert_eq!(ttl(), "77\n");
    });
}
