//! The standard streams of a server.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl, open};
use nix::sys::stat::Mode;

use crate::sys;

/// The first number that a server's own descriptors may have: a test process puts its own below.
const FIRST: i32 = 10;

/// Takes the control socket from standard input and puts `/dev/null` in its place.
///
/// `None` if standard input is no such socket: then nobody made this process a server.
pub(super) fn take_socket() -> Option<OwnedFd> {
    let stdin = std::io::stdin();
    if !sys::is_control_socket(stdin.as_fd()) {
        return None;
    }
    let socket = fcntl(stdin.as_fd(), FcntlArg::F_DUPFD_CLOEXEC(FIRST)).ok()?;
    fill_low_numbers().ok()?;
    sys::adopt(socket)
}

/// Opens `/dev/null` under each low number, so that no descriptor of a sandbox gets one.
fn fill_low_numbers() -> Result<(), Errno> {
    let null = open("/dev/null", OFlag::O_RDWR | OFlag::O_CLOEXEC, Mode::empty())?;
    sys::place(null.as_fd(), 0)?;
    for number in 1..FIRST {
        if sys::adopt(number).map(std::mem::forget).is_none() {
            sys::place_until_exec(null.as_fd(), number)?;
        }
    }
    if null.as_raw_fd() < FIRST {
        std::mem::forget(null);
    }
    Ok(())
}
