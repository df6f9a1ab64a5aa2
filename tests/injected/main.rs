//! The set-up of a sandbox, with each of its system calls failing in turn.
//!
//! A run without a fault shows which calls server, init and test process make, from the request to
//! the attestation, or to exec. Then each of them fails, for each of five reasons, in a run of its
//! own. That must end in a `setup-error` which names a step, or, for the calls of which
//! [`tolerated`] says why, in a pass with a whole attestation. The body writes down which
//! namespaces it is in, so that it can be seen that it never runs outside. Afterwards nothing may
//! be left, and the server must have no descriptor more and make the next sandbox.
//!
//! By default each call fails for one of the reasons. `NSRUN_INJECT=all` tries all five, and prints
//! what came of each.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod calls;
mod run;
mod tolerated;
mod tracer;

use std::collections::HashMap;
use std::env;
use std::fs;

use nix::errno::Errno;
use nsrun::ns_test;
use nsrun_core::Verdict;

use calls::{Call, Role};
use run::{Way, run};
use tracer::Fault;

/// What runs in each of these sandboxes; by itself it does nothing.
#[ns_test]
fn body() {
    if let Some(file) = env::var_os(run::FILE) {
        fs::write(file, run::namespaces()).expect("the target folder is there");
    }
}

#[test]
fn a_test_that_goes_on_to_main() {
    check(Way::Main);
}

#[test]
fn a_test_that_is_called() {
    check(Way::Call);
}

#[test]
fn a_test_that_is_executed() {
    check(Way::Exec);
}

const ERRNOS: [Errno; 5] = [
    Errno::EPERM,
    Errno::EINVAL,
    Errno::ENOSPC,
    Errno::ENOMEM,
    Errno::EINTR,
];

#[expect(clippy::print_stdout, reason = "the report of the long form")]
fn check(way: Way) {
    let all = env::var_os("NSRUN_INJECT").is_some();
    let calls = calls_of(way);
    let faults = faults(&calls, all);
    let mut wrong = Vec::new();
    let mut missed = 0;
    for fault in &faults {
        let seen = run(way, Some(*fault));
        let what = judged(*fault, &seen);
        if all {
            println!(
                "{way:?} {} {:?}: {}",
                fault.call, fault.errno, seen.end.details
            );
        }
        for what in &what {
            println!("WRONG {way:?} {} {:?}: {what}", fault.call, fault.errno);
        }
        missed += usize::from(!seen.trace.hit);
        wrong.extend(
            what.into_iter()
                .map(|what| format!("{} {:?}: {what}", fault.call, fault.errno)),
        );
    }
    println!(
        "{way:?}: {} faults in {} calls, {missed} not reached",
        faults.len(),
        calls.len()
    );
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        faults.len(),
        wrong.join("\n")
    );
    assert!(
        missed * 10 < faults.len(),
        "{missed} of {} calls were not made again",
        faults.len()
    );
}

/// The calls of a set-up in which nothing fails.
fn calls_of(way: Way) -> Vec<Call> {
    let seen = run(way, None);
    assert_eq!(seen.end.verdict, Verdict::Pass, "{}", seen.end.details);
    assert!(seen.wrong.is_empty(), "{:?}", seen.wrong);
    for role in [Role::Server, Role::Init, Role::Test] {
        assert!(
            seen.trace.calls.iter().any(|call| call.role == role),
            "{role:?} was not seen"
        );
    }
    seen.trace.calls
}

/// A call that is made over and over is a loop, whose first and last rounds stand for all.
fn faults(calls: &[Call], all: bool) -> Vec<Fault> {
    let mut most: HashMap<(Role, i64), usize> = HashMap::new();
    for call in calls {
        most.insert((call.role, call.number), call.nth);
    }
    let is_chosen = |call: &&Call| {
        let last = most[&(call.role, call.number)];
        all || call.nth <= 20 || call.nth == last
    };
    let chosen = calls.iter().filter(is_chosen).enumerate();
    chosen
        .flat_map(|(i, call)| {
            let errnos = if all {
                ERRNOS.to_vec()
            } else {
                vec![ERRNOS[i % ERRNOS.len()]]
            };
            errnos.into_iter().map(|errno| Fault { call: *call, errno })
        })
        .collect()
}

/// What is wrong with what came of a fault.
fn judged(fault: Fault, seen: &run::Seen) -> Vec<String> {
    let mut wrong = seen.wrong.clone();
    let fine = match seen.end.verdict {
        Verdict::SetupError => seen.end.failure.is_some(),
        Verdict::Pass => !seen.trace.hit || tolerated::is_tolerated(fault),
        _ => false,
    };
    if !fine {
        wrong.push(seen.end.details.clone());
    }
    wrong
}
