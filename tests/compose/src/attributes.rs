//! What else may stand on a test.

use std::panic::Location;

use nsrun::ns_test;

/// A doc comment.
#[ns_test]
fn documented() {}

#[ns_test]
#[test]
fn plain_test_below() {}

#[ns_test]
#[core::prelude::v1::test]
fn qualified_test_below() {}

#[ns_test]
#[ignore]
fn ignored() {
    unreachable!("ignored");
}

#[ignore = "for a reason"]
#[ns_test]
fn ignored_for_a_reason() {
    unreachable!("ignored");
}

#[ns_test]
#[cfg(any())]
fn never_compiled() {
    this_does_not_exist();
}

#[cfg(any())]
#[ns_test]
fn never_compiled_either() {
    this_does_not_exist();
}

#[cfg_attr(all(), ns_test(net))]
fn by_cfg_attr() {}

#[ns_test]
#[expect(unused_variables, reason = "the lint is met in the body, once")]
fn expectation() {
    let unused = 1;
}

#[ns_test]
#[expect(non_snake_case, reason = "so is a lint about the name")]
fn Expected_Name() {}

#[ns_test]
#[allow(clippy::assertions_on_constants)]
#[rustfmt::skip]
fn tools( ) { assert!( true ) }

#[ns_test]
fn inner_attribute() {
    #![expect(unused_variables, reason = "it stays inside")]
    let unused = 1;
}

#[ns_test]
#[track_caller]
fn tracked() {
    assert!(Location::caller().file().ends_with("attributes.rs"));
}

#[test_log::test]
#[ns_test]
fn test_log_above() {}

#[ns_test]
#[test_log::test]
fn test_log_below() {}

#[ns_test]
#[test_log::test]
#[should_panic(expected = "after the log")]
fn test_log_panics() {
    panic!("after the log");
}

/// A snapshot library goes by this name, so it must end with the test's own.
#[ns_test]
fn function_name() {
    fn name_of<T>(_: T) -> &'static str {
        std::any::type_name::<T>()
    }
    let name = name_of(|| ());
    let name = name.trim_end_matches("::{{closure}}");
    assert_eq!(name.rsplit("::").next(), Some("function_name"));
}
