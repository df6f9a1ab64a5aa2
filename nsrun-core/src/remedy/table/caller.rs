//! Who we are, and where: ids, capabilities, a chroot.

use nix::errno::Errno::EPERM;

use super::row::{Row, Words};
use crate::step::Step;

pub(super) static ROWS: &[Row] = &[
    Row {
        steps: &[Step::Namespaces],
        errnos: &[EPERM],
        when: |here| !here.ids_mapped,
        cause: "this process's user or group id has no meaning in the user namespace that it is in",
        mend: Words::Do("run as a user that /proc/self/uid_map and gid_map list"),
    },
    Row {
        steps: &[Step::IdMaps],
        errnos: &[EPERM],
        when: |here| here.uid == 0 && !here.may_map_root,
        cause: "root without the capability CAP_SETFCAP cannot map its own id",
        mend: Words::Do(
            "run as an ordinary user, or grant the capability: `docker run --cap-add SETFCAP …`",
        ),
    },
    Row {
        steps: &[Step::Namespaces],
        errnos: &[EPERM],
        when: |here| here.chrooted,
        cause: "the kernel makes no user namespaces for a process in a chroot",
        mend: Words::Run(
            "sudo unshare --mount sh -c 'mount --rbind DIR DIR && cd DIR && pivot_root . . && \
             umount -l . && exec sh'",
        ),
    },
    Row {
        steps: &[Step::Namespaces],
        errnos: &[EPERM],
        when: |here| here.userns_switched_off,
        cause: "user namespaces are switched off for all but root: \
                kernel.unprivileged_userns_clone is 0",
        mend: Words::Run("sudo sysctl -w kernel.unprivileged_userns_clone=1"),
    },
];
