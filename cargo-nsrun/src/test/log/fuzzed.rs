//! What the reader makes of anything that a test may have written.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Recorded, logged_reason, read_log, read_shared_log};

/// Pieces of logs of both harnesses, in any order, and junk.
fn log() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "ok ",
        "failed ",
        "failed: ",
        "ignored ",
        "ignored: ",
        "t",
        "é",
        " t",
        "\n",
        "\n\n",
        "\nrunning ",
        "test ",
        " ... ",
        "ok",
        "FAILED",
        "---- t ----",
        ":",
        ",",
        " ",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec());
    let piece = prop_oneof![9 => word, 1 => vec(any::<u8>(), 0..5)];
    vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_log_is_read(log in log(), name in "[té ]{0,4}") {
        let alone = read_log(&log, &name);
        let among = read_shared_log(&log, &name);
        // One that says anything of the test alone says the same where it is one of many.
        if matches!(alone, Some(Recorded::Passed | Recorded::Failed | Recorded::Ignored)) {
            prop_assert_eq!(alone, among);
        }
        let reason = logged_reason(&log, &name);
        prop_assert_ne!(reason.as_deref(), Some(""));
    }

    /// No green without a word on just this test.
    #[test]
    fn a_log_that_does_not_name_the_test_is_no_pass(log in log()) {
        let name = "not::there";
        prop_assert_ne!(read_log(&log, name), Some(Recorded::Passed));
        prop_assert_eq!(read_shared_log(&log, name), None);
    }
}
