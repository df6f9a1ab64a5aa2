//! What the kernel lacks, or does not take.

use nix::errno::Errno::{EINVAL, ENODEV, ENOENT, ENOSYS, ERANGE};

use super::row::{Row, Words, anywhere};
use super::steps::SET_UP;
use crate::remedy::surroundings::Surroundings;
use crate::step::Step;

pub(super) static ROWS: &[Row] = &[
    Row {
        steps: SET_UP,
        errnos: &[ENOSYS, EINVAL],
        when: Surroundings::is_too_old,
        cause: "Linux {kernel} lacks a system call that sandboxes are made with",
        mend: Words::Do("nsrun needs Linux {oldest} or later"),
    },
    Row {
        steps: &[Step::Namespaces, Step::Clocks],
        errnos: &[EINVAL, ENOENT],
        when: |here| !here.unknown_kinds().is_empty(),
        cause: "this kernel was built without {unknown} namespaces",
        mend: Words::Do(
            "share them with the host (`share(..)`, `--share`), or boot a kernel that has them",
        ),
    },
    Row {
        steps: &[Step::Clocks],
        errnos: &[ERANGE, EINVAL],
        when: anywhere,
        cause: "the clocks cannot be set by that much (time_namespaces(7))",
        mend: Words::Do("ask for smaller offsets"),
    },
    Row {
        steps: &[Step::Tmpfs],
        errnos: &[ENODEV],
        when: anywhere,
        cause: "this kernel was built without tmpfs",
        mend: Words::Do("boot a kernel with CONFIG_TMPFS"),
    },
];
