//! How a program learns that it is the test process of a sandbox.
//!
//! Forked from a server it simply is. Executed, it is told by a variable of the environment which
//! names its record; the variable counts only if that very file is open as [`RECORD`], so that a
//! stale one in somebody's shell means nothing.

use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, BorrowedFd};

use nix::errno::Errno;

use crate::program::{BODY_STDOUT, HarnessOutput, RECORD};
use crate::sys;

const VARIABLE: &std::ffi::CStr = c"NSRUN_RECORD";

/// The variable, and its value for this record.
pub(crate) fn announcement(
    record: BorrowedFd<'_>,
    harness: HarnessOutput,
) -> Result<(OsString, OsString), Errno> {
    let name = VARIABLE.to_string_lossy().into_owned();
    Ok((name.into(), value(record, harness)?.into()))
}

fn value(record: BorrowedFd<'_>, harness: HarnessOutput) -> Result<String, Errno> {
    let stat = sys::look_at_fd(record)?;
    Ok(format!("{}:{}:{harness:?}", stat.st_dev, stat.st_ino))
}

/// Whether this process was executed as a test process, and how its harness shall print.
///
/// To be called before `main`, while there is one thread: the variable is taken out of the
/// environment, and the record out of what the test's own children inherit.
pub fn entered_by_exec() -> Option<HarnessOutput> {
    // One that is not there, or no text, is no claim of ours.
    let claim = std::env::var(VARIABLE.to_str().ok()?).ok()?;
    sys::forget_environment(VARIABLE);
    let record = ManuallyDrop::new(sys::adopt(RECORD)?);
    let harness = [HarnessOutput::Shown, HarnessOutput::Hidden]
        .into_iter()
        .find(|harness| value(record.as_fd(), *harness) == Ok(claim.clone()))?;
    // Who has closed them since is no test process of ours: without its word there is no pass.
    keep_from_children(harness).ok()?;
    Some(harness)
}

/// The test's own children shall not inherit the record, nor the test's standard output twice.
pub(crate) fn keep_from_children(harness: HarnessOutput) -> Result<(), Errno> {
    sys::close_on_exec(RECORD)?;
    match harness {
        HarnessOutput::Shown => Ok(()),
        HarnessOutput::Hidden => sys::close_on_exec(BODY_STDOUT),
    }
}

/// Appends to the record of this test process. Quietly does nothing where the test has closed it:
/// then there is no proof, and the verdict says so.
pub fn write_record(bytes: &[u8]) {
    if let Some(record) = sys::adopt(RECORD) {
        let mut file = ManuallyDrop::new(File::from(record));
        let _ = file.write_all(bytes);
    }
}

/// Standard output as the body of a test has it; afterwards it is the harness's again.
#[derive(Debug)]
#[must_use = "the harness gets standard output back when this is dropped"]
pub struct BodyStdout {
    harness: Option<std::os::fd::OwnedFd>,
}

impl BodyStdout {
    /// Takes standard output over from the harness, if that was told to print nowhere.
    pub fn take(harness: HarnessOutput) -> BodyStdout {
        BodyStdout {
            harness: match harness {
                HarnessOutput::Shown => None,
                HarnessOutput::Hidden => switch_to_body(),
            },
        }
    }
}

/// If it fails, the body prints where the harness does: nowhere. That is a loss, and no reason not
/// to run it.
fn switch_to_body() -> Option<std::os::fd::OwnedFd> {
    // What the harness has printed there is not asked for.
    let _ = std::io::stdout().flush();
    let harness = std::io::stdout().as_fd().try_clone_to_owned().ok()?;
    let body = ManuallyDrop::new(sys::adopt(BODY_STDOUT)?);
    sys::place(body.as_fd(), 1).ok()?;
    Some(harness)
}

impl Drop for BodyStdout {
    fn drop(&mut self) {
        if let Some(harness) = &self.harness {
            // The body may have closed what it prints to, or filled it: its own affair.
            let _ = std::io::stdout().flush();
            // Both are open. Should it fail, what the harness prints is shown with the rest.
            let _ = sys::place(harness.as_fd(), 1);
        }
    }
}
