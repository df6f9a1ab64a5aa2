//! The gate behind which a new process waits until its ids are mapped, where it cannot do so itself.

use std::ffi::CString;
use std::os::fd::OwnedFd;

use nix::errno::Errno;
use nix::unistd::write;

use crate::inside;
use crate::plan::IdMaps;
use crate::step::{At, Failure, Step};
use crate::sys;

/// The pipe that it waits on, and what opens it.
pub(crate) fn closed(maps: &IdMaps) -> Result<(Option<OwnedFd>, Option<OwnedFd>), Failure> {
    match maps {
        IdMaps::Root { .. } => {
            let (gate, opener) = sys::pipe().at(Step::IdMaps)?;
            Ok((Some(gate), Some(opener)))
        }
        IdMaps::Own { .. } => Ok((None, None)),
    }
}

/// Maps the ids of the process `pid`, and lets it go on.
pub(crate) fn open(pid: libc::pid_t, maps: &IdMaps, opener: Option<OwnedFd>) -> Result<(), Errno> {
    let (IdMaps::Root { uid, gid }, Some(opener)) = (maps, opener) else {
        return Ok(());
    };
    let path = |file| CString::new(format!("/proc/{pid}/{file}")).map_err(|_| Errno::EINVAL);
    inside::write_maps(&path("uid_map")?, &path("gid_map")?, uid, gid)?;
    write(opener, &[1]).map(drop)
}
