//! The servers of a test binary, and the tests that are registered with them.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;

use nix::errno::Errno;
use nsrun_core::{Failure, Program, Registered, Server, Spec, Step};

use super::Recorder;
use super::executable::Executable;
use crate::args::ServerKind;

pub(super) struct Servers {
    /// Starts what the harness runs.
    main: Option<Server>,
    /// Calls tests without their harness, from the first such test on; `None` inside if the
    /// harness did not go along.
    host: OnceCell<Option<Server>>,
    /// The same while its harness gets ready.
    starting: Cell<Option<Server>>,
    /// The tests that ask for a sandbox of their own kind, with their numbers.
    registered: HashMap<String, (usize, Registered)>,
}

impl Servers {
    /// A linked binary is its own server, which also knows what its tests ask for. Returns how
    /// test processes are started, too.
    pub(super) fn start(
        executable: &Executable,
        wanted: ServerKind,
    ) -> Result<(ServerKind, Servers), Failure> {
        let mut servers = Servers {
            main: None,
            host: OnceCell::new(),
            starting: Cell::new(None),
            registered: HashMap::new(),
        };
        if executable.is_linked() {
            let own = Server::start(executable.command())?;
            servers.registered = by_name(own.registered()?);
            if wanted == ServerKind::Fork && executable.profile_pattern().is_none() {
                servers.main = Some(own);
                return Ok((ServerKind::Fork, servers));
            }
        }
        servers.main = Some(Server::start(executable.stand_in())?);
        Ok((ServerKind::Exec, servers))
    }

    /// Who starts this, and who says then how it has ended.
    pub(super) fn of(&self, program: &Program) -> Result<(&Server, Recorder), Failure> {
        let (server, recorder) = match program {
            Program::Test { .. } => (self.host.get().and_then(Option::as_ref), Recorder::Nsrun),
            Program::Main { .. } | Program::Exec(_) => (self.main.as_ref(), Recorder::Harness),
        };
        let ended = Failure {
            step: Step::Server,
            errno: Errno::EPIPE,
        };
        Ok((server.ok_or(ended)?, recorder))
    }

    /// Lets the host start while the tests are listed, which takes as long, if it will be needed.
    pub(super) fn foresee(&self, executable: &Executable, selects: impl Fn(&str) -> bool) {
        let mut callable = self.registered.values().filter(|(_, test)| test.callable);
        if callable.any(|(_, test)| selects(&test.name)) {
            self.starting.set(start_host(executable));
        }
    }

    /// The number of this test, if it can be called.
    pub(super) fn callable(&self, test: &str, executable: &Executable) -> Option<usize> {
        let (number, test) = self.registered.get(test)?;
        if !test.callable {
            return None;
        }
        let host = self.host.get_or_init(|| {
            let host = self.starting.take().or_else(|| start_host(executable))?;
            host.registered().ok().map(|_| host)
        });
        host.as_ref().map(|_| *number)
    }

    /// The sandbox that the test's attribute asks for.
    pub(super) fn spec_of(&self, test: &str) -> Option<&Spec> {
        self.registered.get(test).map(|(_, test)| &test.spec)
    }

    pub(super) fn close(&mut self) {
        self.main = None;
        self.host.take();
        self.starting.take();
    }
}

/// Why it does not go along does not matter: its harness can run all of its tests.
fn start_host(executable: &Executable) -> Option<Server> {
    executable.is_the_same().ok()?;
    Server::start_host(executable.command()).ok()
}

fn by_name(registered: Vec<Registered>) -> HashMap<String, (usize, Registered)> {
    let numbered = registered.into_iter().enumerate();
    numbered
        .map(|(number, test)| (test.name.clone(), (number, test)))
        .collect()
}
