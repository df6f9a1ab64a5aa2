//! The host's sockets that have a path, and so can be reached from any network namespace.
//!
//! A network namespace has abstract sockets of its own; a socket that is bound to a path is found
//! by its inode (unix(7), network_namespaces(7)), and whoever may write to that file talks to who
//! listens: Docker, D-Bus, a resolver, a database, an agent with somebody's keys. So wherever the
//! network is isolated these are covered, unless they are shared by name.
//!
//! # Which ones
//!
//! - Each socket below `/run` that this user may connect to (connect(2): write permission), with
//!   the directory that it lies in.
//! - The user's runtime directory, whole: it is there for sockets (XDG Base Directory
//!   Specification), and who looks for it finds an empty one of the same mode.
//! - A few directories that are there for sockets, empty or not: [`FOR_SOCKETS`]. A database that is
//!   started during the run has its own for long.
//! - Each socket that a variable of the environment names, wherever it lies: `SSH_AUTH_SOCK`,
//!   `DBUS_SESSION_BUS_ADDRESS`, `DOCKER_HOST`, and whatever else it is.
//! - A few that lie elsewhere by habit: [`ELSEWHERE`], [`AT_HOME`].
//!
//! # Why not an empty `/run`
//!
//! It would be one mount, and break what is no socket: on NixOS all programs are found by
//! `/run/current-system`, `/run/wrappers` holds sudo, `/run/secrets` is where containers and
//! sops-nix put files that tests read, `/run/media` holds disks on which people work, `/run/udev`
//! the database of devices. To bring all that back takes more mounts than covering the sockets, and
//! a list that is never complete breaks somebody's tests; a list of well-known sockets that is never
//! complete lets somebody's through. So we look at what is there, once a server: a mount costs about
//! 20 µs a test, and is made only where there is something to reach.
//!
//! A directory is covered rather than each socket in it, because it takes one mount, and hides what
//! a daemon binds there later. Where that would hide something that a program needs, the sockets
//! are covered one by one, by a file to which nobody can connect (ECONNREFUSED).
//!
//! What nothing is known of when the server looks cannot be covered: nothing can be mounted where
//! nothing is, and `/run` is not ours to make something in. So a `/run/docker.sock` of a Docker that
//! is started during the run can be reached, as can what is bound in a directory that is made later.
//! Nor is anything known of what lies in a directory that this user may enter but not list. One that
//! could be covered for that is NixOS's `/run/secrets.d`, with files that tests read by their names.

use std::env;
use std::ffi::{CString, OsStr};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::{Cover, Shape, env_dir};
use crate::sys;

/// Where daemons put their sockets (hier(7)); both are the same directory on most systems.
const RUN: &[&str] = &["/run", "/var/run"];

/// How deep below `/run` sockets lie: `/run/systemd/resolve/io.systemd.Resolve`.
const DEPTH: usize = 3;

/// Directories that are there for sockets alone, and often before these are.
const FOR_SOCKETS: &[&str] = &[
    "/run/avahi-daemon",
    "/run/containerd",
    "/run/dbus",
    "/run/docker",
    "/run/libvirt",
    "/run/mysqld",
    "/run/pcscd",
    "/run/podman",
    "/run/postgresql",
    "/run/redis",
];

/// Directories below `/run` that hold a socket, and other things that programs go by.
const NEEDED: &[&str] = &["/run/udev"];

/// Sockets outside of `/run`: syslog(3), and MySQL where it keeps its socket with its data.
const ELSEWHERE: &[&str] = &["/dev/log", "/var/lib/mysql/mysql.sock"];

/// Directories at home that hold sockets beside other things: GnuPG without a runtime directory,
/// Docker Desktop.
const AT_HOME: &[&str] = &[".gnupg", ".docker/run", ".docker/desktop"];

/// What is to be covered where the network is isolated. `needed` is what must stay visible.
pub(super) fn look(needed: &[PathBuf]) -> Vec<Cover> {
    let mut covers = Vec::new();
    for dir in dirs_for_sockets() {
        covers.extend(whole(&dir, needed));
    }
    for socket in paths_of_sockets() {
        covers.extend(reachable(&socket).map(|socket| cover(socket, needed)));
    }
    covers
}

fn dirs_for_sockets() -> Vec<PathBuf> {
    let mut dirs = runtime_dirs();
    for dir in FOR_SOCKETS.iter().map(Path::new) {
        if may(dir, libc::X_OK) {
            dirs.push(dir.to_owned());
        }
    }
    dirs
}

/// Where sockets are or may be.
fn paths_of_sockets() -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for run in RUN {
        find_below(Path::new(run), DEPTH, &mut paths);
    }
    for path in ELSEWHERE {
        paths.push(PathBuf::from(path));
    }
    for dir in dirs_at_home() {
        find_below(&dir, 1, &mut paths);
    }
    for (_, value) in env::vars_os() {
        paths.append(&mut paths_in(value.as_bytes()));
    }
    paths
}

/// Whether this user may do with what lies there what `mode` asks: search, or write.
fn may(path: &Path, mode: i32) -> bool {
    CString::new(path.as_os_str().as_bytes()).is_ok_and(|path| sys::may_access(&path, mode))
}

/// The runtime directory of this user, if there is one.
pub(super) fn runtime_dirs() -> Vec<PathBuf> {
    let mut dirs = vec![PathBuf::from(format!("/run/user/{}", sys::user_id()))];
    dirs.extend(env_dir("XDG_RUNTIME_DIR"));
    dirs
}

/// Adds the sockets in a directory, and so deep below it, on the same file system: others are disks
/// and whatever else is mounted below `/run`.
fn find_below(dir: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let (Ok(meta), Ok(entries)) = (dir.metadata(), fs::read_dir(dir)) else {
        return;
    };
    let device = meta.dev();
    for path in entries.flatten().map(|entry| entry.path()) {
        match path.symlink_metadata() {
            Ok(meta) if meta.file_type().is_socket() => found.push(path),
            Ok(meta) if meta.is_dir() && meta.dev() == device && depth > 1 => {
                find_below(&path, depth - 1, found);
            }
            _ => {}
        }
    }
}

fn dirs_at_home() -> Vec<PathBuf> {
    let mut dirs = Vec::new();
    if let Some(home) = env_dir("HOME") {
        for dir in AT_HOME {
            dirs.push(home.join(dir));
        }
    }
    dirs.extend(env_dir("GNUPGHOME"));
    dirs
}

/// The absolute paths in the value of a variable, as they stand in `/a`, `unix:///a`,
/// `unix:path=/a,guid=1`, `/a:1:2` and their like.
fn paths_in(value: &[u8]) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let mut take = |piece: &[u8]| {
        if piece.starts_with(b"/") {
            paths.push(PathBuf::from(OsStr::from_bytes(piece)));
        }
    };
    take(value);
    for piece in value.split(|byte| b",;:=".contains(byte)) {
        take(piece);
    }
    paths
}

/// Where the socket really lies, if this is one and this user may connect to it.
fn reachable(path: &Path) -> Option<PathBuf> {
    let is_socket = path
        .metadata()
        .is_ok_and(|meta| meta.file_type().is_socket());
    let reachable = is_socket && may(path, libc::W_OK);
    reachable.then(|| real(path))?
}

/// Without links in it; or as it is named, where that would be longer than a path can be (PATH_MAX,
/// path_resolution(7)): by this name it is found, and covered. None for what has gone, or has no path
/// and is named by a link in `/proc`, as a socket that is `/dev/stdin` (proc_pid_fd(5)): nobody
/// connects to it by that (unix(7), ECONNREFUSED).
fn real(path: &Path) -> Option<PathBuf> {
    match path.canonicalize() {
        Ok(real) => Some(real),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(_) => Some(path.to_owned()),
    }
}

/// The directory that the socket lies in, below `/run`; else the socket alone.
fn cover(socket: PathBuf, needed: &[PathBuf]) -> Cover {
    let is_run = |dir: &Path| RUN.iter().any(|run| dir == Path::new(run));
    let in_run = |dir: &&Path| RUN.iter().any(|run| dir.starts_with(run)) && !is_run(dir);
    let dir = socket.parent().filter(in_run);
    dir.and_then(|dir| whole(dir, needed)).unwrap_or(Cover {
        path: socket,
        shape: Shape::File,
    })
}

/// A directory that can be covered as a whole, since nothing in it is needed.
fn whole(dir: &Path, needed: &[PathBuf]) -> Option<Cover> {
    let path = real(dir)?;
    let meta = path.metadata().ok()?;
    let is_needed = needed.iter().any(|needed| needed.starts_with(&path))
        || NEEDED
            .iter()
            .any(|needed| Path::new(needed).starts_with(&path));
    (meta.is_dir() && !is_needed).then_some(Cover {
        path,
        shape: Shape::Dir {
            mode: meta.mode() & 0o7777,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_may_name_a_socket_in_many_ways() {
        let table: [(&str, &[&str]); 7] = [
            ("/a/agent.1", &["/a/agent.1"]),
            ("/a/with:colon", &["/a/with:colon", "/a/with"]),
            ("unix:///run/docker.sock", &["///run/docker.sock"]),
            ("unix:path=/run/bus,guid=1", &["/run/bus"]),
            ("unix:path=/a;unix:path=/b", &["/a", "/b"]),
            ("tcp://127.0.0.1:80", &["//127.0.0.1"]),
            ("unix:abstract=a", &[]),
        ];
        for (value, paths) in table {
            let mut found = paths_in(value.as_bytes());
            found.dedup();
            assert_eq!(
                found,
                paths.iter().map(PathBuf::from).collect::<Vec<_>>(),
                "{value}"
            );
        }
    }

    #[test]
    fn a_socket_is_covered_with_its_directory_only_below_run() {
        let covered = |socket: &str, needed: &[&str]| {
            let needed: Vec<_> = needed.iter().map(PathBuf::from).collect();
            cover(socket.into(), &needed).path
        };
        assert_eq!(
            covered("/run/docker.sock", &[]),
            Path::new("/run/docker.sock")
        );
        assert_eq!(covered("/home/me/agent", &[]), Path::new("/home/me/agent"));
        assert_eq!(covered("/usr/lib/agent", &[]), Path::new("/usr/lib/agent"));
    }
}
