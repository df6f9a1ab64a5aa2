//! What `/proc/PID/mountinfo` gives away (proc_pid_mountinfo(5)). Pure functions over its text.

/// Where the kernel keeps an empty directory for a file system to be mounted on. Whatever is there
/// hides nothing, so it does not count when the kernel asks whether `/proc` or `/sys` is fully
/// visible (`mnt_already_visible` in its fs/namespace.c).
const MADE_FOR_MOUNTS: &[&str] = &[
    "/proc/fs/nfsd",
    "/proc/openprom",
    "/proc/sys/fs/binfmt_misc",
    "/proc/xen",
    "/sys/firmware/efi/efivars",
    "/sys/fs/bpf",
    "/sys/fs/cgroup",
    "/sys/fs/fuse/connections",
    "/sys/fs/pstore",
    "/sys/fs/resctrl",
    "/sys/fs/selinux",
    "/sys/fs/smackfs",
    "/sys/kernel/config",
    "/sys/kernel/debug",
    "/sys/kernel/security",
    "/sys/kernel/tracing",
];

/// What is mounted below `dir` and hides something.
pub(super) fn masks(mountinfo: &str, dir: &str) -> Vec<String> {
    let made_for_it = |point: &str| {
        MADE_FOR_MOUNTS
            .iter()
            .any(|made| is_at_or_below(point, made))
    };
    let points = mounts(mountinfo).map(|mount| mount.point);
    points
        .filter(|point| *point != dir && is_at_or_below(point, dir) && !made_for_it(point))
        .map(str::to_owned)
        .collect()
}

/// Whether something is mounted at `point`.
pub(super) fn is_mounted(mountinfo: &str, point: &str) -> bool {
    mounts(mountinfo).any(|mount| mount.point == point)
}

/// Whether the root of the process with this table is not the root of its mounts.
///
/// A table lists what its process can reach. A chroot into an ordinary directory leaves no mount
/// at `/`; one into a mount point does, but then somebody outside sees that mount elsewhere.
pub(super) fn is_chrooted(own: &str, of_others: impl IntoIterator<Item = String>) -> bool {
    if own.is_empty() {
        return false;
    }
    let Some(root) = root(own) else {
        return true;
    };
    let seen_elsewhere = |other: String| {
        let mut mounts = mounts(&other);
        mounts.any(|mount| mount.id == root && mount.point != "/")
    };
    of_others.into_iter().any(seen_elsewhere)
}

struct Mount<'a> {
    id: &'a str,
    point: &'a str,
}

fn mounts(mountinfo: &str) -> impl Iterator<Item = Mount<'_>> {
    mountinfo.lines().filter_map(|line| {
        let mut fields = line.split(' ');
        let (id, point) = (fields.next()?, fields.nth(3)?);
        Some(Mount { id, point })
    })
}

/// The mount at `/`; of several, the one that covers the others comes last.
fn root(mountinfo: &str) -> Option<&str> {
    let at_root = mounts(mountinfo).filter(|mount| mount.point == "/");
    at_root.last().map(|mount| mount.id)
}

fn is_at_or_below(point: &str, dir: &str) -> bool {
    let rest = point.strip_prefix(dir);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "\
22 27 0:21 / /proc rw,relatime - proc proc rw
23 27 0:22 / /sys rw,relatime - sysfs sysfs rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
28 22 0:30 / /proc/sys/fs/binfmt_misc rw - autofs systemd-1 rw
31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
32 23 0:29 / /sys/kernel/debug rw - debugfs debugfs rw
63 27 254:1 / /srv/chroot rw,relatime - ext4 /dev/vdb rw
";

    const DOCKER: &str = "\
900 800 0:50 / / rw - overlay overlay rw
901 900 0:51 / /proc rw - proc proc rw
902 901 0:51 /sys /proc/sys ro - proc proc rw
903 901 0:52 /null /proc/kcore rw - tmpfs tmpfs rw
904 900 0:53 / /sys ro - sysfs sysfs ro
905 904 0:54 / /sys/firmware ro - tmpfs tmpfs ro
906 904 0:55 / /sys/fs/cgroup ro - cgroup2 cgroup ro
";

    #[test]
    fn only_what_hides_something_is_a_mask() {
        assert!(masks(HOST, "/proc").is_empty());
        assert!(masks(HOST, "/sys").is_empty());
        assert_eq!(masks(DOCKER, "/proc"), ["/proc/sys", "/proc/kcore"]);
        assert_eq!(masks(DOCKER, "/sys"), ["/sys/firmware"]);
    }

    #[test]
    fn a_chroot_shows_by_what_is_mounted_at_its_root() {
        let outside = || [HOST.to_owned()];
        let at_a_mount = "63 27 254:1 / / rw,relatime - ext4 /dev/vdb rw\n";
        let at_a_directory = "22 27 0:21 / /proc rw,relatime - proc proc rw\n";
        assert!(is_chrooted(at_a_mount, outside()));
        assert!(is_chrooted(at_a_directory, outside()));
        assert!(!is_chrooted(HOST, outside()));
        assert!(!is_chrooted(DOCKER, outside()));
        assert!(!is_chrooted("", outside()), "unknown is not chrooted");
    }
}
