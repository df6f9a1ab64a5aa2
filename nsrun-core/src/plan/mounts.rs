//! The mounts of a sandbox.

use std::ffi::CString;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use super::{EtcFile, Unplannable, c_path, etc};
use crate::host::{Host, is_below, with_target};
use crate::kind::Kind;
use crate::spec::Spec;

/// What is mounted where. All private directories are parts of one tmpfs, so that there is one
/// file system to make and to free, and one limit for what they hold.
pub(crate) struct MountPlan {
    /// Where the tmpfs is mounted first: on `/tmp`.
    pub(crate) stage: CString,
    pub(crate) tmpfs_options: CString,
    pub(crate) private_dirs: Vec<PrivateDir>,
    pub(crate) make_dirs: Vec<CString>,
    pub(crate) etc: Vec<EtcFile>,
    pub(crate) kept: Vec<Kept>,
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

/// A path of the host that stays visible below a private directory.
pub(crate) struct Kept {
    pub(crate) path: CString,
    /// The directories to make in the private directory, from the top down.
    pub(crate) parents: Vec<CString>,
    pub(crate) is_dir: bool,
    /// The host's mount, held from before the private directory covers it.
    pub(crate) tree: Option<OwnedFd>,
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
            etc: etc::files(spec, hostname, host, stage)?,
            kept: kept(spec, program, host)?,
            proc: spec.has(Kind::Pid),
            sys: spec.has(Kind::Net) && Path::new("/sys/class/net").exists(),
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
    paths
        .iter()
        .filter(|path| Path::new(path).exists())
        .map(c_path)
        .collect()
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

fn made_dirs(dirs: &[PathBuf]) -> Result<Vec<CString>, Unplannable> {
    dirs.iter()
        .flat_map(|dir| parents(dir).into_iter().chain([dir.clone()]))
        .map(c_path)
        .collect()
}

/// The paths to keep, none of them below another.
fn kept(spec: &Spec, program: &[PathBuf], host: &Host) -> Result<Vec<Kept>, Unplannable> {
    let asked = spec.keep.iter().chain(program).flat_map(with_target);
    let asked = asked.filter(|path| is_below(path, &host.private_dirs));
    let mut paths: Vec<PathBuf> = host.keep.iter().cloned().chain(asked).collect();
    paths.sort();
    paths.dedup_by(|later, earlier| later.starts_with(earlier));
    paths.iter().map(|path| Kept::new(path)).collect()
}

impl Kept {
    fn new(path: &Path) -> Result<Kept, Unplannable> {
        Ok(Kept {
            path: c_path(path)?,
            parents: parents(path).iter().map(c_path).collect::<Result<_, _>>()?,
            is_dir: path.is_dir(),
            tree: None,
        })
    }
}

/// The directories above `path`, the root left out, from the top down.
fn parents(path: &Path) -> Vec<PathBuf> {
    let mut above: Vec<PathBuf> = path.ancestors().skip(1).map(Path::to_owned).collect();
    above.pop();
    above.reverse();
    above
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_is_kept_with_what_it_leads_to() {
        let dir = std::env::temp_dir().join(format!("nsrun-kept-{}", std::process::id()));
        let (workspace, builds) = (dir.join("workspace"), dir.join("builds"));
        fs::create_dir_all(&workspace).unwrap();
        fs::create_dir_all(&builds).unwrap();
        symlink(&builds, workspace.join("target")).unwrap();

        let mut host = Host::look();
        host.private_dirs = vec![dir.canonicalize().unwrap()];
        host.keep.clear();
        let spec = Spec {
            keep: vec![workspace.clone(), workspace.join("target")],
            ..Spec::default()
        };
        let kept = kept(&spec, &[], &host).unwrap();
        fs::remove_dir_all(&dir).unwrap();

        let paths: Vec<_> = kept.into_iter().map(|kept| kept.path).collect();
        assert_eq!(
            paths,
            [&builds, &workspace].map(|path| c_path(path).unwrap())
        );
    }
}
