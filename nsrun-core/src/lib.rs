//! Sandboxes for tests: a [`Spec`] goes in, fresh Linux namespaces are made around one program, an
//! [`Outcome`] comes out, and [`judge`] makes a [`Verdict`] of it.
//!
//! This crate is what `nsrun` (the attribute and the harness) and `cargo-nsrun` (the command) stand
//! on. To run a test in a sandbox use one of those; to run a command in one from Rust, use
//! [`Sandbox`].
//!
//! # Words
//!
//! A *sandbox* is the namespaces and mounts that are made from one spec. Its *init* is its first
//! process: it sets the sandbox up, starts the *test process*, reaps and reports. A *server* is a
//! process with one thread that makes sandboxes on request; a *supervisor* is whoever asks. The
//! *record* is the test's own word that it ran to its end, the *attestation* the facts that show
//! that its namespaces are fresh.
//!
//! # The sequence of one test
//!
//! | step | where | module |
//! |---|---|---|
//! | 1. A [`Job`] is put together: a spec, a program, its streams. | supervisor | `spec`, `program`, `running` |
//! | 2. It travels to the server, with one end of a *control socket* of its own. | | `wire::request` |
//! | 3. The server turns it into a plan: every path, file and map made ready. | server | `plan`, `host` |
//! | 4. It clones init into all new namespaces at once. | server | `serve`, `sys::clone` |
//! | 5. Init sets up, top-down: ids, mounts, `/proc` and `/sys`, loopback, host name, clocks. | inside | `inside::init` and the modules that it names |
//! | 6. Init forks the test process, which connects its streams, drops its capabilities, attests where it is, and becomes the program: by exec, or by going on to `main`. | inside | `inside::start`, `inside::attest` |
//! | 7. The supervisor compares the attestation with what `/proc` shows from outside. | supervisor | `attestation` |
//! | 8. The program ends. Init reports its status and whether somebody outlives it. | inside | `inside::watch` |
//! | 9. The supervisor names the survivors and closes the control socket; init ends, and the kernel ends the rest. | supervisor | `running`, `survivors` |
//! | 10. Status, record, attestation and survivors become a verdict, in one pure function. | supervisor | `record`, `verdict`, `explain` |
//!
//! # Two kinds of server
//!
//! A server is a program started anew, with the socket as its standard input and
//! [`SERVER_ARGUMENT`] as its first argument. [`serve_before_main`] makes one of a binary before
//! its `main` runs; such a server can fork test processes that go on to `main` with the arguments
//! of just one test: no exec, no dynamic linking, and the stock harness with all its habits.
//! [`serve_in_main`] makes one that executes programs.
//!
//! # Invariants
//!
//! - **Two worlds.** What runs between clone and exec or `main` stands in `inside`, takes a
//!   prepared plan, and never allocates, formats, locks or panics. It reports by sending a
//!   [`Failure`].
//! - **One thread.** A server asserts that it has one before each clone.
//! - **Nothing shared.** A server keeps no descriptor of a sandbox beyond its clone, so that
//!   siblings never hold each other's pipes open.
//! - **Nothing survives.** Init dies with the server (PR_SET_PDEATHSIG) and with the supervisor
//!   (end-of-file on the control socket); with init, the kernel ends the pid namespace. Where there
//!   is none, init is a subreaper and kills what it inherits.
//! - **Fail closed.** A step that fails ends the sandbox with the step's name; what was not
//!   attested, or differs from outside, is no pass.
//! - **`unsafe` has one home**, `sys`, but for the hand-over of `argc` and `argv` before `main`.
//!
//! # Features
//!
//! - `cli`: what only the command and the benchmarks need, so that nobody compiles it who has `nsrun`
//!   as a dev-dependency: the modules `floor` and `probe`, and the function `surroundings`.
//!
//! # Trade-offs
//!
//! - Init is a copy of the server, and where that is a test binary the set-up runs in the test
//!   binary's image. It costs one process less than having somebody else make the sandbox, which
//!   the test would then enter; and the test process is init's child from its first moment on.
//! - Which sockets of the host are hidden is looked up when a server starts: what a daemon binds later,
//!   where there was none, can be reached. The module `host::sockets` says why it is so.
//! - All private directories are parts of one tmpfs: one file system to make and to free, one limit.
//! - A program that is root inside can unmount what init mounted, and then sees the host's `/tmp`,
//!   with no more rights there than its user has outside.

mod attestation;
mod coverage;
mod entered;
mod explain;
#[cfg(feature = "cli")]
pub mod floor;
mod host;
mod inside;
mod kind;
mod local;
mod one_test;
mod outcome;
mod patience;
mod plan;
#[cfg(feature = "cli")]
mod probe;
mod program;
mod record;
mod remedy;
mod running;
mod sandbox;
mod serve;
mod server;
mod share;
mod signal;
mod spec;
mod step;
mod survivors;
mod sys;
mod verdict;
mod wire;

pub use attestation::NotIsolated;
pub use coverage::{PROFILE_VARIABLE, own_profile, profile_dir};
pub use entered::{BodyStdout, entered_by_exec, write_record};
pub use explain::explain;
pub use kind::{Kind, Kinds, UnknownKind};
pub use local::{local_host, local_server};
pub use one_test::{ONE_TEST_IN_A_THREAD, run_one_test};
pub use outcome::{End, Outcome, Stop, Times};
#[cfg(feature = "cli")]
pub use probe::{Attempt, Probe, Wrong, probe};
pub use program::{BODY_STDOUT, Exec, HarnessOutput, Program, RECORD, RecordFd, Session, Start};
pub use record::{Completion, Recorded, read_completion};
#[cfg(feature = "cli")]
pub use remedy::surroundings;
pub use remedy::{Mend, Remedy, diagnose, remedy};
pub use running::{Job, Running, Sink, Stream, Streams, timeout_until};
pub use sandbox::{Command, CommandOutput, Sandbox, find_program};
pub use serve::{serve_as_host, serve_before_main, serve_in_main};
pub use server::Server;
pub use share::Share;
pub use signal::signal_name;
pub use spec::{Clocks, Identity, Leaks, Spec};
pub use step::{Failure, Step};
pub use survivors::{Listener, Protocol, Survivor};
pub use sys::tie;
pub use verdict::{Evidence, Flaky, Proof, Verdict, judge};
pub use wire::{PROTOCOL_VERSION, Registered, SERVER_ARGUMENT};
