//! A registered test is called without libtest, and must not be able to tell.
#![cfg(target_os = "linux")]

use std::env;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{ErrorKind, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;

use nsrun::ns_test;

/// Comes first, so that it is not itself the one that the host was called by.
#[ns_test]
fn another() {}

#[ns_test]
fn its_arguments_are_those_of_this_test() {
    let arguments: Vec<String> = env::args().collect();
    let test = "its_arguments_are_those_of_this_test";
    assert_eq!(arguments[1..3], [test, "--exact"], "{arguments:?}");
    assert!(!arguments.iter().any(|argument| argument == "another"));

    let title = fs::read("/proc/self/cmdline").expect("there is a /proc");
    let words = title.split(|byte| *byte == 0);
    let words: Vec<_> = words.map(String::from_utf8_lossy).collect();
    assert_eq!(words[..words.len() - 1], arguments);
}

#[ns_test]
fn thread_and_process_have_the_names_that_libtest_gives() {
    let test = "thread_and_process_have_the_names_that_libtest_gives";
    assert_eq!(thread::current().name(), Some(test));
    let exe = env::current_exe().expect("it has a name");
    let exe = exe.file_name().expect("in a folder").to_string_lossy();
    let name = fs::read_to_string("/proc/self/comm").expect("there is a /proc");
    assert!(exe.starts_with(name.trim_end()), "{name:?} of {exe:?}");
}

#[ns_test]
fn a_broken_pipe_is_an_error_and_no_signal() {
    let (mut ours, theirs) = UnixStream::pair().expect("a pair of sockets");
    drop(theirs);
    let pipe = std::io::pipe().expect("a pipe");
    drop(pipe.0);
    let mut writer = pipe.1;
    let broken = writer.write(b"x").expect_err("nobody reads");
    assert_eq!(broken.kind(), ErrorKind::BrokenPipe);
    assert!(ours.write(b"x").is_err());
}

#[ns_test]
fn there_are_two_threads_the_tests_and_the_one_that_waits_for_it() {
    let threads = fs::read_dir("/proc/self/task").expect("there is a /proc");
    assert_eq!(threads.count(), 2);
}

#[ns_test]
fn nothing_of_the_server_is_left_open() {
    let open = fs::read_dir("/proc/self/fd").expect("there is a /proc");
    let open = open.map(|entry| fs::read_link(entry.expect("an entry").path()));
    let open: Vec<_> = open.flatten().collect();
    let sockets = open.iter().filter(|file| file.starts_with("socket:"));
    assert_eq!(sockets.count(), 0, "{open:?}");
    // Its streams, its record, the directory; where libtest is around it, a standard output of each.
    assert!(open.len() <= 7, "{open:?}");
}

/// The record is a pipe, which holds 64 KiB unless somebody reads (pipe(7)).
#[ns_test]
#[should_panic(expected = "the end")]
fn a_panic_may_say_more_than_a_pipe_holds() {
    panic!("{} the end", "x".repeat(1 << 18));
}

#[ns_test]
fn random_states_differ_a() {
    differs_from("a", "b");
}

#[ns_test]
fn random_states_differ_b() {
    differs_from("b", "a");
}

/// Whichever comes second finds what the other, or an earlier run's, had drawn.
fn differs_from(own: &str, other: &str) {
    let drawn = RandomState::new().hash_one(1).to_string();
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::write(dir.join(format!("random-{own}")), &drawn).expect("the target folder is there");
    let other = fs::read_to_string(dir.join(format!("random-{other}"))).unwrap_or_default();
    assert_ne!(other, drawn);
}
