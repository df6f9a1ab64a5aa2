//! The standard streams of a server.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;

use crate::sys;

/// Takes the control socket from standard input and puts `/dev/null` in its place.
///
/// `None` if standard input is no such socket: then nobody made this process a server.
pub(super) fn take_socket() -> Option<OwnedFd> {
    let stdin = std::io::stdin();
    if !sys::is_packet_socket(stdin.as_fd()) {
        return None;
    }
    // A server that cannot be one must not go on as the program that it is a copy of: that would
    // start a server in turn, and so on without end.
    Some(move_away(stdin.as_fd()).unwrap_or_else(|_| sys::exit(1)))
}

fn move_away(stdin: BorrowedFd<'_>) -> Result<OwnedFd, Errno> {
    // Whatever else was inherited, by us or by the supervisor, is not the tests' business.
    sys::close_range(3, i32::MAX)?;
    let socket = sys::copy_above(stdin, sys::FIRST_OWNED)?;
    fill_low_numbers()?;
    Ok(socket)
}

/// Opens `/dev/null` under each low number, so that no descriptor with an owner gets one.
fn fill_low_numbers() -> Result<(), Errno> {
    let null = sys::open(c"/dev/null", libc::O_RDWR)?;
    for number in 0..sys::FIRST_OWNED {
        if number != null.as_raw_fd() {
            sys::place_until_exec(null.as_fd(), number)?;
        }
    }
    std::mem::forget(null);
    Ok(())
}
