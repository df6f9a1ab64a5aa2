//! The standard streams of a server.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl, open};
use nix::sys::stat::Mode;

use crate::sys;

/// Takes the control socket from standard input and puts `/dev/null` in its place.
///
/// `None` if standard input is no such socket: then nobody made this process a server.
pub(super) fn take_socket() -> Option<OwnedFd> {
    let stdin = std::io::stdin();
    if !sys::is_control_socket(stdin.as_fd()) {
        return None;
    }
    // Whatever else was inherited, by us or by the supervisor, is not the tests' business.
    sys::close_range(3, i32::MAX).ok()?;
    let socket = fcntl(stdin.as_fd(), FcntlArg::F_DUPFD_CLOEXEC(sys::FIRST_OWNED)).ok()?;
    fill_low_numbers().ok()?;
    sys::adopt(socket)
}

/// Opens `/dev/null` under each low number, so that no descriptor with an owner gets one.
fn fill_low_numbers() -> Result<(), Errno> {
    let null = open("/dev/null", OFlag::O_RDWR | OFlag::O_CLOEXEC, Mode::empty())?;
    for number in 0..sys::FIRST_OWNED {
        if number != null.as_raw_fd() {
            sys::place_until_exec(null.as_fd(), number)?;
        }
    }
    std::mem::forget(null);
    Ok(())
}
