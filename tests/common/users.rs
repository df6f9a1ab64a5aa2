//! The same as root and as somebody without privileges.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use nix::unistd::{AccessFlags, access, geteuid};

use super::stage::{self, Stage};

/// A user and group that own nothing else.
const UNPRIVILEGED: u32 = 4242;

/// How a test's outside differs from that of the harness.
#[derive(Clone, Debug, Default)]
pub(crate) struct Host {
    /// The command that runs the supervisor, which it gets as further arguments.
    pub(crate) wrapper: Vec<&'static str>,
    /// Where the supervisor's binary, home and working directory lie; removed in the end.
    pub(crate) dir: Option<PathBuf>,
}

impl Host {
    pub(super) fn each_user_named(&self, name: &str, body: impl FnOnce()) {
        match Stage::current() {
            Stage::Inside => body(),
            Stage::Host => {
                body();
                Stage::announce_end();
            }
            Stage::Harness if geteuid().is_root() => {
                if self.is_plain() {
                    body();
                } else {
                    self.run_again(name, 0);
                }
                self.run_again(name, UNPRIVILEGED);
            }
            Stage::Harness => {
                note_that_root_is_left_out();
                self.run_again(name, geteuid().as_raw());
            }
        }
    }

    fn is_plain(&self) -> bool {
        self.wrapper.is_empty() && self.dir.is_none()
    }

    /// Runs this test once more, as this user.
    fn run_again(&self, name: &str, uid: u32) {
        let root = self.dir.clone().unwrap_or_else(place);
        let home = prepare_home(&root, uid);
        let binary = copy_binary(&home);
        let mut words: Vec<OsString> = self.wrapper.iter().map(OsString::from).collect();
        words.push(binary.into());
        words.extend(Stage::arguments(name).map(OsString::from));
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .current_dir(&home)
            .env_remove("TMPDIR")
            .env("HOME", &home)
            .env(stage::VARIABLE, Stage::Host.name());
        if geteuid().is_root() {
            // It also gives up the supplementary groups (setgroups(2)).
            command.gid(uid).uid(uid);
        }
        let output = command.output().expect("the test binary can be run again");
        if let Some(dir) = &self.dir {
            let _ = fs::remove_dir_all(dir);
        }
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && Stage::has_ended(&stdout),
            "as user {uid}: {}\n{stdout}\n{stderr}",
            output.status,
        );
    }
}

#[expect(clippy::print_stderr, reason = "what was not tested must be seen")]
fn note_that_root_is_left_out() {
    eprintln!("note: this is not root, so only the part without privileges is tested");
}

/// A writable directory of the user that this process runs as, outside of the private ones.
pub(crate) fn home() -> PathBuf {
    match Stage::current() {
        Stage::Harness => prepare_home(&place(), geteuid().as_raw()),
        Stage::Host | Stage::Inside => env::var_os("HOME").expect("it was set").into(),
    }
}

/// A directory of ours that everybody can get at, not below `/tmp` if the target folder will do.
fn place() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let open_to_all = |dir: &Path| dir.metadata().is_ok_and(|meta| meta.mode() & 0o001 != 0);
    let is_ours = access(target, AccessFlags::W_OK).is_ok();
    if is_ours && target.ancestors().all(open_to_all) {
        target.to_owned()
    } else {
        PathBuf::from(format!("/var/tmp/nsrun-tests-{}", geteuid()))
    }
}

fn prepare_home(root: &Path, uid: u32) -> PathBuf {
    let home = root.join(format!("user-{uid}"));
    fs::create_dir_all(&home).expect("the tests have a directory of their own");
    if geteuid().is_root() {
        chown(&home, Some(uid), Some(uid)).expect("root gives it away");
    }
    home
}

/// The test binary, where any user can execute it.
///
/// Copied by a process that has no children: had this one the copy open for writing while another
/// thread forks, executing it could fail with ETXTBSY (execve(2)).
fn copy_binary(home: &Path) -> PathBuf {
    static COPYING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = COPYING.lock().unwrap_or_else(PoisonError::into_inner);
    let original = env::current_exe().expect("the test binary has a path");
    let copy = home.join(original.file_name().expect("it is a file"));
    if is_same(&original, &copy) {
        return copy;
    }
    let fresh = copy.with_extension(std::process::id().to_string());
    let copied = Command::new("cp").arg(&original).arg(&fresh).status();
    assert!(copied.is_ok_and(|status| status.success()), "no copy");
    fs::set_permissions(&fresh, fs::Permissions::from_mode(0o755)).expect("it is ours");
    fs::rename(&fresh, &copy).expect("both are in the same directory");
    copy
}

fn is_same(original: &Path, copy: &Path) -> bool {
    match (original.metadata(), copy.metadata()) {
        (Ok(original), Ok(copy)) => {
            original.len() == copy.len() && original.mtime() <= copy.mtime()
        }
        _ => false,
    }
}
