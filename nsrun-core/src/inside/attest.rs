//! What the test process says of the place it is in, right before the program starts.

use std::ffi::CStr;
use std::os::fd::AsFd;

use nix::errno::Errno;

use crate::kind::{Kind, Kinds};
use crate::sys;
use crate::wire::Facts;

/// The facts of this process's namespaces, of the kinds given.
pub(super) fn facts(kinds: Kinds) -> Result<Facts, Errno> {
    let mut facts = Facts {
        pid: sys::current_pid()?,
        ..Facts::default()
    };
    let own = sys::own_pidfd()?;
    for (kind, inode) in Kind::ALL.into_iter().zip(&mut facts.inodes) {
        if kinds.contains(kind) {
            let asked = sys::namespace_inode(own.as_fd(), kind);
            *inode = asked.or_else(|_| Ok(sys::look_at(link(kind))?.st_ino))?;
        }
    }
    if kinds.contains(Kind::Net) {
        facts.loopback = sys::loopback_flags()?;
    }
    facts.tmp_device = sys::look_at(c"/tmp")?.st_dev;
    Ok(facts)
}

/// For kernels before 6.11. A constant for each kind, since nothing here may put a path together.
fn link(kind: Kind) -> &'static CStr {
    match kind {
        Kind::User => c"/proc/self/ns/user",
        Kind::Mount => c"/proc/self/ns/mnt",
        Kind::Net => c"/proc/self/ns/net",
        Kind::Pid => c"/proc/self/ns/pid",
        Kind::Uts => c"/proc/self/ns/uts",
        Kind::Ipc => c"/proc/self/ns/ipc",
        Kind::Cgroup => c"/proc/self/ns/cgroup",
        Kind::Time => c"/proc/self/ns/time",
    }
}
