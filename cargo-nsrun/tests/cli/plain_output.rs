//! What a person reads.

use snapbox::{assert_data_eq, str};

use crate::support::{check, shell};

#[test]
fn a_line_a_test_and_what_failed_in_full() {
    let done = check("test -p faults -- --exact --test-threads 1 ends::errs ends::is_ignored ends::passes processes::leaves_a_daemon_with_its_stdout", "faults").code(101);
    assert_data_eq!(
        done.text(),
        str![[r#"
     IGNORED            faults ends::is_ignored
        FAIL [..] faults ends::errs
──── stderr: faults ends::errs
Error: "an error that is returned"
────
        PASS [..] faults ends::passes
        LEAK [..] faults processes::leaves_a_daemon_with_its_stdout
             left behind and killed: pid [..] s old: sleep 3600
────────────
     Summary [..] 3 tests run, each in its own sandbox: 2 passed (1 left something behind), 1 failed, 1 ignored, [..] filtered out
        FAIL faults ends::errs
  run again: cargo nsrun test -p faults --lib -- --exact ends::errs

"#]]
    );
}

#[test]
fn quietly_only_what_failed() {
    let done = check(
        "test -q -p faults -- --exact ends::errs ends::passes",
        "faults",
    )
    .code(101);
    let done = done
        .omits("PASS")
        .prints("FAIL")
        .prints("run again:")
        .prints("Summary");
    assert!(!done.stderr.contains("Compiling"), "{done}");
    check("test -p faults -- -q --exact ends::passes", "faults")
        .code(0)
        .omits("PASS");
}

#[test]
fn output_of_what_passed_is_shown_if_asked_for() {
    for (flag, shown) in [("", false), ("--show-output", true), ("--nocapture", true)] {
        let args = format!("test -p faults -- {flag} --exact ends::panics_in_a_detached_thread");
        let done = check(&args, "faults").code(0);
        // What is not captured comes on the stream that the test wrote it to.
        let seen = [done.text(), done.stderr.clone()].map(|text| text.contains("nobody asks"));
        assert_eq!(seen.contains(&true), shown, "{flag}: {done}");
    }
}

#[test]
fn colours_are_used_if_asked_for() {
    let escape = "\u{1b}[";
    let test = "-p faults -- --exact ends::passes";
    check(&format!("test {test}"), "faults")
        .code(0)
        .omits(escape);
    check(&format!("test --color never {test}"), "faults")
        .code(0)
        .omits(escape);
    check(&format!("test --color always {test}"), "faults")
        .code(0)
        .prints(escape);
    check(&format!("test {test} --color always"), "faults")
        .code(0)
        .prints(escape);
}

/// The line says how, and it does.
#[test]
fn what_is_said_to_run_a_test_again_does() {
    for (args, fixture, red) in [
        ("-p faults -- ends::fails", "faults", 2),
        (
            "-p faults --timeout 1m2s --share net -- --exact ends::errs",
            "faults",
            1,
        ),
        (
            "-p faults --scope binary -- --exact ends::errs",
            "faults",
            1,
        ),
        (
            "-p faults --features nsrun --server exec -- --exact ends::aborts",
            "faults",
            1,
        ),
        ("-p faults -- --ignored", "faults", 1),
        (
            "--release -p faults -- --include-ignored is_ignored",
            "faults",
            1,
        ),
        (
            "--manifest-path ../faults/Cargo.toml -p faults -- exits_well",
            "faults",
            1,
        ),
        ("--test own_fails", "harness", 1),
        ("--test mimic", "harness", 2),
    ] {
        let done = check(&format!("test {args}"), fixture).code(101);
        let text = done.text();
        let summary = text.split("────────────\n").nth(1).expect("a summary");
        let lines: Vec<_> = summary.lines().collect();
        let mut count = 0;
        for pair in lines.windows(2) {
            let Some((_, line)) = pair[1].split_once("run again: ") else {
                continue;
            };
            let script = line.replacen("cargo nsrun", "\"$NSRUN\" nsrun", 1);
            let again = shell(&script, fixture).done().code(101);
            // The same test ends the same way, and no other runs.
            let again = again.prints(&format!("\n{}\n{}\n", pair[0], pair[1]));
            again
                .prints(" 1 test run, each in ")
                .prints(" sandbox: 0 passed, ");
            count += 1;
        }
        assert_eq!(count, red, "{args}: {done}");
    }
}

#[test]
fn the_compilers_words_are_passed_on() {
    check("test --message-format short", "broken")
        .code(101)
        .says("src/lib.rs:3:5: error[E0425]");
}
