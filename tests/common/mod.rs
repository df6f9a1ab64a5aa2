//! What every test of the sandboxes is made of: [`check`], which looks from both sides, and
//! [`each_user`], which does whatever it does as root and as somebody without privileges.
//!
//! Both run the test binary again, with the name of the test that calls them: as another user, and
//! inside the sandbox. So a test has one body, which finds itself in one of these stages.

mod fifo;
mod stage;
mod users;

use std::any::type_name;
use std::env;
use std::time::Duration;

use nsrun::{CommandOutput, End, Sandbox};

pub(crate) use fifo::Fifo;
pub(crate) use stage::Stage;
pub(crate) use users::{Host, home};

/// Nothing here takes nearly as long, unless it hangs.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// The variable in which the inside finds what the outside saw.
const OUTSIDE: &str = "NSRUN_TEST_OUTSIDE";

/// Runs `body` as each user.
pub(crate) fn each_user<F: FnOnce()>(body: F) {
    Host::default().each_user(body);
}

/// Looks at the outside, runs `inside` in the sandbox with what was seen, and looks again: the
/// outside must not have changed. As each user.
pub(crate) fn check<O: Fn() -> String, I: FnOnce(&str)>(sandbox: Sandbox, outside: O, inside: I) {
    check_with(sandbox, || (), |()| outside(), inside);
}

/// The same, where the outside needs something that exists as long as the check takes.
pub(crate) fn check_with<G, P, O, I>(sandbox: Sandbox, prepare: P, outside: O, inside: I)
where
    P: FnOnce() -> G,
    O: Fn(&G) -> String,
    I: FnOnce(&str),
{
    Host::default().check_with(sandbox, prepare, outside, inside);
}

impl Host {
    /// Runs `body` on this host, as each user.
    pub(crate) fn each_user<F: FnOnce()>(&self, body: F) {
        self.each_user_named(&test_name::<F>(), body);
    }

    /// [`check_with`] on this host.
    pub(crate) fn check_with<G, P, O, I>(&self, sandbox: Sandbox, prepare: P, outside: O, inside: I)
    where
        P: FnOnce() -> G,
        O: Fn(&G) -> String,
        I: FnOnce(&str),
    {
        let name = test_name::<I>();
        self.each_user_named(&name, || match Stage::current() {
            Stage::Inside => {
                inside(&env::var(OUTSIDE).expect("the outside says what it saw"));
                Stage::announce_end();
            }
            Stage::Harness | Stage::Host => {
                let prepared = prepare();
                let before = outside(&prepared);
                let output = own_test(sandbox, &name).env(OUTSIDE, &before).output();
                let seen = succeeded(output.expect("the sandbox can be asked for"));
                assert!(Stage::has_ended(&seen), "the inside did not run:\n{seen}");
                assert_eq!(outside(&prepared), before, "the outside has changed");
            }
        });
    }
}

/// This test of this binary, in a sandbox.
fn own_test(sandbox: Sandbox, name: &str) -> nsrun::Command {
    let binary = env::current_exe().expect("the test binary has a path");
    let command = sandbox.timeout(LIMIT).command(binary);
    command
        .args(Stage::arguments(name))
        .env(stage::VARIABLE, Stage::Inside.name())
}

/// What a shell script prints in a sandbox, where it must succeed and leave nobody behind.
pub(crate) fn shell(sandbox: Sandbox, script: &str, arguments: &[&str]) -> String {
    let sandbox = sandbox.timeout(LIMIT);
    let command = sandbox.command("sh").args(["-c", script, "sh"]);
    succeeded(
        command
            .args(arguments)
            .output()
            .expect("there is a sh, and a sandbox for it"),
    )
}

/// The output of a command that must have had all that a sandbox promises.
pub(crate) fn succeeded(output: CommandOutput) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let outcome = &output.outcome;
    let good = outcome.failure.is_none()
        && outcome.stop.is_none()
        && outcome.end == Some(End::Exited(0))
        && outcome.isolation.is_ok()
        && outcome.survivors.is_empty()
        && !outcome.escaped;
    assert!(good, "{outcome:#?}\n{stdout}\n{stderr}");
    stdout
}

/// The name that the harness knows a test by, from the type of a closure that stands in it.
fn test_name<F>() -> String {
    let path = type_name::<F>();
    let (_, in_crate) = path
        .split_once("::")
        .expect("a closure stands in some crate");
    let (name, _) = in_crate
        .split_once("::{{closure}}")
        .expect("a closure stands in some test");
    name.to_owned()
}
