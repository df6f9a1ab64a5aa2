//! A lock that every test process holds, and whoever descends from it.

use std::env;
use std::fs::File;
use std::os::fd::IntoRawFd;

use crate::c;

/// Takes a share of the lock on the file `FAULTS_LOCK`, if there is one.
///
/// It belongs to the open file (fcntl(2), "Open file description locks"), which stays open in this
/// process and in those that it starts: who looks from outside sees whether anybody is left.
pub(crate) fn take() {
    let Some(path) = env::var_os("FAULTS_LOCK") else {
        return;
    };
    let fd = File::open(path).expect("there is a file").into_raw_fd();
    // SAFETY: the descriptor is open, and the structure is the one that the call takes.
    let taken = unsafe { c::fcntl(fd, c::F_OFD_SETLK, &c::Flock::SHARED) };
    assert_eq!(taken, 0, "nobody has the lock for itself");
    // SAFETY: the descriptor is open; it is to be inherited by other programs.
    unsafe { c::fcntl(fd, c::F_SETFD, 0) };
}
