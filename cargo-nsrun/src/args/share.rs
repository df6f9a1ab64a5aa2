//! What `--share` takes: kinds of namespace, or a path.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use nsrun_core::{Kinds, UnknownKind};

/// One value of `--share`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shared {
    Kinds(Kinds),
    Path(PathBuf),
}

impl Shared {
    /// A value beginning with `/` is a path, commas and all.
    pub(super) fn parse(value: OsString) -> Result<Shared, String> {
        if value.as_encoded_bytes().starts_with(b"/") {
            path(PathBuf::from(value))
        } else {
            kinds(&value)
        }
    }

    pub(super) fn kinds(&self) -> Option<Kinds> {
        match self {
            Shared::Kinds(kinds) => Some(*kinds),
            Shared::Path(_) => None,
        }
    }

    pub(super) fn path(&self) -> Option<PathBuf> {
        match self {
            Shared::Kinds(_) => None,
            Shared::Path(path) => Some(path.clone()),
        }
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shared::Kinds(kinds) => kinds.fmt(f),
            Shared::Path(path) => path.display().fmt(f),
        }
    }
}

fn path(path: PathBuf) -> Result<Shared, String> {
    if path == Path::new("/tmp") {
        return Err("a sandbox always has its own /tmp: share a path below it".to_owned());
    }
    match path.metadata() {
        Ok(_) => Ok(Shared::Path(path)),
        Err(error) => Err(error.to_string()),
    }
}

fn kinds(list: &OsStr) -> Result<Shared, String> {
    let words = list.to_string_lossy();
    let mixed = words.split(',').any(|word| word.trim().starts_with('/'));
    if mixed {
        return Err("a path takes a `--share` of its own".to_owned());
    }
    let kinds: Kinds = words
        .parse()
        .map_err(|error: UnknownKind| error.to_string())?;
    match Kinds::ALWAYS.iter().find(|kind| kinds.contains(*kind)) {
        Some(kind) => Err(format!("a sandbox always has its own {kind} namespace")),
        None => Ok(Shared::Kinds(kinds)),
    }
}
