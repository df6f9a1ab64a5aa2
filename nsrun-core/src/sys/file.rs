//! Files by their paths, as C strings: what the standard library would have to allocate for.

use std::ffi::CStr;
use std::fs::File;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use nix::errno::Errno;

/// open(2) with these flags and O_CLOEXEC. What it makes is for everybody to read and for its owner
/// to write.
pub(crate) fn open(path: &CStr, flags: i32) -> Result<OwnedFd, Errno> {
    const MODE: libc::c_uint = 0o644;
    // SAFETY: `path` is a C string that lives for the call.
    let fd = unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, MODE) };
    let fd = Errno::result(fd)?;
    // SAFETY: the kernel has just opened this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// A file without a name, which goes with its last descriptor (memfd_create(2)). `name` is for
/// those who look into `/proc`.
pub(crate) fn memory_file(name: &CStr) -> Result<File, Errno> {
    // SAFETY: `name` is a C string that lives for the call.
    let fd = unsafe { libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC) };
    let fd = Errno::result(fd)?;
    // SAFETY: the kernel has just opened this descriptor for us.
    Ok(unsafe { File::from_raw_fd(fd) })
}

/// read(2) at an offset, without moving the file's own (pread(2)).
pub(crate) fn read_at(
    fd: BorrowedFd<'_>,
    buffer: &mut [u8],
    offset: libc::off_t,
) -> Result<usize, Errno> {
    let (start, length) = (buffer.as_mut_ptr().cast(), buffer.len());
    // SAFETY: the buffer lives for the call and has room for as many bytes as are asked for.
    let read = unsafe { libc::pread(fd.as_raw_fd(), start, length, offset) };
    Errno::result(read).map(|length| length as usize)
}

/// mkdir(2).
pub(crate) fn make_dir(path: &CStr, mode: libc::mode_t) -> Result<(), Errno> {
    // SAFETY: `path` is a C string that lives for the call.
    Errno::result(unsafe { libc::mkdir(path.as_ptr(), mode) }).map(drop)
}

/// chdir(2).
pub(crate) fn enter_dir(path: &CStr) -> Result<(), Errno> {
    // SAFETY: `path` is a C string that lives for the call.
    Errno::result(unsafe { libc::chdir(path.as_ptr()) }).map(drop)
}

/// What lies at a path (stat(2)).
pub(crate) fn look_at(path: &CStr) -> Result<libc::stat, Errno> {
    let mut found = MaybeUninit::uninit();
    // SAFETY: `path` is a C string, and there is room for the answer.
    Errno::result(unsafe { libc::stat(path.as_ptr(), found.as_mut_ptr()) })?;
    // SAFETY: the call has succeeded, so it has filled the structure.
    Ok(unsafe { found.assume_init() })
}

/// What a descriptor leads to (fstat(2)).
pub(crate) fn look_at_fd(fd: BorrowedFd<'_>) -> Result<libc::stat, Errno> {
    let mut found = MaybeUninit::uninit();
    // SAFETY: there is room for the answer.
    Errno::result(unsafe { libc::fstat(fd.as_raw_fd(), found.as_mut_ptr()) })?;
    // SAFETY: the call has succeeded, so it has filled the structure.
    Ok(unsafe { found.assume_init() })
}

/// Whether this user may do with a file what `mode` asks, such as W_OK (access(2)).
pub(crate) fn may_access(path: &CStr, mode: i32) -> bool {
    // SAFETY: `path` is a C string that lives for the call.
    unsafe { libc::access(path.as_ptr(), mode) == 0 }
}
