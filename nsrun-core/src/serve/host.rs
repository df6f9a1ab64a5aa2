//! The host: a server that its own harness has called, as a test.
//!
//! A harness builds, filters and sorts its list of tests anew in every process that runs one of
//! them. So this server goes through `main` once, with the arguments of one registered test. When
//! that is called, all is as a test finds it: the standard library is set up, every constructor
//! has run. There it serves, and each test process calls its test from there, without a harness.
//!
//! By then libtest has a second thread, which waits for the test to end, and so holds no lock.

use std::ffi::{CStr, CString};
use std::os::fd::OwnedFd;
use std::sync::Mutex;

use super::{Offer, Started, serve, stdio};
use crate::sys::{self, Argv, MainArguments};
use crate::wire::Registered;

/// The supervisor's socket, until the harness calls.
static SOCKET: Mutex<Option<OwnedFd>> = Mutex::new(None);

/// Makes the harness call a test, on which [`serve_as_host`] is to be called.
pub(super) fn prepare(own: MainArguments, tests: &[Registered]) {
    let Some(socket) = stdio::take_socket() else {
        return;
    };
    let name = own.get(0).map(CStr::to_owned);
    let arguments = tests.iter().find(|test| test.callable).zip(name);
    let arguments = arguments.and_then(|(test, name)| arguments_for(name, &test.name));
    // Nobody can be served: to go on would be to run all of the tests.
    let Some(arguments) = arguments else {
        sys::exit(1)
    };
    own.get(0).map(sys::name_process);
    own.replace(arguments);
    *SOCKET
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(socket);
}

/// One thread is enough for one test, and then the main one waits without a time limit.
fn arguments_for(own_name: CString, test: &str) -> Option<Argv> {
    let flags = [
        c"--exact",
        c"--include-ignored",
        c"--nocapture",
        c"--test-threads=1",
    ];
    let test = CString::new(test).ok()?;
    let all = [own_name, test]
        .into_iter()
        .chain(flags.map(CStr::to_owned));
    Some(Argv::new(all.collect()))
}

/// Serves, if this process was started as a host; returns at once if it was not. To be called by
/// every registered test.
///
/// Returns number and name of the test to call in each test process, in which nothing else is left
/// to do.
pub fn serve_as_host() -> Option<(usize, String)> {
    let socket = SOCKET.lock().ok()?.take()?;
    match serve(socket, &[], Offer::Tests)? {
        Started::Test { number, name } => Some((number, name)),
        Started::Main { .. } => None,
    }
}
