//! Outside of tests, nothing is left of them.
#![forbid(unsafe_code)]
#![deny(warnings)]

use nsrun::ns_test;

#[ns_test]
fn plain() -> this::does::not::Exist {}

#[ns_test(crate = nowhere)]
fn elsewhere() {}

#[ns_test]
#[tokio::test]
async fn future() {}

#[ns_test]
#[rstest::rstest]
#[case(1)]
fn cases(#[case] _number: u32) {}

fn main() {}
