//! Which file a path leads to, and in which state.

use std::ffi::OsStr;
use std::os::unix::fs::MetadataExt;

/// Another one after a file has been replaced or written to (stat(2)); links to it do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

impl Identity {
    /// `None` if there is nothing, or nothing that we may look at.
    pub(super) fn of(path: &OsStr) -> Option<Identity> {
        let file = std::fs::metadata(path).ok()?;
        Some(Identity {
            device: file.dev(),
            inode: file.ino(),
            size: file.size(),
            modified: (file.mtime(), file.mtime_nsec()),
        })
    }
}
