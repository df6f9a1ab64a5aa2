//! Steps that fail alike.

use crate::step::Step;

/// The steps that mount something.
pub(super) const MOUNTING: &[Step] = &[
    Step::Propagation,
    Step::Keep,
    Step::Tmpfs,
    Step::PrivateDirs,
    Step::EtcFiles,
    Step::Proc,
    Step::ReadOnly,
    Step::Sys,
    Step::Devices,
];

/// The steps that happen in the new user namespace, with its privileges.
pub(super) const INSIDE: &[Step] = &[
    Step::IdMaps,
    Step::Keyring,
    Step::Propagation,
    Step::Keep,
    Step::Tmpfs,
    Step::PrivateDirs,
    Step::EtcFiles,
    Step::Proc,
    Step::ReadOnly,
    Step::Sys,
    Step::Devices,
    Step::Loopback,
    Step::Ports,
    Step::Hostname,
    Step::Clocks,
    Step::Privileges,
];

/// The steps that the kernel does for us, whatever program is asked for.
pub(super) const SET_UP: &[Step] = &[
    Step::Server,
    Step::Namespaces,
    Step::IdMaps,
    Step::Lifeline,
    Step::Keyring,
    Step::Propagation,
    Step::Keep,
    Step::Tmpfs,
    Step::PrivateDirs,
    Step::EtcFiles,
    Step::Proc,
    Step::ReadOnly,
    Step::Sys,
    Step::Devices,
    Step::Loopback,
    Step::Ports,
    Step::Hostname,
    Step::Clocks,
    Step::Fork,
    Step::Streams,
    Step::Privileges,
];
