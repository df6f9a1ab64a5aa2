//! User and group ids (user_namespaces(7)).

use std::ffi::CStr;
use std::os::fd::{AsFd, OwnedFd};

use nix::errno::Errno;
use nix::unistd::read;

use super::file;
use crate::plan::IdMaps;
use crate::step::{At, Failure, Step};

/// Returns when the ids of this process are mapped.
pub(crate) fn become_mapped(maps: &IdMaps, gate: Option<&OwnedFd>) -> Result<(), Failure> {
    match (maps, gate) {
        (IdMaps::Own { uid, gid }, _) => map_own(uid, gid),
        (IdMaps::Root { .. }, Some(gate)) => pass(gate),
        (IdMaps::Root { .. }, None) => Err(Errno::EINVAL),
    }
    .at(Step::IdMaps)
}

/// A process without privileges may map its own id, and must give up setgroups(2) first.
fn map_own(uid: &[u8], gid: &[u8]) -> Result<(), Errno> {
    file::write_all(c"/proc/self/setgroups", b"deny")?;
    file::write_all(c"/proc/self/uid_map", uid)?;
    file::write_all(c"/proc/self/gid_map", gid)
}

/// Waits until the server has written the maps. End-of-file means that it could not, and has
/// said so itself.
fn pass(gate: &OwnedFd) -> Result<(), Errno> {
    let mut byte = [0];
    match read(gate.as_fd(), &mut byte)? {
        0 => Err(Errno::EPERM),
        _ => Ok(()),
    }
}

/// Writes the maps of another process, from outside, which real root may.
pub(crate) fn write_maps(
    uid_map: &CStr,
    gid_map: &CStr,
    uid: &[u8],
    gid: &[u8],
) -> Result<(), Errno> {
    file::write_all(uid_map, uid)?;
    file::write_all(gid_map, gid)
}
