//! The loopback interface, by ioctl (netdevice(7)).

use std::os::fd::AsRawFd;

use nix::errno::Errno;
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};

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
    let socket = socket(
        AddressFamily::Inet,
        SockType::Datagram,
        SockFlag::SOCK_CLOEXEC,
        None,
    )?;
    // SAFETY: both ioctls used here read and write one `ifreq`, which lives for the call.
    let done = unsafe { libc::ioctl(socket.as_raw_fd(), code as _, &raw mut *request) };
    Errno::result(done).map(drop)
}
