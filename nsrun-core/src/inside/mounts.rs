//! The private directories, and what stays visible in them (mount_namespaces(7)).

use std::ffi::CStr;
use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use nix::sys::stat::Mode;
use nix::unistd::mkdir;

use super::file;
use crate::plan::{Kept, MountPlan, PrivateDir};
use crate::step::{At, Failure, Step};
use crate::sys;

/// Makes the tmpfs, on which all that is the sandbox's own is put together; it hides `/tmp` from
/// here on.
pub(super) fn stage(plan: &mut MountPlan) -> Result<(), Failure> {
    cut_propagation().at(Step::Propagation)?;
    hold_kept(&mut plan.kept).at(Step::Keep)?;
    mount_tmpfs(plan).at(Step::Tmpfs)?;
    place_etc_files(plan).at(Step::EtcFiles)
}

/// Puts the private directories in their places, the last of them over the stage.
pub(super) fn cover(plan: &MountPlan) -> Result<(), Failure> {
    cover_private_dirs(&plan.private_dirs).at(Step::PrivateDirs)?;
    make_dirs(plan).at(Step::PrivateDirs)?;
    bring_back_kept(&plan.kept).at(Step::Keep)
}

/// Nothing mounted here shows outside, and nothing mounted outside from now on shows here.
fn cut_propagation() -> Result<(), Errno> {
    let none: Option<&CStr> = None;
    mount(
        none,
        c"/",
        none,
        MsFlags::MS_REC | MsFlags::MS_PRIVATE,
        none,
    )
}

fn hold_kept(kept: &mut [Kept]) -> Result<(), Errno> {
    for kept in kept {
        kept.tree = Some(sys::clone_tree(&kept.path)?);
    }
    Ok(())
}

fn mount_tmpfs(plan: &MountPlan) -> Result<(), Errno> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    let options = Some(plan.tmpfs_options.as_c_str());
    mount(
        Some(c"tmpfs"),
        plan.stage.as_c_str(),
        Some(c"tmpfs"),
        flags,
        options,
    )?;
    for dir in &plan.private_dirs {
        mkdir(dir.staged.as_c_str(), Mode::from_bits_truncate(0o1777))?;
    }
    Ok(())
}

fn place_etc_files(plan: &MountPlan) -> Result<(), Errno> {
    for etc in &plan.etc {
        file::create(&etc.staged, &etc.contents)?;
        bind(&etc.staged, &etc.target)?;
    }
    Ok(())
}

/// The first directory is the one that the tmpfs is staged on, so it is covered last.
fn cover_private_dirs(dirs: &[PrivateDir]) -> Result<(), Errno> {
    for dir in dirs.iter().rev() {
        bind(&dir.staged, &dir.target)?;
    }
    Ok(())
}

fn make_dirs(plan: &MountPlan) -> Result<(), Errno> {
    for dir in &plan.make_dirs {
        make_dir(dir, 0o1777)?;
    }
    Ok(())
}

fn bring_back_kept(kept: &[Kept]) -> Result<(), Errno> {
    for kept in kept {
        for parent in &kept.parents {
            make_dir(parent, 0o755)?;
        }
        if kept.is_dir {
            make_dir(&kept.path, 0o755)?;
        } else {
            file::create(&kept.path, b"")?;
        }
        if let Some(tree) = &kept.tree {
            sys::attach(tree.as_fd(), &kept.path)?;
        }
    }
    Ok(())
}

fn make_dir(path: &CStr, mode: u32) -> Result<(), Errno> {
    match mkdir(path, Mode::from_bits_truncate(mode)) {
        Ok(()) | Err(Errno::EEXIST) => Ok(()),
        Err(errno) => Err(errno),
    }
}

/// Shows `source` at `target` as well.
fn bind(source: &CStr, target: &CStr) -> Result<(), Errno> {
    sys::attach(sys::clone_tree(source)?.as_fd(), target)
}
