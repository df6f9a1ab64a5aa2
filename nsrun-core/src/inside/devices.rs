//! `/dev`, where it is shown to the host's root.
//!
//! A device's file says who may use it, and user 0 of a sandbox that real root has started is the
//! owner of most: disks, consoles, input, watchdogs. That has nothing to do with capabilities, so
//! nothing but the mount stands in the way of it (MS_NODEV of mount(2)).

use std::ffi::CStr;
use std::os::fd::{AsFd, OwnedFd};

use nix::errno::Errno;

use crate::plan::DevicePlan;
use crate::sys;

/// What anybody may use on most systems, and changes nothing of the host.
const USUAL: [&CStr; 9] = [
    c"/dev/null",
    c"/dev/zero",
    c"/dev/full",
    c"/dev/random",
    c"/dev/urandom",
    c"/dev/tty",
    c"/dev/fuse",
    c"/dev/kvm",
    c"/dev/net/tun",
];

/// Leaves the names as they are, and makes only the usual devices usable.
pub(super) fn restrict(plan: &DevicePlan) -> Result<(), Errno> {
    let mut usual = [const { None }; USUAL.len()];
    for (held, path) in usual.iter_mut().zip(USUAL) {
        *held = hold(path)?;
    }
    let all = sys::clone_tree(c"/dev")?;
    sys::make_inert(all.as_fd())?;
    sys::attach(all.as_fd(), c"/dev")?;
    for (held, path) in usual.iter().zip(USUAL) {
        if let Some(device) = held {
            sys::attach(device.as_fd(), path)?;
        }
    }
    if plan.terminals {
        mount_terminals()?;
    }
    Ok(())
}

fn hold(path: &CStr) -> Result<Option<OwnedFd>, Errno> {
    match sys::clone_tree(path) {
        Ok(device) => Ok(Some(device)),
        Err(Errno::ENOENT) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// Terminals of the sandbox's own: root may write to the host's. The kernel looks for them beside
/// the `ptmx` that is opened, and there are none beside one that is mounted alone, so it has to be
/// theirs (devpts_mntget() of the kernel; pts(4)).
fn mount_terminals() -> Result<(), Errno> {
    let flags = libc::MS_NOSUID | libc::MS_NOEXEC;
    let options = Some(c"newinstance,ptmxmode=0666,mode=0620");
    sys::mount(c"devpts", c"/dev/pts", flags, options)?;
    match hold(c"/dev/pts/ptmx")? {
        Some(ptmx) => sys::attach(ptmx.as_fd(), c"/dev/ptmx"),
        None => Ok(()),
    }
}
