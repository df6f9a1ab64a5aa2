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
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

use super::{Cover, Shape, env_dir};

/// Where daemons put their sockets (hier(7)); both are the same directory on most systems.
const RUN: [&str; 2] = ["/run", "/var/run"];

/// How deep below `/run` sockets lie: `/run/systemd/resolve/io.systemd.Resolve`.
const DEPTH: usize = 3;

/// Directories that are there for sockets alone, and often before these are.
const FOR_SOCKETS: [&str; 10] = [
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
const NEEDED: [&str; 1] = ["/run/udev"];

/// Sockets outside of `/run`: syslog(3), and MySQL where it keeps its socket with its data.
const ELSEWHERE: [&str; 2] = ["/dev/log", "/var/lib/mysql/mysql.sock"];

/// Directories at home that hold sockets beside other things: GnuPG without a runtime directory,
/// Docker Desktop.
const AT_HOME: [&str; 3] = [".gnupg", ".docker/run", ".docker/desktop"];

/// What is to be covered where the network is isolated. `needed` is what must stay visible.
pub(super) fn look(needed: &[PathBuf]) -> Vec<Cover> {
    let mut sockets: Vec<PathBuf> = RUN
        .iter()
        .flat_map(|run| below(Path::new(run), DEPTH))
        .collect();
    sockets.extend(ELSEWHERE.map(PathBuf::from));
    sockets.extend(at_home());
    sockets.extend(env::vars_os().flat_map(|(_, value)| paths_in(value.as_bytes())));
    let sockets = sockets.iter().filter_map(|path| reachable(path));
    let sockets = sockets.map(|socket| cover(socket, needed));
    runtime_dirs()
        .chain(FOR_SOCKETS.map(PathBuf::from).into_iter().filter(may_enter))
        .filter_map(|dir| whole(&dir, needed))
        .chain(sockets)
        .collect()
}

/// Whether this user can get at what lies there.
fn may_enter(dir: &PathBuf) -> bool {
    access(dir, AccessFlags::X_OK).is_ok()
}

/// The runtime directory of this user, if there is one.
pub(super) fn runtime_dirs() -> impl Iterator<Item = PathBuf> {
    let usual = PathBuf::from(format!("/run/user/{}", nix::unistd::geteuid()));
    [usual].into_iter().chain(env_dir("XDG_RUNTIME_DIR"))
}

/// The sockets in a directory, and so deep below it, on the same file system: others are disks and
/// whatever else is mounted below `/run`.
fn below(dir: &Path, depth: usize) -> Vec<PathBuf> {
    let Ok(device) = dir.metadata().map(|meta| meta.dev()) else {
        return Vec::new();
    };
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let found = |path: PathBuf| match path.symlink_metadata() {
        Ok(meta) if meta.file_type().is_socket() => vec![path],
        Ok(meta) if meta.is_dir() && meta.dev() == device && depth > 1 => below(&path, depth - 1),
        _ => Vec::new(),
    };
    entries.map(|entry| entry.path()).flat_map(found).collect()
}

fn at_home() -> impl Iterator<Item = PathBuf> {
    let home = env_dir("HOME");
    let dirs = AT_HOME
        .into_iter()
        .filter_map(move |dir| Some(home.as_ref()?.join(dir)));
    let dirs = dirs.chain(env_dir("GNUPGHOME"));
    dirs.flat_map(|dir| below(&dir, 1))
}

/// The absolute paths in the value of a variable, as they stand in `/a`, `unix:///a`,
/// `unix:path=/a,guid=1`, `/a:1:2` and their like.
fn paths_in(value: &[u8]) -> Vec<PathBuf> {
    let pieces = value.split(|byte| b",;:=".contains(byte));
    let whole = std::iter::once(value);
    whole
        .chain(pieces)
        .filter(|piece| piece.starts_with(b"/"))
        .map(|piece| PathBuf::from(std::ffi::OsStr::from_bytes(piece)))
        .collect()
}

/// Where the socket really lies, if this is one and this user may connect to it.
fn reachable(path: &Path) -> Option<PathBuf> {
    let is_socket = path
        .metadata()
        .is_ok_and(|meta| meta.file_type().is_socket());
    let reachable = is_socket && access(path, AccessFlags::W_OK).is_ok();
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
    let in_run = |dir: &&Path| {
        let above = RUN.iter().map(Path::new);
        above.clone().any(|run| dir.starts_with(run)) && !above.clone().any(|run| *dir == run)
    };
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
    let mut needed = needed
        .iter()
        .map(PathBuf::as_path)
        .chain(NEEDED.map(Path::new));
    let free = meta.is_dir() && !needed.any(|needed| needed.starts_with(&path));
    free.then_some(Cover {
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
