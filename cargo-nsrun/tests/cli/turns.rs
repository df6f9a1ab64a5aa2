//! However many sandboxes are made ahead, so many tests run at once and no more.

use crate::support::check;

/// All in one, since the runs must not meet each other either.
#[test]
fn a_test_waits_for_its_turn() {
    for server in ["fork", "exec"] {
        let command = format!("test --server {server} -- --test-threads 1");
        check(&command, "turns").code(0).prints("8 passed");
    }
    check("test -- --test-threads 4", "turns")
        .code(101)
        .prints("no other test runs");
}
