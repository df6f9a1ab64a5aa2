//! Numbers of things, whatever the step.

use nix::errno::Errno::{EAGAIN, EDQUOT, EMFILE, ENFILE, ENOMEM, ENOSPC, EUSERS};

use super::row::{Row, Words, anywhere};
use super::steps::SET_UP;
use crate::kind::Kind;
use crate::remedy::surroundings::Surroundings;
use crate::step::Step;

pub(super) static ROWS: &[Row] = &[
    Row {
        steps: &[Step::Namespaces],
        errnos: &[ENOSPC, EUSERS],
        when: |here| !here.forbidden_kinds().is_empty(),
        cause: "a limit and not a full disk: the number of {forbidden} namespaces is limited to 0",
        mend: Words::Run("sudo sysctl -w {allow}"),
    },
    Row {
        steps: &[Step::Clocks],
        errnos: &[ENOSPC],
        when: |here| here.limit(Kind::Time) == Some(0),
        cause: "a limit and not a full disk: the number of time namespaces is limited to 0",
        mend: Words::Run("sudo sysctl -w user.max_time_namespaces={enough}"),
    },
    Row {
        steps: &[Step::Namespaces, Step::Clocks],
        errnos: &[ENOSPC, EUSERS],
        when: |here| here.scarcest().is_some_and(|(_, limit)| limit < 1000),
        cause: "a limit and not a full disk: {scarcest} is reached, or the kernel has not yet \
                freed those of before",
        mend: Words::Run("sudo sysctl -w {allow_scarcest}"),
    },
    Row {
        steps: &[Step::Namespaces, Step::Clocks],
        errnos: &[ENOSPC, EUSERS],
        when: anywhere,
        cause: "a limit and not a full disk, and none that is seen here: that of an outer user \
                namespace, or namespaces are nested 32 deep",
        mend: Words::Do(
            "raise user.max_*_namespaces on the host that this container or namespace is on",
        ),
    },
    Row {
        steps: &[Step::Tmpfs, Step::PrivateDirs, Step::EtcFiles, Step::Keep],
        errnos: &[ENOSPC],
        when: anywhere,
        cause: "the sandbox's tmpfs is too small even for its own few files",
        mend: Words::Do("give it 64 KiB or more: `tmp_size`, `--tmp-size`"),
    },
    Row {
        steps: &[Step::Keyring],
        errnos: &[EDQUOT],
        when: anywhere,
        cause: "a limit and not a full disk: this user has as many keys as it may have (keyrings(7)), \
                or the kernel has not yet freed those of before",
        mend: Words::Run("sudo sysctl -w kernel.keys.maxkeys=2000 kernel.keys.maxbytes=200000"),
    },
    Row {
        steps: SET_UP,
        errnos: &[EMFILE],
        when: anywhere,
        cause: "too few descriptors: RLIMIT_NOFILE is {files}",
        mend: Words::Run("ulimit -n 1024"),
    },
    Row {
        steps: SET_UP,
        errnos: &[ENFILE],
        when: anywhere,
        cause: "the whole system is out of open files",
        mend: Words::Run("sudo sysctl -w fs.file-max=1000000"),
    },
    Row {
        steps: &[Step::Server, Step::Namespaces, Step::Fork],
        errnos: &[EAGAIN],
        when: Surroundings::is_full,
        cause: "the cgroup is full: it holds {pids} processes",
        mend: Words::Do(
            "allow more: `docker run --pids-limit=-1 …`, or `TasksMax=infinity` in the systemd \
             unit",
        ),
    },
    Row {
        steps: &[Step::Server, Step::Namespaces, Step::Fork],
        errnos: &[EAGAIN],
        when: |here| here.process_limit.is_some(),
        cause: "too few processes: RLIMIT_NPROC allows this user {processes}, threads and all \
                other sessions included",
        mend: Words::Run("ulimit -u unlimited"),
    },
    Row {
        steps: &[Step::Server, Step::Namespaces, Step::Fork],
        errnos: &[EAGAIN],
        when: anywhere,
        cause: "the system is out of process ids or threads",
        mend: Words::Run("sudo sysctl -w kernel.pid_max=4194304 kernel.threads-max=1000000"),
    },
    Row {
        steps: SET_UP,
        errnos: &[ENOMEM],
        when: anywhere,
        cause: "the kernel is out of memory, or the first process of the pid namespace that we \
                are in has ended",
        mend: Words::Do("run fewer tests at once; after `unshare --pid`, add `--fork`"),
    },
];
