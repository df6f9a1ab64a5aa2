//! Capabilities, and whether there are any to gain (capabilities(7), PR_SET_NO_NEW_PRIVS).

use std::fs;

use nix::unistd::geteuid;
use nsrun::{Kinds, Sandbox, ns_test};

use crate::common::check;

/// What a test may have been granted, and from where it could gain more.
const SETS: [&str; 5] = ["CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs"];

fn status() -> [u64; SETS.len()] {
    let status = fs::read_to_string("/proc/self/status").expect("there is a /proc");
    SETS.map(|set| {
        let line = status.lines().find_map(|line| line.strip_prefix(set));
        let hex = line.expect(set).trim_start_matches(':').trim();
        u64::from_str_radix(hex, 16).expect("a number in hexadecimal")
    })
}

/// Every capability that this kernel knows.
fn all() -> u64 {
    let last = fs::read_to_string("/proc/sys/kernel/cap_last_cap").expect("there is a /proc");
    let last: u32 = last.trim().parse().expect("a number");
    u64::MAX >> (63 - last)
}

/// No capability, and none to gain by executing something.
const NONE: [u64; SETS.len()] = [0, 0, 0, 0, 1];

fn those_of_root() -> [u64; SETS.len()] {
    [0, all(), all(), 0, 0]
}

/// Real root stays root. Within the sandbox user 0 is root, and nobody else.
fn granted() -> [u64; SETS.len()] {
    if geteuid().is_root() {
        those_of_root()
    } else {
        NONE
    }
}

macro_rules! granted {
    ($($name:ident: $sandbox:expr => $granted:expr;)*) => {$(
        #[test]
        fn $name() {
            check($sandbox, String::new, |_| assert_eq!(status(), $granted));
        }
    )*};
}

granted! {
    by_default: Sandbox::new() => granted();
    where_all_else_is_shared: Sandbox::with(Kinds::NONE) => granted();
    to_root_on_request: Sandbox::new().root() => those_of_root();
}

#[ns_test]
fn in_a_test() {
    assert_eq!(status(), granted());
}

#[ns_test(root)]
fn in_a_test_that_is_root() {
    assert_eq!(status(), those_of_root());
}

/// With `should_panic` its harness runs it, instead of a call.
#[ns_test]
#[should_panic(expected = "as it should be")]
fn in_a_test_that_its_harness_runs() {
    assert_eq!(status(), granted());
    panic!("as it should be");
}
