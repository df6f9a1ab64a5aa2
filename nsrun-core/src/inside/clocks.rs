//! The time namespace (time_namespaces(7)).

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sched::{CloneFlags, setns, unshare};
use nix::sys::stat::Mode;

use super::file;
use crate::kind::Kind;
use crate::patience::patiently;
use crate::plan::Plan;
use crate::step::{At, Failure, Step};

pub(super) fn set_up(plan: &Plan) -> Result<(), Failure> {
    match &plan.clocks {
        Some(offsets) => enter(offsets).at(Step::Clocks),
        None => Ok(()),
    }
}

/// unshare(2) makes the namespace for children only; its offsets can be written as long as nobody
/// is in it. Then init moves in itself, so that what is attested of it holds for the test.
fn enter(offsets: &[u8]) -> Result<(), Errno> {
    let time = CloneFlags::from_bits_retain(Kind::Time.clone_flag() as i32);
    patiently(|| unshare(time))?;
    file::write_all(c"/proc/self/timens_offsets", offsets)?;
    let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC;
    setns(
        open(c"/proc/self/ns/time_for_children", flags, Mode::empty())?,
        time,
    )
}
