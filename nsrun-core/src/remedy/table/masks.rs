//! Masked or read-only file systems.
//!
//! Only a mount namespace in which `/proc` is fully visible may mount a new one
//! (user_namespaces(7); mount_too_revealing in the kernel's fs/namespace.c).

use nix::errno::Errno::{EPERM, EROFS};

use super::row::{Row, Words, anywhere};
use crate::step::Step;

pub(super) static ROWS: &[Row] = &[
    Row {
        steps: &[Step::Proc],
        errnos: &[EPERM],
        when: |here| here.container.is_some() && !here.proc_masks.is_empty(),
        cause: "{container} has masked parts of /proc ({proc_masks}), so no other may be mounted",
        mend: Words::StartContainer,
    },
    Row {
        steps: &[Step::Proc],
        errnos: &[EPERM],
        when: |here| !here.proc_masks.is_empty(),
        cause: "parts of /proc are masked ({proc_masks}), so no other may be mounted",
        mend: Words::Run("sudo umount {all_proc_masks}"),
    },
    Row {
        steps: &[Step::Sys],
        errnos: &[EPERM],
        when: |here| here.container.is_some() && !here.sys_masks.is_empty(),
        cause: "{container} has masked parts of /sys ({sys_masks}), so no other may be mounted",
        mend: Words::StartContainer,
    },
    Row {
        steps: &[Step::Sys],
        errnos: &[EPERM],
        when: |here| !here.sys_masks.is_empty(),
        cause: "parts of /sys are masked ({sys_masks}), so no other may be mounted",
        mend: Words::Run("sudo umount {all_sys_masks}"),
    },
    Row {
        steps: &[Step::Ports],
        errnos: &[EROFS],
        when: |here| here.container.is_some(),
        cause: "{container} has made /proc/sys read-only",
        mend: Words::Do(
            "give the sandbox a pid namespace, and so a /proc of its own, or start the container \
             anew, {start}",
        ),
    },
    Row {
        steps: &[Step::Ports],
        errnos: &[EROFS],
        when: anywhere,
        cause: "/proc/sys is read-only here",
        mend: Words::Do("give the sandbox a pid namespace, and so a /proc of its own"),
    },
];
