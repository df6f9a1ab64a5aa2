//! The private directories, and the layers of the host's and of the sandbox's own over them
//! (mount_namespaces(7)).

use std::ffi::{CStr, CString};
use std::os::fd::AsFd;

use nix::errno::Errno;

use super::file;
use crate::host::Shape;
use crate::plan::{EtcFile, Layer, MountPlan, PrivateDir, Source};
use crate::step::{At, Failure, Step};
use crate::sys;

/// Makes the tmpfs, on which all that is the sandbox's own is put together; it hides `/tmp` from
/// here on.
pub(super) fn stage(plan: &mut MountPlan) -> Result<(), Failure> {
    sys::make_private(c"/").at(Step::Propagation)?;
    hold_hosts(&mut plan.layers).at(Step::Keep)?;
    mount_tmpfs(plan).at(Step::Tmpfs)?;
    hold_own(&mut plan.layers).at(Step::PrivateDirs)?;
    place_etc_files(plan).at(Step::EtcFiles)
}

/// Puts the private directories in their places, the last of them over the stage.
pub(super) fn cover(plan: &MountPlan) -> Result<(), Failure> {
    cover_private_dirs(&plan.private_dirs).at(Step::PrivateDirs)?;
    make_dirs(plan).at(Step::PrivateDirs)?;
    lay(&plan.layers)
}

/// Before anything is hidden.
fn hold_hosts(layers: &mut [Layer]) -> Result<(), Errno> {
    for layer in layers {
        if let Source::Host { .. } = layer.source {
            layer.tree = Some(sys::clone_tree(&layer.path)?);
        }
    }
    Ok(())
}

/// While the stage can be seen.
fn hold_own(layers: &mut [Layer]) -> Result<(), Errno> {
    for layer in layers {
        if let Source::Own { staged, shape } = &layer.source {
            make(staged, *shape)?;
            layer.tree = Some(sys::clone_tree(staged)?);
        }
    }
    Ok(())
}

fn mount_tmpfs(plan: &MountPlan) -> Result<(), Errno> {
    let flags = libc::MS_NOSUID | libc::MS_NODEV;
    sys::mount(c"tmpfs", &plan.stage, flags, Some(&plan.tmpfs_options))?;
    for dir in &plan.private_dirs {
        sys::make_dir(&dir.staged, 0o1777)?;
    }
    Ok(())
}

fn place_etc_files(plan: &MountPlan) -> Result<(), Errno> {
    for etc in &plan.etc {
        place_etc_file(etc)?;
    }
    Ok(())
}

fn place_etc_file(etc: &EtcFile) -> Result<(), Errno> {
    make_parents(&etc.parents)?;
    file::create(&etc.staged, &etc.contents)?;
    match &etc.target {
        Some(target) => bind(&etc.staged, target),
        None => Ok(()),
    }
}

/// The first directory is the one that the tmpfs is staged on, so it is covered last.
fn cover_private_dirs(dirs: &[PrivateDir]) -> Result<(), Errno> {
    for dir in dirs.iter().rev() {
        bind(&dir.staged, &dir.target)?;
    }
    Ok(())
}

fn make_dirs(plan: &MountPlan) -> Result<(), Errno> {
    for (dir, mode) in &plan.make_dirs {
        make_dir(dir, *mode)?;
    }
    Ok(())
}

fn lay(layers: &[Layer]) -> Result<(), Failure> {
    for layer in layers {
        match &layer.source {
            Source::Host { parents, shape } => bring_back(layer, parents, *shape).at(Step::Keep)?,
            Source::Own { .. } => hide(layer).at(Step::PrivateDirs)?,
        }
    }
    Ok(())
}

fn bring_back(layer: &Layer, parents: &[CString], shape: Shape) -> Result<(), Errno> {
    make_parents(parents)?;
    make(&layer.path, shape)?;
    attach(layer)
}

/// What has gone since the server looked need not be hidden; what listened there is gone as well.
fn hide(layer: &Layer) -> Result<(), Errno> {
    match attach(layer) {
        Err(Errno::ENOENT) => Ok(()),
        done => done,
    }
}

fn attach(layer: &Layer) -> Result<(), Errno> {
    match &layer.tree {
        Some(tree) => sys::attach(tree.as_fd(), &layer.path),
        None => Ok(()),
    }
}

fn make(path: &CStr, shape: Shape) -> Result<(), Errno> {
    match shape {
        Shape::Dir { mode } => make_dir(path, mode),
        Shape::File => file::make(path),
    }
}

fn make_parents(parents: &[CString]) -> Result<(), Errno> {
    for parent in parents {
        make_dir(parent, 0o755)?;
    }
    Ok(())
}

fn make_dir(path: &CStr, mode: u32) -> Result<(), Errno> {
    match sys::make_dir(path, mode) {
        Ok(()) | Err(Errno::EEXIST) => Ok(()),
        Err(errno) => Err(errno),
    }
}

/// Shows `source` at `target` as well.
fn bind(source: &CStr, target: &CStr) -> Result<(), Errno> {
    sys::attach(sys::clone_tree(source)?.as_fd(), target)
}
