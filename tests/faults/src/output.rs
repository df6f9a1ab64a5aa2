//! What a test prints.

crate::fault::faults! { "output":
    a_megabyte_on_stderr: Fail, "so that the output is shown";
    bytes_that_are_no_text: Fail, "so that the output is shown";
    fifty_mebibytes_on_stdout: Fail, "so that the output is shown";
    two_mebibytes_on_stderr: Fail, "so that the output is shown";
    two_mebibytes_on_stdout_and_it_passes: Pass, "";
}

/// To be run by hand: it takes a while, and as much of the disk; runners that keep it all in memory
/// run out of it.
#[test]
fn two_gibibytes_on_stdout() {
    body::two_gibibytes_on_stdout();
}
