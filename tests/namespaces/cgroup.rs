use nsrun::{Kind, Sandbox};

use crate::common::check;
use crate::read;

/// The cgroup of each hierarchy, as this process sees it (cgroups(7)).
fn cgroups() -> String {
    read("/proc/self/cgroup")
}

#[test]
fn the_own_cgroup_is_the_root_of_all() {
    check(Sandbox::with(Kind::Cgroup.into()), cgroups, |outside| {
        assert_eq!(cgroups().lines().count(), outside.lines().count());
        for line in cgroups().lines() {
            assert!(line.ends_with(":/"), "{line}");
        }
    });
}

#[test]
fn it_is_the_hosts_unless_asked_for() {
    check(Sandbox::new(), cgroups, |outside| {
        assert_eq!(cgroups(), outside);
    });
}
