//! The attribute has a name as if it made a test, and makes none: the tests would never run.

mod idle {
    pub(super) use forgetful::idle as test;
}

#[idle::test]
#[nsrun::ns_test]
fn above() {}

#[nsrun::ns_test]
#[idle::test]
fn below() {}
