//! Devices of the host's, and who may use them.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::{Uid, geteuid, setuid};
use nsrun::{Kind, Kinds, Sandbox};

use crate::common::{check, check_with};

/// What stays usable, or is the sandbox's own.
const USABLE: [&str; 11] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/dev/tty",
    "/dev/fuse",
    "/dev/kvm",
    "/dev/net/tun",
    "/dev/ptmx",
    "/dev/pts/ptmx",
];

/// Devices of which it does nothing to open them, and of which any machine has some.
const HARMLESS: [&str; 5] = [
    "/dev/console",
    "/dev/tty1",
    "/dev/ttyS0",
    "/dev/loop-control",
    "/dev/loop0",
];

/// All devices that a directory shows, with those below it.
fn devices(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let found = |path: PathBuf| {
        let kind = path.symlink_metadata().map(|meta| meta.file_type());
        match kind {
            Ok(kind) if kind.is_dir() => devices(&path),
            Ok(kind) if kind.is_char_device() || kind.is_block_device() => vec![path],
            Ok(_) | Err(_) => Vec::new(),
        }
    };
    entries.map(|entry| entry.path()).flat_map(found).collect()
}

fn open(path: &Path) -> Result<(), ErrorKind> {
    let opened = File::options().read(true).write(true).open(path);
    opened.map(drop).map_err(|error| error.kind())
}

/// What comes of opening each of the harmless ones that exist.
fn harmless() -> Vec<(&'static str, Result<(), ErrorKind>)> {
    let all = HARMLESS.into_iter().filter(|path| Path::new(path).exists());
    all.map(|path| (path, open(Path::new(path)))).collect()
}

/// To open one may have consequences, so all but the harmless are asked what mount they are on.
fn only_the_usual_are_usable() {
    let is_usable = |path: &PathBuf| USABLE.iter().any(|usable| path == Path::new(usable));
    for device in devices(Path::new("/dev")) {
        let flags = statvfs(&device).expect("it is there").flags();
        let works = !flags.contains(FsFlags::ST_NODEV);
        assert_eq!(works, is_usable(&device), "{}", device.display());
    }
    let harmless = harmless();
    assert!(!harmless.is_empty(), "the test is void");
    for (device, opened) in harmless {
        assert_eq!(opened, Err(ErrorKind::PermissionDenied), "{device}");
    }
}

/// Real root owns them; somebody without privileges has no more than outside.
macro_rules! hosts_devices {
    ($($name:ident: $sandbox:expr;)*) => {$(
        #[test]
        fn $name() {
            let outside = || format!("{:?}", harmless());
            check($sandbox, outside, |seen| match geteuid().is_root() && !is_fake_root() {
                true => only_the_usual_are_usable(),
                false => assert_eq!(format!("{:?}", harmless()), seen),
            });
        }
    )*};
}

hosts_devices! {
    real_root_has_the_usual_only: Sandbox::new();
    nor_more_as_root_on_request: Sandbox::new().root();
    nor_where_all_else_is_shared: Sandbox::with(Kinds::NONE);
}

/// Whether user 0 is somebody else outside.
fn is_fake_root() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").expect("there is a map");
    map.split_whitespace().nth(1) != Some("0")
}

#[test]
fn the_usual_devices_work() {
    let usual = |_: &str| {
        let mut bytes = [1; 8];
        let mut read = |path: &str| File::open(path).and_then(|mut file| file.read(&mut bytes));
        for path in ["/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"] {
            assert_eq!(read(path).expect("it can be read"), 8, "{path}");
        }
        assert_eq!(read("/dev/null").expect("it can be read"), 0);
        for (path, kind) in [
            ("/dev/null", None),
            ("/dev/full", Some(ErrorKind::StorageFull)),
        ] {
            let file = File::options().write(true).open(path);
            let written = file.and_then(|mut file| file.write(b"x"));
            assert_eq!(written.err().map(|error| error.kind()), kind, "{path}");
        }
    };
    check(Sandbox::new(), String::new, usual);
}

#[test]
fn real_root_makes_no_names_among_them() {
    check(Sandbox::new(), String::new, |_| {
        let made = File::create_new("/dev/nsrun-test").map_err(|error| error.kind());
        let _ = fs::remove_file("/dev/nsrun-test");
        let expected = if geteuid().is_root() {
            ErrorKind::ReadOnlyFilesystem
        } else {
            ErrorKind::PermissionDenied
        };
        assert_eq!(made.map(drop), Err(expected));
    });
}

#[test]
fn devices_that_are_shared_are_as_outside() {
    for path in ["/dev/loop-control", "/dev"] {
        let outside = || format!("{:?}", open(Path::new("/dev/loop-control")));
        check(Sandbox::new().share(path), outside, |seen| {
            assert_eq!(format!("{:?}", open(Path::new("/dev/loop-control"))), seen);
        });
    }
}

fn terminal() -> PtyMaster {
    let terminal = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY).expect("there are terminals");
    grantpt(&terminal).expect("it is ours");
    unlockpt(&terminal).expect("it is ours");
    terminal
}

#[test]
fn real_root_has_terminals_of_its_own() {
    let name = |terminal: &PtyMaster| ptsname_r(terminal).expect("it has a name");
    check_with(Sandbox::new(), terminal, name, |_| {
        if geteuid().is_root() {
            assert_eq!(devices(Path::new("/dev/pts")), [Path::new("/dev/pts/ptmx")]);
            assert_eq!(name(&terminal()), "/dev/pts/0");
        }
    });
}

#[test]
fn who_gives_up_root_gets_a_terminal_all_the_same() {
    check(Sandbox::new().share(Kind::Pid), String::new, |_| {
        if geteuid().is_root() {
            setuid(Uid::from_raw(4242)).expect("root may");
        }
        open(Path::new(&ptsname_r(&terminal()).expect("it has a name"))).expect("it is ours");
    });
}
