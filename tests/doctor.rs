//! Hosts on which sandboxes cannot be made, made for real: what fails there is named, and what
//! mends it is what was done to the host.
//!
//! Each host is a command in which this binary runs again, as the test `examine`.

#[path = "doctor/host.rs"]
mod host;
#[path = "doctor/seccomp.rs"]
mod seccomp;

use std::env;

use host::{EXAMINE, Findings, Host};
use nsrun_core::{Attempt, Kind, Kinds, Probe, Wrong};
// Links the hook by which this binary can serve.
use nsrun as _;

fn alone(kind: Kind) -> Kinds {
    Kinds::ALWAYS | kind.into()
}

/// On this very host nothing is wrong. On one of the others, prints what is.
#[test]
fn examine() {
    let kinds = env::var(EXAMINE).ok();
    let Some(kinds) = kinds else {
        let probe = Attempt::DEFAULT.make();
        assert_eq!(probe.result, Ok(()), "{:?}", probe.remedy);
        return;
    };
    seccomp::enter_if_asked();
    let kinds = kinds.parse().unwrap();
    host::report(&findings(Attempt::own(kinds).make()));
}

fn findings(probe: Probe) -> Findings {
    let remedy = probe.remedy;
    let wrong = match probe.result {
        Ok(()) => "nothing".to_owned(),
        Err(Wrong::Failed(failure)) => format!("{:?} {:?}", failure.step, failure.errno),
        Err(other) => other.to_string(),
    };
    Findings {
        wrong,
        cause: remedy
            .as_ref()
            .map_or_else(String::new, |it| it.cause.clone()),
        mend: remedy.map_or_else(String::new, |it| it.mend.to_string()),
    }
}

#[test]
fn a_container_without_real_root_is_sound() {
    let found = Host::user_namespace("true").examine(Kinds::ALL);
    assert_eq!(found.wrong, "nothing", "{found:?}");
}

#[test]
fn a_server_that_cannot_serve_ends_instead_of_running_the_program_again() {
    const CLOSE_RANGE: u32 = 436;
    const ENOSYS: u32 = 38;
    let host = Host::command(&["env"]).with_filter(CLOSE_RANGE, ENOSYS);
    let found = host.examine(Kinds::ALWAYS);
    // It is gone before the request is sent, or after.
    let gone = ["Server ECONNRESET", "Server EPIPE"];
    assert!(gone.contains(&found.wrong.as_str()), "{found:?}");
    assert!(found.cause.contains("seccomp filter"), "{found:?}");
}

#[test]
fn a_limit_of_0_is_said_to_be_a_limit_with_the_sysctl_that_raises_it() {
    for kind in Kind::ALL {
        let setting = format!("max_{}_namespaces", kind.proc_name());
        let host = Host::user_namespace(&format!("echo 0 > /proc/sys/user/{setting}"));
        let found = host.examine(alone(kind));
        let step = match kind {
            Kind::Time => "Clocks",
            _ => "Namespaces",
        };
        assert_eq!(found.wrong, format!("{step} ENOSPC"), "{kind}: {found:?}");
        assert!(
            found.cause.contains("a limit and not a full disk"),
            "{kind}: {found:?}"
        );
        assert!(
            found.cause.contains(&format!("{kind} namespaces")),
            "{kind}: {found:?}"
        );
        let command = format!("run: sudo sysctl -w user.{setting}=15000");
        assert_eq!(found.mend, command, "{kind}: {found:?}");
    }
}

#[test]
fn a_low_limit_is_said_to_be_reached() {
    // This namespace is one, and two more would be in it.
    let host = Host::user_namespace(
        "echo 1 > /proc/sys/user/max_uts_namespaces; exec unshare --uts \"$0\" \"$@\"",
    );
    let found = host.examine(alone(Kind::Uts));
    assert_eq!(found.wrong, "Namespaces ENOSPC", "{found:?}");
    assert!(
        found
            .cause
            .contains("user.max_uts_namespaces = 1 is reached"),
        "{found:?}"
    );
    assert!(
        found.mend.contains("user.max_uts_namespaces=15000"),
        "{found:?}"
    );
}

#[test]
fn a_masked_proc_is_named_with_its_mask() {
    let host = Host::user_namespace("mount --rbind /proc/sys /proc/sys");
    let found = host.examine(alone(Kind::Pid));
    assert_eq!(found.wrong, "Proc EPERM", "{found:?}");
    assert!(
        found.cause.contains("masked") && found.cause.contains("/proc/sys"),
        "{found:?}"
    );
    let unmask = ["umount", "systempaths=unconfined", "unmask=ALL", "Unmasked"];
    assert!(
        unmask.iter().any(|words| found.mend.contains(words)),
        "{found:?}"
    );
}

#[test]
fn a_masked_sys_is_named_with_its_mask() {
    let host = Host::user_namespace("mount -t tmpfs none /sys/kernel");
    let found = host.examine(alone(Kind::Net));
    assert_eq!(found.wrong, "Sys EPERM", "{found:?}");
    assert!(found.cause.contains("/sys/kernel"), "{found:?}");
}

#[test]
fn a_chroot_is_seen_whether_it_is_a_mount_or_a_directory() {
    // chroot(8) is where an ordinary user need not look.
    let into_a_mount = "PATH=$PATH:/usr/sbin:/sbin; \
         mount --rbind / /mnt; chroot /mnt \"$0\" \"$@\"; exit";
    let into_a_directory = "PATH=$PATH:/usr/sbin:/sbin; \
         mount -t tmpfs none /mnt; mkdir /mnt/root; \
         for each in /*; do \
             if [ -L $each ]; then cp -P $each /mnt/root; \
             elif [ -d $each ] && [ $each != /mnt ]; then \
                 mkdir /mnt/root$each; mount --rbind $each /mnt/root$each; \
             fi; \
         done; exec chroot /mnt/root \"$0\" \"$@\"";
    for way in [into_a_mount, into_a_directory] {
        let found = Host::user_namespace(way).examine(Kinds::ALWAYS);
        assert_eq!(found.wrong, "Namespaces EPERM", "{way}: {found:?}");
        assert!(
            found.cause.contains("a process in a chroot"),
            "{way}: {found:?}"
        );
        assert!(found.mend.contains("pivot_root"), "{way}: {found:?}");
    }
}

#[test]
fn an_id_without_a_meaning_is_told_from_other_refusals() {
    let found = Host::command(&["unshare", "--user"]).examine(Kinds::ALWAYS);
    assert_eq!(found.wrong, "Namespaces EPERM", "{found:?}");
    assert!(found.cause.contains("no meaning"), "{found:?}");
    assert!(found.mend.contains("uid_map"), "{found:?}");
}

#[test]
fn too_few_processes_are_told_with_the_limit() {
    let host = Host::ordinary_user(&["prlimit", "--nproc=2"]);
    let found = host.examine(Kinds::ALWAYS);
    let steps = ["Server EAGAIN", "Namespaces EAGAIN"];
    assert!(steps.contains(&found.wrong.as_str()), "{found:?}");
    assert!(
        found.cause.contains("RLIMIT_NPROC allows this user 2"),
        "{found:?}"
    );
    assert!(found.mend.contains("ulimit -u"), "{found:?}");
}

#[test]
fn too_few_descriptors_are_told_with_the_limit() {
    let found = Host::command(&["prlimit", "--nofile=9"]).examine(Kinds::ALWAYS);
    assert_eq!(found.wrong, "Server EMFILE", "{found:?}");
    assert!(found.cause.contains("RLIMIT_NOFILE is 9"), "{found:?}");
    assert!(found.mend.contains("ulimit -n"), "{found:?}");
}

/// Docker's filter refuses keyctl(2), to what is in the sandbox as well.
#[test]
fn a_seccomp_filter_may_forbid_keyrings() {
    const EPERM: u32 = 1;
    const ENOSYS: u32 = 38;
    const EACCES: u32 = 13;
    let wrong = |errno| {
        let host = Host::command(&["env"]).with_filter(libc::SYS_keyctl as u32, errno);
        host.examine(Kinds::ALWAYS).wrong
    };
    assert_eq!([EPERM, ENOSYS].map(wrong), ["nothing", "nothing"]);
    // That is no answer of a filter's: somebody keeps it from this operation, maybe not from others.
    assert_eq!(wrong(EACCES), "Keyring EACCES");
}

#[test]
fn a_seccomp_filter_is_named_whichever_errno_it_gives() {
    const CLONE3: u32 = 435;
    const OPEN_TREE: u32 = 428;
    const ENOSYS: u32 = 38;
    const EPERM: u32 = 1;
    let filtered = |call, errno| {
        let host = Host::command(&["env"]).with_filter(call, errno);
        host.examine(Kinds::ALWAYS)
    };
    let found = filtered(CLONE3, ENOSYS);
    assert_eq!(found.wrong, "Namespaces ENOSYS", "{found:?}");
    assert!(found.cause.contains("seccomp filter"), "{found:?}");
    let found = filtered(OPEN_TREE, EPERM);
    assert!(found.wrong.ends_with(" EPERM"), "{found:?}");
    assert!(found.cause.contains("seccomp filter"), "{found:?}");
    assert!(found.mend.contains("seccomp=unconfined"), "{found:?}");
}

#[test]
fn root_that_may_not_map_itself_is_told_the_capability() {
    let drop = [
        "setpriv",
        "--bounding-set",
        "-setfcap",
        "--inh-caps",
        "-setfcap",
    ];
    let found = Host::user_namespace(&format!("exec {} \"$0\" \"$@\"", drop.join(" ")))
        .examine(Kinds::ALWAYS);
    assert_eq!(found.wrong, "IdMaps EPERM", "{found:?}");
    assert!(found.cause.contains("CAP_SETFCAP"), "{found:?}");
}
