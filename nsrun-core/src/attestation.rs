//! The check, from outside, that a sandbox's namespaces are its own.

use std::fmt;
use std::fs;
use std::os::fd::BorrowedFd;
use std::os::unix::fs::MetadataExt;
use std::sync::OnceLock;

use crate::kind::{Kind, Kinds};
use crate::sys;
use crate::wire::Facts;

/// Why a sandbox does not count as isolated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotIsolated {
    /// The test process never said where it is.
    Unattested,
    /// The namespaces could not be looked at from outside.
    Unseen(Kind),
    /// The namespace is the host's.
    Shared(Kind),
    /// The namespace that the test process is in is not the sandbox's.
    Elsewhere(Kind),
    /// `lo` is not up.
    LoopbackDown,
    /// `/tmp` is the host's.
    TmpShared,
    /// The test process is the first of its pid namespace, which is no ordinary process.
    FirstProcess,
}

impl fmt::Display for NotIsolated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotIsolated::Unattested => f.write_str("the test process never attested where it is"),
            NotIsolated::Unseen(kind) => write!(f, "its {kind} namespace could not be checked"),
            NotIsolated::Shared(kind) => write!(f, "its {kind} namespace is the host's"),
            NotIsolated::Elsewhere(kind) => {
                write!(f, "the test is not in the sandbox's {kind} namespace")
            }
            NotIsolated::LoopbackDown => f.write_str("its loopback interface is down"),
            NotIsolated::TmpShared => f.write_str("its /tmp is the host's"),
            NotIsolated::FirstProcess => f.write_str("the test runs as pid 1"),
        }
    }
}

impl std::error::Error for NotIsolated {}

/// Compares what the test process said of itself with what the kernel says of the sandbox's init,
/// and both with where we are. Init must still be there.
pub(crate) fn check(
    kinds: Kinds,
    facts: &Facts,
    init: i32,
    pidfd: BorrowedFd<'_>,
) -> Result<(), NotIsolated> {
    for (kind, attested) in Kind::ALL.into_iter().zip(facts.inodes) {
        if kinds.contains(kind) {
            let theirs = inode(kind, init, pidfd)?;
            compare(kind, attested, theirs, host_inode(kind)?)?;
        }
    }
    if kinds.contains(Kind::Net) && i32::from(facts.loopback) & libc::IFF_UP == 0 {
        return Err(NotIsolated::LoopbackDown);
    }
    if kinds.contains(Kind::Pid) && facts.pid == 1 {
        return Err(NotIsolated::FirstProcess);
    }
    match fs::metadata("/tmp") {
        Ok(tmp) if tmp.dev() == facts.tmp_device => Err(NotIsolated::TmpShared),
        Ok(_) => Ok(()),
        Err(_) => Err(NotIsolated::Unseen(Kind::Mount)),
    }
}

fn compare(kind: Kind, attested: u64, theirs: u64, ours: u64) -> Result<(), NotIsolated> {
    if theirs == ours {
        Err(NotIsolated::Shared(kind))
    } else if theirs != attested {
        Err(NotIsolated::Elsewhere(kind))
    } else {
        Ok(())
    }
}

fn inode(kind: Kind, process: i32, pidfd: BorrowedFd<'_>) -> Result<u64, NotIsolated> {
    sys::namespace_inode(pidfd, kind).or_else(|_| inode_in_proc(kind, &process.to_string()))
}

fn inode_in_proc(kind: Kind, process: &str) -> Result<u64, NotIsolated> {
    let link = format!("/proc/{process}/ns/{}", kind.proc_name());
    fs::metadata(link)
        .map(|namespace| namespace.ino())
        .map_err(|_| NotIsolated::Unseen(kind))
}

/// The namespaces that we are in, looked at once: a supervisor stays where it is.
fn host_inode(kind: Kind) -> Result<u64, NotIsolated> {
    static OURS: [OnceLock<Result<u64, NotIsolated>>; Kind::ALL.len()] =
        [const { OnceLock::new() }; Kind::ALL.len()];
    *OURS[kind as usize].get_or_init(|| inode_in_proc(kind, "self"))
}
