//! A machine that cannot make the sandbox, made for real: an outer user namespace in which the
//! kernel's limits are zero.

use crate::support::{Done, shell, word};

/// Runs `cargo nsrun ARGS` where the kernel makes no further namespace of this kind.
fn where_none_may_be_made(kind: &str, args: &str) -> Done {
    let script = format!(
        "unshare -Ur sh -c 'echo 0 > /proc/sys/user/max_{kind}_namespaces && exec \"$NSRUN\" nsrun {args}'"
    );
    shell(&script, "listing").done()
}

const KINDS: [&str; 6] = ["user", "mnt", "net", "pid", "uts", "ipc"];

#[test]
fn it_is_an_error_that_names_step_and_reason() {
    for kind in KINDS {
        where_none_may_be_made(kind, "test --lib")
            .code(125)
            .says("error: this machine cannot make the sandbox: cannot make the namespaces: ENOSPC")
            .says("help: ")
            .omits("PASS");
    }
}

#[test]
fn the_limit_of_a_kind_that_is_shared_does_no_harm() {
    where_none_may_be_made("net", "test --share net --lib")
        .code(0)
        .prints("1 passed");
}

#[test]
fn skipping_is_green_and_says_that_nothing_was_run() {
    where_none_may_be_made("user", "test --on-unsupported skip --lib")
        .code(0)
        .says("warning: this machine cannot make the sandbox: cannot make the namespaces")
        .says("nothing was run")
        .omits("PASS")
        .omits("test result");
}

#[test]
fn running_without_isolation_says_so_before_and_after() {
    let done = where_none_may_be_made("net", "test --on-unsupported run --lib")
        .code(0)
        .says("running WITHOUT ISOLATION")
        .says("1 tests were NOT ISOLATED")
        .prints("test healthy ... ok");
    done.omits("PASS");
}

#[test]
fn what_needs_a_sandbox_is_named_where_there_is_none() {
    let said = "warning: without sandboxes these have no effect: ";
    for (options, named) in [
        (
            "--retries 2 --flaky fail --timeout 9s --leaks fail --message-format json",
            "--timeout=9s --leaks=fail --retries=2 --flaky=fail --message-format=json",
        ),
        (
            "--server exec --scope binary --hostname db --root --tmp-size 1M --no-tests warn",
            "--root --hostname=db --tmp-size=1048576 --scope=binary --server=exec --no-tests=warn",
        ),
        ("--share uts --no-tests pass", "--share=uts --no-tests=pass"),
        ("--isolate net", "--isolate=net"),
    ] {
        let args = format!("test --on-unsupported run {options} --lib");
        let done = where_none_may_be_made("net", &args).code(0);
        done.says(&format!("{said}{named}\n"));
    }
    let done = where_none_may_be_made("net", "test --on-unsupported run --lib").code(0);
    assert!(!done.stderr.contains(said), "{done}");
}

/// What needs no sandbox is honoured.
#[test]
fn compiler_messages_are_short_where_they_are_to_be() {
    let args = "--manifest-path ../broken/Cargo.toml --message-format short";
    let args = format!("test --on-unsupported run {args}");
    where_none_may_be_made("net", &args)
        .code(101)
        .says("src/lib.rs:3:5: error[E0425]");
}

#[test]
fn a_failure_without_isolation_is_a_failure() {
    where_none_may_be_made("net", "test --on-unsupported run --test exits")
        .code(101)
        .says("WITHOUT ISOLATION");
}

#[test]
fn a_command_cannot_run_either() {
    where_none_may_be_made("user", "exec -- echo never")
        .code(125)
        .says("cannot make the namespaces")
        .omits("never");
}

#[test]
fn where_it_is_supported_nothing_is_said() {
    for what in ["skip", "run"] {
        let done = shell(
            &format!("exec \"$NSRUN\" nsrun test --on-unsupported {what} --lib"),
            "listing",
        );
        let done = done.done().code(0).prints("1 passed");
        assert!(!done.stderr.contains("warning"), "{done}");
    }
}

/// Not to be isolated is no panic of the test's.
#[test]
fn a_test_that_should_panic_does_not_pass_by_it() {
    let script = "unshare -Ur sh -c 'echo 0 > /proc/sys/user/max_net_namespaces && \
                  exec \"$CARGO\" test -p faults --features nsrun --lib -- \
                  --exact ends::isolated::should_panic_and_does'";
    let done = shell(script, "faults").done().code(101);
    done.prints("nsrun: setup-error: ")
        .prints("test did not panic as expected");
}

/// Enough descriptors for the first sandbox, too few for as many at once.
#[test]
fn no_test_is_lost_where_descriptors_run_out() {
    let done = shell(
        "ulimit -n 30; exec \"$NSRUN\" nsrun test -p faults --message-format json -- \
         --test-threads 40 binds_port tmp_is_private unmounts_tmp sets_the is_not_process stdin_is",
        "faults",
    );
    // There are fewer at once; where even the only one finds no room, that is said.
    let done = done.done().says("EMFILE").says("at once");
    let tests = done.tests();
    assert_eq!(tests.len(), 8);
    let all_passed = tests.values().all(|test| test["verdict"] == "pass");
    let done = done.code(if all_passed { 0 } else { 125 });
    for test in tests.values().filter(|test| test["verdict"] != "pass") {
        let message = word(&test["message"]);
        assert_eq!(test["verdict"], "setup-error");
        assert!(
            message.contains("EMFILE") && message.contains("ulimit -n"),
            "{message}"
        );
    }
    assert_eq!(done.suite()["selected"], 8);
}

/// Root is exempt from this limit (getrlimit(2), RLIMIT_NPROC): so it is somebody else's.
#[test]
fn where_processes_run_out_that_is_said() {
    let script = "n='prlimit --nproc=1 -- '\"$NSRUN\"' nsrun exec -- echo never'
                  if [ $(id -u) = 0 ]; then
                    exec setpriv --reuid 65533 --regid 65533 --clear-groups $n
                  fi
                  exec $n";
    shell(script, "empty")
        .dir("/")
        .done()
        .code(125)
        .says("EAGAIN")
        .says("RLIMIT_NPROC allows this user 1,")
        .says("ulimit -u")
        .omits("never");
}
