//! Packets with descriptors (SCM_RIGHTS of unix(7)).

use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use nix::errno::Errno;
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, UnixAddr, recvmsg, sendmsg};

/// The most descriptors that one packet carries.
pub(crate) const PACKET_FDS: usize = 6;

/// Sends one packet. Does not raise SIGPIPE.
pub(crate) fn send_packet(
    socket: BorrowedFd<'_>,
    bytes: &[u8],
    fds: &[RawFd],
) -> Result<(), Errno> {
    let rights = [ControlMessage::ScmRights(fds)];
    let bytes = [IoSlice::new(bytes)];
    sendmsg::<UnixAddr>(
        socket.as_raw_fd(),
        &bytes,
        &rights,
        MsgFlags::MSG_NOSIGNAL,
        None,
    )
    .map(drop)
}

/// Receives one packet into `bytes`; its length is 0 at end-of-file.
pub(crate) fn receive_packet(
    socket: BorrowedFd<'_>,
    bytes: &mut [u8],
    flags: MsgFlags,
) -> Result<(usize, Vec<OwnedFd>), Errno> {
    let mut space = nix::cmsg_space!([RawFd; PACKET_FDS]);
    let mut slices = [IoSliceMut::new(bytes)];
    let flags = flags | MsgFlags::MSG_CMSG_CLOEXEC;
    let packet = recvmsg::<UnixAddr>(socket.as_raw_fd(), &mut slices, Some(&mut space), flags)?;
    let mut fds = Vec::new();
    for message in packet.cmsgs()? {
        if let ControlMessageOwned::ScmRights(raw) = message {
            // SAFETY: the kernel has just installed these descriptors for us, and nobody else
            // knows their numbers.
            fds.extend(
                raw.into_iter()
                    .map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }),
            );
        }
    }
    Ok((packet.bytes, fds))
}
