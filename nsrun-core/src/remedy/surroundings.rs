//! What is true of the place that a sandbox could not be made in: plain data.

use std::fmt;

use super::container::Container;
use crate::kind::{Kind, Kinds};

/// The facts that tell one cause of a failure from another. What could not be found out counts as
/// not being there.
#[derive(Clone, Debug, Default)]
pub(super) struct Surroundings {
    /// The kernel's version, major and minor.
    pub(super) kernel: (u32, u32),
    /// The effective user id.
    pub(super) uid: u32,
    /// Whether the effective ids have a meaning in this user namespace.
    pub(super) ids_mapped: bool,
    /// CAP_SETFCAP, without which nobody maps user 0 (user_namespaces(7)).
    pub(super) may_map_root: bool,
    /// `/proc/sys/user/max_*_namespaces`, in the order of [`Kind::ALL`].
    pub(super) limits: [Option<u64>; 8],
    /// The kinds that this kernel knows.
    pub(super) kinds: Kinds,
    /// `kernel.unprivileged_userns_clone = 0`, a switch of Debian's and Arch's kernels.
    pub(super) userns_switched_off: bool,
    /// `kernel.apparmor_restrict_unprivileged_userns = 1`, Ubuntu's default since 23.10.
    pub(super) apparmor_restricts: bool,
    /// The AppArmor profile that confines this process.
    pub(super) apparmor_profile: Option<String>,
    /// Whether SELinux enforces its policy.
    pub(super) selinux: bool,
    /// Whether a seccomp filter is in force.
    pub(super) seccomp: bool,
    /// What kind of container this is.
    pub(super) container: Option<Container>,
    pub(super) chrooted: bool,
    pub(super) proc_mounted: bool,
    /// What is mounted over parts of `/proc` that are not empty.
    pub(super) proc_masks: Vec<String>,
    /// The same for `/sys`.
    pub(super) sys_masks: Vec<String>,
    pub(super) tmp_exists: bool,
    /// RLIMIT_NPROC.
    pub(super) process_limit: Option<u64>,
    /// RLIMIT_NOFILE.
    pub(super) file_limit: Option<u64>,
    /// `pids.current` and `pids.max` of the cgroup.
    pub(super) pids: Option<(u64, u64)>,
}

/// The processes of one sandbox: server, init, test process.
const SANDBOX: u64 = 3;

impl Surroundings {
    /// The oldest kernel that has all that a sandbox is made with: mount_setattr(2) is the last to
    /// have come.
    pub(super) const OLDEST_KERNEL: (u32, u32) = (5, 12);

    /// Whether the kernel is known, and older than that.
    pub(super) fn is_too_old(&self) -> bool {
        self.kernel < Surroundings::OLDEST_KERNEL && self.kernel != (0, 0)
    }

    pub(super) fn limit(&self, kind: Kind) -> Option<u64> {
        self.limits[kind as usize]
    }

    /// The kinds of which there can be none, but for time: that one is made in a step of its own.
    pub(super) fn forbidden_kinds(&self) -> Kinds {
        let forbidden = |kind: &Kind| *kind != Kind::Time && self.limit(*kind) == Some(0);
        Kinds::ALL.iter().filter(forbidden).collect()
    }

    /// The kind of which there can be the fewest, and how many.
    pub(super) fn scarcest(&self) -> Option<(Kind, u64)> {
        let limited = |kind: Kind| self.limit(kind).map(|limit| (kind, limit));
        let kinds = Kinds::ALL.iter().filter_map(limited);
        kinds.min_by_key(|(_, limit)| *limit)
    }

    /// Whether the cgroup has no room for a process more.
    pub(super) fn is_full(&self) -> bool {
        self.pids
            .is_some_and(|(current, most)| current + SANDBOX > most)
    }

    pub(super) fn unknown_kinds(&self) -> Kinds {
        Kinds::ALL - self.kinds
    }
}

impl fmt::Display for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor) = self.kernel;
        write!(f, "Linux {major}.{minor}, user {}", self.uid)?;
        if let Some(container) = self.container {
            write!(f, ", in {container}")?;
        }
        if let Some(profile) = &self.apparmor_profile {
            write!(f, ", AppArmor profile {profile}")?;
        }
        let conditions = [
            (self.chrooted, "in a chroot"),
            (self.seccomp, "under a seccomp filter"),
            (self.selinux, "SELinux enforcing"),
            (!self.proc_masks.is_empty(), "parts of /proc masked"),
            (!self.sys_masks.is_empty(), "parts of /sys masked"),
        ];
        for (_, words) in conditions.iter().filter(|(holds, _)| *holds) {
            write!(f, ", {words}")?;
        }
        Ok(())
    }
}
