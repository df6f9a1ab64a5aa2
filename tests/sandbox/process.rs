use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::process;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nsrun::{Kind, Sandbox};

use crate::common::{Host, check, each_user, succeeded};

/// What a command prints in a default sandbox.
fn run(program: &str, arguments: &[&str]) -> String {
    let command = Sandbox::new().command(program).args(arguments);
    succeeded(command.output().expect(program))
}

/// A supervisor that is started by this shell script.
fn started_by(script: &'static str) -> Host {
    Host {
        wrapper: vec!["sh", "-c", script],
        ..Host::default()
    }
}

#[test]
fn standard_input_is_at_its_end() {
    check(Sandbox::new(), String::new, |_| {
        let length = io::stdin().read(&mut [0; 8]);
        assert_eq!(length.expect("it can be read"), 0);
    });
}

#[test]
fn no_descriptors_but_the_three_are_open() {
    let host = started_by(r#"exec 5</dev/null; exec "$0" "$@""#);
    host.each_user(|| {
        assert!(Path::new("/proc/self/fd/5").exists(), "the test is void");
        // The fourth is that of the directory itself.
        assert_eq!(run("ls", &["/proc/self/fd"]), "0\n1\n2\n3\n");
    });
}

#[test]
fn no_signal_is_blocked_or_ignored_whatever_the_user_does() {
    let host = Host {
        wrapper: vec![
            "env",
            "--ignore-signal=CHLD,PIPE,HUP",
            "--block-signal=USR1,TERM",
        ],
        ..Host::default()
    };
    host.each_user(|| {
        let seen = run("cat", &["/proc/self/status"]);
        let sets = ["SigBlk:", "SigIgn:"].map(|set| signals(&seen, set));
        assert_eq!(sets, [Vec::new(), Vec::new()]);
    });
}

/// The numbers in a line of `/proc/self/status`, but for those that the C library keeps to itself:
/// its posix_spawn leaves them ignored, and refuses to have that changed.
fn signals(status: &str, name: &str) -> Vec<u32> {
    let set = status.lines().find_map(|line| line.strip_prefix(name));
    let set = u64::from_str_radix(set.expect("it is shown").trim(), 16);
    let set = set.expect("it is in hexadecimal");
    let is_in = |signal: &u32| set & (1 << (signal - 1)) != 0 && ![32, 33].contains(signal);
    (1..=64).filter(is_in).collect()
}

#[test]
fn it_leads_a_process_group_in_the_session_of_init() {
    check(Sandbox::new(), String::new, |_| {
        let stat = fs::read_to_string("/proc/self/stat").expect("there is a /proc");
        let (_, after) = stat.rsplit_once(") ").expect("it has a name");
        let [_, _, group, session, terminal, ..] = *after.split(' ').collect::<Vec<_>>() else {
            panic!("{stat}");
        };
        let own = process::id().to_string();
        assert_eq!([group, session, terminal], [own.as_str(), "1", "0"]);
    });
}

/// What the leader of a session opens becomes its terminal, and SIGHUP comes when that ends.
#[test]
fn a_pseudoterminal_that_it_opens_does_not_become_its_terminal() {
    for sandbox in [Sandbox::new(), Sandbox::new().share(Kind::Pid)] {
        check(sandbox, String::new, |_| {
            let terminal = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY).expect("there is devpts");
            grantpt(&terminal).expect("it is ours");
            unlockpt(&terminal).expect("it is ours");
            let end = ptsname_r(&terminal).expect("it has a name");
            let end = File::options().read(true).write(true).open(end);
            let end = end.expect("its other end can be opened");
            File::open("/dev/tty").expect_err("it is nobody's terminal");
            drop((terminal, end));
        });
    }
}

#[test]
fn it_has_no_terminal_where_the_supervisor_has_one() {
    let host = started_by(r#"exec script -qec "'$0' $*" /dev/null"#);
    host.check_with(
        Sandbox::new(),
        || File::open("/dev/tty").expect("script(1) has made one"),
        |_| String::new(),
        |_| {
            let error = File::open("/dev/tty").expect_err("there is none");
            assert_eq!(error.raw_os_error(), Some(Errno::ENXIO as i32));
        },
    );
}

#[test]
fn arguments_and_variables_arrive_as_they_are() {
    each_user(|| {
        let odd = "a b\n\"$c\"\\\u{e4}";
        let command = Sandbox::new().command("sh").env("ODD", odd);
        let command = command.args(["-c", r#"printf "%s|%s" "$1" "$ODD""#, "sh", odd]);
        let printed = succeeded(command.output().expect("there is a sh"));
        assert_eq!(printed, format!("{odd}|{odd}"));
    });
}
