//! From a spec to a plan: everything that a sandbox needs, made ready before the clone, and beside
//! it a [`StartPlan`] for the program in it.
//!
//! What runs between clone and exec takes the plan as it is and allocates nothing, so each path
//! is a C string here, each file's contents are bytes, each directory to make is listed.

mod etc;
mod layers;
mod mounts;
mod start;

use std::ffi::CString;
use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;

pub(crate) use etc::EtcFile;
pub(crate) use layers::{Layer, Source};
pub(crate) use mounts::{DevicePlan, MountPlan, PrivateDir};
pub(crate) use start::{Launch, Privileges, StartPlan};

use crate::host::Host;
use crate::kind::{Kind, Kinds};
use crate::spec::{Identity, Spec};
use crate::step::{Failure, Step};

/// A sandbox, ready to be made.
pub(crate) struct Plan {
    pub(crate) kinds: Kinds,
    pub(crate) maps: IdMaps,
    pub(crate) mounts: MountPlan,
    pub(crate) hostname: Option<CString>,
    /// What goes into `timens_offsets`, where there is a time namespace.
    pub(crate) clocks: Option<Vec<u8>>,
    /// What goes into `ping_group_range`, where there is a network namespace.
    pub(crate) ping_groups: Option<Vec<u8>>,
    /// What the program may keep.
    pub(crate) privileges: Privileges,
}

/// How ids are mapped (user_namespaces(7)).
pub(crate) enum IdMaps {
    /// One id, which the new namespace's first process may map by itself.
    Own { uid: Vec<u8>, gid: Vec<u8> },
    /// Every id, which only a process outside may map.
    Root { uid: Vec<u8>, gid: Vec<u8> },
}

/// Why there is no plan: the request has something that cannot be handed to the kernel, a NUL
/// byte, or something could not be looked at.
#[derive(Debug)]
pub(crate) struct Unplannable(pub(crate) Failure);

impl From<std::ffi::NulError> for Unplannable {
    fn from(_: std::ffi::NulError) -> Unplannable {
        Unplannable(Failure {
            step: Step::Request,
            errno: Errno::EINVAL,
        })
    }
}

impl Plan {
    /// `program` are the paths without which the program cannot start.
    pub(crate) fn new(spec: &Spec, program: &[PathBuf], host: &Host) -> Result<Plan, Unplannable> {
        let maps = IdMaps::new(spec.identity, host);
        let hostname = spec.hostname.as_deref().unwrap_or(Spec::HOSTNAME);
        let real_root = matches!(maps, IdMaps::Root { .. });
        Ok(Plan {
            kinds: spec.kinds | Kinds::ALWAYS,
            mounts: MountPlan::new(spec, hostname, real_root, program, host)?,
            hostname: spec
                .has(Kind::Uts)
                .then(|| CString::new(hostname))
                .transpose()?,
            clocks: spec.has(Kind::Time).then(|| offsets(spec)),
            ping_groups: spec
                .has(Kind::Net)
                .then(|| maps.ping_groups(spec.identity, host)),
            privileges: maps.privileges(spec.identity),
            maps,
        })
    }

    /// The clone flags of the namespaces that exist from the first moment on. The time namespace
    /// is not among them: its offsets can be set only while nobody is in it (time_namespaces(7)).
    pub(crate) fn clone_flags(&self) -> u64 {
        (self.kinds - Kind::Time.into())
            .iter()
            .fold(0, |flags, kind| flags | kind.clone_flag())
    }
}

impl IdMaps {
    fn new(identity: Identity, host: &Host) -> IdMaps {
        if let Some(maps) = &host.root_maps {
            return IdMaps::Root {
                uid: maps.uid.clone(),
                gid: maps.gid.clone(),
            };
        }
        let (uid, gid) = ids_inside(identity, host);
        IdMaps::Own {
            uid: format!("{uid} {} 1", host.uid).into_bytes(),
            gid: format!("{gid} {} 1", host.gid).into_bytes(),
        }
    }

    fn privileges(&self, identity: Identity) -> Privileges {
        match (self, identity) {
            (IdMaps::Root { .. }, _) | (_, Identity::Root) => Privileges::Keep,
            (IdMaps::Own { .. }, Identity::Own) => Privileges::Drop,
        }
    }

    /// Only ids that are mapped may be written to `ping_group_range`: in a container without real
    /// root, or in another sandbox, they are few.
    fn ping_groups(&self, identity: Identity, host: &Host) -> Vec<u8> {
        let (lowest, highest) = match &host.root_maps {
            Some(maps) => maps.group_range,
            None => {
                let (_, gid) = ids_inside(identity, host);
                (gid, gid)
            }
        };
        format!("{lowest} {highest}").into_bytes()
    }
}

fn ids_inside(identity: Identity, host: &Host) -> (u32, u32) {
    match identity {
        Identity::Own => (host.uid, host.gid),
        Identity::Root => (0, 0),
    }
}

fn offsets(spec: &Spec) -> Vec<u8> {
    let line = |clock, offset: std::time::Duration| {
        format!("{clock} {} {}\n", offset.as_secs(), offset.subsec_nanos())
    };
    let monotonic = line("monotonic", spec.clocks.monotonic);
    (monotonic + &line("boottime", spec.clocks.boottime)).into_bytes()
}

/// Whether something is there that we may get at. Where that cannot be told nothing is planned:
/// on a guess, what is the host's might stay as it is, and the guess would be kept for later tests.
pub(crate) fn is_there(path: impl AsRef<Path>, step: Step) -> Result<bool, Unplannable> {
    Ok(look_at(path, step)?.is_some())
}

pub(crate) fn look_at(path: impl AsRef<Path>, step: Step) -> Result<Option<Metadata>, Unplannable> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) => match Failure::from_io(step, &error) {
            Failure {
                errno: Errno::ENOENT | Errno::ENOTDIR | Errno::EACCES | Errno::ELOOP,
                ..
            } => Ok(None),
            failure => Err(Unplannable(failure)),
        },
    }
}

fn c_paths(paths: &[PathBuf]) -> Result<Vec<CString>, Unplannable> {
    let mut c_strings = Vec::new();
    for path in paths {
        c_strings.push(c_path(path)?);
    }
    Ok(c_strings)
}

pub(crate) fn c_path(path: impl AsRef<Path>) -> Result<CString, Unplannable> {
    Ok(CString::new(path.as_ref().as_os_str().as_bytes())?)
}
