//! Where the kernel has room for fewer sandboxes than are asked for, there are fewer at once.

use crate::support::{Done, nsrun, shell};

/// Runs it where there may be so many network namespaces at a time.
fn with_namespaces(limit: u32, command: &str) -> Done {
    nsrun("test --no-run", "crowded").done().code(0);
    let script = format!(
        "unshare --user --map-current-user --keep-caps sh -c \
         'echo {limit} > /proc/sys/user/max_net_namespaces && exec {command}'"
    );
    shell(&script, "crowded").done()
}

#[test]
fn tests_wait_for_each_other() {
    for server in ["fork", "exec"] {
        let command = format!("$NSRUN nsrun test --server {server} -- --test-threads 4");
        with_namespaces(1, &command)
            .code(0)
            .prints("8 passed")
            .says("from here on, 1 at once");
    }
}

#[test]
fn under_plain_cargo_test_they_wait_as_well() {
    with_namespaces(1, "cargo test called_ -- --test-threads 4")
        .code(0)
        .prints("4 passed");
}

#[test]
fn without_any_room_there_is_an_error_and_no_endless_wait() {
    with_namespaces(0, "$NSRUN nsrun test")
        .code(125)
        .says("max_net_namespaces");
    with_namespaces(0, "cargo test called_ -- --test-threads 4").code(101);
}
