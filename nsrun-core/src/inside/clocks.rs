//! The time namespace (time_namespaces(7)).

use std::os::fd::AsFd;

use nix::errno::Errno;

use super::file;
use crate::kind::Kind;
use crate::patience::patiently;
use crate::plan::Plan;
use crate::step::{At, Failure, Step};
use crate::sys;

pub(super) fn set_up(plan: &Plan) -> Result<(), Failure> {
    match &plan.clocks {
        Some(offsets) => enter(offsets).at(Step::Clocks),
        None => Ok(()),
    }
}

/// unshare(2) makes the namespace for children only; its offsets can be written as long as nobody
/// is in it. Then init moves in itself, so that what is attested of it holds for the test.
fn enter(offsets: &[u8]) -> Result<(), Errno> {
    patiently(|| sys::unshare(Kind::Time))?;
    file::write_all(c"/proc/self/timens_offsets", offsets)?;
    let namespace = sys::open(c"/proc/self/ns/time_for_children", libc::O_RDONLY)?;
    sys::enter(namespace.as_fd(), Kind::Time)
}
