//! Descriptors that run out while cargo has something more to be run.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::support::{Done, Started, fresh_path, nsrun};

/// rustdoc, once it is let go.
const RUSTDOC: &str = "#!/bin/sh\nwhile [ -e \"$HOLDS_RUSTDOC\" ]; do sleep 0.01; done\n\
                       exec rustdoc \"$@\"\n";

/// A supervisor whose one test runs, who can open nothing more, and to whom cargo has a doctest to
/// hand over.
struct Crowded {
    run: Started,
    holds_test: PathBuf,
    rustdoc: PathBuf,
}

impl Crowded {
    fn new(limit: impl FnOnce(&Crowded) -> usize) -> Crowded {
        let [runs, rustdoc] = ["runs", "rustdoc"].map(fresh_path);
        let [holds_test, holds_rustdoc] = ["holds-test", "holds-rustdoc"].map(held);
        fs::write(&rustdoc, RUSTDOC).expect("the target folder is ours");
        fs::set_permissions(&rustdoc, Permissions::from_mode(0o755)).expect("it is ours");
        let run = nsrun("test --message-format json", "descriptors")
            .env("RUSTDOC", &rustdoc)
            .env("RUNS", &runs)
            .env("HOLDS_TEST", &holds_test)
            .env("HOLDS_RUSTDOC", &holds_rustdoc)
            .start_piped();
        let mut crowded = Crowded {
            run,
            holds_test,
            rustdoc,
        };
        crowded.wait_until(|_| runs.exists());
        crowded.limit_descriptors(limit(&crowded));
        let_go(&holds_rustdoc);
        crowded.wait_until(|run| {
            run.command_lines()
                .iter()
                .any(|it| it.contains(" collect "))
        });
        let _ = fs::remove_file(runs);
        crowded
    }

    fn wait_until(&mut self, happens: impl Fn(&Started) -> bool) {
        while !happens(&self.run) {
            let ended = self.run.child.try_wait().expect("it is our child");
            assert_eq!(ended, None, "it has not come so far");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The number that the next descriptor would have: the lowest that is free (open(2)).
    fn next_descriptor(&self) -> usize {
        let dir = PathBuf::from(format!("/proc/{}/fd", self.run.child.id()));
        let is_free = |number: &usize| dir.join(number.to_string()).symlink_metadata().is_err();
        (0..).find(is_free).expect("there is one")
    }

    /// The soft limit: the hard one could not be raised again.
    fn limit_descriptors(&self, limit: usize) {
        let mut prlimit = Command::new("prlimit");
        prlimit.arg(format!("--pid={}", self.run.child.id()));
        let set = prlimit.arg(format!("--nofile={limit}:")).status();
        assert!(set.expect("there is a prlimit").success());
    }

    /// How often the supervisor has waited for something (proc_pid_status(5)).
    fn sleeps(&self) -> u64 {
        let path = format!("/proc/{}/status", self.run.child.id());
        let status = fs::read_to_string(path).expect("it runs");
        let mut lines = status.lines();
        let sleeps = lines.find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        let sleeps = sleeps.expect("it is there").trim().parse();
        sleeps.expect("a number")
    }

    /// Lets the test end, and so the run.
    fn done(self) -> Done {
        let_go(&self.holds_test);
        let done = self.run.done();
        let_go(&self.rustdoc);
        done
    }
}

fn held(name: &str) -> PathBuf {
    let path = fresh_path(name);
    fs::write(&path, "").expect("the target folder is ours");
    path
}

fn let_go(held: &Path) {
    fs::remove_file(held).expect("it is there");
}

/// So many looks, 10 ms each, and whoever has not slept in between spins.
const LOOKS: usize = 3000;

#[test]
fn what_cannot_be_taken_over_yet_is_waited_for_and_not_all_the_while() {
    let crowded = Crowded::new(Crowded::next_descriptor);
    let before = crowded.sleeps();
    let has_slept = (0..LOOKS).any(|_| {
        thread::sleep(Duration::from_millis(10));
        crowded.sleeps() > before + 5
    });
    assert!(has_slept, "it spins");
    crowded.limit_descriptors(1024);
    let done = crowded.done().code(0);
    let suite = done.suite();
    assert_eq!(
        (&suite["passed"], &suite["doctests"]["passed"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn where_nothing_can_end_that_is_an_error() {
    // Not even what the test gives back will do.
    let done = Crowded::new(|_| 3).done().code(101);
    let done = done
        .says("error: no test binary can be taken over from cargo: EMFILE")
        .says("ulimit -n");
    let suite = done.suite();
    assert_eq!(
        (&suite["passed"], &suite["unlistable"]),
        (&1.into(), &1.into())
    );
}
