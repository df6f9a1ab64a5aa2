//! Trying, here and now, whether sandboxes can be made: each kind of namespace alone, then what
//! the tests get, by the very machinery that they get it from.

use std::fmt;
use std::time::Duration;

use crate::attestation::NotIsolated;
use crate::kind::{Kind, Kinds};
use crate::outcome::{End, Outcome};
use crate::remedy::{Remedy, diagnose};
use crate::sandbox::Sandbox;
use crate::spec::Identity;
use crate::step::Failure;

/// A sandbox that is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its namespaces; user and mount are always among them.
    pub kinds: Kinds,
    /// Who the program in it is.
    pub identity: Identity,
}

/// What came of one attempt.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What was tried.
    pub attempt: Attempt,
    /// Whether it works, or what is wrong.
    pub result: Result<(), Wrong>,
    /// Why, and what mends it, if that is known.
    pub remedy: Option<Remedy>,
}

/// What is wrong with a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A step of making it failed.
    Failed(Failure),
    /// All steps succeeded, and yet it is not isolated.
    NotIsolated(NotIsolated),
    /// It is as it should be, but a program that does nothing did not end well in it.
    Ended(Option<End>),
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wrong::Failed(failure) => failure.fmt(f),
            Wrong::NotIsolated(reason) => write!(f, "not isolated: {reason}"),
            Wrong::Ended(Some(end)) => write!(f, "`true` ended with status {}", end.shell_status()),
            Wrong::Ended(None) => f.write_str("`true` did not end"),
        }
    }
}

impl Attempt {
    /// What a test gets when it asks for nothing in particular.
    pub const DEFAULT: Attempt = Attempt::own(Kinds::DEFAULT);

    /// What [`probe`] tries: user and mount, each other kind with these two, and the sandboxes
    /// that tests ask for.
    pub const ALL: [Attempt; 10] = [
        Attempt::own(Kinds::ALWAYS),
        Attempt::alone(Kind::Net),
        Attempt::alone(Kind::Pid),
        Attempt::alone(Kind::Uts),
        Attempt::alone(Kind::Ipc),
        Attempt::alone(Kind::Cgroup),
        Attempt::alone(Kind::Time),
        Attempt::DEFAULT,
        Attempt {
            kinds: Kinds::DEFAULT,
            identity: Identity::Root,
        },
        Attempt::own(Kinds::ALL),
    ];

    /// These kinds, as oneself.
    pub const fn own(kinds: Kinds) -> Attempt {
        Attempt {
            kinds,
            identity: Identity::Own,
        }
    }

    const fn alone(kind: Kind) -> Attempt {
        Attempt::own(Kinds::of(&[Kind::User, Kind::Mount, kind]))
    }

    /// Makes the sandbox, and runs a program that does nothing in it.
    pub fn make(self) -> Probe {
        let result = self.try_to_make();
        let remedy = match &result {
            Err(Wrong::Failed(failure)) => diagnose(failure),
            _ => None,
        };
        Probe {
            attempt: self,
            result,
            remedy,
        }
    }

    fn try_to_make(self) -> Result<(), Wrong> {
        /// `true` does not take so long on any machine.
        const PATIENCE: Duration = Duration::from_secs(10);
        let sandbox = Sandbox::with(self.kinds).timeout(PATIENCE);
        let sandbox = match self.identity {
            Identity::Own => sandbox,
            Identity::Root => sandbox.root(),
        };
        let output = sandbox.command("true").output().map_err(Wrong::Failed)?;
        assess(&output.outcome)
    }
}

fn assess(outcome: &Outcome) -> Result<(), Wrong> {
    match (outcome.failure, outcome.isolation, outcome.end) {
        (Some(failure), _, _) => Err(Wrong::Failed(failure)),
        (None, Err(reason), _) => Err(Wrong::NotIsolated(reason)),
        (None, Ok(()), Some(End::Exited(0))) => Ok(()),
        (None, Ok(()), end) => Err(Wrong::Ended(end)),
    }
}

/// Tries everything that a test may ask for. The process must be able to start a server, as for
/// [`Sandbox`].
pub fn probe() -> Vec<Probe> {
    Attempt::ALL.into_iter().map(Attempt::make).collect()
}
