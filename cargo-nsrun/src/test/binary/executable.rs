//! The executable of a test binary, and how a process of it is started.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::errno::Errno;
use nsrun_core::{Exec, Failure, PROFILE_VARIABLE, PROTOCOL_VERSION, Program, Step, own_profile};

use super::super::identity::Identity;
use super::super::note;
use crate::args::ServerKind;
use crate::collect::Collected;

pub(super) struct Executable {
    /// As cargo would have started it.
    collected: Collected,
    /// The user's runner, between the sandbox and the binary.
    runner: Vec<OsString>,
    linked_version: Option<u32>,
    /// Which file it is.
    identity: Option<Identity>,
}

impl Executable {
    pub(super) fn new(collected: Collected, runner: &[OsString]) -> Executable {
        Executable {
            linked_version: note::version(Path::new(&collected.command[0])),
            identity: Identity::of(&collected.command[0]),
            runner: runner.to_vec(),
            collected,
        }
    }

    fn path(&self) -> &OsStr {
        &self.collected.command[0]
    }

    /// Whether it is still the file that it was.
    pub(super) fn is_the_same(&self) -> Result<(), Failure> {
        if Identity::of(self.path()) == self.identity {
            return Ok(());
        }
        Err(Failure {
            step: Step::Exec,
            errno: Errno::ESTALE,
        })
    }

    /// Whether nsrun is linked in, and understands us.
    pub(super) fn is_linked(&self) -> bool {
        self.runner.is_empty() && self.linked_version == Some(PROTOCOL_VERSION)
    }

    /// The version of the protocol that it speaks, if that is not ours.
    pub(super) fn foreign_version(&self) -> Option<u32> {
        self.linked_version
            .filter(|version| *version != PROTOCOL_VERSION)
    }

    /// Where its processes are to write what they have covered, if they are.
    pub(super) fn profile_pattern(&self) -> Option<&OsStr> {
        self.collected.variable(PROFILE_VARIABLE)
    }

    /// The executable, about to start.
    pub(super) fn command(&self) -> Command {
        self.command_of(self.path())
    }

    /// This program of ours in its place, with the same environment and directory.
    pub(super) fn stand_in(&self) -> Command {
        self.command_of(OsStr::new("/proc/self/exe"))
    }

    fn command_of(&self, program: &OsStr) -> Command {
        let environment = self.collected.environment.iter();
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(environment.map(|(name, value)| (name, value)))
            .current_dir(&self.collected.working_dir);
        command
    }

    /// What is to run in a sandbox for one process with these arguments.
    pub(super) fn program(&self, started_by: ServerKind, arguments: Vec<OsString>) -> Program {
        let arguments = [self.path().to_owned()].into_iter().chain(arguments);
        match started_by {
            ServerKind::Fork => Program::Main {
                arguments: arguments.collect(),
            },
            ServerKind::Exec => {
                let arguments: Vec<_> = self.runner.iter().cloned().chain(arguments).collect();
                Program::Exec(Exec {
                    path: PathBuf::from(&arguments[0]),
                    arguments,
                    environment: self.environment(),
                    working_dir: None,
                })
            }
        }
    }

    /// The environment of one process, where that must not be the one that all share.
    fn environment(&self) -> Option<Vec<(OsString, OsString)>> {
        let own = own_profile(self.profile_pattern()?);
        let mut environment = self.collected.environment.clone();
        environment.retain(|(name, _)| name != PROFILE_VARIABLE);
        environment.push((PROFILE_VARIABLE.into(), own));
        Some(environment)
    }
}
