//! What would hurt the host runs only where it is proven that it cannot.
//!
//! Nothing is known from the inside alone: `FAULTS_HOST`, which whoever starts the runner sets, says
//! what the host's own namespaces and session are (`pid:[4026531836] uts:[…] mnt:[…] session:7`).
//! Without it nothing is proven.

use std::env;
use std::fs;

use crate::c;

/// The first tests of a pid namespace are among its first processes.
const FIRST_PROCESSES: i32 = 1000;

/// Goes on only in a pid namespace of the test's own.
pub(crate) fn processes() {
    refuse_unless(has_own_processes());
}

/// Goes on only in a mount namespace of the test's own, out of which no mount spreads
/// (mount_namespaces(7), "Shared subtrees").
pub(crate) fn mounts() {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    refuse_unless(is_own("mnt") && !mounts.is_empty() && !mounts.contains(" shared:"));
}

/// Goes on only in a uts namespace of the test's own.
pub(crate) fn host_name() {
    refuse_unless(is_own("uts"));
}

/// Goes on only where group, session and terminal are those of the run.
pub(crate) fn session() {
    refuse_unless(has_own_processes() || has_own_session());
}

/// Goes on only where the parent belongs to the run, and does not lead it.
pub(crate) fn parent() {
    // SAFETY: these only ask.
    let (parent, own) = unsafe { (c::getsid(c::getppid()), c::getsid(0)) };
    // SAFETY: as above.
    let leads = unsafe { c::getppid() } == own;
    refuse_unless(has_own_processes() || (has_own_session() && parent == own && !leads));
}

#[track_caller]
fn refuse_unless(proven: bool) {
    assert!(proven, "not run: would hit the host");
}

fn has_own_processes() -> bool {
    // SAFETY: these only ask.
    let (pid, parent) = unsafe { (c::getpid(), c::getppid()) };
    is_own("pid") && parent == 1 && pid < FIRST_PROCESSES
}

/// Whether the namespace is known not to be the host's.
fn is_own(kind: &str) -> bool {
    let own = fs::read_link(format!("/proc/self/ns/{kind}")).unwrap_or_default();
    let own = own.to_string_lossy();
    let is_link = |link: &str| link.starts_with(&format!("{kind}:[")) && link.ends_with(']');
    is_link(&own) && host(is_link).is_some_and(|host| host != own)
}

fn has_own_session() -> bool {
    // SAFETY: this only asks.
    let own = unsafe { c::getsid(0) };
    let hosts = host(|word| word.starts_with("session:"));
    own > 0 && hosts.is_some_and(|hosts| hosts != format!("session:{own}"))
}

/// The one word of `FAULTS_HOST` that is meant.
fn host(is_meant: impl Fn(&str) -> bool) -> Option<String> {
    let host = env::var("FAULTS_HOST").ok()?;
    host.split(' ')
        .find(|word| is_meant(word))
        .map(str::to_owned)
}
