//! The program, and the request for it.

use nix::errno::Errno::{E2BIG, EINVAL, ENOENT, ENOEXEC, ENOTDIR, EOPNOTSUPP, ESTALE, ETXTBSY};

use super::row::{FORBIDDEN, Row, Words, anywhere};
use crate::step::Step;

pub(super) static ROWS: &[Row] = &[
    Row {
        steps: &[Step::Exec],
        errnos: &[ENOENT, ENOTDIR],
        when: anywhere,
        cause: "there is no such program in PATH, or not inside, or its interpreter is missing; \
                below /tmp only what is shared exists",
        mend: Words::Do(
            "install it, spell out its path, or share it: `--share PATH`, `Sandbox::share`",
        ),
    },
    Row {
        steps: &[Step::Exec],
        errnos: FORBIDDEN,
        when: anywhere,
        cause: "the file is not executable, or lies on a file system mounted with noexec",
        mend: Words::Do("`chmod +x` it, or build elsewhere"),
    },
    Row {
        steps: &[Step::Exec],
        errnos: &[ENOEXEC],
        when: anywhere,
        cause: "the file is no program for this machine, or a script without a `#!` line",
        mend: Words::Do("add the line, or build for this machine"),
    },
    Row {
        steps: &[Step::Exec],
        errnos: &[ETXTBSY],
        when: anywhere,
        cause: "somebody has the file open for writing",
        mend: Words::Do("wait until it is built"),
    },
    Row {
        steps: &[Step::Exec],
        errnos: &[ESTALE],
        when: anywhere,
        cause: "the test binary was built anew, or removed, while its tests ran",
        mend: Words::Do("run them again, and build when they are done"),
    },
    Row {
        steps: &[Step::Exec],
        errnos: &[E2BIG],
        when: anywhere,
        cause: "the arguments and the environment are too large together (execve(2))",
        mend: Words::Do("pass less"),
    },
    Row {
        steps: &[Step::Request],
        errnos: &[EINVAL],
        when: anywhere,
        cause: "an argument, a variable or a path holds a NUL byte, or this server is of another \
                version",
        mend: Words::Do("build the tests and the runner again"),
    },
    Row {
        steps: &[Step::Request],
        errnos: &[EOPNOTSUPP],
        when: anywhere,
        cause: "a server that was started in `main` cannot start `main` again",
        mend: Words::Do("execute the program instead, or link nsrun into it"),
    },
];
