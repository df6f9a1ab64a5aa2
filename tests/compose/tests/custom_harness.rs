//! Without libtest the compiler strips every `#[test]`; what `#[ns_test]` registers must stay.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::all, clippy::pedantic, clippy::nursery)]

use nsrun::__private::TESTS;
use nsrun::ns_test;

#[ns_test]
fn plain() {}

#[ns_test]
#[test]
fn with_a_plain_test() {}

#[ns_test]
#[should_panic = "as it should"]
fn panics() {
    panic!("as it should");
}

#[ns_test]
#[tokio::test]
async fn tokio_below() {
    tokio::task::yield_now().await;
}

#[tokio::test]
#[ns_test]
async fn tokio_above() {
    tokio::task::yield_now().await;
}

#[ns_test]
#[rstest::rstest]
#[case(1)]
#[case(2)]
fn rstest_below(#[case] number: u32) {
    assert!(number > 0);
}

fn main() {
    let mut paths: Vec<&str> = TESTS.iter().map(|test| test.path).collect();
    paths.sort_unstable();
    let expected = [
        "custom_harness::panics",
        "custom_harness::plain",
        "custom_harness::rstest_below::case_1",
        "custom_harness::rstest_below::case_2",
        "custom_harness::tokio_above",
        "custom_harness::tokio_below",
        "custom_harness::with_a_plain_test",
    ];
    assert_eq!(paths, expected);
    for test in TESTS.iter().filter(|test| !test.path.ends_with("panics")) {
        (test.body)();
    }
}
