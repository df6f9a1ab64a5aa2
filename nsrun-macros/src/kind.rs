//! The kinds of namespace that a test may ask for. User and mount are part of every sandbox.

use std::fmt;

/// A kind that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Net,
    Pid,
    Uts,
    Ipc,
    Cgroup,
    Time,
}

impl Kind {
    /// All of them, in the order in which they are listed everywhere.
    pub(crate) const ALL: [Kind; 6] = [
        Kind::Net,
        Kind::Pid,
        Kind::Uts,
        Kind::Ipc,
        Kind::Cgroup,
        Kind::Time,
    ];

    /// What a test gets that asks for none.
    pub(crate) const DEFAULT: [Kind; 4] = [Kind::Net, Kind::Pid, Kind::Uts, Kind::Ipc];

    pub(crate) fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// As it is written in the attribute.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Kind::Net => "net",
            Kind::Pid => "pid",
            Kind::Uts => "uts",
            Kind::Ipc => "ipc",
            Kind::Cgroup => "cgroup",
            Kind::Time => "time",
        }
    }

    /// The variant of `nsrun`'s own `Kind`.
    pub(crate) const fn variant(self) -> &'static str {
        match self {
            Kind::Net => "Net",
            Kind::Pid => "Pid",
            Kind::Uts => "Uts",
            Kind::Ipc => "Ipc",
            Kind::Cgroup => "Cgroup",
            Kind::Time => "Time",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
