//! How a test ends.

crate::fault::faults! { "ends":
    aborts: Crash("ABRT"), "ended by signal ABRT";
    closes_everything_and_panics: NoResult | Fail, "";
    closes_its_streams_and_panics: Fail, "";
    errs -> Result<(), String>: Fail, "an error that is returned";
    executes_true: NoResult, "exited with status 0 before the test had ended";
    exits_badly: NoResult, "exited with status 3 before the test had ended";
    exits_in_a_thread: NoResult, "exited with status 0 before the test had ended";
    exits_well: NoResult, "exited with status 0 before the test had ended";
    fails: Fail, "on purpose";
    fails_in_a_thread: Fail, "in a thread";
    #[ignore]
    is_ignored: Ignored, "";
    kills_itself: Crash("KILL"), "ended by signal KILL";
    never_ends: Timeout, "not finished after";
    null_dereference: Crash("SEGV"), "ended by signal SEGV";
    overflows_the_stack: Crash("ABRT"), "has overflowed its stack";
    panics_in_a_detached_thread: Pass, "";
    panics_twice: Crash("ABRT"), "the second one";
    panics_where_that_aborts: Crash("ABRT"), "the words of a panic that aborts";
    panics_without_a_string: Fail, "Box<dyn Any>";
    passes: Pass, "";
    prints_a_bad_result_line_and_passes: Pass, "";
    prints_a_result_line_and_exits: NoResult, "exited with status 0";
    prints_a_result_line_and_fails: Fail, "all the same";
    #[should_panic(expected = "right")]
    should_panic_and_does: Pass, "";
    #[should_panic]
    should_panic_but_aborts: Crash("ABRT"), "ended by signal ABRT";
    #[should_panic]
    should_panic_but_does_not: Fail, "did not panic as expected";
    #[should_panic]
    should_panic_but_exits: NoResult, "exited with status 101 before the test had ended";
    #[should_panic(expected = "right")]
    should_panic_with_other_words: Fail, "did not contain expected string";
    stops_itself: Timeout, "not finished after";
    terminates_itself: Crash("TERM"), "ended by signal TERM";
}
