//! The attribute below has thrown `#[ns_test]` away, and the test would run without a sandbox.

#[nsrun::ns_test]
#[forgetful::test]
fn forgotten() {}
