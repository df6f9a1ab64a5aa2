//! The table: which step, which errno, where; why, and what mends it.
//!
//! The first row that fits is the answer, so the special stands before the general.

mod text;

use nix::errno::Errno;
use nix::errno::Errno::*;

use self::text::fill_in;
use super::surroundings::Surroundings;
use super::{Mend, Remedy, container};
use crate::kind::Kind;
use crate::step::{Failure, Step};

/// One cause of a failure. Words in braces are filled in from the surroundings.
struct Row {
    steps: &'static [Step],
    errnos: &'static [Errno],
    when: fn(&Surroundings) -> bool,
    cause: &'static str,
    mend: Words,
}

/// What mends it, before the words in braces are filled in.
enum Words {
    Run(&'static str),
    Do(&'static str),
    /// The container has to be started in another way.
    StartContainer,
}

/// The remedy for this failure in these surroundings.
pub(super) fn find(failure: &Failure, here: &Surroundings) -> Option<Remedy> {
    let row = ROWS.iter().find(|row| row.fits(failure, here))?;
    Some(Remedy {
        cause: fill_in(row.cause, here),
        mend: match row.mend {
            Words::Run(command) => Mend::Run(fill_in(command, here)),
            Words::Do(words) => Mend::Do(fill_in(words, here)),
            Words::StartContainer => container::permissive_start(here),
        },
    })
}

impl Row {
    fn fits(&self, failure: &Failure, here: &Surroundings) -> bool {
        self.steps.contains(&failure.step)
            && self.errnos.contains(&failure.errno)
            && (self.when)(here)
    }
}

/// The steps that mount something.
const MOUNTING: &[Step] = &[
    Step::Propagation,
    Step::Keep,
    Step::Tmpfs,
    Step::PrivateDirs,
    Step::EtcFiles,
    Step::Proc,
    Step::ReadOnly,
    Step::Sys,
];

/// The steps that happen in the new user namespace, with its privileges.
const INSIDE: &[Step] = &[
    Step::IdMaps,
    Step::Propagation,
    Step::Keep,
    Step::Tmpfs,
    Step::PrivateDirs,
    Step::EtcFiles,
    Step::Proc,
    Step::ReadOnly,
    Step::Sys,
    Step::Loopback,
    Step::Ports,
    Step::Hostname,
    Step::Clocks,
    Step::Privileges,
];

/// The steps that the kernel does for us, whatever program is asked for.
const SET_UP: &[Step] = &[
    Step::Server,
    Step::Namespaces,
    Step::IdMaps,
    Step::Lifeline,
    Step::Propagation,
    Step::Keep,
    Step::Tmpfs,
    Step::PrivateDirs,
    Step::EtcFiles,
    Step::Proc,
    Step::ReadOnly,
    Step::Sys,
    Step::Loopback,
    Step::Ports,
    Step::Hostname,
    Step::Clocks,
    Step::Fork,
    Step::Streams,
    Step::Privileges,
];

const FORBIDDEN: &[Errno] = &[EPERM, EACCES];

fn anywhere(_: &Surroundings) -> bool {
    true
}

static ROWS: &[Row] = &[
    // The server.
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
    // Numbers of things, whatever the step.
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
    // Kernels.
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
    // Who we are.
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
    // Masked file systems: only a mount namespace in which /proc is fully visible may mount a new
    // one (user_namespaces(7); mount_too_revealing in the kernel's fs/namespace.c).
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
    // Filters and policies.
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
    // Paths.
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
    // The program.
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
    // Time.
    Row {
        steps: &[Step::SetUp],
        errnos: &[ETIMEDOUT],
        when: anywhere,
        cause: "a minute was not enough for what takes milliseconds; most likely there is a mount \
                that does not answer, of NFS or FUSE",
        mend: Words::Do("`findmnt` lists the mounts; unmount the one at which `ls` hangs"),
    },
];

#[cfg(test)]
mod tests;
