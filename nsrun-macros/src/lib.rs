//! The `#[ns_test]` attribute of nsrun. Depend on nsrun, which re-exports it.

// Outside of a compiler `proc_macro` does not work: for the tests its twin stands in.
#[cfg(not(test))]
extern crate proc_macro as pm;
#[cfg(test)]
extern crate proc_macro2 as pm;

use proc_macro::TokenStream;

use crate::surroundings::Surroundings;

mod args;
mod attrs;
mod errors;
mod expand;
mod function;
mod kind;
mod literal;
mod meta;
mod options;
mod signature;
mod surroundings;
mod tokens;
mod value;

/// Runs a test in fresh Linux namespaces: on its own network, in its own process tree, with its
/// own host name and its own `/tmp`.
///
/// ```ignore
/// use nsrun::ns_test;
///
/// #[ns_test]
/// fn everybody_gets_port_80() {
///     std::net::TcpListener::bind("127.0.0.1:80").unwrap();
/// }
/// ```
///
/// The test is a test like any other: `cargo test` lists and filters it by its name, it may return
/// a `Result` or an `ExitCode`, and `#[should_panic]` and `#[ignore]` mean what they always mean.
/// `#[test]` comes with the attribute; to write it as well, *below*, changes nothing. On systems
/// other than Linux the test is ignored.
///
/// # Namespaces
///
/// Every test has its own *user* and *mount* namespace. Besides them,
///
/// - `#[ns_test]` makes a *net*, a *pid*, a *uts* and an *ipc* namespace;
/// - `#[ns_test(net, pid)]` makes exactly those that are named;
/// - `#[ns_test(root, timeout = "10s")]` names none, and gets the four again;
/// - `#[ns_test(share(net))]` gets the four without the one that is shared with the host.
///
/// | kind     | what the test has for itself                                                |
/// |----------|-----------------------------------------------------------------------------|
/// | `net`    | network devices (just the loopback), ports, abstract sockets                |
/// | `pid`    | process ids; whatever the test leaves behind ends with it                   |
/// | `uts`    | the host name                                                               |
/// | `ipc`    | System V IPC objects and POSIX message queues                               |
/// | `cgroup` | the root of the cgroup tree                                                 |
/// | `time`   | the offsets of the monotonic and the boot-time clock                        |
///
/// # Options
///
/// | option                                          | meaning                              | without it |
/// |-------------------------------------------------|--------------------------------------|------------|
/// | `root`                                          | user and group 0, with all capabilities over the test's own namespaces | the caller's ids, no capabilities |
/// | `hostname = "db"`                               | the host name inside, 1 to 64 bytes; needs `uts` | `nsrun` |
/// | `time(monotonic = "49d", boottime = "49d")`     | what the clocks are ahead of the host's, either or both; brings the `time` kind along | no offset |
/// | `tmp_size = "64M"`                              | the most that `/tmp`, `/var/tmp` and `/dev/shm` hold together; `M` is 1024² bytes | 1 GiB |
/// | `share(net, "/run/docker.sock")`                | the kinds of namespace, and the hidden paths, that the test shares with the host | none |
/// | `timeout = "10s"`                               | how long the test may run            | no limit   |
/// | `leaks = "fail"`                                | the test fails if it leaves processes behind, `"warn"` if it does not; they are named and killed either way | `"warn"` |
/// | `crate = path`                                  | where nsrun is, if not at `::nsrun`  | `::nsrun`  |
///
/// Durations are written as [humantime] reads them (`"1m 30s"`, `"49d"`, `"200ms"`).
///
/// [humantime]: https://docs.rs/humantime/latest/humantime/fn.parse_duration.html
///
/// # Paths of the host
///
/// `share("/path")` brings back what the test would not see: what lies below `/tmp`, `/var/tmp`,
/// `/dev/shm` or `$TMPDIR`, which are the test's own; and, where the test has its own network, the
/// sockets by which it would get out of that (unix(7)): below `/run`, the runtime directory, and
/// whatever sockets the environment names, such as the agent in `SSH_AUTH_SOCK`. A directory brings
/// back the sockets below it. A path that does not exist makes the test fail.
///
/// ```ignore
/// #[ns_test(share("/run/docker.sock"))]
/// fn starts_a_container() {
///     std::os::unix::net::UnixStream::connect("/run/docker.sock").unwrap();
/// }
/// ```
///
/// # With other attributes
///
/// Put `#[ns_test]` **above** the other attributes. It sees them there, lets them expand first, and
/// so isolates the whole of what they make of the function: the runtime of an async test, every
/// single case of a parametrised one.
///
/// ```ignore
/// #[ns_test(net)]
/// #[tokio::test(flavor = "multi_thread")]
/// async fn served() -> std::io::Result<()> {
///     tokio::net::TcpListener::bind("127.0.0.1:80").await?;
///     Ok(())
/// }
///
/// #[ns_test]
/// #[rstest]
/// #[case(80)]
/// #[case(443)]
/// fn free(#[case] port: u16) {
///     std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
/// }
/// ```
///
/// An attribute whose path ends with `test` (`tokio::test`, `test_log::test`), and `rstest`,
/// `test_case`, `test_matrix`, `gtest`, `quickcheck` and `proptest`, are taken to make tests, so
/// that no second `#[test]` is added. Other attributes are applied to the body of the test, inside
/// of the sandbox.
///
/// Below `#[tokio::test]` and its like, and below the last `#[case]` of an `#[rstest]`, the
/// attribute works just as well. Below a plain `#[test]` it is an error, since the test would be
/// listed twice, and above one of several `#[case]`s it is one too, since rstest would hand it to
/// that case alone.
///
/// One place is out of sight: a `#[test]` above `#[ns_test]` inside of `proptest! { .. }` and other
/// macros that repeat the attributes they are given. Such a test is listed twice, and fails.
#[proc_macro_attribute]
#[cfg_attr(
    not(test),
    expect(clippy::useless_conversion, reason = "in the tests it is one")
)]
pub fn ns_test(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::ns_test(args.into(), item.into(), Surroundings::of_call_site).into()
}
