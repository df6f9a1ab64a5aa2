//! The floor: what the kernel takes for the same namespaces, with no more than must be.
//!
//! How long a sandbox takes is mostly the machine's doing, so that a time says little of nsrun, and
//! nothing to somebody with another machine. What does is the ratio to the floor: the system calls
//! that no sandbox can do without, bare, measured in the same run.
//!
//! | step | system calls |
//! |---|---|
//! | make | clone3(2) with every namespace's flag at once |
//! | set up, as far as [`Extent::SetUp`] asks for it | write `setgroups`, `uid_map`, `gid_map`; make all mounts private; mount a tmpfs on `/tmp`, and `/proc` if there is a pid namespace; set `lo` up if there is a network namespace |
//! | run | execve(2), if there is a program |
//! | end | _exit(2), and waitpid(2), which returns when nothing of it is left |
//!
//! A [`Meter`] does that in a process of its own: small, with one thread, and without anything else
//! to do, as a server is. What is copied by a clone, a big process copies more of.
//!
//! What a sandbox does beyond that is part of the ratio: what else it is promised to have (`/sys`,
//! `/etc/hosts`, low ports, a host name, as real root a harmless `/dev`), the init beside the program,
//! and nsrun's own price: the request and the answer, pipes for its output, the attestation.
//! [`Extent::Whole`] has all but the last on the floor's side: the very calls of nsrun's set-up.

mod bare;
mod meter;
mod set_up;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

pub use meter::{Meter, measure_in_main};

use crate::kind::{Kind, Kinds};

/// What is measured: one process in namespaces of these kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    /// Its new namespaces. With none it is a plain fork.
    pub kinds: Kinds,
    /// How much is set up in them.
    pub extent: Extent,
    /// What it executes then, by its path; otherwise it ends.
    pub program: Option<PathBuf>,
}

/// How much is done to the namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// They are made, and ended.
    Made,
    /// They are set up so that a test could run in them: ids, mounts, loopback.
    SetUp,
    /// They are set up as nsrun sets them up, and the program has a process of its own in them. What
    /// remains between that and a sandbox is the price of asking for one, and of being sure of it.
    Whole,
}

impl Extent {
    const ALL: [Extent; 3] = [Extent::Made, Extent::SetUp, Extent::Whole];

    const fn name(self) -> &'static str {
        match self {
            Extent::Made => "made",
            Extent::SetUp => "set-up",
            Extent::Whole => "whole",
        }
    }
}

impl Floor {
    /// A time namespace is made where its offsets are set, as a part of the whole.
    fn clone_flags(&self) -> u64 {
        let later = match self.extent {
            Extent::Whole => Kind::Time.into(),
            Extent::Made | Extent::SetUp => Kinds::NONE,
        };
        let flags = (self.kinds - later).iter().map(Kind::clone_flag);
        flags.fold(0, |flags, flag| flags | flag)
    }

    /// As another process is told of it.
    fn to_args(&self) -> Vec<OsString> {
        let mut args = vec![self.extent.name().into(), self.kinds.to_string().into()];
        args.extend(self.program.clone().map(OsString::from));
        args
    }

    /// `None` if these are not what [`Floor::to_args`] makes.
    fn from_args(args: &[OsString]) -> Option<Floor> {
        let (extent, kinds, program) = match args {
            [extent, kinds] => (extent, kinds, None),
            [extent, kinds, program] => (extent, kinds, Some(PathBuf::from(program))),
            _ => return None,
        };
        let mut extents = Extent::ALL.into_iter();
        Some(Floor {
            kinds: parse_kinds(kinds)?,
            extent: extents.find(|known| *extent == *known.name())?,
            program,
        })
    }
}

fn parse_kinds(list: &OsStr) -> Option<Kinds> {
    match list.to_str()? {
        "" => Some(Kinds::NONE),
        list => list.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_survives_the_command_line() {
        for extent in Extent::ALL {
            for kinds in [Kinds::NONE, Kinds::ALWAYS, Kinds::ALL] {
                for program in [None, Some("/a b/true".into())] {
                    let floor = Floor {
                        kinds,
                        extent,
                        program,
                    };
                    assert_eq!(Floor::from_args(&floor.to_args()), Some(floor));
                }
            }
        }
    }

    #[test]
    fn what_is_no_floor_is_none() {
        for junk in [&["made"][..], &["mad", "user"], &["made", "users"]] {
            let junk: Vec<OsString> = junk.iter().map(OsString::from).collect();
            assert_eq!(Floor::from_args(&junk), None, "{junk:?}");
        }
    }
}
