//! What a server must know of the host to plan sandboxes. Asked once, not once a test.

mod sockets;

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::sys;

/// The facts of the host that plans are made from.
pub(crate) struct Host {
    /// This process's effective ids.
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    /// The ranges of ids that real root may map, as `uid_map` shows them; `None` if this process
    /// may map no more than its own id.
    pub(crate) root_maps: Option<RootMaps>,
    /// The directories of which each sandbox gets its own, the first being `/tmp`.
    pub(crate) private_dirs: Vec<PathBuf>,
    /// Paths below a private directory that a program needs all the same.
    pub(crate) keep: Vec<PathBuf>,
    /// Directories that the environment names and that must exist in the private ones, with the
    /// mode that they have there.
    pub(crate) make_dirs: Vec<(PathBuf, u32)>,
    /// Where `TMPDIR` points, if that is below a private directory: what is kept may bring the
    /// host's back.
    pub(crate) own_tmp: Option<Cover>,
    /// The sockets to be covered where the network is isolated.
    pub(crate) sockets: Vec<Cover>,
    /// `/etc/resolv.conf`, or where that link leads.
    pub(crate) resolv_conf: PathBuf,
    pub(crate) hosts: Vec<u8>,
    pub(crate) nsswitch: Option<Vec<u8>>,
}

/// A place of the host's over which a sandbox puts something empty of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cover {
    pub(crate) path: PathBuf,
    pub(crate) shape: Shape,
}

/// What is mounted on what: a directory on a directory, anything else on anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Dir { mode: u32 },
    File,
}

/// The identity map of everything that is mapped here.
pub(crate) struct RootMaps {
    pub(crate) uid: Vec<u8>,
    pub(crate) gid: Vec<u8>,
    /// The lowest and the highest group id that are mapped, as far as `ping_group_range` goes.
    pub(crate) group_range: (u32, u32),
}

impl Host {
    pub(crate) fn look() -> Host {
        let private_dirs = private_dirs();
        let needed = needed_paths();
        Host {
            uid: sys::user_id(),
            gid: sys::group_id(),
            root_maps: root_maps(),
            keep: kept(&needed, &private_dirs),
            make_dirs: make_dirs(&private_dirs),
            own_tmp: own_tmp(&private_dirs),
            // A private directory in a covered one would be covered with it.
            sockets: sockets::look(&[needed.as_slice(), &private_dirs].concat()),
            resolv_conf: resolv_conf(),
            private_dirs,
            hosts: fs::read("/etc/hosts").unwrap_or_default(),
            nsswitch: fs::read("/etc/nsswitch.conf").ok(),
        }
    }
}

/// Whether `path` lies in one of `dirs`, and is none of them.
pub(crate) fn is_below(path: &Path, dirs: &[PathBuf]) -> bool {
    dirs.iter().any(|dir| path.starts_with(dir)) && !dirs.iter().any(|dir| path == dir)
}

/// Each path, and where the links in it lead.
pub(crate) fn with_targets(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for path in paths {
        all.push(path.clone());
        all.extend(path.canonicalize().ok());
    }
    all
}

fn kept(needed: &[PathBuf], private_dirs: &[PathBuf]) -> Vec<PathBuf> {
    let mut kept = with_targets(needed);
    kept.retain(|path| is_below(path, private_dirs));
    kept
}

const USUAL: &[&str] = &["/tmp", "/var/tmp", "/dev/shm"];

/// `/tmp` and its like, and where `TMPDIR` points.
fn private_dirs() -> Vec<PathBuf> {
    let mut wanted: Vec<PathBuf> = USUAL.iter().map(PathBuf::from).collect();
    wanted.extend(env_dir("TMPDIR"));
    let mut dirs: Vec<PathBuf> = Vec::new();
    for dir in wanted {
        // A link such as /var/tmp -> /tmp, or /dev/shm -> /run/shm, is covered at its target.
        let Ok(dir) = dir.canonicalize() else {
            continue;
        };
        let covered = dirs.iter().any(|other| dir.starts_with(other));
        if dir.is_dir() && !covered && !holds_needed(&dir) {
            dirs.push(dir);
        }
    }
    dirs
}

/// What the environment names below private directories, made there since programs expect it.
fn make_dirs(private_dirs: &[PathBuf]) -> Vec<(PathBuf, u32)> {
    let mut dirs = Vec::new();
    dirs.extend(env_dir("TMPDIR").map(|dir| (dir, TMP_MODE)));
    for dir in sockets::runtime_dirs() {
        if let Ok(meta) = dir.metadata() {
            dirs.push((dir, meta.mode() & 0o7777));
        }
    }
    dirs.retain(|(dir, _)| is_below(dir, private_dirs));
    dirs
}

/// Anybody may write there, and remove what is their own (chmod(2), S_ISVTX).
const TMP_MODE: u32 = 0o1777;

fn own_tmp(private_dirs: &[PathBuf]) -> Option<Cover> {
    let path = env_dir("TMPDIR")?.canonicalize().ok()?;
    let inside = path.is_dir() && is_below(&path, private_dirs) && !holds_needed(&path);
    inside.then_some(Cover {
        path,
        shape: Shape::Dir { mode: TMP_MODE },
    })
}

fn resolv_conf() -> PathBuf {
    let path = PathBuf::from("/etc/resolv.conf");
    path.canonicalize().unwrap_or(path)
}

/// A `TMPDIR` that is the home folder, or above it, cannot be covered by an empty one.
fn holds_needed(dir: &Path) -> bool {
    let is_tmp = USUAL.iter().any(|usual| dir == Path::new(usual));
    !is_tmp && needed_paths().iter().any(|path| path.starts_with(dir))
}

/// What a program started by cargo needs: where it stands, itself, its package, its tools.
fn needed_paths() -> Vec<PathBuf> {
    const DIRS: &[&str] = &[
        "CARGO_MANIFEST_DIR",
        "OUT_DIR",
        "CARGO_HOME",
        "RUSTUP_HOME",
        "HOME",
    ];
    const LISTS: &[&str] = &["LD_LIBRARY_PATH", "PATH"];
    let mut paths = Vec::new();
    for variable in DIRS {
        paths.extend(env_dir(variable));
    }
    paths.extend(env::current_dir().ok());
    if let Ok(exe) = env::current_exe() {
        paths.extend(exe.parent().map(Path::to_owned));
        paths.push(exe);
    }
    for list in LISTS.iter().filter_map(env::var_os) {
        paths.extend(env::split_paths(&list));
    }
    paths.retain(|path| path.is_absolute() && path.exists());
    paths
}

fn env_dir(name: &str) -> Option<PathBuf> {
    env::var_os(name)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}

/// Real root may map all ids that are mapped where it stands; anybody else one (user_namespaces(7),
/// "Defining user and group ID mappings").
fn root_maps() -> Option<RootMaps> {
    if sys::user_id() != 0 || !may_map_ids() {
        return None;
    }
    let groups = mapped_ids("/proc/self/gid_map")?;
    Some(RootMaps {
        uid: identity_map(&mapped_ids("/proc/self/uid_map")?),
        gid: identity_map(&groups),
        group_range: span(&groups)?,
    })
}

fn may_map_ids() -> bool {
    const SETGID_AND_SETUID: u64 = 1 << 6 | 1 << 7;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let capabilities = line
        .and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok())
        .unwrap_or(0);
    capabilities & SETGID_AND_SETUID == SETGID_AND_SETUID
}

/// The ranges of ids that have a meaning here: the first of each, and how many.
fn mapped_ids(path: &str) -> Option<Vec<(u32, u32)>> {
    let lines = fs::read_to_string(path).ok()?;
    let range = |line: &str| {
        let mut numbers = line.split_whitespace().map_while(|word| word.parse().ok());
        Some((numbers.next()?, numbers.nth(1)?))
    };
    let mut ranges = Vec::new();
    for line in lines.lines() {
        ranges.push(range(line)?);
    }
    Some(ranges)
}

/// Maps each of these ids to itself.
fn identity_map(ranges: &[(u32, u32)]) -> Vec<u8> {
    let mut map = String::new();
    for (first, count) in ranges {
        map += &format!("{first} {first} {count}\n");
    }
    map.into_bytes()
}

/// From the lowest of these ids to the highest, but not above what the kernel takes for a group
/// (GID_T_MAX of its net/ipv4/sysctl_net_ipv4.c).
fn span(ranges: &[(u32, u32)]) -> Option<(u32, u32)> {
    const GID_T_MAX: u32 = u32::MAX >> 1;
    let lowest = ranges.iter().map(|(first, _)| *first).min()?;
    let last = |(first, count): &(u32, u32)| first.saturating_add(count.saturating_sub(1));
    let highest = ranges.iter().map(last).max()?;
    Some((lowest.min(GID_T_MAX), highest.min(GID_T_MAX)))
}
