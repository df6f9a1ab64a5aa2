//! What the options of a sandbox change inside it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use crate::shared::Shared;
use crate::support::{Run, check, fresh_path, nsrun, shell};

const KINDS: [&str; 8] = ["user", "mnt", "net", "pid", "uts", "ipc", "cgroup", "time"];

type Facts = BTreeMap<String, String>;

/// What a test saw.
fn facts(path: &Path, who: &str) -> Facts {
    let text = fs::read_to_string(format!("{}.{who}", path.display()));
    let text = text.unwrap_or_else(|error| panic!("{who}: {error}"));
    let facts = text.lines().filter_map(|line| line.split_once(' '));
    facts
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn seen_by(run: Run, who: &str) -> Facts {
    let path = fresh_path("facts");
    run.env("DUMP", &path).done().code(0);
    facts(&path, who)
}

/// Which namespaces are not the host's, by the names of their links.
fn own(facts: &Facts) -> Vec<&str> {
    let is_own = |kind: &&str| {
        let host = fs::read_link(format!("/proc/self/ns/{kind}")).expect("there is a link");
        facts[*kind] != host.display().to_string()
    };
    KINDS.into_iter().filter(is_own).collect()
}

const FIRST: &str = "--lib -- --exact tests::first";

#[test]
fn each_kind_is_made_or_shared_as_asked() {
    for (options, kinds) in [
        ("", &["user", "mnt", "net", "pid", "uts", "ipc"][..]),
        ("--isolate net", &["user", "mnt", "net"]),
        ("--isolate pid,uts", &["user", "mnt", "pid", "uts"]),
        (
            "--isolate pid --isolate ipc",
            &["user", "mnt", "pid", "ipc"],
        ),
        ("--isolate user,mount", &["user", "mnt"]),
        ("--share net", &["user", "mnt", "pid", "uts", "ipc"]),
        ("--share net,pid,uts,ipc", &["user", "mnt"]),
        (
            "--isolate net,cgroup,time",
            &["user", "mnt", "net", "cgroup", "time"],
        ),
        ("--isolate net,pid --share net", &["user", "mnt", "pid"]),
    ] {
        let args = format!("test {options} {FIRST}");
        let seen = seen_by(nsrun(&args, "inside"), "first");
        assert_eq!(own(&seen), kinds, "{options}");
    }
}

#[test]
fn what_is_reported_is_what_was_made() {
    let path = fresh_path("facts");
    let args = format!("test --message-format json --isolate net,time {FIRST}");
    let done = nsrun(&args, "inside").env("DUMP", &path).done().code(0);
    let test = &done.tests()["tests::first"];
    assert_eq!(
        test["namespaces"],
        serde_json::json!(["user", "mount", "net", "time"])
    );
    assert_eq!(own(&facts(&path, "first")), ["user", "mnt", "net", "time"]);
}

#[test]
fn a_doctest_is_inside_too() {
    let seen = seen_by(nsrun("test --doc", "inside"), "doctest");
    assert_eq!(own(&seen), ["user", "mnt", "net", "pid", "uts", "ipc"]);
    let seen = seen_by(
        nsrun("test --doc --isolate uts --hostname doc", "inside"),
        "doctest",
    );
    assert_eq!(
        (own(&seen), &*seen["hostname"]),
        (vec!["user", "mnt", "uts"], "doc")
    );
}

#[test]
fn a_sandbox_is_for_a_test_or_for_a_binary() {
    for (scope, shared) in [("test", false), ("binary", true)] {
        let path = fresh_path("facts");
        let args = format!("test --scope {scope} --lib -- first second");
        nsrun(&args, "inside").env("DUMP", &path).done().code(0);
        let (first, second) = (facts(&path, "first"), facts(&path, "second"));
        assert_eq!(own(&first), own(&second));
        for kind in own(&first) {
            assert_eq!(
                first[kind] == second[kind],
                shared,
                "--scope {scope}: {kind}"
            );
        }
    }
}

#[test]
fn the_host_name() {
    for (options, name) in [("", "nsrun"), ("--hostname other", "other")] {
        let seen = seen_by(nsrun(&format!("test {options} {FIRST}"), "inside"), "first");
        assert_eq!(seen["hostname"], name);
    }
}

/// Started as somebody without privileges, who may be nobody at all.
fn unprivileged(options: &str, script: &str) -> String {
    let script = format!(
        "n=\"$NSRUN nsrun exec {options} -- sh -c\"
         if [ $(id -u) = 0 ]; then
           exec setpriv --reuid 65534 --regid 65534 --clear-groups $n '{script}'
         fi
         exec $n '{script}'"
    );
    shell(&script, "empty").dir("/").done().code(0).text()
}

#[test]
fn root_is_root_only_if_asked_for() {
    let capabilities = "grep CapEff /proc/self/status";
    let own = unprivileged("", &format!("id -u; {capabilities}"));
    assert!(!own.starts_with("0\n"), "{own}");
    assert!(own.ends_with("CapEff:\t0000000000000000\n"), "{own}");
    let root = unprivileged("--root", &format!("id -u; {capabilities}"));
    assert!(root.starts_with("0\n"), "{root}");
    assert!(!root.ends_with("CapEff:\t0000000000000000\n"), "{root}");
}

#[test]
fn tests_have_capabilities_only_as_root() {
    let seen = seen_by(nsrun(&format!("test {FIRST}"), "inside"), "first");
    let root = seen_by(nsrun(&format!("test --root {FIRST}"), "inside"), "first");
    assert_eq!(root["Uid"], "0");
    assert_ne!(root["CapEff"], "0000000000000000");
    if seen["Uid"] != "0" {
        assert_eq!(seen["CapEff"], "0000000000000000");
    }
}

#[test]
fn tmp_has_the_size_that_was_asked_for() {
    let fills = "--lib -- --exact tests::fills_tmp";
    check(&format!("test --tmp-size 1M {fills}"), "inside").code(0);
    check(&format!("test --tmp-size 4M {fills}"), "inside").code(101);
}

#[test]
fn a_path_below_tmp_is_shared_if_asked_for() {
    let kept = Path::new("/tmp").join(format!("nsrun-cli-{}", std::process::id()));
    fs::write(&kept, "kept").expect("a file");
    let sees = "--lib -- --exact tests::sees_a_file_below_tmp";
    let run = |options: &str| {
        let args = format!("test {options} {sees}");
        nsrun(&args, "inside").env("BELOW_TMP", &kept).done()
    };
    let hidden = run("");
    let shown = run(&format!("--share {}", kept.display()));
    fs::remove_file(&kept).expect("the host's file is still there");
    hidden.code(101);
    shown.code(0);
}

/// A socket of the host's that listens, removed in the end.
struct Listening {
    path: PathBuf,
    _socket: UnixListener,
}

impl Listening {
    fn at(path: PathBuf) -> Listening {
        let socket = UnixListener::bind(&path).expect("a socket");
        Listening {
            path,
            _socket: socket,
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}

/// Attribute or not, forked or executed.
#[test]
fn a_host_socket_is_reached_only_if_it_is_shared() {
    let agent = Listening::at(fresh_path("agent"));
    let share = format!("--share {}", agent.path.display());
    for test in [
        "--lib -- --exact tests::reaches_the_agent",
        "-p forked --lib -- --exact reaches_the_agent --include-ignored",
        "--server exec -p forked --lib -- --exact reaches_the_agent --include-ignored",
    ] {
        for (options, code) in [("", 101), (&*share, 0), ("--share net", 0)] {
            // An attribute has the last word on the namespaces.
            if options != "--share net" || !test.contains("forked") {
                nsrun(&format!("test {options} {test}"), "inside")
                    .env("SSH_AUTH_SOCK", &agent.path)
                    .done()
                    .code(code);
            }
        }
    }
}

#[test]
fn an_attribute_shares_a_path() {
    let shared = Shared::new();
    let run = |socket: &Path| shared.run("", socket).done();
    let missing = run(&shared.seen());
    fs::create_dir(&shared.dir).expect("a folder");
    let inside = Listening::at(shared.dir.join("socket"));
    let beside = Listening::at(shared.dir.with_file_name("beside"));
    let reached = run(&shared.seen().join("socket"));
    let hidden = run(&shared.seen().with_file_name("beside"));
    drop((inside, beside));
    missing
        .code(125)
        .prints("SETUP-ERROR")
        .prints("a path to share does not exist");
    reached.code(0);
    hidden.code(101);
}

#[test]
fn in_one_sandbox_an_attribute_has_no_effect_which_is_said() {
    let said = "has no effect on these tests of `forked`: reaches_what_it_shares\n";
    let says = |options: &str| {
        let args = format!("test {options} -p forked --lib -- --include-ignored");
        nsrun(&args, "inside")
            .done()
            .code(101)
            .stderr
            .contains(said)
    };
    assert!(says("--scope binary"));
    assert!(!says(""));
}

#[test]
fn test_processes_are_forked_or_executed() {
    for (options, server, forked) in [
        ("", "", "true"),
        ("--server fork", "", "true"),
        ("--server exec", "", "false"),
        ("", "exec", "false"),
        ("--server fork", "exec", "true"),
    ] {
        let args = format!("test {options} -p forked --lib");
        let run = nsrun(&args, "inside/forked");
        let run = match server {
            "" => run,
            value => run.env("NSRUN_SERVER", value),
        };
        let seen = seen_by(run, "forked");
        assert_eq!(seen["forked"], forked, "{options} {server}");
        assert_eq!(own(&seen), ["user", "mnt", "net", "pid", "uts", "ipc"]);
    }
}

#[test]
fn what_does_not_link_nsrun_is_executed() {
    let path = fresh_path("facts");
    let args = format!("test -v --server fork {FIRST}");
    nsrun(&args, "inside")
        .env("DUMP", &path)
        .done()
        .code(0)
        .says("test processes of inside are executed");
    assert_eq!(facts(&path, "first")["forked"], "false");
}
