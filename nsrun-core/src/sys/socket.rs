//! Unix sockets of packets (unix(7)), and the descriptors that travel with them (SCM_RIGHTS).

use std::mem::{offset_of, size_of, size_of_val, zeroed};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use nix::errno::Errno;

/// The most descriptors that one packet carries.
pub(crate) const PACKET_FDS: usize = 6;

/// Two sockets that are connected to each other (socketpair(2)).
pub(crate) fn packet_pair() -> Result<(OwnedFd, OwnedFd), Errno> {
    let mut pair = [-1; 2];
    let kind = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
    // SAFETY: there is room for two descriptors.
    Errno::result(unsafe { libc::socketpair(libc::AF_UNIX, kind, 0, pair.as_mut_ptr()) })?;
    // SAFETY: the kernel has just opened these two for us.
    let [ours, theirs] = pair.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) });
    Ok((ours, theirs))
}

/// Whether this is such a socket.
pub(crate) fn is_packet_socket(fd: BorrowedFd<'_>) -> bool {
    let asked = |option| socket_option(fd, option);
    asked(libc::SO_TYPE) == Ok(libc::SOCK_SEQPACKET) && asked(libc::SO_DOMAIN) == Ok(libc::AF_UNIX)
}

/// A number among the options of socket(7).
fn socket_option(fd: BorrowedFd<'_>, option: i32) -> Result<i32, Errno> {
    let mut value = 0;
    let mut length = size_of_val(&value) as libc::socklen_t;
    // SAFETY: the value lives for the call, and has the length given.
    let done = unsafe {
        libc::getsockopt(
            fd.as_raw_fd(),
            libc::SOL_SOCKET,
            option,
            (&raw mut value).cast(),
            &raw mut length,
        )
    };
    Errno::result(done).map(|_| value)
}

/// Tells the other end that nothing more will come from here (SHUT_WR of shutdown(2)).
pub(crate) fn shut_down(socket: BorrowedFd<'_>) -> Result<(), Errno> {
    // SAFETY: shutdown(2) touches no memory.
    Errno::result(unsafe { libc::shutdown(socket.as_raw_fd(), libc::SHUT_WR) }).map(drop)
}

/// Sends one packet without descriptors. Does not raise SIGPIPE.
pub(crate) fn send(socket: BorrowedFd<'_>, bytes: &[u8]) -> Result<(), Errno> {
    let (fd, start, length) = (socket.as_raw_fd(), bytes.as_ptr().cast(), bytes.len());
    // SAFETY: so many bytes are there, and they live for the call.
    Errno::result(unsafe { libc::send(fd, start, length, libc::MSG_NOSIGNAL) }).map(drop)
}

/// Receives one packet into `bytes`, without waiting for it; its length is 0 at end-of-file. The
/// kernel closes what descriptors come with it.
pub(crate) fn receive(socket: BorrowedFd<'_>, bytes: &mut [u8]) -> Result<usize, Errno> {
    let (fd, start, length) = (socket.as_raw_fd(), bytes.as_mut_ptr().cast(), bytes.len());
    // SAFETY: there is room for so many bytes, which lives for the call.
    let received = unsafe { libc::recv(fd, start, length, libc::MSG_DONTWAIT) };
    Errno::result(received).map(|length| length as usize)
}

/// One control message as the kernel lays it out, with room for all the descriptors (cmsg(3)).
#[repr(C)]
struct Rights {
    header: libc::cmsghdr,
    fds: [RawFd; PACKET_FDS],
}

// SAFETY: CMSG_LEN computes with its argument.
const HEADER: usize = unsafe { libc::CMSG_LEN(0) } as usize;

const _: () = assert!(
    offset_of!(Rights, fds) == HEADER,
    "descriptors follow right behind the header"
);

impl Rights {
    fn none() -> Rights {
        // SAFETY: the header is plain integers, for which zero is a valid value.
        let header = unsafe { zeroed() };
        let fds = [-1; PACKET_FDS];
        Rights { header, fds }
    }

    fn of(fds: &[RawFd]) -> Rights {
        let mut rights = Rights::none();
        rights.fds[..fds.len()].copy_from_slice(fds);
        rights.header.cmsg_len = (HEADER + size_of_val(fds)) as _;
        rights.header.cmsg_level = libc::SOL_SOCKET;
        rights.header.cmsg_type = libc::SCM_RIGHTS;
        rights
    }

    /// What the kernel has installed.
    #[expect(
        clippy::unnecessary_cast,
        reason = "the length is not a usize in every C library"
    )]
    fn received(&self) -> &[RawFd] {
        let is_rights =
            self.header.cmsg_level == libc::SOL_SOCKET && self.header.cmsg_type == libc::SCM_RIGHTS;
        let length = (self.header.cmsg_len as usize).saturating_sub(HEADER);
        let count = if is_rights {
            length / size_of::<RawFd>()
        } else {
            0
        };
        &self.fds[..count.min(PACKET_FDS)]
    }
}

/// The header of a packet with so many bytes of control messages. It points to `bytes` and
/// `rights`, and is good as long as they are where they are.
fn header(bytes: &mut libc::iovec, rights: *mut Rights, control: usize) -> libc::msghdr {
    // SAFETY: `msghdr` is plain integers and pointers, for which zero is a valid value.
    let mut header: libc::msghdr = unsafe { zeroed() };
    header.msg_iov = bytes;
    header.msg_iovlen = 1;
    header.msg_control = rights.cast();
    header.msg_controllen = control as _;
    header
}

/// Sends one packet with at most [`PACKET_FDS`] descriptors. Does not raise SIGPIPE.
pub(crate) fn send_packet(
    socket: BorrowedFd<'_>,
    bytes: &[u8],
    fds: &[RawFd],
) -> Result<(), Errno> {
    let mut rights = Rights::of(fds);
    let mut slice = libc::iovec {
        iov_base: bytes.as_ptr().cast_mut().cast(),
        iov_len: bytes.len(),
    };
    let header = header(&mut slice, &raw mut rights, HEADER + size_of_val(fds));
    // SAFETY: what the header points to lives for the call, in the lengths given, and is only read.
    let sent = unsafe { libc::sendmsg(socket.as_raw_fd(), &raw const header, libc::MSG_NOSIGNAL) };
    Errno::result(sent).map(drop)
}

/// Receives one packet into `bytes`; its length is 0 at end-of-file. `flags` are those of recv(2).
///
/// # Errors
/// ENOBUFS if more descriptors came with it than one packet carries; then they are closed.
pub(crate) fn receive_packet(
    socket: BorrowedFd<'_>,
    bytes: &mut [u8],
    flags: i32,
) -> Result<(usize, Vec<OwnedFd>), Errno> {
    let mut rights = Rights::none();
    let mut slice = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: bytes.len(),
    };
    let mut header = header(&mut slice, &raw mut rights, size_of::<Rights>());
    let flags = flags | libc::MSG_CMSG_CLOEXEC;
    // SAFETY: what the header points to lives for the call, and has room for the lengths given.
    let received = unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut header, flags) };
    let received = Errno::result(received)?;
    let mut fds = Vec::with_capacity(PACKET_FDS);
    for fd in rights.received() {
        // SAFETY: the kernel has just installed it for us, and nobody else knows its number.
        fds.push(unsafe { OwnedFd::from_raw_fd(*fd) });
    }
    // The kernel has left out those for which there was no room.
    if header.msg_flags & libc::MSG_CTRUNC != 0 {
        return Err(Errno::ENOBUFS);
    }
    Ok((received as usize, fds))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::IoSlice;
    use std::os::fd::AsFd;

    use nix::sys::socket::{ControlMessage, MsgFlags, UnixAddr, sendmsg};

    use super::*;

    fn pipe_ends(count: usize) -> Vec<OwnedFd> {
        let (read, _) = super::super::pipe().expect("there is room for a pipe");
        (0..count)
            .map(|_| read.try_clone().expect("and for a few descriptors"))
            .collect()
    }

    fn numbers(fds: &[OwnedFd]) -> Vec<RawFd> {
        fds.iter().map(AsRawFd::as_raw_fd).collect()
    }

    fn file_of(fd: &OwnedFd) -> (u64, u64) {
        let found = super::super::look_at_fd(fd.as_fd()).expect("it is open");
        (found.st_dev, found.st_ino)
    }

    /// How often this pipe is open in this process.
    fn times_open(file: (u64, u64)) -> usize {
        use std::os::unix::fs::MetadataExt;
        fs::read_dir("/proc/self/fd")
            .expect("there is a /proc")
            .filter_map(|entry| fs::metadata(entry.ok()?.path()).ok())
            .filter(|found| (found.dev(), found.ino()) == file)
            .count()
    }

    #[test]
    fn as_many_descriptors_arrive_as_were_sent_and_exec_closes_them() {
        let (ours, theirs) = packet_pair().expect("there is room for a pair");
        for count in 0..=PACKET_FDS {
            let sent = pipe_ends(count);
            send_packet(ours.as_fd(), b"ab", &numbers(&sent)).expect("it is sent");
            let mut bytes = [0; 8];
            let packet = receive_packet(theirs.as_fd(), &mut bytes, libc::MSG_DONTWAIT);
            let (length, fds) = packet.expect("it is there");
            assert_eq!((&bytes[..length], fds.len()), (&b"ab"[..], count));
            for (fd, sent) in fds.iter().zip(&sent) {
                assert_eq!(file_of(fd), file_of(sent));
                // SAFETY: F_GETFD only asks.
                let flags = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFD) };
                assert_eq!(flags, libc::FD_CLOEXEC);
            }
        }
        drop(ours);
        let end = receive_packet(theirs.as_fd(), &mut [0], 0).expect("it is the end");
        assert!(end.0 == 0 && end.1.is_empty());
    }

    #[test]
    fn more_descriptors_than_there_is_room_for_are_an_error_and_closed() {
        let (ours, theirs) = packet_pair().expect("there is room for a pair");
        let sent = pipe_ends(PACKET_FDS + 1);
        let raw = numbers(&sent);
        let rights = [ControlMessage::ScmRights(&raw)];
        let bytes = [IoSlice::new(b"a")];
        let flags = MsgFlags::MSG_NOSIGNAL;
        sendmsg::<UnixAddr>(ours.as_raw_fd(), &bytes, &rights, flags, None).expect("it is sent");
        let file = file_of(&sent[0]);
        let before = times_open(file);
        let received = receive_packet(theirs.as_fd(), &mut [0; 8], 0);
        assert_eq!(received.err(), Some(Errno::ENOBUFS));
        assert_eq!(times_open(file), before);
    }

    #[test]
    fn a_packet_socket_is_told_from_others() {
        let (ours, _theirs) = packet_pair().expect("there is room for a pair");
        assert!(is_packet_socket(ours.as_fd()));
        let (stream, _) = std::os::unix::net::UnixStream::pair().expect("there is room for it");
        assert!(!is_packet_socket(stream.as_fd()));
        assert!(!is_packet_socket(pipe_ends(1)[0].as_fd()));
    }
}
