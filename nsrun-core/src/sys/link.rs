//! The loopback interface, by ioctl (netdevice(7)).

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use nix::errno::Errno;

/// Sets `lo` up. 127.0.0.1/8 and ::1 then appear by themselves.
pub(crate) fn bring_up_loopback() -> Result<(), Errno> {
    let mut request = loopback_request();
    request.ifr_ifru.ifru_flags = (libc::IFF_UP | libc::IFF_RUNNING) as i16;
    interface_ioctl(libc::SIOCSIFFLAGS, &mut request)
}

/// The `IFF_*` flags of `lo`.
pub(crate) fn loopback_flags() -> Result<u16, Errno> {
    let mut request = loopback_request();
    interface_ioctl(libc::SIOCGIFFLAGS, &mut request)?;
    // SAFETY: SIOCGIFFLAGS fills this member of the union.
    Ok(unsafe { request.ifr_ifru.ifru_flags } as u16)
}

fn loopback_request() -> libc::ifreq {
    // SAFETY: `ifreq` is plain bytes, for which zero is a valid value.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    request.ifr_name[0] = b'l' as libc::c_char;
    request.ifr_name[1] = b'o' as libc::c_char;
    request
}

fn interface_ioctl(code: libc::c_ulong, request: &mut libc::ifreq) -> Result<(), Errno> {
    let socket = any_socket()?;
    // SAFETY: both ioctls used here read and write one `ifreq`, which lives for the call.
    let done = unsafe { libc::ioctl(socket.as_raw_fd(), code as _, &raw mut *request) };
    Errno::result(done).map(drop)
}

/// One to name the network by: whichever it is, the ioctls go to its namespace.
fn any_socket() -> Result<OwnedFd, Errno> {
    // SAFETY: socket(2) touches no memory.
    let fd = unsafe { libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0) };
    let fd = Errno::result(fd)?;
    // SAFETY: the kernel has just opened this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
