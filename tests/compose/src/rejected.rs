//! What is an error only where there is a libtest, or only behind other attributes.
//! `rejected.stderr` has the messages.

use nsrun::ns_test;
use rstest::rstest;

#[test]
#[ns_test]
fn below_test() {}

#[test] // with a comment
#[should_panic]
/// and all that may stand between
#[cfg_attr(test, ns_test(net))]
fn below_test_by_cfg_attr() {}

#[core::prelude::v1::test]
#[ns_test]
#[test_log::test]
fn below_test_and_above_another() {}

#[rstest]
#[ns_test]
#[case(1)]
#[case(2)]
fn above_a_case(#[case] _number: u32) {}

#[rstest]
#[case(1)]
#[ns_test]
#[case::named(2)]
#[tokio::test]
async fn between_cases(#[case] _number: u32) {}

#[ns_test]
#[test]
async fn test_does_not_run_futures() {}

#[ns_test]
#[rstest]
#[case(1)]
async fn rstest_alone_does_not_either(#[case] _number: u32) {}

#[ns_test]
#[test_log::test]
fn nobody_provides_it(_argument: u8) {}

#[ns_test]
fn no_termination() -> u8 {
    0
}
