//! The spec: what a sandbox is, as plain data.

use std::path::PathBuf;
use std::time::Duration;

use crate::{Kind, Kinds};

/// What a sandbox is. The attribute, the command line and the benchmarks all make one of these,
/// and one path consumes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spec {
    /// The namespaces to make. [`Kinds::ALWAYS`] is added to whatever stands here.
    pub kinds: Kinds,
    /// Who the program is inside.
    pub identity: Identity,
    /// The host name inside, where there is a uts namespace; `nsrun` if `None`.
    pub hostname: Option<String>,
    /// The offsets of the clocks, where there is a time namespace.
    pub clocks: Clocks,
    /// The most that the private `/tmp`, `/var/tmp` and `/dev/shm` hold together, in bytes.
    pub tmp_size: u64,
    /// How long the program may run before it is ended.
    pub timeout: Option<Duration>,
    /// What it means if the program succeeds and leaves processes behind; if `None`, the runner
    /// decides.
    pub leaks: Option<Leaks>,
    /// Paths of the host that the program needs, where a private directory would hide them. Need
    /// not exist.
    pub keep: Vec<PathBuf>,
    /// Paths of the host that are asked for: they, and what lies below them, are neither hidden by
    /// a private directory nor, being sockets, masked. Must exist.
    pub share: Vec<PathBuf>,
}

impl Spec {
    /// The host name inside when the spec names none.
    pub const HOSTNAME: &'static str = "nsrun";
    /// The size of the private `/tmp` when the spec names none: 1 GiB. Memory is used only for
    /// what is really written there (tmpfs(5)).
    pub const TMP_SIZE: u64 = 1 << 30;

    /// The default spec, with exactly these kinds besides user and mount.
    pub fn new(kinds: Kinds) -> Spec {
        Spec {
            kinds: kinds | Kinds::ALWAYS,
            identity: Identity::Own,
            hostname: None,
            clocks: Clocks::default(),
            tmp_size: Spec::TMP_SIZE,
            timeout: None,
            leaks: None,
            keep: Vec::new(),
            share: Vec::new(),
        }
    }

    /// Whether a namespace of this kind is part of the sandbox.
    pub fn has(&self, kind: Kind) -> bool {
        (self.kinds | Kinds::ALWAYS).contains(kind)
    }
}

impl Default for Spec {
    fn default() -> Spec {
        Spec::new(Kinds::DEFAULT)
    }
}

/// What it means if a program succeeds and leaves processes behind. They are named, and killed,
/// either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaks {
    /// It has succeeded all the same.
    #[default]
    Warn,
    /// It has failed.
    Fail,
}

/// Who the program is inside its user namespace (user_namespaces(7)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Identity {
    /// The caller's own user and group id, without capabilities. Real root stays root.
    #[default]
    Own,
    /// User and group 0, with all capabilities over the sandbox's own namespaces.
    Root,
}

/// The offsets of a time namespace's clocks against the host's (time_namespaces(7)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// For `CLOCK_MONOTONIC` and its variants.
    pub monotonic: Duration,
    /// For `CLOCK_BOOTTIME` and its variants.
    pub boottime: Duration,
}
