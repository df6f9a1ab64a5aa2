//! Two tests that want the same file, which neither removes: on one machine the second of them
//! fails, and at the next run the first one as well.

use std::fs;

use nsrun_demo::{LOCK_FILE, lock};

#[test]
fn the_lock_is_free() {
    lock("the first").expect("nobody has it");
    assert_eq!(
        fs::read_to_string(LOCK_FILE).expect("it is there"),
        "the first"
    );
}

#[test]
fn the_lock_is_free_again() {
    lock("the second").expect("nobody has it");
    assert_eq!(
        fs::read_to_string(LOCK_FILE).expect("it is there"),
        "the second"
    );
}
