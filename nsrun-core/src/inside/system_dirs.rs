//! `/proc` and `/sys`, which show the namespaces of whoever mounted them.

use std::ffi::CStr;
use std::os::fd::{AsFd, OwnedFd};

use nix::errno::Errno;

use crate::plan::MountPlan;
use crate::step::{At, Failure, Step};
use crate::sys;

pub(super) fn set_up(plan: &MountPlan) -> Result<(), Failure> {
    if plan.proc {
        mount_system(c"proc", c"/proc", 0).at(Step::Proc)?;
    }
    if let Some(spare) = &plan.spare_proc {
        keep_spare_proc(spare).at(Step::Proc)?;
    }
    protect_settings(plan).at(Step::ReadOnly)?;
    if plan.sys {
        mount_sys().at(Step::Sys)?;
    }
    Ok(())
}

fn mount_system(kind: &CStr, target: &CStr, more: libc::c_ulong) -> Result<(), Errno> {
    let flags = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC | more;
    sys::mount(kind, target, flags, None)
}

/// A `/proc` on which nothing is mounted, kept where the stage will be covered: only where there is
/// one may a sandbox within this one mount its own (mount_too_revealing() of the kernel).
fn keep_spare_proc(spare: &CStr) -> Result<(), Errno> {
    sys::make_dir(spare, 0o555)?;
    sys::attach(sys::clone_tree(c"/proc")?.as_fd(), spare)
}

/// Makes the host's settings read-only, and leaves the sandbox's own as they are.
fn protect_settings(plan: &MountPlan) -> Result<(), Errno> {
    let own = plan
        .own_settings
        .as_deref()
        .map(sys::clone_tree)
        .transpose()?;
    for path in &plan.readonly {
        let tree = sys::clone_tree(path)?;
        sys::make_readonly(tree.as_fd())?;
        sys::attach(tree.as_fd(), path)?;
    }
    match (own, plan.own_settings.as_deref()) {
        (Some(tree), Some(path)) => sys::attach(tree.as_fd(), path),
        _ => Ok(()),
    }
}

/// The new `/sys` is read-only, which costs nothing: nobody but the host's root may write there.
/// The cgroup tree is brought back, since programs read their limits from it.
fn mount_sys() -> Result<(), Errno> {
    let cgroups = cgroup_tree()?;
    mount_system(c"sysfs", c"/sys", libc::MS_RDONLY)?;
    match cgroups {
        Some(tree) => sys::attach(tree.as_fd(), c"/sys/fs/cgroup"),
        None => Ok(()),
    }
}

fn cgroup_tree() -> Result<Option<OwnedFd>, Errno> {
    match sys::clone_tree(c"/sys/fs/cgroup") {
        Ok(tree) => sys::make_readonly(tree.as_fd()).map(|()| Some(tree)),
        Err(Errno::ENOENT) => Ok(None),
        Err(errno) => Err(errno),
    }
}
