//! The host: a server that its own harness has called, as a test.
//!
//! A harness builds, filters and sorts its list of tests anew in every process that runs one of
//! them. So this server goes through `main` once, with the arguments of one registered test. When
//! that is called, all is as a test finds it: the standard library is set up, every constructor
//! has run. There it serves, and each test process calls its test from there, without a harness.
//!
//! By then libtest has a second thread, which waits for the test to end, and so holds no lock.

use std::ffi::CString;
use std::os::fd::OwnedFd;
use std::sync::Mutex;

use super::{Offer, Started, serve, stdio};
use crate::entered;
use crate::one_test::{ONE_TEST_IN_A_THREAD, run_one_test};
use crate::program::HarnessOutput;
use crate::sys::{self, Argv, Dispositions, MainArguments};
use crate::wire::Registered;

/// A host, until its harness calls.
static HOST: Mutex<Option<Host>> = Mutex::new(None);

struct Host {
    /// The supervisor's socket.
    socket: OwnedFd,
    arguments: MainArguments,
}

/// Makes the harness call a test, on which [`serve_as_host`] is to be called.
pub(super) fn prepare(arguments: MainArguments, tests: &[Registered]) {
    let Some(socket) = stdio::take_socket() else {
        return;
    };
    arguments.get(0).map(sys::name_process);
    let mut host = Host { socket, arguments };
    let called = tests
        .iter()
        .find(|test| test.callable)
        .and_then(|test| host.take_the_arguments_of(&test.name, ONE_THREAD));
    if called.is_none() {
        // Nobody can be served, and to go on would be to run all of the tests.
        sys::exit(1);
    }
    *HOST.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(host);
}

/// One thread is enough for one test, and then the main one waits without a time limit.
const ONE_THREAD: &str = "--test-threads=1";

impl Host {
    /// Puts the arguments in place with which a harness runs this test.
    fn take_the_arguments_of(&mut self, test: &str, threads: &str) -> Option<()> {
        let mut arguments = vec![self.arguments.get(0)?.to_owned()];
        for word in run_one_test(test) {
            arguments.push(CString::new(word).ok()?);
        }
        arguments.push(CString::new(threads).ok()?);
        self.arguments.replace(Argv::new(arguments));
        Some(())
    }
}

/// Serves, if this process was started as a host; returns at once if it was not. To be called by
/// every registered test.
///
/// Returns number and name of the test to call in each test process, in which nothing else is left
/// to do.
pub fn serve_as_host() -> Option<(usize, String)> {
    let mut host = HOST.lock().ok()?.take()?;
    // The harness's list is gone, and no test process needs a copy of where it was.
    #[cfg(target_env = "gnu")]
    sys::trim_heap();
    // The standard library ignores SIGPIPE and tells of stack overflows. Nothing of that is a
    // server's, nor does a sandbox begin with it.
    let dispositions = Dispositions::of_this_process();
    let Started::Test { number, name } = serve(&host.socket, &[], Offer::Tests)? else {
        return None;
    };
    host.take_the_arguments_of(&name, ONE_TEST_IN_A_THREAD);
    dispositions.restore();
    host.arguments.get(0).map(sys::name_process);
    // The socket was closed by number.
    std::mem::forget(host.socket);
    // Should it fail, children of the test inherit a descriptor more.
    let _ = entered::keep_from_children(HarnessOutput::Shown);
    Some((number, name))
}
