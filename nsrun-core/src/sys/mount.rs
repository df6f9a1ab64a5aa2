//! Mounts: mount(2), and the calls that work on file descriptors (open_tree(2), move_mount(2),
//! mount_setattr(2)).

use std::ffi::CStr;
use std::mem::size_of_val;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;

use nix::errno::Errno;

/// Mounts a new file system of this kind, with these `MS_*` flags and options (mount(2)).
pub(crate) fn mount(
    kind: &CStr,
    target: &CStr,
    flags: libc::c_ulong,
    options: Option<&CStr>,
) -> Result<(), Errno> {
    let options = options.map_or(ptr::null(), CStr::as_ptr);
    let (kind, target) = (kind.as_ptr(), target.as_ptr());
    // SAFETY: all of these are C strings that live for the call, or no options.
    Errno::result(unsafe { libc::mount(kind, target, kind, flags, options.cast()) }).map(drop)
}

/// Cuts the propagation of every mount at and below `path`: nothing mounted there shows elsewhere,
/// and nothing mounted elsewhere shows there (MS_PRIVATE of mount(2)).
pub(crate) fn make_private(path: &CStr) -> Result<(), Errno> {
    let flags = libc::MS_REC | libc::MS_PRIVATE;
    let (path, none) = (path.as_ptr(), ptr::null());
    // SAFETY: `path` is a C string that lives for the call; the rest is ignored.
    Errno::result(unsafe { libc::mount(ptr::null(), path, ptr::null(), flags, none) }).map(drop)
}

/// A detached copy of the mounts at and below `path`, which stays usable when `path` is hidden.
///
/// It is recursive, since mounts that came from a more privileged namespace are locked together
/// (mount_namespaces(7), "Restrictions on mount namespaces").
pub(crate) fn clone_tree(path: &CStr) -> Result<OwnedFd, Errno> {
    let flags = libc::OPEN_TREE_CLONE | libc::OPEN_TREE_CLOEXEC | libc::AT_RECURSIVE as u32;
    // SAFETY: `path` is a C string that lives for the call.
    let fd = unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), flags) };
    let fd = Errno::result(fd)?;
    // SAFETY: the kernel has just opened this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as i32) })
}

/// Mounts a detached tree at `path`.
pub(crate) fn attach(tree: BorrowedFd<'_>, path: &CStr) -> Result<(), Errno> {
    // SAFETY: both paths are C strings that live for the call.
    let done = unsafe {
        libc::syscall(
            libc::SYS_move_mount,
            tree.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_FDCWD,
            path.as_ptr(),
            libc::MOVE_MOUNT_F_EMPTY_PATH,
        )
    };
    Errno::result(done).map(drop)
}

/// Makes a detached tree read-only, with everything below it.
pub(crate) fn make_readonly(tree: BorrowedFd<'_>) -> Result<(), Errno> {
    set_attributes(tree, libc::MOUNT_ATTR_RDONLY, libc::AT_RECURSIVE)
}

/// Makes a detached tree one in which no device works, and in whose topmost mount no name changes.
/// Read-only alone would keep nobody from writing to a device.
pub(crate) fn make_inert(tree: BorrowedFd<'_>) -> Result<(), Errno> {
    set_attributes(tree, libc::MOUNT_ATTR_NODEV, libc::AT_RECURSIVE)?;
    set_attributes(tree, libc::MOUNT_ATTR_RDONLY, 0)
}

fn set_attributes(tree: BorrowedFd<'_>, set: u64, how_far: i32) -> Result<(), Errno> {
    // SAFETY: `mount_attr` is plain integers, for which zero is a valid value.
    let mut attributes: libc::mount_attr = unsafe { std::mem::zeroed() };
    attributes.attr_set = set;
    // SAFETY: path and attributes live for the call, and the size given is that of the latter.
    let done = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            tree.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_EMPTY_PATH | how_far,
            &raw const attributes,
            size_of_val(&attributes),
        )
    };
    Errno::result(done).map(drop)
}
