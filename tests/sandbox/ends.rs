use std::time::Duration;

use nix::errno::Errno;
use nsrun::{End, Failure, Kind, Outcome, Sandbox, Step, Stop};

use crate::common::{LIMIT, each_user};
use crate::lifeline::Lifeline;

/// What comes of a shell script.
fn outcome(sandbox: &Sandbox, script: &str, arguments: &[&str]) -> Outcome {
    let command = sandbox.command("sh").args(["-c", script, "sh"]);
    let output = command.args(arguments).output();
    output.expect("there is a sh, and a sandbox for it").outcome
}

/// With a pid namespace and without: two ways to end everything.
fn both() -> [Sandbox; 2] {
    [Sandbox::new(), Sandbox::new().share(Kind::Pid)].map(|sandbox| sandbox.timeout(LIMIT))
}

#[test]
fn a_program_ends_as_it_ends() {
    let ends = [
        ("exit 0", End::Exited(0)),
        ("exit 3", End::Exited(3)),
        ("exit 255", End::Exited(255)),
        ("kill -TERM $$", End::Signaled(15)),
        ("kill -KILL $$", End::Signaled(9)),
        ("kill -ABRT $$", End::Signaled(6)),
        ("kill -SEGV $$", End::Signaled(11)),
    ];
    each_user(|| {
        for (script, end) in ends {
            for sandbox in both() {
                let outcome = outcome(&sandbox, script, &[]);
                assert_eq!(outcome.end, Some(end), "{script}");
                assert_eq!((outcome.stop, outcome.failure), (None, None), "{script}");
                assert_eq!(outcome.isolation, Ok(()), "{script}");
            }
        }
    });
}

#[test]
fn what_a_program_prints_arrives_whole() {
    each_user(|| {
        let script = "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; printf end";
        let command = Sandbox::new().timeout(LIMIT).command("sh");
        let output = command
            .args(["-c", script])
            .output()
            .expect("there is a sh");
        assert_eq!(output.stderr.len(), 1_000_000);
        assert_eq!(output.stdout.len(), 1_000_003);
        assert!(output.stdout.ends_with(b"end"));
    });
}

#[test]
fn a_program_that_runs_too_long_is_told_to_end() {
    each_user(|| {
        for sandbox in both() {
            let sandbox = sandbox.timeout(Duration::from_millis(50));
            let script = r#"trap "exit 7" TERM; while :; do sleep 0.01; done"#;
            let outcome = outcome(&sandbox, script, &[]);
            assert_eq!(outcome.stop, Some(Stop::Timeout));
            assert_eq!(outcome.end, Some(End::Exited(7)));
        }
    });
}

#[test]
fn a_program_that_does_not_listen_is_killed_with_all_that_it_started() {
    let deaf = r#"trap "" TERM; exec 9>"$1"; echo here >&9; sleep infinity & sleep infinity"#;
    each_user(|| {
        for sandbox in both() {
            let mut lifeline = Lifeline::new();
            let sandbox = sandbox.timeout(Duration::from_millis(50));
            let outcome = outcome(&sandbox, deaf, &[lifeline.path()]);
            assert_eq!(outcome.stop, Some(Stop::Timeout));
            assert!(!outcome.escaped);
            assert!(lifeline.is_at_its_end(), "somebody is left");
        }
    });
}

#[test]
fn a_program_that_is_stopped_is_killed() {
    each_user(|| {
        for sandbox in both() {
            let mut lifeline = Lifeline::new();
            let sandbox = sandbox.timeout(Duration::from_millis(50));
            let script = r#"exec 9>"$1"; echo here >&9; kill -STOP $$"#;
            let outcome = outcome(&sandbox, script, &[lifeline.path()]);
            assert_eq!(outcome.stop, Some(Stop::Timeout));
            assert!(lifeline.is_at_its_end(), "somebody is left");
        }
    });
}

/// What keeps a program from starting.
fn failure(sandbox: Sandbox, program: &str, dir: Option<&str>) -> Option<Failure> {
    let command = sandbox.command(program);
    let command = match dir {
        Some(dir) => command.current_dir(dir),
        None => command,
    };
    match command.output() {
        Ok(output) => output.outcome.failure,
        Err(failure) => Some(failure),
    }
}

#[test]
fn a_program_that_cannot_start_says_why() {
    let table = [
        ("nsrun-no-such-program", None, Step::Exec, Errno::ENOENT),
        ("/no/such/program", None, Step::Exec, Errno::ENOENT),
        ("/etc/passwd", None, Step::Exec, Errno::EACCES),
        ("/etc", None, Step::Exec, Errno::EACCES),
        (
            "true",
            Some("/no/such/dir"),
            Step::WorkingDir,
            Errno::ENOENT,
        ),
        (
            "true",
            Some("/etc/passwd"),
            Step::WorkingDir,
            Errno::ENOTDIR,
        ),
    ];
    each_user(|| {
        for (program, dir, step, errno) in table {
            let failure = failure(Sandbox::new(), program, dir);
            assert_eq!(
                failure,
                Some(Failure { step, errno }),
                "{program} in {dir:?}"
            );
        }
    });
}
