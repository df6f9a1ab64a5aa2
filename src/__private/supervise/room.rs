//! Room for sandboxes: the kernel may have none for as many as there are threads that want one.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use nsrun_core::{Failure, Outcome};

/// How many sandboxes of this process there are.
static SANDBOXES: Mutex<usize> = Mutex::new(0);
static ONE_LESS: Condvar = Condvar::new();
/// Held by the one that tries again: those that wait must not take turns in failing.
static SECOND_TRY: Mutex<()> = Mutex::new(());

/// Runs something in a sandbox, and if there is no room for it, again when there is more.
pub(super) fn run(in_sandbox: impl Fn() -> Result<Outcome, Failure>) -> Result<Outcome, Failure> {
    let (mut result, mut others) = counted(&in_sandbox);
    if is_shortage(&result) && others > 0 {
        let _alone = locked(&SECOND_TRY);
        while is_shortage(&result) && others > 0 {
            wait_for_less_than(others);
            (result, others) = counted(&in_sandbox);
        }
    }
    result
}

/// What came of it, and how many others there were at its beginning or at its end.
fn counted(in_sandbox: impl Fn() -> Result<Outcome, Failure>) -> (Result<Outcome, Failure>, usize) {
    let before = enter();
    let result = in_sandbox();
    (result, before.max(leave()))
}

/// Returns how many others there are.
fn enter() -> usize {
    let mut sandboxes = locked(&SANDBOXES);
    *sandboxes += 1;
    *sandboxes - 1
}

/// Returns how many others there are.
fn leave() -> usize {
    let mut sandboxes = locked(&SANDBOXES);
    *sandboxes -= 1;
    ONE_LESS.notify_all();
    *sandboxes
}

fn wait_for_less_than(others: usize) {
    let sandboxes = ONE_LESS.wait_while(locked(&SANDBOXES), |sandboxes| *sandboxes >= others);
    drop(sandboxes);
}

fn is_shortage(result: &Result<Outcome, Failure>) -> bool {
    let failure = match result {
        Ok(outcome) => outcome.failure,
        Err(failure) => Some(*failure),
    };
    failure.is_some_and(|failure| failure.is_shortage())
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
