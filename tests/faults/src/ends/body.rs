//! How a test ends.

use std::os::unix::process::CommandExt;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::c;

pub(super) fn passes() {}

pub(super) fn fails() {
    panic!("on purpose");
}

pub(super) fn errs() -> Result<(), String> {
    Err("an error that is returned".to_owned())
}

pub(super) fn panics_without_a_string() {
    std::panic::panic_any(7_u8);
}

pub(super) fn fails_in_a_thread() {
    thread::spawn(|| panic!("in a thread"))
        .join()
        .expect("no panic");
}

pub(super) fn panics_in_a_detached_thread() {
    let thread = thread::spawn(|| panic!("nobody asks"));
    while !thread.is_finished() {
        thread::yield_now();
    }
}

pub(super) fn exits_well() {
    std::process::exit(0);
}

pub(super) fn exits_badly() {
    std::process::exit(3);
}

pub(super) fn exits_in_a_thread() {
    let _ = thread::spawn(|| std::process::exit(0)).join();
}

pub(super) fn executes_true() {
    panic!("{}", Command::new("true").exec());
}

pub(super) fn null_dereference() {
    let null = std::hint::black_box(std::ptr::null_mut::<u8>());
    unsafe { null.write_volatile(1) };
}

pub(super) fn aborts() {
    std::process::abort();
}

pub(super) fn overflows_the_stack() {
    fn deeper(depth: u64) -> u64 {
        let here = std::hint::black_box([depth; 64]);
        if depth == u64::MAX {
            return depth;
        }
        deeper(here[7] + 1) + here[3]
    }
    assert_ne!(deeper(0), 1);
}

pub(super) fn panics_twice() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("the second one");
        }
    }
    let _bomb = Bomb;
    panic!("the first one");
}

/// As `panic = "abort"` has it, with which a stable toolchain builds no tests.
pub(super) fn panics_where_that_aborts() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic);
        std::process::abort();
    }));
    panic!("the words of a panic that aborts");
}

pub(super) fn should_panic_but_exits() {
    std::process::exit(101);
}

pub(super) fn should_panic_but_aborts() {
    std::process::abort();
}

pub(super) fn should_panic_and_does() {
    panic!("the right words");
}

pub(super) fn should_panic_with_other_words() {
    panic!("the wrong words");
}

pub(super) fn should_panic_but_does_not() {}

pub(super) fn kills_itself() {
    unsafe { c::raise(c::SIGKILL) };
}

pub(super) fn terminates_itself() {
    unsafe { c::raise(c::SIGTERM) };
}

pub(super) fn never_ends() {
    unsafe { c::signal(c::SIGTERM, c::SIG_IGN) };
    loop {
        thread::sleep(Duration::from_secs(1));
    }
}

pub(super) fn stops_itself() {
    unsafe { c::raise(c::SIGSTOP) };
    loop {
        thread::sleep(Duration::from_secs(1));
    }
}

fn close_below(end: i32) {
    for fd in 0..end {
        unsafe { c::close(fd) };
    }
}

pub(super) fn closes_everything_and_panics() {
    close_below(1024);
    panic!("unheard");
}

pub(super) fn closes_its_streams_and_panics() {
    close_below(3);
    panic!("unheard");
}

fn print_a_result(result: &str, name: &str) {
    println!("\ntest ends::{name} ... {result}\n");
    println!("test result: {result}. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
}

pub(super) fn prints_a_result_line_and_exits() {
    print_a_result("ok", "prints_a_result_line_and_exits");
    std::process::exit(0);
}

pub(super) fn prints_a_result_line_and_fails() {
    print_a_result("ok", "prints_a_result_line_and_fails");
    panic!("all the same");
}

pub(super) fn prints_a_bad_result_line_and_passes() {
    print_a_result("FAILED", "prints_a_bad_result_line_and_passes");
}

pub(super) fn is_ignored() {
    panic!("on purpose");
}
