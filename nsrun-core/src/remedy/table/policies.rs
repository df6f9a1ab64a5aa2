//! Filters and policies, and what is left where none is seen.

use nix::errno::Errno::{EACCES, ENOSYS, EPERM};

use super::row::{FORBIDDEN, Row, Words, anywhere};
use super::steps::{INSIDE, MOUNTING, SET_UP};
use crate::step::Step;

pub(super) static ROWS: &[Row] = &[
    Row {
        steps: MOUNTING,
        errnos: &[EACCES],
        when: |here| here.apparmor_profile.is_some() && here.container.is_some(),
        cause: "the AppArmor profile {profile} forbids it",
        mend: Words::StartContainer,
    },
    Row {
        steps: INSIDE,
        errnos: FORBIDDEN,
        when: |here| here.apparmor_restricts,
        cause: "AppArmor takes the privileges of every new user namespace away: \
                kernel.apparmor_restrict_unprivileged_userns is 1",
        mend: Words::Run("sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
    },
    Row {
        steps: SET_UP,
        errnos: &[EPERM, ENOSYS],
        when: |here| here.seccomp && here.container.is_some(),
        cause: "{container}'s seccomp filter forbids it",
        mend: Words::StartContainer,
    },
    Row {
        steps: SET_UP,
        errnos: &[EPERM, ENOSYS],
        when: |here| here.seccomp,
        cause: "a seccomp filter of whoever started this process forbids it",
        mend: Words::Do(
            "in a systemd unit, drop `RestrictNamespaces=` and `SystemCallFilter=`; in a \
             container, {start}",
        ),
    },
    Row {
        steps: SET_UP,
        errnos: FORBIDDEN,
        when: |here| here.apparmor_profile.is_some(),
        cause: "the AppArmor profile {profile} forbids it",
        mend: Words::Run("sudo aa-complain {profile}"),
    },
    Row {
        steps: SET_UP,
        errnos: FORBIDDEN,
        when: |here| here.selinux,
        cause: "most likely SELinux forbids it",
        mend: Words::Run("sudo ausearch -m avc -ts recent"),
    },
    // Refused, and none of them is seen.
    Row {
        steps: &[Step::Proc],
        errnos: &[EPERM],
        when: anywhere,
        cause: "no complete /proc is mounted here, so no other may be",
        mend: Words::Run("sudo mount -t proc proc /proc"),
    },
    Row {
        steps: &[Step::Sys],
        errnos: &[EPERM],
        when: anywhere,
        cause: "no complete /sys is mounted here, so no other may be",
        mend: Words::Run("sudo mount -t sysfs sysfs /sys"),
    },
    Row {
        steps: &[Step::Namespaces],
        errnos: FORBIDDEN,
        when: anywhere,
        cause: "this process is in a chroot that cannot be seen from here, or a security module \
                forbids user namespaces",
        mend: Words::Do("`sudo dmesg | tail` names the module, if it is one"),
    },
];
