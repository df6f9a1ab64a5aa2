//! What is set up in a bare sandbox.

use std::ffi::CStr;
use std::os::fd::OwnedFd;

use nix::errno::Errno;
use nix::unistd::write;

use super::{Extent, Floor};
use crate::host::Host;
use crate::inside;
use crate::kind::Kind;
use crate::plan::{Plan, Unplannable};
use crate::serve::gate;
use crate::spec::Spec;
use crate::step::{At, Failure, Step};
use crate::sys;

pub(super) enum SetUp {
    Nothing,
    Least { uid_map: String, gid_map: String },
    Whole(Box<Plan>),
}

impl SetUp {
    pub(super) fn new(floor: &Floor) -> Result<SetUp, Failure> {
        match floor.extent {
            Extent::Made => Ok(SetUp::Nothing),
            Extent::SetUp => Ok(SetUp::least()),
            Extent::Whole => {
                let plan = Plan::new(&Spec::new(floor.kinds), &[], &Host::look());
                let plan = plan.map_err(|Unplannable(failure)| failure)?;
                Ok(SetUp::Whole(Box::new(plan)))
            }
        }
    }

    fn least() -> SetUp {
        let (uid, gid) = (sys::user_id(), sys::group_id());
        SetUp::Least {
            uid_map: format!("{uid} {uid} 1"),
            gid_map: format!("{gid} {gid} 1"),
        }
    }

    /// As a server makes them for its own.
    pub(super) fn gate(&self) -> Result<(Option<OwnedFd>, Option<OwnedFd>), Failure> {
        match self {
            SetUp::Whole(plan) => gate::closed(&plan.maps),
            SetUp::Nothing | SetUp::Least { .. } => Ok((None, None)),
        }
    }

    pub(super) fn open_gate(
        &self,
        pid: libc::pid_t,
        opener: Option<OwnedFd>,
    ) -> Result<(), Failure> {
        match self {
            SetUp::Whole(plan) => gate::open(pid, &plan.maps, opener).at(Step::IdMaps),
            SetUp::Nothing | SetUp::Least { .. } => Ok(()),
        }
    }

    /// To be called in the sandbox.
    pub(super) fn set_up(&mut self, floor: &Floor, gate: Option<&OwnedFd>) -> Result<(), Failure> {
        match self {
            SetUp::Nothing => Ok(()),
            SetUp::Least { uid_map, gid_map } => {
                map_ids(uid_map, gid_map).at(Step::IdMaps)?;
                set_up_least(floor)
            }
            SetUp::Whole(plan) => {
                inside::become_mapped(&plan.maps, gate)?;
                inside::set_up(plan)
            }
        }
    }
}

fn map_ids(uid_map: &str, gid_map: &str) -> Result<(), Errno> {
    put(c"/proc/self/setgroups", b"deny")?;
    put(c"/proc/self/uid_map", uid_map.as_bytes())?;
    put(c"/proc/self/gid_map", gid_map.as_bytes())
}

fn put(path: &CStr, bytes: &[u8]) -> Result<(), Errno> {
    write(sys::open(path, libc::O_WRONLY)?, bytes).map(drop)
}

fn set_up_least(floor: &Floor) -> Result<(), Failure> {
    sys::make_private(c"/").at(Step::Propagation)?;
    mount_new(c"tmpfs", c"/tmp").at(Step::Tmpfs)?;
    if floor.kinds.contains(Kind::Pid) {
        mount_new(c"proc", c"/proc").at(Step::Proc)?;
    }
    if floor.kinds.contains(Kind::Net) {
        sys::bring_up_loopback().at(Step::Loopback)?;
    }
    Ok(())
}

fn mount_new(kind: &CStr, target: &CStr) -> Result<(), Errno> {
    sys::mount(kind, target, 0, None)
}
