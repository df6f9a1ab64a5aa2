//! What lies on what: the host's own parts below the private directories, and parts of the
//! sandbox's own over what the host has.

use std::ffi::CString;
use std::fs;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use super::{Unplannable, c_path, c_paths, look_at};
use crate::host::{Cover, Host, Shape, with_targets};
use crate::kind::Kind;
use crate::spec::Spec;
use crate::step::{Failure, Step};

/// Where devices are.
pub(super) const DEVICES: &str = "/dev";

/// Whether real root is kept from the host's devices. Who shares all that lies in `/dev` gets it.
pub(super) fn devices_are_hidden(spec: &Spec, host: &Host) -> bool {
    let all = |path: &PathBuf| Path::new(DEVICES).starts_with(path);
    host.root_maps.is_some() && !spec.share.iter().any(all)
}

/// Something that is mounted at a path, after what it lies on.
pub(crate) struct Layer {
    pub(crate) path: CString,
    pub(crate) source: Source,
    /// What is mounted there, once it is held.
    pub(crate) tree: Option<OwnedFd>,
}

/// Where a layer comes from.
pub(crate) enum Source {
    /// From the same path of the host, held from before it is hidden.
    Host {
        /// The directories to make in what hides it, from the top down.
        parents: Vec<CString>,
        shape: Shape,
    },
    /// From an empty directory or file of this sandbox.
    Own { staged: CString, shape: Shape },
}

/// A layer that may turn out to be needless.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted {
    path: PathBuf,
    /// The host's sort first, so that at one and the same path they win.
    owner: Owner,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Host,
    Own(usize),
}

/// The layers of this sandbox, from the top down, none of them on its like.
pub(super) fn layers(
    spec: &Spec,
    program: &[PathBuf],
    host: &Host,
    stage: &Path,
) -> Result<Vec<Layer>, Unplannable> {
    let shared = with_targets(&spec.share);
    refuse_what_is_missing(&shared)?;
    let covers = covers(spec, &shared, host);
    let mut hosts = needed(spec, program, host);
    hosts.extend_from_slice(&shared);
    let mut wanted = Vec::new();
    for path in hosts {
        let owner = Owner::Host;
        wanted.push(Wanted { path, owner });
    }
    for (i, cover) in covers.iter().enumerate() {
        let (path, owner) = (cover.path.clone(), Owner::Own(i));
        wanted.push(Wanted { path, owner });
    }
    let mut layers = Vec::new();
    for wanted in stacked(wanted, spec, host) {
        layers.push(Layer::new(wanted, &covers, stage)?);
    }
    Ok(layers)
}

/// What of the host's is needed, wherever it lies.
fn needed(spec: &Spec, program: &[PathBuf], host: &Host) -> Vec<PathBuf> {
    let mut needed = with_targets(&spec.keep);
    needed.append(&mut with_targets(program));
    needed.extend_from_slice(&host.keep);
    // A working directory that is `/tmp` itself stays private.
    needed.retain(|path| !host.private_dirs.contains(path));
    needed
}

/// Here and not when it is to be held: it may be there for the next test, so that no plan without it
/// may outlive this one.
fn refuse_what_is_missing(shared: &[PathBuf]) -> Result<(), Unplannable> {
    for path in shared {
        let missing = |error| Unplannable(Failure::from_io(Step::Keep, &error));
        fs::metadata(path).map_err(missing)?;
    }
    Ok(())
}

/// What of the sandbox's own lies over the host's, unless that is shared by name.
fn covers(spec: &Spec, shared: &[PathBuf], host: &Host) -> Vec<Cover> {
    let mut covers = Vec::new();
    if spec.has(Kind::Net) {
        covers.extend_from_slice(&host.sockets);
    }
    covers.retain(|cover| !shared.iter().any(|path| cover.path.starts_with(path)));
    covers.extend(host.own_tmp.clone());
    covers
}

/// Leaves out what already belongs to the same owner there. Sorted, what lies above a path comes
/// before it, and the nearest of that last.
fn stacked(mut wanted: Vec<Wanted>, spec: &Spec, host: &Host) -> Vec<Wanted> {
    let devices_are_hidden = devices_are_hidden(spec, host);
    wanted.sort_unstable();
    wanted.dedup_by(|later, earlier| later.path == earlier.path);
    let mut layers: Vec<Wanted> = Vec::new();
    for layer in wanted {
        let above = layers
            .iter()
            .rev()
            .find(|above| layer.path.starts_with(&above.path));
        let is_own = match above {
            Some(above) => above.owner != Owner::Host,
            None => {
                let is_in = |dir: &Path| layer.path.starts_with(dir);
                // A socket in `/dev` can be reached, other than a device.
                let is_device = layer.owner == Owner::Host && is_in(Path::new(DEVICES));
                host.private_dirs.iter().any(|dir| is_in(dir)) || (devices_are_hidden && is_device)
            }
        };
        if is_own != (layer.owner != Owner::Host) {
            layers.push(layer);
        }
    }
    layers
}

impl Layer {
    fn new(wanted: Wanted, covers: &[Cover], stage: &Path) -> Result<Layer, Unplannable> {
        Ok(Layer {
            path: c_path(&wanted.path)?,
            source: match wanted.owner {
                Owner::Host => Source::host(&wanted.path)?,
                Owner::Own(i) => Source::own(covers[i].shape, i, stage)?,
            },
            tree: None,
        })
    }
}

impl Source {
    fn host(path: &Path) -> Result<Source, Unplannable> {
        Ok(Source::Host {
            parents: c_paths(&parents(path))?,
            shape: match look_at(path, Step::Keep)? {
                Some(found) if found.is_dir() => Shape::Dir { mode: 0o755 },
                _ => Shape::File,
            },
        })
    }

    /// One file does for all sockets: nobody can connect to it, and it has no contents.
    fn own(shape: Shape, number: usize, stage: &Path) -> Result<Source, Unplannable> {
        let staged = match shape {
            Shape::Dir { .. } => stage.join(format!("own{number}")),
            Shape::File => stage.join("no-socket"),
        };
        Ok(Source::Own {
            staged: c_path(staged)?,
            shape,
        })
    }
}

/// The directories above `path`, the root left out, from the top down.
pub(super) fn parents(path: &Path) -> Vec<PathBuf> {
    let mut above = Vec::new();
    let mut dir = path.parent();
    while let Some(parent) = dir {
        above.push(parent.to_owned());
        dir = parent.parent();
    }
    above.pop();
    above.reverse();
    above
}

#[cfg(test)]
mod tests;
