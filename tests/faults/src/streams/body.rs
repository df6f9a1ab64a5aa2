//! Standard input, and the terminal.

use std::fs::File;
use std::io::Read;
use std::os::fd::AsRawFd;

use crate::{c, guard};

pub(super) fn stdin_is_at_its_end() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    assert_eq!(text, "");
}

pub(super) fn there_is_no_terminal() {
    let refused = File::open("/dev/tty").unwrap_err();
    assert_eq!(refused.raw_os_error(), Some(6), "{refused}");
}

/// Types into it, and changes its settings: wherever there is one, it is refused.
pub(super) fn takes_the_terminal() {
    guard::session();
    let terminal = File::options().read(true).write(true).open("/dev/tty");
    let own = terminal.as_ref().ok().map(AsRawFd::as_raw_fd);
    let taken: Vec<i32> = (0..3).chain(own).filter(|fd| takes(*fd)).collect();
    assert_eq!(taken, []);
}

fn takes(fd: i32) -> bool {
    let mut settings: c::Termios = [0; 16];
    let typed = unsafe { c::ioctl(fd, c::TIOCSTI, c"\n".as_ptr()) };
    let read = unsafe { c::ioctl(fd, c::TCGETS, &mut settings) };
    settings[c::LOCAL_MODES] = 0;
    typed == 0 || (read == 0 && unsafe { c::ioctl(fd, c::TCSETS, &settings) } == 0)
}
