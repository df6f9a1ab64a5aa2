//! Without a single `#[ns_test]` the linker still has to know where they start and stop.
#![forbid(unsafe_code)]

use nsrun::__private::TESTS;

fn main() {
    assert_eq!(TESTS.len(), 0);
}
