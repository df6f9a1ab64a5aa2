//! Reading and writing small files without allocation.

use std::ffi::CStr;

use nix::errno::Errno;
use nix::unistd::write;

use crate::sys;

/// Writes `bytes` to a file that exists, in one write, as the files of `/proc` want it.
pub(super) fn write_all(path: &CStr, bytes: &[u8]) -> Result<(), Errno> {
    put(path, bytes, libc::O_WRONLY)
}

/// Makes an empty file where there is none. One that is there is not opened: that may be a device,
/// on which it would count.
pub(super) fn make(path: &CStr) -> Result<(), Errno> {
    match sys::open(path, libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL) {
        Ok(_) | Err(Errno::EEXIST) => Ok(()),
        Err(errno) => Err(errno),
    }
}

/// Makes a file with these contents.
pub(super) fn create(path: &CStr, bytes: &[u8]) -> Result<(), Errno> {
    put(path, bytes, libc::O_WRONLY | libc::O_CREAT)
}

fn put(path: &CStr, bytes: &[u8], flags: i32) -> Result<(), Errno> {
    let fd = sys::open(path, flags)?;
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
