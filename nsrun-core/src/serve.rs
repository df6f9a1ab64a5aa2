//! The server: one process that makes sandboxes on request.
//!
//! It makes sure before each clone that it has one thread, holds no descriptor of a sandbox longer
//! than the clone takes, so that siblings share none, and ends when its supervisor does: the socket
//! on which requests come is then at its end, and every init dies with the server
//! (PR_SET_PDEATHSIG).
//!
//! There are three of them, by what they can start: [`serve_in_main`] programs only,
//! [`serve_before_main`] its own `main` as well, and [`serve_as_host`] its own tests.

mod clone;
mod doors;
pub(crate) mod gate;
mod host;
mod planner;
mod stdio;

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;

pub(crate) use self::doors::can_serve;
pub use self::doors::{serve_before_main, serve_in_main};
pub use self::host::serve_as_host;
use self::planner::Planner;

use crate::entered;
use crate::host::Host;
use crate::inside::{self, Handover};
use crate::plan::{Launch, StartPlan, Unplannable};
use crate::program::{HarnessOutput, Program, RecordFd};
use crate::step::{At, Failure, Step};
use crate::sys::{self, Argv, Cloned, Ignored};
use crate::wire::{self, Fds, Message, Registered, Request};

/// What a server can start, besides programs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Offer {
    /// Its own `main`.
    Main,
    /// Its own tests.
    Tests,
    /// Nothing.
    Exec,
}

impl Offer {
    fn includes(self, launch: &Launch) -> bool {
        match launch {
            Launch::Main(_) => self == Offer::Main,
            Launch::Test { .. } => self == Offer::Tests,
            Launch::Exec { .. } => true,
        }
    }

    /// How many threads the server has: a host is called by its harness, whose own thread waits.
    fn threads(self) -> u64 {
        match self {
            Offer::Main | Offer::Exec => 1,
            Offer::Tests => 2,
        }
    }
}

/// In the test process: what to go on with.
enum Started {
    Main {
        arguments: Argv,
        harness: HarnessOutput,
    },
    Test {
        number: usize,
        name: String,
    },
}

/// Serves until the supervisor is gone. Returns only in a test process.
///
/// There the socket is closed already, by number: whoever owns it must not do so again.
fn serve(socket: &OwnedFd, tests: &[Registered], offer: Offer) -> Option<Started> {
    let_the_kernel_reap();
    sys::remember_layout();
    if wire::send_hello(socket.as_fd(), tests).is_err() {
        sys::exit(0);
    }
    let mut serving = Serving {
        socket: socket.as_fd(),
        offer,
        ignored: Ignored::by_this_process(),
        planner: Planner::new(Host::look()),
    };
    loop {
        match wire::receive(socket.as_fd()) {
            Ok(Some((request, fds))) => {
                if let Some(started) = serving.answer(request.ok(), fds) {
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
    let _ = sys::ignore(libc::SIGCHLD);
}

struct Serving<'a> {
    socket: BorrowedFd<'a>,
    offer: Offer,
    ignored: Ignored,
    planner: Planner,
}

impl Serving<'_> {
    /// `Some` only in a test process.
    fn answer(&mut self, request: Option<Request>, fds: Fds) -> Option<Started> {
        match self.make(request, &fds) {
            Ok(started) => started,
            Err(failure) => {
                // A supervisor that is gone needs no answer.
                let _ = Message::Failed(failure).send(fds.control.as_fd());
                None
            }
        }
    }

    fn make(&mut self, request: Option<Request>, fds: &Fds) -> Result<Option<Started>, Failure> {
        let mut request = request.ok_or(MALFORMED)?;
        announce_record(&mut request, fds).at(Step::Request)?;
        let planned = self.planner.plan(&request);
        let (plan, start) = planned.map_err(|Unplannable(failure)| failure)?;
        if !self.offer.includes(&start.launch) {
            return Err(Failure {
                errno: Errno::EOPNOTSUPP,
                ..MALFORMED
            });
        }
        let (gate, opener) = gate::closed(&plan.maps)?;
        let ignored = self.ignored;
        match clone::clone_into(plan.clone_flags(), self.offer.threads())? {
            Cloned::Child => {
                // Else init itself would keep the gate from ending, or the server's socket open.
                drop(opener);
                sys::close(self.socket);
                inside::init(plan, &start, Handover { fds, gate, ignored });
                Ok(started(start))
            }
            Cloned::Parent { pid, pidfd } => {
                let mapped = gate::open(pid, &plan.maps, opener);
                let born = Message::Born { pid };
                let born = born.send_with(fds.control.as_fd(), pidfd.as_fd());
                if born.is_err() {
                    // Nobody would watch over it, nor could anybody tell whose namespaces it is in.
                    let _ = sys::signal_pidfd(pidfd.as_fd(), libc::SIGKILL);
                }
                mapped.at(Step::IdMaps)?;
                born.at(Step::Lifeline).map(|()| None)
            }
        }
    }
}

const MALFORMED: Failure = Failure {
    step: Step::Request,
    errno: Errno::EINVAL,
};

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

fn started(start: StartPlan) -> Option<Started> {
    let harness = start.harness;
    match start.launch {
        Launch::Main(arguments) => Some(Started::Main { arguments, harness }),
        Launch::Test { number, name } => Some(Started::Test { number, name }),
        Launch::Exec { .. } => None,
    }
}
