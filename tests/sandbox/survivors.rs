use nsrun::{CommandOutput, End, Kind, Sandbox};

use crate::common::{LIMIT, each_user, shell};
use crate::lifeline::Lifeline;

/// Runs a script that leaves somebody behind, who holds the lifeline. It must be over when the
/// command is.
fn run(sandbox: &Sandbox, script: &str) -> CommandOutput {
    let mut lifeline = Lifeline::new();
    let command = sandbox.command("sh").args(["-c", script, "sh"]);
    let output = command.arg(lifeline.path()).output();
    let output = output.expect("there is a sh, and a sandbox for it");
    assert!(lifeline.is_at_its_end(), "somebody is left");
    output
}

/// With a pid namespace and without: two ways to end everything.
fn both() -> [Sandbox; 2] {
    [Sandbox::new(), Sandbox::new().share(Kind::Pid)].map(|sandbox| sandbox.timeout(LIMIT))
}

/// A survivor's command is what it has come to be by then: the shell that was to execute it, or
/// that itself.
fn names_and_kills_all_of(script: &str, left_behind: &[&str]) {
    for sandbox in both() {
        let output = run(&sandbox, script);
        assert_eq!(output.outcome.end, Some(End::Exited(0)));
        let survivors = output.outcome.survivors;
        assert_eq!(survivors.len(), left_behind.len(), "{survivors:?}");
        for command in left_behind {
            let named = survivors.iter().any(|one| one.command.contains(command));
            assert!(named, "{command} is not in {survivors:?}");
        }
    }
}

#[test]
fn a_child_in_the_background_is_left_behind() {
    each_user(|| {
        let script = r#"exec 9>"$1"; echo here >&9; sleep 1001 & sleep 1002 &"#;
        names_and_kills_all_of(script, &["sleep 1001", "sleep 1002"]);
    });
}

#[test]
fn so_is_a_daemon_in_a_session_of_its_own() {
    each_user(|| {
        let script = r#"exec 9>"$1" </dev/null >/dev/null 2>&1; echo here >&9
                        mkfifo /tmp/ready
                        setsid sh -c 'echo >/tmp/ready; exec sleep 1003' & read line </tmp/ready"#;
        names_and_kills_all_of(script, &["sleep 1003"]);
    });
}

#[test]
fn so_is_one_whose_parent_is_gone() {
    each_user(|| {
        let script = r#"exec 9>"$1" </dev/null >/dev/null 2>&1; echo here >&9
                        setsid sh -c '(trap "" HUP TERM; exec sleep 1004) & exit'"#;
        names_and_kills_all_of(script, &["sleep 1004"]);
    });
}

/// Init finds those whom it ends even where it can no longer look.
#[test]
fn a_program_that_hides_the_process_table_hides_nobody() {
    each_user(|| {
        let script = r#"exec 9>"$1" </dev/null; echo here >&9
                        sleep 1006 & mount -t tmpfs none /proc"#;
        for sandbox in both().map(Sandbox::root) {
            let output = run(&sandbox, script);
            assert_eq!(output.outcome.end, Some(End::Exited(0)), "{output:?}");
            assert_eq!(output.outcome.survivors.len(), 1);
        }
    });
}

#[test]
fn a_child_that_ends_at_once_is_not() {
    each_user(|| {
        names_and_kills_all_of(r#"exec 9>"$1"; echo here >&9; true &"#, &[]);
    });
}

#[test]
fn those_who_hold_the_output_do_not_hold_up_the_end() {
    each_user(|| {
        for sandbox in both() {
            let output = run(
                &sandbox,
                r#"exec 9>"$1"; echo here >&9; sleep 1005 & echo out"#,
            );
            assert_eq!(output.stdout, b"out\n");
            assert_eq!(output.outcome.stop, None);
            assert_eq!(output.outcome.survivors.len(), 1);
        }
    });
}

#[test]
fn ten_thousand_orphans_are_reaped() {
    each_user(|| {
        // Orphans are init's; a zombie keeps its number in /proc until init has asked for it.
        let script = r#"i=0; while [ $i -lt 10000 ]; do (true &); i=$((i + 1)); done
                        while set -- /proc/[0-9]*; [ $# -gt 2 ]; do :; done; echo $#"#;
        assert_eq!(shell(Sandbox::new(), script, &[]), "2\n");
    });
}
