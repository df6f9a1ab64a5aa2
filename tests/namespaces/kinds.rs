use std::collections::BTreeSet;
use std::thread;

use nsrun::{Kind, Kinds, Sandbox};

use crate::common::{Fifo, each_user, shell};
use crate::namespace;

/// The kinds of which a sandbox has a namespace of its own, as a program inside sees it.
fn own_kinds(sandbox: Sandbox) -> Kinds {
    let links = Kind::ALL.map(|kind| format!("/proc/self/ns/{}", kind.proc_name()));
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let inside = shell(sandbox, r#"readlink "$@""#, &links);
    let inside: BTreeSet<&str> = inside.lines().collect();
    let is_own = |kind: &Kind| !inside.contains(namespace(*kind).as_str());
    Kind::ALL.into_iter().filter(is_own).collect()
}

fn always_and(kinds: &[Kind]) -> Kinds {
    Kinds::ALWAYS | Kinds::of(kinds)
}

#[test]
fn a_sandbox_has_those_that_were_asked_for_and_the_hosts_otherwise() {
    let all = Kind::ALL.map(|kind| (Sandbox::with(kind.into()), always_and(&[kind])));
    let asked = [
        (Sandbox::new(), Kinds::DEFAULT),
        (Sandbox::with(Kinds::NONE), Kinds::ALWAYS),
        (Sandbox::with(Kinds::ALL), Kinds::ALL),
        (
            Sandbox::new().clocks(nsrun::Clocks::default()),
            Kinds::DEFAULT | Kind::Time.into(),
        ),
    ];
    each_user(|| {
        for (sandbox, own) in all.into_iter().chain(asked) {
            assert_eq!(own_kinds(sandbox.clone()), own, "{:?}", sandbox.spec());
        }
    });
}

#[test]
fn a_shared_one_is_the_hosts() {
    let shareable = Kinds::ALL - Kinds::ALWAYS;
    each_user(|| {
        for kind in shareable.iter() {
            let own = own_kinds(Sandbox::with(Kinds::ALL).share(kind));
            assert_eq!(own, Kinds::ALL - kind.into(), "share({kind})");
        }
    });
}

#[test]
fn user_and_mount_cannot_be_shared() {
    each_user(|| {
        for kind in Kinds::ALWAYS.iter() {
            let own = own_kinds(Sandbox::new().share(kind));
            assert_eq!(own, Kinds::DEFAULT, "share({kind})");
        }
    });
}

#[test]
fn two_sandboxes_share_none() {
    each_user(|| {
        let sandbox = Sandbox::with(Kinds::ALL);
        // They wait for each other after the look: an inode's number is free when its namespace is.
        let meeting = Fifo::new();
        let inodes = |meet: &str| {
            let script = format!("readlink /proc/self/ns/* && {meet}");
            let seen = shell(sandbox.clone(), &script, &[meeting.path()]);
            seen.lines().map(str::to_owned).collect::<BTreeSet<_>>()
        };
        let (one, other) = thread::scope(|scope| {
            let other = scope.spawn(|| inodes("cat \"$1\""));
            (inodes("echo >\"$1\""), other.join().expect("it has looked"))
        });
        assert!(one.is_disjoint(&other), "{one:?} and {other:?}");
    });
}
