//! Each test is registered once, under the name by which libtest lists it.

use nsrun::__private::{ShouldPanic, TESTS, Test};
use nsrun::{Clocks, Identity, Kinds, Leaks, Spec, ns_test};
use std::time::Duration;

#[ns_test(
    net,
    uts,
    root,
    hostname = "db",
    time(monotonic = "49d", boottime = "1s"),
    tmp_size = "64M",
    timeout = "1500ms",
    leaks = "fail"
)]
fn everything_said() {}

#[ns_test(share(net))]
fn shares_net() {}

fn find(name: &str) -> &'static Test {
    let path = format!("compose::{name}");
    TESTS.iter().find(|test| test.path == path).expect(name)
}

#[test]
fn specs() {
    let mut said = Spec::new("net,uts,time".parse().unwrap());
    said.identity = Identity::Root;
    said.hostname = Some("db".into());
    said.clocks = Clocks {
        monotonic: Duration::from_hours(49 * 24),
        boottime: Duration::from_secs(1),
    };
    said.tmp_size = 64 << 20;
    said.timeout = Some(Duration::from_millis(1500));
    said.leaks = Some(Leaks::Fail);
    assert_eq!((find("registry::everything_said").spec)(), said);
    assert_eq!((find("results::unit").spec)(), Spec::default());
    let fewer = Kinds::DEFAULT - "net".parse().unwrap();
    assert_eq!((find("registry::shares_net").spec)(), Spec::new(fewer));
}

#[test]
fn what_libtest_knows_too() {
    let ignored = |name| find(name).ignore;
    assert_eq!(ignored("results::unit"), None);
    assert_eq!(ignored("attributes::ignored"), Some(""));
    assert_eq!(
        ignored("attributes::ignored_for_a_reason"),
        Some("for a reason")
    );
    assert_eq!(ignored("runtimes::below_ignored"), Some("below"));
    assert_eq!(ignored("runtimes::above_ignored"), Some("above"));
    let panics = |name: &str| find(name).should_panic;
    assert!(matches!(panics("results::unit"), ShouldPanic::No));
    assert!(matches!(panics("results::panics"), ShouldPanic::Yes));
    for name in ["panics_with", "panics_with_expected", "panics_above"] {
        let found = panics(&format!("results::{name}"));
        assert!(
            matches!(found, ShouldPanic::With("the message")),
            "{name}: {found:?}"
        );
    }
    assert!(matches!(
        panics("runtimes::above_panics"),
        ShouldPanic::With("1")
    ));
}

#[test]
fn paths() {
    let mut paths: Vec<&str> = TESTS.iter().map(|test| test.path).collect();
    paths.sort_unstable();
    let listed: Vec<String> = include_str!("../listed.txt")
        .lines()
        .map(|name| format!("compose::{name}"))
        .collect();
    assert_eq!(paths, listed);
}
