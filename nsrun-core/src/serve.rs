//! The server: one process with one thread that makes sandboxes on request.
//!
//! It asserts its one thread before each clone, holds no descriptor of a sandbox longer than the
//! clone takes, so that siblings share none, and ends when its supervisor does: the socket on
//! which requests come is then at its end, and every init dies with the server (PR_SET_PDEATHSIG).

mod stdio;

use std::ffi::{CStr, CString, c_char, c_int};
use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::signal::{SigHandler, Signal};
use nix::sys::stat::stat;
use nix::unistd::{pipe2, write};

use crate::entered;
use crate::host::Host;
use crate::inside::{self, Handover};
use crate::plan::{IdMaps, Launch, Plan};
use crate::program::{HarnessOutput, Program, RecordFd};
use crate::step::{At, Failure, Step};
use crate::sys::{self, Argv, Cloned, MainArguments};
use crate::wire::{self, Fds, Message, Registered, Request, SERVER_ARGUMENT};

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
        serve(socket, Vec::new, Offer::Exec);
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
    let own = unsafe { MainArguments::new(argc, argv) };
    CAN_SERVE.store(true, Ordering::Relaxed);
    if own.get(1).map(CStr::to_bytes) != Some(SERVER_ARGUMENT.as_bytes()) {
        return None;
    }
    let socket = stdio::take_socket()?;
    own.get(0).map(sys::name_process);
    let Started { arguments, harness } = serve(socket, tests, Offer::Main)?;
    // Should it fail, children of the test inherit a descriptor more.
    let _ = entered::keep_from_children(harness);
    own.replace(arguments);
    Some(harness)
}

/// What a server can start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Offer {
    /// Its own `main`, and programs.
    Main,
    /// Programs only.
    Exec,
}

/// In the test process: what to go on to `main` with.
struct Started {
    arguments: Argv,
    harness: HarnessOutput,
}

/// Serves until the supervisor is gone. Returns only in a test process.
fn serve(socket: OwnedFd, tests: fn() -> Vec<Registered>, offer: Offer) -> Option<Started> {
    // The test process closes it by number, and must not do so again.
    let socket = ManuallyDrop::new(socket);
    let_the_kernel_reap();
    if wire::send_hello(socket.as_fd(), &tests()).is_err() {
        sys::exit(0);
    }
    let host = Host::look();
    loop {
        match wire::receive(socket.as_fd()) {
            Ok(Some((request, fds))) => {
                if let Some(started) = answer(request.ok(), fds, &host, offer, socket.as_fd()) {
                    return Some(started);
                }
            }
            Err(Errno::EINTR) => {}
            Ok(None) | Err(_) => sys::exit(0),
        }
    }
}

/// How an init ended is told by its control socket; its zombie serves nobody.
fn let_the_kernel_reap() {
    let _ = sys::handle(Signal::SIGCHLD, SigHandler::SigIgn);
}

fn answer(
    request: Option<Request>,
    fds: Fds,
    host: &Host,
    offer: Offer,
    socket: BorrowedFd<'_>,
) -> Option<Started> {
    let control = fds.control.try_clone().ok()?;
    match plan(request, &fds, host, offer).and_then(|plan| make(plan, fds, socket, control.as_fd()))
    {
        Ok(started) => started,
        Err(failure) => {
            // A supervisor that is gone needs no answer.
            let _ = Message::Failed(failure).send(control.as_fd());
            None
        }
    }
}

fn plan(request: Option<Request>, fds: &Fds, host: &Host, offer: Offer) -> Result<Plan, Failure> {
    let malformed = Failure {
        step: Step::Request,
        errno: Errno::EINVAL,
    };
    let mut request = request.ok_or(malformed)?;
    announce_record(&mut request, fds).at(Step::Request)?;
    let plan = Plan::new(&request, host).map_err(|_| malformed)?;
    match (&plan.start.launch, offer) {
        (Launch::Main(_), Offer::Exec) => Err(Failure {
            errno: Errno::EOPNOTSUPP,
            ..malformed
        }),
        _ => Ok(plan),
    }
}

fn announce_record(request: &mut Request, fds: &Fds) -> Result<(), Errno> {
    if let (Program::Exec(exec), RecordFd::Announced) = (&mut request.program, request.record) {
        let announcement = entered::announcement(fds.record.as_fd(), request.harness)?;
        let environment = exec
            .environment
            .get_or_insert_with(|| std::env::vars_os().collect());
        environment.push(announcement);
    }
    Ok(())
}

/// Makes the sandbox. `Some` only in its test process.
fn make(
    mut plan: Plan,
    fds: Fds,
    socket: BorrowedFd<'_>,
    control: BorrowedFd<'_>,
) -> Result<Option<Started>, Failure> {
    let (gate, opener) = match plan.maps {
        IdMaps::Root { .. } => {
            let (gate, opener) = pipe2(OFlag::O_CLOEXEC).at(Step::IdMaps)?;
            (Some(gate), Some(opener))
        }
        IdMaps::Own { .. } => (None, None),
    };
    match clone_into(plan.clone_flags())? {
        Cloned::Child => {
            // Else init itself would keep the gate from ending, or the server's socket open.
            drop(opener);
            sys::close(socket);
            inside::init(&mut plan, Handover { fds, gate });
            Ok(started(plan))
        }
        Cloned::Parent { pid, pidfd } => {
            let born = Message::Born { pid: pid.as_raw() };
            // As with every message: a supervisor that is gone ends the sandbox by itself.
            let _ = born.send_with(control, pidfd.as_fd());
            if let (IdMaps::Root { uid, gid }, Some(opener)) = (&plan.maps, opener) {
                write_maps(pid.as_raw(), uid, gid).at(Step::IdMaps)?;
                write(opener, &[1]).at(Step::IdMaps)?;
            }
            Ok(None)
        }
    }
}

fn started(plan: Plan) -> Option<Started> {
    let harness = plan.start.harness;
    match plan.start.launch {
        Launch::Main(arguments) => Some(Started { arguments, harness }),
        Launch::Exec { .. } => None,
    }
}

/// clone3(2), patient with a kernel that frees namespaces more slowly than we end them: their
/// number is limited (`/proc/sys/user`, namespaces(7)), and so is that of processes.
fn clone_into(namespaces: u64) -> Result<Cloned, Failure> {
    let one_thread = stat("/proc/self/task").is_ok_and(|task| task.st_nlink == 3);
    if !one_thread {
        return Err(Failure {
            step: Step::Threads,
            errno: Errno::EAGAIN,
        });
    }
    let done = patiently(|| sys::clone3(namespaces));
    WAITING_HELPS.store(done.is_ok(), Ordering::Relaxed);
    done.at(Step::Namespaces)
}

/// Where it did not help, as with a limit of 0, each of a thousand tests would wait in vain.
static WAITING_HELPS: AtomicBool = AtomicBool::new(true);

fn patiently(clone: impl Fn() -> Result<Cloned, Errno>) -> Result<Cloned, Errno> {
    const PATIENCE: [u64; 7] = [1, 2, 4, 8, 16, 32, 64];
    if WAITING_HELPS.load(Ordering::Relaxed) {
        for milliseconds in PATIENCE {
            match clone() {
                Err(Errno::ENOSPC | Errno::EAGAIN) => {
                    std::thread::sleep(Duration::from_millis(milliseconds));
                }
                done => return done,
            }
        }
    }
    clone()
}

fn write_maps(pid: i32, uid: &[u8], gid: &[u8]) -> Result<(), Errno> {
    let path = |file| CString::new(format!("/proc/{pid}/{file}")).map_err(|_| Errno::EINVAL);
    inside::write_maps(&path("uid_map")?, &path("gid_map")?, uid, gid)
}
