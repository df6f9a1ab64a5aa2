//! The eight kinds of namespace, and sets of them.

use std::fmt;
use std::str::FromStr;

/// One kind of Linux namespace (namespaces(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// User and group ids, and the capabilities that go with them (user_namespaces(7)).
    User,
    /// The mount table (mount_namespaces(7)).
    Mount,
    /// Network devices, addresses, ports, abstract sockets (network_namespaces(7)).
    Net,
    /// Process ids (pid_namespaces(7)).
    Pid,
    /// Host name and NIS domain name (uts_namespaces(7)).
    Uts,
    /// System V IPC objects and POSIX message queues (ipc_namespaces(7)).
    Ipc,
    /// The root of the cgroup tree as a process sees it (cgroup_namespaces(7)).
    Cgroup,
    /// The offsets of the monotonic and the boot-time clock (time_namespaces(7)).
    Time,
}

impl Kind {
    /// All eight, in the order in which they are listed everywhere.
    pub const ALL: [Kind; 8] = [
        Kind::User,
        Kind::Mount,
        Kind::Net,
        Kind::Pid,
        Kind::Uts,
        Kind::Ipc,
        Kind::Cgroup,
        Kind::Time,
    ];

    /// The name that the attribute and the command line use.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Mount => "mount",
            Kind::Net => "net",
            Kind::Pid => "pid",
            Kind::Uts => "uts",
            Kind::Ipc => "ipc",
            Kind::Cgroup => "cgroup",
            Kind::Time => "time",
        }
    }

    /// The name of this kind's link in `/proc/PID/ns/` (namespaces(7)).
    pub const fn proc_name(self) -> &'static str {
        match self {
            Kind::Mount => "mnt",
            other => other.name(),
        }
    }

    /// The clone flag that makes a new namespace of this kind (clone(2)).
    pub(crate) const fn clone_flag(self) -> u64 {
        let flag = match self {
            Kind::User => libc::CLONE_NEWUSER,
            Kind::Mount => libc::CLONE_NEWNS,
            Kind::Net => libc::CLONE_NEWNET,
            Kind::Pid => libc::CLONE_NEWPID,
            Kind::Uts => libc::CLONE_NEWUTS,
            Kind::Ipc => libc::CLONE_NEWIPC,
            Kind::Cgroup => libc::CLONE_NEWCGROUP,
            Kind::Time => libc::CLONE_NEWTIME,
        };
        flag as u32 as u64
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What was given is not the name of a namespace kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKind(String);

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unknown namespace kind `{}`; the kinds are net, pid, uts, ipc, cgroup and time \
             (user and mount are always there)",
            self.0
        )
    }
}

impl std::error::Error for UnknownKind {}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Kind, UnknownKind> {
        Kinds::ALL
            .iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

/// A set of namespace kinds.
///
/// ```
/// use nsrun_core::{Kind, Kinds};
///
/// let kinds: Kinds = "net,pid".parse().unwrap();
/// assert!(kinds.contains(Kind::Net));
/// assert_eq!((Kinds::DEFAULT - kinds).to_string(), "user,mount,uts,ipc");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kinds(u8);

impl Kinds {
    /// No kind at all.
    pub const NONE: Kinds = Kinds(0);
    /// User and mount: the two that every sandbox has.
    pub const ALWAYS: Kinds = Kinds::of(&[Kind::User, Kind::Mount]);
    /// What a test gets when nothing is said: user, mount, net, pid, uts, ipc.
    pub const DEFAULT: Kinds = Kinds::of(&[
        Kind::User,
        Kind::Mount,
        Kind::Net,
        Kind::Pid,
        Kind::Uts,
        Kind::Ipc,
    ]);
    /// All eight.
    pub const ALL: Kinds = Kinds(0xff);

    /// The set of the kinds given.
    pub const fn of(kinds: &[Kind]) -> Kinds {
        let mut bits = 0;
        let mut i = 0;
        while i < kinds.len() {
            bits |= kinds[i].bit();
            i += 1;
        }
        Kinds(bits)
    }

    /// Whether `kind` is in the set.
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Whether the set has no member.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, in the order of [`Kind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        let all = Kind::ALL.iter().copied();
        all.filter(move |kind| self.contains(*kind))
    }

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u8) -> Kinds {
        Kinds(bits)
    }
}

impl Default for Kinds {
    fn default() -> Kinds {
        Kinds::DEFAULT
    }
}

impl From<Kind> for Kinds {
    fn from(kind: Kind) -> Kinds {
        Kinds::of(&[kind])
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Kinds {
        kinds
            .into_iter()
            .fold(Kinds::NONE, |set, kind| set | kind.into())
    }
}

impl std::ops::BitOr for Kinds {
    type Output = Kinds;
    fn bitor(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }
}

impl std::ops::Sub for Kinds {
    type Output = Kinds;
    fn sub(self, other: Kinds) -> Kinds {
        Kinds(self.0 & !other.0)
    }
}

impl FromStr for Kinds {
    type Err = UnknownKind;

    /// Parses a list separated by commas, such as `net,pid`.
    fn from_str(list: &str) -> Result<Kinds, UnknownKind> {
        list.split(',')
            .map(|name| name.trim().parse::<Kind>())
            .collect()
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, kind) in self.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            f.write_str(kind.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kinds({self})")
    }
}
