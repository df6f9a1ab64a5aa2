//! The mounts of a sandbox.

use std::ffi::CString;
use std::path::{Path, PathBuf};

use super::layers::{DEVICES, devices_are_hidden, layers, parents};
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
    /// Files and directories of `/proc` to make read-only, and `/sys` where it is the host's.
    pub(crate) readonly: Vec<CString>,
    /// What is done about the host's devices, where they would be open to real root.
    pub(crate) devices: Option<DevicePlan>,
    /// The part of `/proc/sys` that belongs to the sandbox, to be left writable.
    pub(crate) own_settings: Option<CString>,
}

/// Only the usual devices are usable.
pub(crate) struct DevicePlan {
    /// Whether there are terminals, of which the sandbox then has its own.
    pub(crate) terminals: bool,
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
        let sys = spec.has(Kind::Net) && is_there("/sys/class/net", Step::Sys)?;
        let guard = if real_root {
            root_writable(sys)?
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
            sys,
            own_settings: (!guard.is_empty() && spec.has(Kind::Net))
                .then(|| c_path("/proc/sys/net"))
                .transpose()?,
            spare_proc: (!guard.is_empty())
                .then(|| c_path(stage.join("proc")))
                .transpose()?,
            devices: DevicePlan::new(spec, host)?,
            readonly: guard,
        })
    }
}

impl DevicePlan {
    fn new(spec: &Spec, host: &Host) -> Result<Option<DevicePlan>, Unplannable> {
        if !devices_are_hidden(spec, host) || !is_there(DEVICES, Step::Devices)? {
            return Ok(None);
        }
        Ok(Some(DevicePlan {
            terminals: is_there("/dev/pts/ptmx", Step::Devices)?,
        }))
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
    "/proc/asound",
    "/proc/driver",
    "/proc/dynamic_debug",
    "/proc/latency_stats",
    "/proc/scsi",
];

/// Those that there are, and the host's `/sys`; one of the sandbox's own is read-only from the
/// beginning.
fn root_writable(own_sys: bool) -> Result<Vec<CString>, Unplannable> {
    let hosts_sys: &[&str] = if own_sys { &[] } else { &["/sys"] };
    let mut existing = Vec::new();
    for path in [ROOT_WRITABLE, hosts_sys].concat() {
        if is_there(path, Step::ReadOnly)? {
            existing.push(c_path(path)?);
        }
    }
    Ok(existing)
}

fn private_dirs(stage: &Path, host: &Host) -> Result<Vec<PrivateDir>, Unplannable> {
    let mut private = Vec::new();
    for (i, dir) in host.private_dirs.iter().enumerate() {
        private.push(PrivateDir {
            target: c_path(dir)?,
            staged: c_path(stage.join(format!("dir{i}")))?,
        });
    }
    Ok(private)
}

/// Those above are made in passing, as `mkdir -p` would.
fn made_dirs(dirs: &[(PathBuf, u32)]) -> Result<Vec<(CString, u32)>, Unplannable> {
    let mut made = Vec::new();
    for (dir, mode) in dirs {
        for above in parents(dir) {
            made.push((c_path(above)?, 0o755));
        }
        made.push((c_path(dir)?, *mode));
    }
    Ok(made)
}
