//! Sockets of the host that have a path, with somebody who listens.

use std::env;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Write};
use std::iter;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use nix::errno::Errno;
use nix::unistd::{geteuid, getuid};
use nsrun::{Kind, Sandbox, Step, ns_test};

use crate::common::{Fifo, Host, Stage, each_user};

/// A user who has an agent and a runtime directory, neither of them below `/tmp`.
fn with_agent() -> Host {
    const SCRIPT: &str = "export SSH_AUTH_SOCK=\"$HOME/agent-$$\" XDG_RUNTIME_DIR=\"$HOME/runtime-$$\"\n\
                          exec \"$0\" \"$@\"";
    Host {
        wrapper: vec!["sh", "-c", SCRIPT],
        dir: None,
    }
}

/// What a variable says; nothing where the harness looks, which has no such user.
fn path(variable: &str) -> PathBuf {
    env::var_os(variable).unwrap_or_default().into()
}

fn agent() -> PathBuf {
    path("SSH_AUTH_SOCK")
}

fn bus() -> PathBuf {
    path("XDG_RUNTIME_DIR").join("bus")
}

/// Both sockets, removed in the end.
struct Listening {
    _sockets: [UnixListener; 2],
}

impl Listening {
    fn start() -> Listening {
        let private = DirBuilder::new()
            .mode(0o700)
            .create(path("XDG_RUNTIME_DIR"));
        private.expect("home is writable");
        let bind = |path| UnixListener::bind(path).expect("home is writable");
        Listening {
            _sockets: [agent(), bus()].map(bind),
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = fs::remove_file(agent());
        let _ = fs::remove_dir_all(path("XDG_RUNTIME_DIR"));
    }
}

fn connect(path: &Path) -> Result<(), ErrorKind> {
    let connected = UnixStream::connect(path);
    connected.map(drop).map_err(|error| error.kind())
}

/// What comes of connecting to each.
fn connect_to_both() -> [Result<(), ErrorKind>; 2] {
    [agent(), bus()].map(|path| connect(&path))
}

fn nothing<T>(_: &T) -> String {
    String::new()
}

const REFUSED: Result<(), ErrorKind> = Err(ErrorKind::ConnectionRefused);
const NOT_THERE: Result<(), ErrorKind> = Err(ErrorKind::NotFound);

/// What comes of connecting to the agent and to the bus in such a sandbox.
macro_rules! reached {
    ($($name:ident: $sandbox:expr => $seen:expr;)*) => {$(
        #[test]
        fn $name() {
            with_agent().check_with($sandbox, Listening::start, nothing, |_| {
                assert_eq!(connect_to_both(), $seen);
            });
        }
    )*};
}

reached! {
    neither_agent_nor_bus: Sandbox::new() => [REFUSED, NOT_THERE];
    neither_as_root_inside: Sandbox::new().root() => [REFUSED, NOT_THERE];
    neither_if_only_the_network_is_isolated: Sandbox::with(Kind::Net.into())
        => [REFUSED, NOT_THERE];
    both_with_the_hosts_network: Sandbox::new().share(Kind::Net) => [Ok(()), Ok(())];
    a_shared_agent: Sandbox::new().share(agent()) => [Ok(()), NOT_THERE];
    a_shared_bus: Sandbox::new().share(bus()) => [REFUSED, Ok(())];
    a_shared_runtime_directory: Sandbox::new().share(path("XDG_RUNTIME_DIR"))
        => [REFUSED, Ok(())];
    both_if_what_they_lie_in_is_shared: Sandbox::new().share(path("HOME")) => [Ok(()), Ok(())];
}

#[test]
fn the_runtime_directory_is_there_and_its_own() {
    with_agent().check_with(Sandbox::new(), Listening::start, nothing, |_| {
        let dir = path("XDG_RUNTIME_DIR");
        let meta = dir.metadata().expect("it exists");
        assert_eq!(
            (meta.uid(), meta.mode() & 0o7777),
            (getuid().as_raw(), 0o700)
        );
        assert_eq!(names(&dir), [""; 0]);
        let own = UnixListener::bind(bus()).expect("it is writable");
        assert_eq!(connect(&bus()), Ok(()));
        drop(own);
    });
}

#[test]
fn a_shared_bus_brings_back_nothing_else() {
    let sandbox = Sandbox::new().share(bus());
    with_agent().check_with(sandbox, Listening::start, nothing, |_| {
        assert_eq!(names(&path("XDG_RUNTIME_DIR")), ["bus"]);
    });
}

/// A user whose agent lies so deep that the kernel takes no path without a link in it (PATH_MAX,
/// path_resolution(7)), in a directory that may be entered but not read.
fn with_deep_agent() -> Host {
    const SCRIPT: &str = "export SSH_AUTH_SOCK=\"$HOME/deep-$$/agent\"\nexec \"$0\" \"$@\"";
    Host {
        wrapper: vec!["sh", "-c", SCRIPT],
        dir: None,
    }
}

/// That agent, removed in the end.
struct Deep {
    /// By which it is reached.
    link: PathBuf,
    root: PathBuf,
    _socket: UnixListener,
}

impl Deep {
    fn start() -> Deep {
        let link = agent().parent().expect("it has one").to_owned();
        let root = link.with_extension("root");
        let half: PathBuf = iter::repeat_n("d".repeat(200), 12).collect();
        let make = |dir: &Path| fs::create_dir_all(dir).expect("home is writable");
        make(&root.join(&half));
        symlink(&half, root.join("half")).expect("home is writable");
        let deepest = root.join("half").join(&half);
        make(&deepest);
        symlink(deepest, &link).expect("home is writable");
        let socket = UnixListener::bind(agent()).expect("home is writable");
        allow(&link, 0o311);
        Deep {
            link,
            root,
            _socket: socket,
        }
    }
}

impl Drop for Deep {
    fn drop(&mut self) {
        allow(&self.link, 0o700);
        let _ = fs::remove_file(&self.link);
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

#[test]
fn nor_an_agent_whose_full_path_is_too_long() {
    with_deep_agent().check_with(Sandbox::new(), Deep::start, nothing, |_| {
        assert_eq!(connect(&agent()), REFUSED);
    });
}

#[test]
fn which_is_reached_where_it_is_shared() {
    let sandbox = Sandbox::new().share(agent());
    with_deep_agent().check_with(sandbox, Deep::start, nothing, |_| {
        assert_eq!(connect(&agent()), Ok(()));
    });
}

fn names(dir: &Path) -> Vec<OsString> {
    let entries = fs::read_dir(dir).expect("it is a directory");
    entries
        .map(|entry| entry.expect("it can be read").file_name())
        .collect()
}

#[test]
fn what_is_shared_and_not_there_is_no_sandbox() {
    each_user(|| {
        let sandbox = Sandbox::new().share("/no/such/path");
        let output = sandbox
            .command("true")
            .output()
            .expect("it can be asked for");
        let failure = output.outcome.failure.expect("there is nothing to share");
        assert_eq!((failure.step, failure.errno), (Step::Keep, Errno::ENOENT));
        assert_eq!(output.outcome.end, None);
        assert_eq!(output.outcome.missing, [Path::new("/no/such/path")]);
    });
}

#[ns_test(share("/etc", "/no/such/path"))]
#[ignore = "it is not to pass, but to be looked at"]
fn shares_what_is_not_there() {}

#[test]
fn the_message_names_what_is_not_there() {
    let own = env::current_exe().expect("the test binary has a path");
    let mut command = Command::new(own);
    command.args(["sockets::shares_what_is_not_there", "--exact", "--ignored"]);
    let output = command.output().expect("it can be run again");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "{printed}");
    for words in ["nsrun: setup-error:", "`/no/such/path` is to be shared"] {
        assert!(printed.contains(words), "{printed}");
    }
    assert!(!printed.contains("`/etc`"), "{printed}");
}

/// A host with a directory for a database's socket that is not there yet, in a `/run` of its own.
fn before_the_database() -> Host {
    const SCRIPT: &str = "\
        own='mount -t tmpfs -o mode=0755 tmpfs /run && mkdir /run/postgresql && exec \"$0\" \"$@\"'\n\
        [ $(id -u) = 0 ] || user='--user --map-current-user --keep-caps'\n\
        exec unshare $user --mount sh -c \"$own\" \"$0\" \"$@\"";
    Host {
        wrapper: vec!["sh", "-c", SCRIPT],
        dir: None,
    }
}

/// A database that starts when it is told to, and says when it listens.
struct Database {
    start: Fifo,
    listens: Fifo,
}

const DATABASE: &str = "/run/postgresql/.s.PGSQL.5432";

impl Database {
    fn prepare() -> Database {
        let [start, listens] = [Fifo::new(), Fifo::new()];
        let paths = [&start, &listens].map(|fifo| fifo.path().to_owned());
        thread::spawn(move || {
            let [start, listens] = paths;
            File::open(start).expect("it is there");
            let _listening = UnixListener::bind(DATABASE).expect("the directory is ours");
            assert_eq!(connect(Path::new(DATABASE)), Ok(()));
            let file = File::options().write(true).open(listens);
            let mut file = file.expect("it is there");
            file.write_all(b"listens").expect("somebody waits for it");
            drop(file);
            thread::park();
        });
        Database { start, listens }
    }

    fn paths(&self) -> String {
        format!("{}\n{}", self.start.path(), self.listens.path())
    }
}

#[test]
fn nor_a_database_that_comes_up_afterwards() {
    let host = before_the_database();
    host.check_with(
        Sandbox::new(),
        Database::prepare,
        Database::paths,
        |paths| {
            let (start, listens) = paths.split_once('\n').expect("there are two");
            drop(File::options().write(true).open(start).expect("it waits"));
            let said = fs::read_to_string(listens).expect("it has started");
            assert_eq!(said, "listens");
            assert_eq!(connect(Path::new(DATABASE)), NOT_THERE);
        },
    );
}

/// Nobody but root may put a socket below `/run`, who does so for everybody, and before there is a
/// server: a server looks but once.
macro_rules! daemon_reached {
    ($($name:ident: $share:expr => $seen:expr;)*) => {$(
        #[test]
        fn $name() {
            const NAME: &str = stringify!($name);
            let _daemon = Daemon::start(NAME);
            let sandbox = Daemon::sockets(NAME).into_iter().filter($share).fold(
                Sandbox::new(),
                |sandbox, socket| sandbox.share(socket),
            );
            let host = Host { wrapper: vec!["env"], dir: None };
            host.check_with(sandbox, || (), |()| Daemon::seen(NAME), |sockets| {
                let seen: Vec<_> = sockets.lines().map(|path| connect(Path::new(path))).collect();
                assert!(seen.is_empty() || seen == $seen, "{seen:?}");
            });
        }
    )*};
}

daemon_reached! {
    no_daemon_below_run: |_| false => [NOT_THERE, REFUSED];
    both_daemons_below_run_if_shared: |path| path.exists() => [Ok(()), Ok(())];
}

/// Sockets that a daemon has below `/run`: one in a directory, one beside it.
struct Daemon {
    dir: PathBuf,
    _listening: [UnixListener; 2],
}

impl Daemon {
    /// Where the harness is root there is one, for all users.
    fn start(name: &str) -> Option<Daemon> {
        let is_ours = Stage::current() == Stage::Harness && geteuid().is_root();
        is_ours.then(|| {
            let dir = Daemon::dir(name);
            fs::create_dir(&dir).expect("root may");
            let bind = |path: &PathBuf| {
                let socket = UnixListener::bind(path).expect("root may");
                let all = fs::Permissions::from_mode(0o666);
                fs::set_permissions(path, all).expect("it is ours");
                socket
            };
            Daemon {
                dir,
                _listening: Daemon::sockets(name).each_ref().map(bind),
            }
        })
    }

    /// Named after the harness, which is the parent of the other stages.
    fn dir(name: &str) -> PathBuf {
        PathBuf::from(format!("/run/nsrun-tests-{}-{name}", harness()))
    }

    fn sockets(name: &str) -> [PathBuf; 2] {
        let dir = Daemon::dir(name);
        [dir.join("daemon.sock"), dir.with_extension("sock")]
    }

    /// Both, where the harness is root, and none elsewhere.
    fn seen(name: &str) -> String {
        let sockets = Daemon::sockets(name)
            .into_iter()
            .filter(|path| path.exists());
        let lines: Vec<_> = sockets.map(|path| path.display().to_string()).collect();
        let process = fs::metadata(format!("/proc/{}", harness())).expect("it is running");
        assert_eq!(lines.len(), if process.uid() == 0 { 2 } else { 0 });
        lines.join("\n")
    }
}

fn harness() -> u32 {
    match Stage::current() {
        Stage::Harness => std::process::id(),
        Stage::Host | Stage::Inside => parent_id(),
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.dir.with_extension("sock"));
        let _ = fs::remove_dir_all(&self.dir);
    }
}
