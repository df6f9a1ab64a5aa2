use nix::unistd::{gethostname, sethostname};
use nsrun::{Kind, Sandbox};

use crate::common::check;

fn hostname() -> String {
    let name = gethostname().expect("the host has a name");
    name.into_string().expect("it is text")
}

#[test]
fn the_host_is_called_nsrun() {
    check(Sandbox::new(), hostname, |_| {
        assert_eq!(hostname(), "nsrun")
    });
}

#[test]
fn the_host_is_called_as_asked_for() {
    check(Sandbox::new().hostname("db"), hostname, |_| {
        assert_eq!(hostname(), "db");
    });
}

#[test]
fn a_shared_one_keeps_its_name() {
    let sandbox = Sandbox::new().hostname("db").share(Kind::Uts);
    check(sandbox, hostname, |outside| assert_eq!(hostname(), outside));
}

#[test]
fn a_new_name_does_not_reach_the_outside() {
    check(Sandbox::new().root(), hostname, |_| {
        sethostname("renamed").expect("root may name its own host");
        assert_eq!(hostname(), "renamed");
    });
}
