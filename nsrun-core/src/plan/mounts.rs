//! The mounts of a sandbox.

use std::ffi::CString;
use std::path::{Path, PathBuf};

use super::layers::{layers, parents};
use super::{EtcFile, Layer, Unplannable, c_path, etc, is_there};
use crate::host::Host;
use crate::kind::Kind;
use crate::spec::Spec;
use crate::step::Step;

/// What is mounted where. All private directories are parts of one tmpfs, so that there is one
/// file system to make and to free, and one limit for what they hold.
pub(crate) struct MountPlan {
    /// Where the tmpfs is mounted first: on `/tmp`.
    pub(crate) stage: CString,
    pub(crate) tmpfs_options: CString,
    pub(crate) private_dirs: Vec<PrivateDir>,
    /// Directories to make in the private ones, with their modes.
    pub(crate) make_dirs: Vec<(CString, u32)>,
    pub(crate) etc: Vec<EtcFile>,
    pub(crate) layers: Vec<Layer>,
    pub(crate) proc: bool,
    pub(crate) sys: bool,
    /// Where a `/proc` is kept as it is, if parts of the visible one are made read-only.
    pub(crate) spare_proc: Option<CString>,
    /// Files and directories of `/proc` to make read-only.
    pub(crate) readonly: Vec<CString>,
    /// The part of `/proc/sys` that belongs to the sandbox, to be left writable.
    pub(crate) own_settings: Option<CString>,
}

/// A directory that each sandbox has of its own.
pub(crate) struct PrivateDir {
    pub(crate) target: CString,
    /// The part of the tmpfs that covers it.
    pub(crate) staged: CString,
}

impl MountPlan {
    pub(super) fn new(
        spec: &Spec,
        hostname: &str,
        real_root: bool,
        program: &[PathBuf],
        host: &Host,
    ) -> Result<MountPlan, Unplannable> {
        let stage = Path::new("/tmp");
        let layers = layers(spec, program, host, stage)?;
        let guard = if real_root {
            existing(ROOT_WRITABLE)?
        } else {
            Vec::new()
        };
        Ok(MountPlan {
            stage: c_path(stage)?,
            tmpfs_options: CString::new(format!("mode=0755,size={}", spec.tmp_size))?,
            private_dirs: private_dirs(stage, host)?,
            make_dirs: made_dirs(&host.make_dirs)?,
            etc: etc::files(spec, hostname, host, stage, &layers)?,
            layers,
            proc: spec.has(Kind::Pid),
            sys: spec.has(Kind::Net) && is_there("/sys/class/net", Step::Sys)?,
            own_settings: (!guard.is_empty() && spec.has(Kind::Net))
                .then(|| c_path("/proc/sys/net"))
                .transpose()?,
            spare_proc: (!guard.is_empty())
                .then(|| c_path(stage.join("proc")))
                .transpose()?,
            readonly: guard,
        })
    }
}

/// What user 0 may write by being user 0, without a capability (proc_sys(5) and the like): with a
/// map of 0 to 0 these are the host's own settings.
const ROOT_WRITABLE: &[&str] = &[
    "/proc/sys",
    "/proc/sysrq-trigger",
    "/proc/irq",
    "/proc/bus",
    "/proc/fs",
    "/proc/acpi",
];

fn existing(paths: &[&str]) -> Result<Vec<CString>, Unplannable> {
    let mut existing = Vec::new();
    for path in paths {
        if is_there(path, Step::ReadOnly)? {
            existing.push(c_path(path)?);
        }
    }
    Ok(existing)
}

fn private_dirs(stage: &Path, host: &Host) -> Result<Vec<PrivateDir>, Unplannable> {
    let numbered = host.private_dirs.iter().enumerate();
    numbered
        .map(|(i, dir)| {
            Ok(PrivateDir {
                target: c_path(dir)?,
                staged: c_path(stage.join(format!("dir{i}")))?,
            })
        })
        .collect()
}

/// Those above are made in passing, as `mkdir -p` would.
fn made_dirs(dirs: &[(PathBuf, u32)]) -> Result<Vec<(CString, u32)>, Unplannable> {
    let above = |dir: &PathBuf| parents(dir).into_iter().map(|dir| (dir, 0o755));
    dirs.iter()
        .flat_map(|(dir, mode)| above(dir).chain([(dir.clone(), *mode)]))
        .map(|(dir, mode)| Ok((c_path(dir)?, mode)))
        .collect()
}
