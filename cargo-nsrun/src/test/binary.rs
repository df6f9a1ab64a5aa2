//! One test binary, and the server that runs its tests.

mod executable;
mod servers;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::executable::Executable;
use self::servers::Servers;
use super::artifacts::{Harness, Target};
use super::listing::Form;
use super::workspace;
use crate::args::ServerKind;
use crate::collect::Collected;
use nsrun_core::{
    Failure, Job, ONE_TEST_IN_A_THREAD, Program, RECORD, RecordFd, Running, Spec, profile_dir,
    run_one_test,
};

pub(super) struct Binary {
    pub(super) id: String,
    pub(super) selection: Vec<String>,
    pub(super) harness: Harness,
    /// How its test processes are started.
    pub(super) started_by: ServerKind,
    executable: Executable,
    servers: Servers,
    keep: Vec<PathBuf>,
    /// cargo's, in which the binary lies.
    pub(super) target_dir: PathBuf,
}

/// Who says how a test has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recorder {
    /// Its harness, in a log, after it has printed around the test.
    Harness,
    /// Nobody but ourselves.
    Nsrun,
}

impl Binary {
    /// Starts the server for what cargo wants to be run.
    pub(super) fn open(
        target: &Target,
        collected: Collected,
        runner: &[OsString],
        server: ServerKind,
    ) -> Result<Binary, Failure> {
        let mut keep = workspace::keep(target, &collected);
        let target_dir = workspace::target_dir(Path::new(&collected.command[0]));
        let executable = Executable::new(collected, runner);
        keep.extend(executable.profile_pattern().and_then(profile_dir));
        let (started_by, servers) = Servers::start(&executable, server)?;
        Ok(Binary {
            id: target.id.clone(),
            selection: target.selection.clone(),
            harness: target.harness,
            started_by,
            executable,
            servers,
            keep,
            target_dir,
        })
    }

    /// The version of the protocol that it speaks, if that is not ours.
    pub(super) fn foreign_version(&self) -> Option<u32> {
        self.executable.foreign_version()
    }

    /// Ends the servers: there is nothing more to run.
    pub(super) fn close(&mut self) {
        self.servers.close();
    }

    /// The sandbox for a test: the one that its attribute asks for, or the default.
    pub(super) fn spec_of(&self, test: &str, default: &Spec) -> Spec {
        let mut spec = self.servers.spec_of(test).unwrap_or(default).clone();
        spec.timeout = spec.timeout.or(default.timeout);
        spec.leaks = spec.leaks.or(default.leaks);
        spec.keep
            .extend(default.keep.iter().chain(&self.keep).cloned());
        // What the command line brings back for everybody is there for these as well.
        spec.share.extend(default.share.iter().cloned());
        spec
    }

    /// Whether its attribute asks for another sandbox than the one for the whole binary.
    pub(super) fn asks_for_its_own(&self, test: &str, default: &Spec) -> bool {
        let mut asked_for = self.spec_of(test, default);
        // This is looked at for each test all the same.
        asked_for.leaks = default.leaks;
        self.servers.spec_of(test).is_some() && asked_for != self.default_spec(default)
    }

    fn default_spec(&self, default: &Spec) -> Spec {
        let mut spec = default.clone();
        spec.keep.extend(self.keep.iter().cloned());
        spec
    }

    /// Has it started by whoever can.
    pub(super) fn launch(&self, job: Job) -> Result<(Running, Recorder), Failure> {
        self.may_start()?;
        let (server, recorder) = self.servers.of(&job.program)?;
        Ok((server.launch(job)?, recorder))
    }

    /// Results of two binaries are none of either. A server that is the binary goes on as it was.
    ///
    /// # Errors
    /// If another one would be executed by now.
    pub(super) fn may_start(&self) -> Result<(), Failure> {
        match self.started_by {
            ServerKind::Fork => Ok(()),
            ServerKind::Exec => self.executable.is_the_same(),
        }
    }

    /// Makes ready what the tests of these names will need.
    pub(super) fn foresee(&self, selects: impl Fn(&str) -> bool) {
        if self.calls_tests() {
            self.servers.foresee(&self.executable, selects);
        }
    }

    /// Which of the registered tests it is, if it can be called without a harness.
    fn callable(&self, test: &str) -> Option<usize> {
        let calls = self.calls_tests();
        calls.then(|| self.servers.callable(test, &self.executable))?
    }

    fn calls_tests(&self) -> bool {
        self.started_by == ServerKind::Fork && self.harness == Harness::Libtest
    }

    /// Runs one test.
    pub(super) fn test_job(&self, test: &str, default: &Spec) -> Job {
        let Some(number) = self.callable(test) else {
            return self.harness_job(test, default);
        };
        let program = Program::Test {
            number,
            name: test.into(),
        };
        let mut job = Job::new(self.spec_of(test, default), program);
        job.record = RecordFd::Open;
        job
    }

    /// Runs one test, and has the harness record it.
    fn harness_job(&self, test: &str, default: &Spec) -> Job {
        let mut arguments = words(&run_one_test(test));
        if self.harness == Harness::Libtest {
            arguments.push(ONE_TEST_IN_A_THREAD.into());
        }
        arguments.extend(log_arguments());
        self.job(self.spec_of(test, default), arguments, RecordFd::Announced)
    }

    /// Runs all tests in one sandbox, as `cargo test` would.
    pub(super) fn whole_job(&self, arguments: &[OsString], default: &Spec) -> Job {
        let mut arguments = arguments.to_vec();
        let record = if self.harness == Harness::Unknown {
            RecordFd::Closed
        } else {
            RecordFd::Announced
        };
        if record == RecordFd::Announced {
            arguments.extend(log_arguments());
        }
        self.job(self.default_spec(default), arguments, record)
    }

    /// Only libtest says at the end how many there are.
    pub(super) fn listing_form(&self) -> Form {
        match self.harness {
            Harness::Libtest => Form::Counted,
            Harness::Compatible | Harness::Unknown => Form::Bare,
        }
    }

    /// Lists the tests, or the ignored ones.
    pub(super) fn list_job(&self, ignored: bool, default: &Spec, timeout: Duration) -> Job {
        let mut arguments = match self.listing_form() {
            Form::Counted => words(&["--list"]),
            Form::Bare => words(&["--list", "--format", "terse"]),
        };
        if ignored {
            arguments.push("--ignored".into());
        }
        let mut spec = self.default_spec(default);
        spec.timeout = Some(timeout);
        // A list is no test.
        spec.leaks = None;
        self.job(spec, arguments, RecordFd::Announced)
    }

    fn job(&self, spec: Spec, arguments: Vec<OsString>, record: RecordFd) -> Job {
        let program = self.executable.program(self.started_by, arguments);
        let mut job = Job::new(spec, program);
        job.record = match record {
            RecordFd::Announced if !self.executable.is_linked() => RecordFd::Open,
            other => other,
        };
        job
    }
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(Into::into).collect()
}

fn log_arguments() -> [OsString; 2] {
    ["--logfile".into(), format!("/proc/self/fd/{RECORD}").into()]
}
