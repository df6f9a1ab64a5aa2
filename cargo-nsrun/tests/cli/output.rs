//! What a test prints: bounded, whole where it is small, and harmless on a terminal.

use std::fs;

use crate::support::{check, nsrun, word};

const ONE: &str = "test -p endings --message-format json -- --exact";

/// In kB; 0 for a process that has ended.
fn peak_memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    kilobytes.unwrap_or(0)
}

#[test]
fn two_gibibytes_are_cut_in_the_middle_in_bounded_memory() {
    let mut peak = 0;
    let run = nsrun(&format!("{ONE} output::two_gibibytes_on_stdout"), "endings").start_piped();
    let done = run
        .done_watched(|pid| peak = peak.max(peak_memory(pid)))
        .code(101);
    let test = &done.tests()["output::two_gibibytes_on_stdout"];
    let stdout = word(&test["stdout"]);
    assert_eq!(test["verdict"], "fail");
    assert!(stdout.starts_with("the first words\nooo"));
    assert!(stdout.ends_with("ooo\nthe last words\n"));
    assert!(stdout.contains("bytes left out here]"));
    let all = 2_u64 << 30;
    let left_out = stdout
        .split("[nsrun: ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    let left_out: u64 = left_out.expect("a count").parse().expect("a number");
    assert!(left_out > all - (1 << 20) && left_out < all, "{left_out}");
    assert!(
        peak > 1 << 10 && peak < 64 << 10,
        "the runner took {peak} kB"
    );
}

#[test]
fn a_megabyte_on_stderr_blocks_nobody() {
    let done = check(&format!("{ONE} output::a_megabyte_on_stderr"), "endings").code(101);
    let stderr = word(&done.tests()["output::a_megabyte_on_stderr"]["stderr"]);
    assert!(stderr.starts_with("eee") && stderr.contains("so that the output is shown"));
}

#[test]
fn on_a_terminal_only_colours_are_left_of_control_characters() {
    let done = check(
        "test -p endings -- --exact output::bytes_that_are_no_text",
        "endings",
    );
    done.code(101)
        .prints("\\xff\\xfe NUL \\u{0} title \\u{1b}]0;title\\u{7} clear \\u{1b}[2J colour ");
}

#[test]
fn nobody_reads() {
    // The first end of a pipe whose other end is closed.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let args = "test -p endings -- --exact ends::passes";
    let done = nsrun(args, "endings").stdout(writer).finish().code(125);
    done.says("error: the results could not be written to standard output");
}

#[test]
fn the_disk_is_full() {
    let full = fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("there is /dev/full");
    let args = "test -p endings -- --exact ends::passes";
    let done = nsrun(args, "endings").stdout(full).finish().code(125);
    done.says("error: the results could not be written to standard output");
}

#[test]
fn standard_output_is_closed() {
    let script = "exec \"$NSRUN\" nsrun test -p endings -- --exact ends::fails >&-";
    let done = crate::support::shell(script, "endings").finish();
    assert!(!done.stderr.contains("panicked at"), "{done}");
    done.code(101);
}

#[test]
fn a_reader_that_leaves_early() {
    let script = "\"$NSRUN\" nsrun test --no-fail-fast -p endings -- files | head -n 1; echo over";
    crate::support::shell(script, "endings")
        .done()
        .code(0)
        .prints("over");
}
