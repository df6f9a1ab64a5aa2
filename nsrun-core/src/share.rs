//! What a sandbox takes from the host instead of having its own.

use std::path::{Path, PathBuf};

use crate::kind::Kind;

/// A namespace, or a path, that a sandbox shares with the host: see
/// [`Sandbox::share`](crate::Sandbox::share).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Share {
    /// The host's namespace of this kind.
    Kind(Kind),
    /// A file, a directory, a socket or a device of the host's that would be hidden.
    Path(PathBuf),
}

impl From<Kind> for Share {
    fn from(kind: Kind) -> Share {
        Share::Kind(kind)
    }
}

impl From<PathBuf> for Share {
    fn from(path: PathBuf) -> Share {
        Share::Path(path)
    }
}

impl From<&PathBuf> for Share {
    fn from(path: &PathBuf) -> Share {
        Share::Path(path.clone())
    }
}

impl From<&Path> for Share {
    fn from(path: &Path) -> Share {
        Share::Path(path.to_owned())
    }
}

impl From<String> for Share {
    fn from(path: String) -> Share {
        Share::Path(path.into())
    }
}

impl From<&str> for Share {
    fn from(path: &str) -> Share {
        Share::Path(path.into())
    }
}
