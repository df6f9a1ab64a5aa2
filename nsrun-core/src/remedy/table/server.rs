//! The process that makes the sandboxes: it cannot, or is gone.

use nix::errno::Errno::{EAGAIN, ECONNRESET, ENOENT, ENOEXEC, ENOSYS, EPIPE, EPROTO};

use super::row::{Row, Words, anywhere};
use crate::remedy::surroundings::Surroundings;
use crate::step::Step;

pub(super) static ROWS: &[Row] = &[
    Row {
        steps: &[Step::Server],
        errnos: &[ENOSYS],
        when: |here| here.proc_mounted && !here.seccomp,
        cause: "this program cannot serve: nsrun is not linked into it, and it does not call \
                nsrun_core::serve_in_main()",
        mend: Words::Do(
            "write `use nsrun as _;` in the test, or call `nsrun_core::serve_in_main()` first in \
             `main`",
        ),
    },
    Row {
        steps: &[Step::Server, Step::Threads],
        errnos: &[ENOENT, EAGAIN],
        when: |here| !here.proc_mounted,
        cause: "/proc is not mounted here",
        mend: Words::Run("sudo mount -t proc proc /proc"),
    },
    Row {
        steps: &[Step::Threads],
        errnos: &[EAGAIN],
        when: anywhere,
        cause: "something starts a thread in the test binary before its main: a preloaded \
                library, a sanitizer, a constructor in a linked one",
        mend: Words::Do("unset LD_PRELOAD, or start that thread later"),
    },
    Row {
        steps: &[Step::Server],
        errnos: &[ENOENT, ENOEXEC],
        when: anywhere,
        cause: "the program that should make the sandboxes is not there, or no program",
        mend: Words::Do("build it again"),
    },
    Row {
        steps: &[Step::Server],
        errnos: &[ECONNRESET, EPIPE, EPROTO],
        when: |here| here.file_limit.is_some_and(|files| files < 64),
        cause: "the server had too few descriptors: RLIMIT_NOFILE is {files}",
        mend: Words::Run("ulimit -n 1024"),
    },
    Row {
        steps: &[Step::Server],
        errnos: &[ECONNRESET, EPIPE, EPROTO],
        when: Surroundings::is_too_old,
        cause: "the server could not serve: Linux {kernel} lacks a system call that it needs",
        mend: Words::Do("nsrun needs Linux {oldest} or later"),
    },
    Row {
        steps: &[Step::Server],
        errnos: &[ECONNRESET, EPIPE, EPROTO],
        when: |here| here.seccomp,
        cause: "the server could not serve, most likely because a seccomp filter forbids a system \
                call that it needs",
        mend: Words::StartContainer,
    },
    Row {
        steps: &[Step::Server],
        errnos: &[ECONNRESET, EPIPE, EPROTO],
        when: anywhere,
        cause: "the server ended before its time: somebody killed it, or memory ran out",
        mend: Words::Do("`sudo dmesg | tail` says whether the kernel did"),
    },
];
