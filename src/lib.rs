//! Every test gets its own machine.
//!
//! A test that carries [`#[ns_test]`](ns_test) runs in freshly unshared Linux namespaces: its own
//! network with loopback up, its own `/tmp`, process tree, host name and IPC. No root, no container
//! image, no daemon, and the code under test does not change.
//!
//! ```
//! # #[cfg(target_os = "linux")]
//! # mod tests {
//! use std::net::TcpListener;
//!
//! use nsrun::ns_test;
//!
//! #[ns_test]
//! fn serves_on_its_port() {
//!     // As many tests as you like may do so at once: each has this port to itself.
//!     let listener = TcpListener::bind("127.0.0.1:80").unwrap();
//!     assert_eq!(listener.local_addr().unwrap().port(), 80);
//! }
//!
//! #[ns_test(uts, time(monotonic = "49d"), hostname = "db")]
//! fn survives_a_long_uptime() -> std::io::Result<()> {
//!     assert_eq!(std::fs::read_to_string("/proc/sys/kernel/hostname")?, "db\n");
//!     Ok(())
//! }
//! # }
//! ```
//!
//! It works the same under `cargo test`, `cargo nextest run` and `cargo nsrun test`; the last also
//! isolates tests that do not carry the attribute. Where there are no Linux namespaces, the
//! attribute compiles to a test that is ignored, with the reason.
//!
//! # Sockets of the host
//!
//! A Unix socket that has a path can be reached from any network namespace (unix(7)). So where the
//! network is isolated, those of the host are hidden: below `/run`, in the runtime directory, and
//! wherever a variable such as `SSH_AUTH_SOCK` or `DOCKER_HOST` points. A test that needs one says
//! so: `#[ns_test(share("/run/docker.sock"))]`.
//!
//! # Commands in sandboxes
//!
//! The same from ordinary Rust, for tests and for tools:
//!
//! ```
//! use nsrun::{End, Sandbox};
//!
//! let output = Sandbox::new().hostname("db").command("hostname").output()?;
//! assert_eq!(output.outcome.end, Some(End::Exited(0)));
//! assert_eq!(output.stdout, b"db\n");
//! # Ok::<(), nsrun::Failure>(())
//! ```
//!
//! There is no such thing for closures: a closure would run in a copy of a process with several
//! threads, where any lock may be held for ever. A test's body is no exception; it runs in a
//! process that was forked before there was a second thread.
//!
//! # How it works
//!
//! The first `#[ns_test]` of a test binary starts that binary once more. A hook that runs before
//! `main`, while there is one thread, makes a server of it, which clones a sandbox for each test;
//! in the test process the stock harness then runs, for just this test. The process that you
//! started passes the output on, and ends each test as it ended inside. The crate `nsrun-core` has
//! the whole sequence.
//!
//! A variable of the environment, `NSRUN_SERVER=exec`, has each test process executed instead of
//! forked. So does a coverage build (`LLVM_PROFILE_FILE`), whose profiles need a process each.

#[cfg(feature = "harness")]
pub mod harness;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod hook;
mod template;

#[cfg(target_os = "linux")]
pub use nsrun_core::{
    Clocks, Command, CommandOutput, End, Failure, Identity, Kind, Kinds, Leaks, Listener,
    NotIsolated, Outcome, Protocol, Sandbox, Share, Spec, Step, Stop, Survivor, Times, UnknownKind,
};
pub use nsrun_macros::ns_test;

#[doc(hidden)]
pub use self::template::conclude as __conclude;

#[cfg(target_os = "linux")]
#[doc(hidden)]
pub mod __private;
