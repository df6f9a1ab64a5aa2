//! What a test may return, and what becomes of it.

use std::fmt::Debug;
use std::num::ParseIntError;
use std::process::{ExitCode, Termination};

use nsrun::ns_test;

#[ns_test]
fn unit() {}

#[ns_test]
fn result() -> Result<(), ParseIntError> {
    "1".parse::<u8>()?;
    Ok(())
}

#[ns_test]
fn failing_result() -> Result<(), ParseIntError> {
    "x".parse::<u8>()?;
    Ok(())
}

#[ns_test]
fn boxed() -> Result<(), Box<dyn std::error::Error>> {
    "1".parse::<u8>()?;
    Ok(())
}

#[ns_test]
fn exit_code() -> ExitCode {
    ExitCode::SUCCESS
}

#[ns_test]
fn failing_exit_code() -> ExitCode {
    ExitCode::FAILURE
}

#[ns_test]
fn some_termination() -> impl Termination + Debug {
    Ok::<(), String>(())
}

#[ns_test]
#[should_panic]
fn never() -> ! {
    panic!("it does not return");
}

#[ns_test]
fn failing_never() -> ! {
    panic!("it does not return");
}

#[ns_test]
fn failing() {
    panic!("it fails");
}

#[ns_test]
#[should_panic]
fn panics() {
    panic!("anything");
}

#[ns_test]
#[should_panic = "the message"]
fn panics_with() {
    panic!("this is the message");
}

#[ns_test]
#[should_panic(expected = "the message")]
fn panics_with_expected() {
    panic!("this is the message");
}

#[should_panic(expected = "the message")]
#[ns_test(net)]
fn panics_above() {
    panic!("this is the message");
}

#[ns_test]
#[should_panic]
fn failing_panics() {}

#[ns_test]
#[should_panic(expected = "the message")]
fn failing_panics_with() {
    panic!("something else");
}
