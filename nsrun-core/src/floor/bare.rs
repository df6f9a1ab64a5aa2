//! A bare sandbox: made, set up, ended, and no more.

use std::ffi::CString;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use nix::errno::Errno;
use nix::unistd::{read, write};

use super::set_up::SetUp;
use super::{Extent, Floor};
use crate::outcome::End;
use crate::step::{At, Failure, Step};
use crate::sys::{self, Argv, Cloned, Forked};

/// A floor with everything made ready that is the same each time, as a server has its plan ready.
pub(super) struct Bare {
    floor: Floor,
    set_up: SetUp,
    program: Option<(CString, Argv)>,
    /// On which a child says what it could not do.
    failures: (OwnedFd, OwnedFd),
}

impl Bare {
    pub(super) fn new(floor: Floor) -> Result<Bare, Failure> {
        let path = floor.program.as_ref();
        let path = path.map(|path| CString::new(path.as_os_str().as_bytes()));
        let path = path.transpose().map_err(|_| Errno::EINVAL).at(Step::Exec)?;
        let failures = sys::pipe().at(Step::Server)?;
        sys::do_not_block(failures.0.as_fd()).at(Step::Server)?;
        Ok(Bare {
            set_up: SetUp::new(&floor)?,
            floor,
            program: path.map(|path| (path.clone(), Argv::new(vec![path]))),
            failures,
        })
    }

    /// Makes it, and waits until nothing of it is left.
    pub(super) fn make_and_end(&mut self) -> Result<(), Failure> {
        let (gate, opener) = self.set_up.gate()?;
        match sys::clone3(self.floor.clone_flags()).at(Step::Namespaces)? {
            Cloned::Child => {
                // Else it would keep the gate from ending.
                drop(opener);
                self.in_the_child(gate.as_ref())
            }
            Cloned::Parent { pid, .. } => {
                let opened = self.set_up.open_gate(pid, opener);
                let ended = self.await_end(pid);
                // Behind a gate that stays closed it can say no more than that.
                opened.and(ended)
            }
        }
    }

    fn in_the_child(&mut self, gate: Option<&OwnedFd>) -> ! {
        let set_up = self.set_up.set_up(&self.floor, gate);
        let Err(failure) = set_up.and_then(|()| self.run()) else {
            sys::exit(0)
        };
        // Lost or not, the exit status says that it failed.
        let _ = write(
            &self.failures.1,
            &[failure.step as u8, failure.errno as i32 as u8],
        );
        sys::exit(1)
    }

    /// Returns if there is no program, or it could not be executed, or it has ended.
    fn run(&self) -> Result<(), Failure> {
        if self.floor.extent != Extent::Whole {
            return self.execute();
        }
        match sys::fork().at(Step::Fork)? {
            Forked::Child => match self.execute() {
                Ok(()) => sys::exit(0),
                failed => failed,
            },
            Forked::Parent { pid } => self.await_end(pid),
        }
    }

    fn execute(&self) -> Result<(), Failure> {
        match &self.program {
            Some((path, arguments)) => Err(sys::exec(path, arguments, None)).at(Step::Exec),
            None => Ok(()),
        }
    }

    fn await_end(&self, pid: libc::pid_t) -> Result<(), Failure> {
        match End::from_wait_status(sys::await_end(pid).at(Step::Namespaces)?) {
            End::Exited(0) => Ok(()),
            _ => Err(self.failure()),
        }
    }

    /// What the child said. A program that ended badly said nothing.
    fn failure(&self) -> Failure {
        let mut said = [0; 2];
        let step = match read(&self.failures.0, &mut said) {
            Ok(2) => Step::from_code(said[0].into()),
            _ => None,
        };
        Failure {
            step: step.unwrap_or(Step::Exec),
            errno: step.map_or(Errno::ECANCELED, |_| Errno::from_raw(said[1].into())),
        }
    }
}
