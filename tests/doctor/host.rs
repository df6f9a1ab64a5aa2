//! Hostile hosts.
#![expect(clippy::print_stdout, reason = "the findings go to the test outside")]

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Command;

use crate::seccomp;

/// Set to the kinds of the sandbox that is to be tried.
pub(crate) const EXAMINE: &str = "NSRUN_EXAMINE";

/// What came of it.
#[derive(Debug)]
pub(crate) struct Findings {
    /// The step and the errno.
    pub(crate) wrong: String,
    pub(crate) cause: String,
    pub(crate) mend: String,
}

/// A place in which this binary can be run.
pub(crate) struct Host {
    command: Command,
    binary: PathBuf,
}

impl Host {
    /// A command that executes the one that is appended to it.
    pub(crate) fn command(words: &[&str]) -> Host {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        let binary = env::current_exe().unwrap();
        Host { command, binary }
    }

    /// Root in a user namespace with mounts of its own, after this has been done to it.
    pub(crate) fn user_namespace(deed: &str) -> Host {
        let script = format!("set -e; {deed}\nexec \"$0\" \"$@\"");
        let unshare = ["unshare", "--user", "--map-root-user", "--mount"];
        Host::command(&[&unshare[..], &["sh", "-c", &script]].concat())
    }

    /// The same command, but without root's exemption from limits.
    pub(crate) fn ordinary_user(words: &[&str]) -> Host {
        let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
        if !is_root {
            return Host::command(words);
        }
        let become_user = [
            "setpriv",
            "--reuid",
            "54321",
            "--regid",
            "54321",
            "--clear-groups",
        ];
        let mut host = Host::command(&[&become_user[..], words].concat());
        // That user may not be able to look into the target folder.
        let copy = PathBuf::from(format!("/tmp/nsrun-doctor-{}", std::process::id()));
        fs::copy(&host.binary, &copy).unwrap();
        host.binary = copy;
        host
    }

    /// Has a system call fail there.
    pub(crate) fn with_filter(mut self, call: u32, errno: u32) -> Host {
        self.command.env(seccomp::FILTER, format!("{call} {errno}"));
        self
    }

    /// Tries a sandbox of these kinds there.
    pub(crate) fn examine(mut self, kinds: nsrun_core::Kinds) -> Findings {
        self.command
            .arg(&self.binary)
            .args(["--exact", "examine", "--nocapture"])
            .current_dir("/")
            .env(EXAMINE, kinds.to_string());
        let output = self.command.output().unwrap();
        if self.binary != env::current_exe().unwrap() {
            fs::remove_file(&self.binary).unwrap();
        }
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        parse(&stdout).unwrap_or_else(|| panic!("{:?} says {output:?}", self.command))
    }
}

const MARK: &str = "@@";

pub(crate) fn report(Findings { wrong, cause, mend }: &Findings) {
    println!("{MARK}{wrong}{MARK}{cause}{MARK}{mend}{MARK}");
}

fn parse(stdout: &str) -> Option<Findings> {
    let mut parts = stdout.split(MARK).skip(1).map(str::to_owned);
    Some(Findings {
        wrong: parts.next()?,
        cause: parts.next()?,
        mend: parts.next()?,
    })
}
