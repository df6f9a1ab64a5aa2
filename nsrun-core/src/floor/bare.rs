//! A bare sandbox: made, set up, ended, and no more.

use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use nix::errno::Errno;
use nix::unistd::{read, write};

use super::{Extent, Floor};
use crate::kind::{Kind, Kinds};
use crate::outcome::End;
use crate::step::{At, Failure, Step};
use crate::sys::{self, Argv, Cloned};

/// A floor with everything made ready that is the same each time, as a server has its plan ready.
pub(super) struct Bare {
    kinds: Kinds,
    extent: Extent,
    uid_map: String,
    gid_map: String,
    program: Option<(CString, Argv)>,
    /// On which a child says what it could not do.
    failures: (OwnedFd, OwnedFd),
}

impl Bare {
    pub(super) fn new(floor: &Floor) -> Result<Bare, Failure> {
        let (uid, gid) = (sys::user_id(), sys::group_id());
        let path = floor.program.as_ref();
        let path = path.map(|path| CString::new(path.as_os_str().as_bytes()));
        let path = path.transpose().map_err(|_| Errno::EINVAL).at(Step::Exec)?;
        let failures = sys::pipe().at(Step::Server)?;
        sys::do_not_block(failures.0.as_fd()).at(Step::Server)?;
        Ok(Bare {
            kinds: floor.kinds,
            extent: floor.extent,
            uid_map: format!("{uid} {uid} 1"),
            gid_map: format!("{gid} {gid} 1"),
            program: path.map(|path| (path.clone(), Argv::new(vec![path]))),
            failures,
        })
    }

    /// Makes it, and waits until nothing of it is left.
    pub(super) fn make_and_end(&self) -> Result<(), Failure> {
        let flags = self.kinds.iter().map(Kind::clone_flag);
        match sys::clone3(flags.fold(0, |flags, flag| flags | flag)).at(Step::Namespaces)? {
            Cloned::Child => self.in_the_child(),
            Cloned::Parent { pid, .. } => self.await_end(pid),
        }
    }

    fn in_the_child(&self) -> ! {
        let Err(failure) = self.set_up().and_then(|()| self.run()) else {
            sys::exit(0)
        };
        // Lost or not, the exit status says that it failed.
        let _ = write(
            &self.failures.1,
            &[failure.step as u8, failure.errno as i32 as u8],
        );
        sys::exit(1)
    }

    fn set_up(&self) -> Result<(), Failure> {
        if self.extent == Extent::Made {
            return Ok(());
        }
        self.map_ids().at(Step::IdMaps)?;
        sys::make_private(c"/").at(Step::Propagation)?;
        mount_new(c"tmpfs", c"/tmp").at(Step::Tmpfs)?;
        if self.kinds.contains(Kind::Pid) {
            mount_new(c"proc", c"/proc").at(Step::Proc)?;
        }
        if self.kinds.contains(Kind::Net) {
            sys::bring_up_loopback().at(Step::Loopback)?;
        }
        Ok(())
    }

    fn map_ids(&self) -> Result<(), Errno> {
        put(c"/proc/self/setgroups", b"deny")?;
        put(c"/proc/self/uid_map", self.uid_map.as_bytes())?;
        put(c"/proc/self/gid_map", self.gid_map.as_bytes())
    }

    /// Returns only if there is no program, or it could not be executed.
    fn run(&self) -> Result<(), Failure> {
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

fn mount_new(kind: &CStr, target: &CStr) -> Result<(), Errno> {
    sys::mount(kind, target, 0, None)
}

fn put(path: &CStr, bytes: &[u8]) -> Result<(), Errno> {
    write(sys::open(path, libc::O_WRONLY)?, bytes).map(drop)
}
