//! Reading and writing small files without allocation.

use std::ffi::CStr;

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use nix::unistd::write;

/// Writes `bytes` to a file that exists, in one write, as the files of `/proc` want it.
pub(super) fn write_all(path: &CStr, bytes: &[u8]) -> Result<(), Errno> {
    put(path, bytes, OFlag::O_WRONLY | OFlag::O_CLOEXEC)
}

/// Makes an empty file where there is none. One that is there is not opened: that may be a device,
/// on which it would count.
pub(super) fn make(path: &CStr) -> Result<(), Errno> {
    let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_CLOEXEC;
    match open(path, flags, Mode::from_bits_truncate(0o644)) {
        Ok(_) | Err(Errno::EEXIST) => Ok(()),
        Err(errno) => Err(errno),
    }
}

/// Makes a file with these contents.
pub(super) fn create(path: &CStr, bytes: &[u8]) -> Result<(), Errno> {
    put(
        path,
        bytes,
        OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_CLOEXEC,
    )
}

fn put(path: &CStr, bytes: &[u8], flags: OFlag) -> Result<(), Errno> {
    let fd = open(path, flags, Mode::from_bits_truncate(0o644))?;
    if bytes.is_empty() {
        return Ok(());
    }
    let written = write(&fd, bytes)?;
    if written == bytes.len() {
        Ok(())
    } else {
        Err(Errno::ENOSPC)
    }
}
