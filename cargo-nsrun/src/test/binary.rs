//! One test binary, and the server that runs its tests.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::artifacts::{Harness, Target};
use super::identity::Identity;
use super::listing::Form;
use super::note;
use crate::args::ServerKind;
use crate::collect::Collected;
use nsrun_core::{
    Exec, Failure, Job, PROFILE_VARIABLE, PROTOCOL_VERSION, Program, RECORD, RecordFd, Registered,
    Running, Server, Spec, own_profile, profile_dir,
};

pub(super) struct Binary {
    pub(super) id: String,
    pub(super) selection: Vec<String>,
    pub(super) harness: Harness,
    /// How its test processes are started.
    pub(super) started_by: ServerKind,
    collected: Collected,
    /// Which file it is.
    identity: Option<Identity>,
    /// The user's runner, between the sandbox and the binary.
    runner: Vec<OsString>,
    /// Whether nsrun is linked in, and understands us.
    linked: bool,
    linked_version: Option<u32>,
    /// The tests that ask for a sandbox of their own kind.
    registered: HashMap<String, (usize, Registered)>,
    server: Option<Server>,
    /// The server that calls tests without their harness, from the first such test on; `None`
    /// inside if the harness did not go along.
    host: OnceCell<Option<Server>>,
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
        let linked_version = note::version(Path::new(&collected.command[0]));
        let linked = runner.is_empty() && linked_version == Some(PROTOCOL_VERSION);
        let mut keep = super::workspace::keep(target, &collected);
        let pattern = collected
            .environment
            .iter()
            .find(|(name, _)| name == PROFILE_VARIABLE);
        keep.extend(pattern.and_then(|(_, pattern)| profile_dir(pattern)));
        let mut binary = Binary {
            id: target.id.clone(),
            selection: target.selection.clone(),
            harness: target.harness,
            started_by: ServerKind::Exec,
            runner: runner.to_vec(),
            linked,
            linked_version,
            registered: HashMap::new(),
            server: None,
            host: OnceCell::new(),
            identity: Identity::of(&collected.command[0]),
            keep,
            target_dir: super::workspace::target_dir(Path::new(&collected.command[0])),
            collected,
        };
        binary.start_server(server)?;
        Ok(binary)
    }

    /// The version of the protocol that it speaks, if that is not ours.
    pub(super) fn foreign_version(&self) -> Option<u32> {
        self.linked_version
            .filter(|version| *version != PROTOCOL_VERSION)
    }

    /// A linked binary is its own server, which also knows what its tests ask for.
    fn start_server(&mut self, wanted: ServerKind) -> Result<(), Failure> {
        if self.linked {
            let own = Server::start(self.command(&self.collected.command[0]))?;
            let registered = own.registered()?;
            self.registered = registered
                .into_iter()
                .enumerate()
                .map(|(number, test)| (test.name.clone(), (number, test)))
                .collect();
            if wanted == ServerKind::Fork && self.profile_pattern().is_none() {
                self.started_by = ServerKind::Fork;
                self.server = Some(own);
                return Ok(());
            }
        }
        self.server = Some(Server::start(self.command("/proc/self/exe".as_ref()))?);
        Ok(())
    }

    fn profile_pattern(&self) -> Option<&OsString> {
        let mut variables = self.collected.environment.iter();
        variables
            .find(|(name, _)| name == PROFILE_VARIABLE)
            .map(|(_, pattern)| pattern)
    }

    /// The environment of one process, where that must not be the one that all share.
    fn environment(&self) -> Option<Vec<(OsString, OsString)>> {
        let own = own_profile(self.profile_pattern()?);
        let mut environment = self.collected.environment.clone();
        environment.retain(|(name, _)| name != PROFILE_VARIABLE);
        environment.push((PROFILE_VARIABLE.into(), own));
        Some(environment)
    }

    fn command(&self, program: &std::ffi::OsStr) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(
                self.collected
                    .environment
                    .iter()
                    .map(|(name, value)| (name, value)),
            )
            .current_dir(&self.collected.working_dir);
        command
    }

    fn server(&self) -> Result<&Server, Failure> {
        let ended = Failure {
            step: nsrun_core::Step::Server,
            errno: nix::errno::Errno::EPIPE,
        };
        self.server.as_ref().ok_or(ended)
    }

    /// Ends the server: there is nothing more to run.
    pub(super) fn close(&mut self) {
        self.server = None;
        self.host.take();
    }

    /// The sandbox for a test: the one that its attribute asks for, or the default.
    pub(super) fn spec_of(&self, test: &str, default: &Spec) -> Spec {
        let registered = self.registered.get(test).map(|(_, test)| &test.spec);
        let mut spec = registered.unwrap_or(default).clone();
        spec.timeout = spec.timeout.or(default.timeout);
        spec.leaks = spec.leaks.or(default.leaks);
        spec.keep
            .extend(default.keep.iter().chain(&self.keep).cloned());
        // What the command line brings back for everybody is there for these as well.
        spec.share.extend(default.share.iter().cloned());
        spec
    }

    fn default_spec(&self, default: &Spec) -> Spec {
        let mut spec = default.clone();
        spec.keep.extend(self.keep.iter().cloned());
        spec
    }

    /// Starts one test.
    pub(super) fn launch_test(
        &self,
        test: &str,
        default: &Spec,
    ) -> Result<(Running, Recorder), Failure> {
        match self.host_of(test) {
            Some((host, number)) => {
                let program = Program::Test {
                    number,
                    name: test.into(),
                };
                let mut job = Job::new(self.spec_of(test, default), program);
                job.record = RecordFd::Open;
                Ok((host.launch(job)?, Recorder::Nsrun))
            }
            None => self.launch(self.test_job(test, default)),
        }
    }

    /// Starts something that a harness runs, and records.
    pub(super) fn launch(&self, job: Job) -> Result<(Running, Recorder), Failure> {
        if self.started_by == ServerKind::Exec {
            self.is_the_same()?;
        }
        Ok((self.server()?.launch(job)?, Recorder::Harness))
    }

    /// Results of two binaries are none of either. A server that is the binary goes on as it was.
    fn is_the_same(&self) -> Result<(), Failure> {
        if Identity::of(&self.collected.command[0]) == self.identity {
            return Ok(());
        }
        Err(Failure {
            step: nsrun_core::Step::Exec,
            errno: nix::errno::Errno::ESTALE,
        })
    }

    /// Who calls this test, if it needs no harness.
    fn host_of(&self, test: &str) -> Option<(&Server, usize)> {
        let (number, test) = self.registered.get(test)?;
        let by_itself = self.started_by == ServerKind::Fork && self.harness == Harness::Libtest;
        if !by_itself || !test.callable {
            return None;
        }
        let start = || {
            self.is_the_same().ok()?;
            Server::start_host(self.command(&self.collected.command[0])).ok()
        };
        let host = self.host.get_or_init(start).as_ref()?;
        Some((host, *number))
    }

    /// Runs one test, and has the harness record it.
    fn test_job(&self, test: &str, default: &Spec) -> Job {
        let mut arguments = words(&[test, "--exact", "--nocapture", "--include-ignored"]);
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
        let executable = self.collected.command[0].clone();
        let arguments = [executable.clone()].into_iter().chain(arguments);
        let program = match self.started_by {
            ServerKind::Fork => Program::Main {
                arguments: arguments.collect(),
            },
            ServerKind::Exec => {
                let arguments: Vec<_> = self.runner.iter().cloned().chain(arguments).collect();
                Program::Exec(Exec {
                    path: PathBuf::from(self.runner.first().unwrap_or(&executable)),
                    arguments,
                    environment: self.environment(),
                    working_dir: None,
                })
            }
        };
        let mut job = Job::new(spec, program);
        job.record = match record {
            RecordFd::Announced if !self.linked => RecordFd::Open,
            other => other,
        };
        job
    }
}

/// There is one test, which with one thread libtest would announce before it runs it; without a
/// number libtest reads the limits of the cgroup, which takes longer than many a test.
const ONE_TEST_IN_A_THREAD: &str = "--test-threads=2";

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(Into::into).collect()
}

fn log_arguments() -> [OsString; 2] {
    ["--logfile".into(), format!("/proc/self/fd/{RECORD}").into()]
}
