//! Where a program becomes a server.

use std::ffi::{CStr, c_char, c_int};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Offer, Started, host, serve, stdio};
use crate::entered;
use crate::program::HarnessOutput;
use crate::sys::{self, MainArguments};
use crate::wire::{HOST_ARGUMENT, Registered, SERVER_ARGUMENT};

/// Set when the start-up code has looked whether this process is a server and found that it is
/// not. Where nobody looks, a server could not be started: it would run the whole program again.
static CAN_SERVE: AtomicBool = AtomicBool::new(false);

/// Whether this program, started as a server, would serve.
pub(crate) fn can_serve() -> bool {
    CAN_SERVE.load(Ordering::Relaxed)
}

/// Serves, if this process was started as a server; otherwise returns at once.
///
/// To be called first in `main`, while there is one thread. Such a server executes programs.
pub fn serve_in_main() {
    let asked = std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == SERVER_ARGUMENT);
    if asked && let Some(socket) = stdio::take_socket() {
        serve(&socket, &[], Offer::Exec);
        sys::exit(0);
    }
    CAN_SERVE.store(true, Ordering::Relaxed);
}

/// Serves, if this process was started as a server; returns at once if it was not, and in each
/// test process when that shall go on to `main`.
///
/// # Safety
/// To be called by the C runtime's start-up code before `main`, with its own arguments.
#[expect(
    unsafe_code,
    reason = "argc and argv are what the C runtime says they are"
)]
pub unsafe fn serve_before_main(
    argc: c_int,
    argv: *mut *const c_char,
    tests: fn() -> Vec<Registered>,
) -> Option<HarnessOutput> {
    // SAFETY: the caller's promise.
    let mut own = unsafe { MainArguments::new(argc, argv) };
    CAN_SERVE.store(true, Ordering::Relaxed);
    let asked = own.get(1).map(CStr::to_bytes);
    if asked == Some(HOST_ARGUMENT.as_bytes()) {
        host::prepare(own, &tests());
        return None;
    }
    if asked != Some(SERVER_ARGUMENT.as_bytes()) {
        return None;
    }
    let socket = ManuallyDrop::new(stdio::take_socket()?);
    own.get(0).map(sys::name_process);
    let Started::Main { arguments, harness } = serve(&socket, &tests(), Offer::Main)? else {
        return None;
    };
    // Should it fail, children of the test inherit a descriptor more.
    let _ = entered::keep_from_children(harness);
    own.replace(arguments);
    Some(harness)
}
