//! A command, before it runs.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::done::Done;
use super::started::{MARK, Started};
use super::{cargo_program, fixture_dir, target_dir};
use crate::own_cargo;

/// A command that is about to run.
pub(crate) struct Run {
    command: Command,
    mark: String,
    words: String,
}

impl Run {
    pub(super) fn new(program: &str, args: &str, fixture: &str) -> Run {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}-{next}", std::process::id());
        let mut command = Command::new(program);
        command
            .args(args.split_whitespace())
            .current_dir(fixture_dir(fixture))
            .stdin(Stdio::null());
        own_cargo::forget(&mut command);
        command
            .env("CARGO", cargo_program())
            .env("CARGO_TARGET_DIR", target_dir(fixture))
            .env(MARK, &mark)
            .env("FAULTS_HOST", host());
        Run {
            command,
            mark,
            words: format!("{program} {args}"),
        }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Run {
        self.words += &format!(" {}", arg.as_ref().display());
        self.command.arg(arg);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Run {
        self.command.env(name, value);
        self
    }

    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Run {
        self.command.current_dir(dir);
        self
    }

    pub(crate) fn stdin(mut self, stdin: impl Into<Stdio>) -> Run {
        self.command.stdin(stdin);
        self
    }

    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Run {
        self.command.stdout(stdout);
        self
    }

    /// Runs it to its end, and makes sure that nothing of it is left.
    pub(crate) fn done(mut self) -> Done {
        self.command.stdout(Stdio::piped());
        self.finish()
    }

    /// The same, with the standard output that was given.
    pub(crate) fn finish(self) -> Done {
        self.start().done()
    }

    pub(crate) fn start(mut self) -> Started {
        let child = self.command.stderr(Stdio::piped()).spawn();
        let child = child.unwrap_or_else(|error| panic!("{}: {error}", self.words));
        Started {
            child,
            mark: self.mark,
            words: self.words,
        }
    }

    pub(crate) fn start_piped(mut self) -> Started {
        self.command.stdout(Stdio::piped());
        self.start()
    }
}

/// By this a fault that would hurt the host knows that it is not there.
fn host() -> String {
    let link = |kind| fs::read_link(format!("/proc/self/ns/{kind}")).expect("there is a link");
    let links = ["pid", "uts", "mnt"].map(|kind| link(kind).display().to_string());
    links.join(" ")
}
