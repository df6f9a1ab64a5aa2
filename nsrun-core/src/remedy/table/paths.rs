//! Paths that are not there, or closed to us.

use nix::errno::Errno::{EACCES, ENOENT, ENOTDIR, ETIMEDOUT};

use super::row::{FORBIDDEN, Row, Words, anywhere};
use crate::step::Step;

pub(super) static ROWS: &[Row] = &[
    Row {
        steps: &[Step::Tmpfs],
        errnos: &[ENOENT, ENOTDIR],
        when: |here| !here.tmp_exists,
        cause: "there is no directory /tmp to mount on",
        mend: Words::Run("sudo mkdir -m 1777 /tmp"),
    },
    Row {
        steps: &[Step::Keep],
        errnos: &[ENOENT, EACCES],
        when: anywhere,
        cause: "a path to share does not exist, or may not be looked at; or one to keep below /tmp",
        mend: Words::Do(
            "look at the paths in `share(..)` or `--share`, and at the workspace, CARGO_HOME and \
             PATH below /tmp",
        ),
    },
    Row {
        steps: &[Step::WorkingDir],
        errnos: &[ENOENT, ENOTDIR],
        when: anywhere,
        cause: "the working directory does not exist inside; below /tmp only what is shared does",
        mend: Words::Do("make it, or share it: `--share PATH`, `Sandbox::share`"),
    },
    Row {
        steps: &[Step::WorkingDir],
        errnos: FORBIDDEN,
        when: anywhere,
        cause: "the working directory may not be entered by this user",
        mend: Words::Do("start from another, or change its mode"),
    },
    Row {
        steps: &[Step::SetUp],
        errnos: &[ETIMEDOUT],
        when: anywhere,
        cause: "a minute was not enough for what takes milliseconds; most likely there is a mount \
                that does not answer, of NFS or FUSE",
        mend: Words::Do("`findmnt` lists the mounts; unmount the one at which `ls` hangs"),
    },
];
