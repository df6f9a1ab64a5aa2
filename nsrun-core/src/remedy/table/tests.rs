use std::collections::BTreeSet;

use nix::errno::Errno::{self, *};

use super::row::Words;
use super::text::fill_in;
use super::*;
use crate::kind::{Kind, Kinds};
use crate::remedy::container::Container;
use crate::step::Step;

/// A host on which everything works, so that each case says only what is wrong with it.
fn sound() -> Surroundings {
    Surroundings {
        kernel: (6, 18),
        uid: 1000,
        ids_mapped: true,
        may_map_root: false,
        limits: [Some(96_000); 8],
        kinds: Kinds::ALL,
        proc_mounted: true,
        tmp_exists: true,
        process_limit: None,
        file_limit: Some(1024),
        ..Surroundings::default()
    }
}

struct Case {
    step: Step,
    errno: Errno,
    host: fn(&mut Surroundings),
    cause: &'static str,
    mend: &'static str,
}

const fn case(
    step: Step,
    errno: Errno,
    host: fn(&mut Surroundings),
    cause: &'static str,
    mend: &'static str,
) -> Case {
    Case {
        step,
        errno,
        host,
        cause,
        mend,
    }
}

fn docker(here: &mut Surroundings) {
    here.container = Some(Container::Docker);
    here.uid = 0;
    here.may_map_root = true;
    here.seccomp = true;
    here.proc_masks = ["/proc/bus", "/proc/sys", "/proc/kcore"]
        .map(str::to_owned)
        .into();
    here.sys_masks = vec!["/sys/firmware".to_owned()];
}

fn docker_on_ubuntu(here: &mut Surroundings) {
    docker(here);
    here.apparmor_profile = Some("docker-default".to_owned());
    here.apparmor_restricts = true;
}

fn podman(here: &mut Surroundings) {
    docker(here);
    here.container = Some(Container::Podman);
}

fn kubernetes(here: &mut Surroundings) {
    docker(here);
    here.container = Some(Container::Kubernetes);
}

fn nothing(_: &mut Surroundings) {}

const DOCKER_RUN: &str =
    "docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined …";
const UBUNTU_DOCKER_RUN: &str = "docker run --security-opt seccomp=unconfined \
     --security-opt apparmor=unconfined --security-opt systempaths=unconfined …";

#[rustfmt::skip]
const CASES: &[Case] = &[
    // The server.
    case(Step::Server, ENOSYS, nothing, "this program cannot serve", "use nsrun as _;"),
    case(Step::Server, ENOENT, |h| h.proc_mounted = false, "/proc is not mounted", "mount -t proc proc /proc"),
    case(Step::Threads, EAGAIN, |h| h.proc_mounted = false, "/proc is not mounted", "mount -t proc proc /proc"),
    case(Step::Threads, EAGAIN, nothing, "starts a thread", "LD_PRELOAD"),
    case(Step::Server, ENOENT, nothing, "is not there", "build it again"),
    case(Step::Server, EPIPE, |h| h.file_limit = Some(16), "RLIMIT_NOFILE is 16", "run: ulimit -n 1024"),
    case(Step::Server, ECONNRESET, |h| h.kernel = (5, 4), "Linux 5.4 lacks", "Linux 5.12 or later"),
    case(Step::Server, ECONNRESET, docker, "seccomp filter forbids a system call", DOCKER_RUN),
    case(Step::Server, ECONNRESET, nothing, "ended before its time", "dmesg"),
    // Numbers.
    case(Step::Namespaces, ENOSPC, |h| h.limits[2] = Some(0),
        "a limit and not a full disk: the number of net namespaces",
        "run: sudo sysctl -w user.max_net_namespaces=15000"),
    case(Step::Namespaces, ENOSPC, |h| (h.limits[0], h.limits[1]) = (Some(0), Some(0)),
        "user, mount namespaces", "user.max_user_namespaces=15000 user.max_mnt_namespaces=15000"),
    case(Step::Namespaces, ENOSPC, |h| (h.limits[3], h.limits[7]) = (Some(7), Some(0)),
        "user.max_time_namespaces = 0", "user.max_time_namespaces"),
    case(Step::Namespaces, ENOSPC, |h| h.limits[3] = Some(7),
        "user.max_pid_namespaces = 7 is reached", "run: sudo sysctl -w user.max_pid_namespaces=15000"),
    case(Step::Namespaces, ENOSPC, nothing, "32 deep", "on the host"),
    case(Step::Clocks, ENOSPC, |h| h.limits[7] = Some(0), "time namespaces is limited to 0",
        "run: sudo sysctl -w user.max_time_namespaces=15000"),
    case(Step::EtcFiles, ENOSPC, nothing, "tmpfs is too small", "--tmp-size"),
    case(Step::Keyring, EDQUOT, nothing, "as many keys as it may have", "kernel.keys.maxkeys"),
    case(Step::Fork, EMFILE, |h| h.file_limit = Some(18), "RLIMIT_NOFILE is 18", "run: ulimit -n 1024"),
    case(Step::Namespaces, ENFILE, nothing, "open files", "fs.file-max"),
    case(Step::Namespaces, EAGAIN, |h| { h.process_limit = Some(9); h.pids = Some((98, 100)) },
        "it holds 100 processes", "--pids-limit=-1"),
    case(Step::Namespaces, EAGAIN, |h| { h.process_limit = Some(9); h.pids = Some((8, 100)) },
        "RLIMIT_NPROC allows this user 9", "run: ulimit -u unlimited"),
    case(Step::Fork, EAGAIN, nothing, "process ids", "kernel.pid_max"),
    case(Step::Namespaces, ENOMEM, nothing, "out of memory", "--fork"),
    // Kernels.
    case(Step::Namespaces, ENOSYS, |h| h.kernel = (4, 18), "Linux 4.18 lacks", "Linux 5.12 or later"),
    case(Step::ReadOnly, ENOSYS, |h| h.kernel = (5, 10), "Linux 5.10 lacks", "Linux 5.12 or later"),
    case(Step::Namespaces, EINVAL, |h| h.kinds = Kinds::ALL - Kind::Ipc.into(),
        "without ipc namespaces", "share"),
    case(Step::Clocks, EINVAL, |h| h.kinds = Kinds::ALL - Kind::Time.into(), "without time namespaces", "share"),
    case(Step::Clocks, ERANGE, nothing, "by that much", "smaller"),
    case(Step::Tmpfs, ENODEV, nothing, "without tmpfs", "CONFIG_TMPFS"),
    // Who we are.
    case(Step::Namespaces, EPERM, |h| h.ids_mapped = false, "has no meaning", "uid_map"),
    case(Step::IdMaps, EPERM, |h| h.uid = 0, "CAP_SETFCAP", "--cap-add SETFCAP"),
    case(Step::Namespaces, EPERM, |h| h.chrooted = true, "chroot", "pivot_root"),
    case(Step::Namespaces, EPERM, |h| h.userns_switched_off = true, "unprivileged_userns_clone is 0",
        "run: sudo sysctl -w kernel.unprivileged_userns_clone=1"),
    // Masks.
    case(Step::Proc, EPERM, docker, "Docker has masked parts of /proc (/proc/bus, /proc/sys, 1 more)", DOCKER_RUN),
    case(Step::Proc, EPERM, docker_on_ubuntu, "masked parts of /proc", UBUNTU_DOCKER_RUN),
    case(Step::Proc, EPERM, |h| h.proc_masks = vec!["/proc/kcore".into()], "masked (/proc/kcore)",
        "run: sudo umount /proc/kcore"),
    case(Step::Sys, EPERM, podman, "Podman has masked parts of /sys (/sys/firmware)",
        "podman run --security-opt seccomp=unconfined --security-opt unmask=ALL …"),
    case(Step::Sys, EPERM, |h| h.sys_masks = vec!["/sys/firmware".into()], "masked (/sys/firmware)",
        "run: sudo umount /sys/firmware"),
    case(Step::Ports, EROFS, docker, "Docker has made /proc/sys read-only", DOCKER_RUN),
    case(Step::Ports, EROFS, nothing, "/proc/sys is read-only", "pid namespace"),
    // Policies.
    case(Step::Propagation, EACCES, docker_on_ubuntu, "profile docker-default", UBUNTU_DOCKER_RUN),
    case(Step::IdMaps, EPERM, |h| h.apparmor_restricts = true, "apparmor_restrict_unprivileged_userns is 1",
        "run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
    case(Step::Propagation, EACCES, |h| h.apparmor_restricts = true, "apparmor_restrict_unprivileged_userns is 1",
        "run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
    case(Step::Namespaces, ENOSYS, docker, "Docker's seccomp filter", DOCKER_RUN),
    case(Step::Namespaces, EPERM, podman, "Podman's seccomp filter", "podman run --security-opt seccomp=unconfined"),
    case(Step::Namespaces, EPERM, kubernetes, "Kubernetes's seccomp filter",
        "this securityContext: {seccompProfile: {type: Unconfined}, procMount: Unmasked}"),
    case(Step::Propagation, EPERM, |h| h.seccomp = true, "a seccomp filter", "RestrictNamespaces="),
    case(Step::Server, ENOSYS, |h| h.seccomp = true, "a seccomp filter", "RestrictNamespaces="),
    case(Step::Namespaces, EACCES, |h| h.apparmor_profile = Some("snap.x".into()), "profile snap.x forbids",
        "run: sudo aa-complain snap.x"),
    case(Step::Namespaces, EACCES, |h| h.selinux = true, "SELinux", "ausearch"),
    case(Step::Proc, EPERM, nothing, "no complete /proc", "mount -t proc"),
    case(Step::Sys, EPERM, nothing, "no complete /sys", "mount -t sysfs"),
    case(Step::Namespaces, EPERM, nothing, "security module", "dmesg"),
    // Paths and programs.
    case(Step::Tmpfs, ENOENT, |h| h.tmp_exists = false, "no directory /tmp", "run: sudo mkdir -m 1777 /tmp"),
    case(Step::Keep, ENOENT, nothing, "a path to share does not exist", "CARGO_HOME"),
    case(Step::WorkingDir, ENOENT, nothing, "working directory does not exist", "--share"),
    case(Step::WorkingDir, EACCES, nothing, "may not be entered", "mode"),
    case(Step::Exec, ENOENT, nothing, "no such program", "--share"),
    case(Step::Exec, EACCES, docker_on_ubuntu, "not executable", "chmod +x"),
    case(Step::Exec, ENOEXEC, nothing, "`#!` line", "build for this machine"),
    case(Step::Exec, ETXTBSY, nothing, "open for writing", "wait"),
    case(Step::Exec, ESTALE, nothing, "built anew", "run them again"),
    case(Step::Exec, E2BIG, nothing, "too large", "pass less"),
    case(Step::Request, EINVAL, nothing, "NUL byte", "again"),
    case(Step::Request, EOPNOTSUPP, nothing, "cannot start `main` again", "execute"),
    case(Step::SetUp, ETIMEDOUT, nothing, "does not answer", "findmnt"),
];

impl Case {
    fn surroundings(&self) -> Surroundings {
        let mut here = sound();
        (self.host)(&mut here);
        here
    }

    fn failure(&self) -> Failure {
        Failure {
            step: self.step,
            errno: self.errno,
        }
    }
}

#[test]
fn each_failure_gets_the_remedy_of_its_cause() {
    for case in CASES {
        let failure = case.failure();
        let remedy = find(&failure, &case.surroundings())
            .unwrap_or_else(|| panic!("{failure}: no remedy, not that of {:?}", case.cause));
        let mend = remedy.mend.to_string();
        assert!(remedy.cause.contains(case.cause), "{failure}: {remedy}");
        assert!(mend.contains(case.mend), "{failure}: {remedy}");
    }
}

#[test]
fn every_row_is_some_case_s_answer() {
    let answered: BTreeSet<usize> = CASES
        .iter()
        .filter_map(|case| {
            let here = case.surroundings();
            rows().position(|row| row.fits(&case.failure(), &here))
        })
        .collect();
    let unanswered: Vec<_> = rows()
        .enumerate()
        .filter(|(number, _)| !answered.contains(number))
        .map(|(_, row)| row.cause)
        .collect();
    assert_eq!(unanswered, [""; 0], "rows that are hidden or have no case");
}

#[test]
fn every_word_in_braces_has_a_meaning() {
    for row in rows() {
        let mend = match row.mend {
            Words::Run(words) | Words::Do(words) => words,
            Words::StartContainer => "",
        };
        for text in [row.cause, mend] {
            let filled = fill_in(text, &sound());
            assert!(!filled.contains('{'), "{text}");
        }
    }
}

#[test]
fn a_failure_without_a_known_cause_gets_no_advice() {
    let failure = Failure {
        step: Step::Loopback,
        errno: ENODEV,
    };
    assert_eq!(find(&failure, &sound()), None);
}
