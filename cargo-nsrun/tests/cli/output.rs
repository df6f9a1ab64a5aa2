//! What a test prints: bounded, whole where it is small, and harmless on a terminal.

use std::fs;
use std::path::PathBuf;

use crate::support::{check, nsrun, shell, target_dir, word};

const ONE: &str = "test -p faults --message-format json -- --exact";

/// In kB; 0 for a process that has ended.
fn peak_memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    kilobytes.unwrap_or(0)
}

/// What libtest prints around the test is in the file, too: it is kept as it came.
#[test]
fn of_fifty_mebibytes_both_ends_are_shown_and_a_file_has_all() {
    let mut peak = 0;
    let test = "output::fifty_mebibytes_on_stdout";
    let run = nsrun(&format!("{ONE} {test}"), "faults").start_piped();
    let done = run
        .done_watched(|pid| peak = peak.max(peak_memory(pid)))
        .code(101);
    let test = &done.tests()[test];
    let stdout = word(&test["stdout"]);
    assert_eq!(test["verdict"], "fail");
    assert!(stdout.starts_with("the first words\nooo"));
    assert!(stdout.ends_with("ooo\nthe last words\n"));
    let file = PathBuf::from(word(&test["stdout_file"]));
    assert!(file.starts_with(target_dir("faults").join("nsrun")));
    let whole = fs::read_to_string(&file).expect("the file that is named");
    fs::remove_file(file).expect("a file");
    let printed = whole.trim_start_matches("\nrunning 1 test\n");
    let expected = format!(
        "the first words\n{}\nthe last words\n",
        "o".repeat(50 << 20)
    );
    assert!(printed.starts_with(&expected));
    let gap = stdout.split("[nsrun: ").nth(1);
    let left_out: usize = gap
        .and_then(|rest| rest.split(" bytes left out here]").next()?.parse().ok())
        .expect("a count");
    assert_eq!(left_out, whole.len() - (512 << 10));
    assert!(test.get("stderr_file").is_none());
    assert!(
        peak > 1 << 10 && peak < 32 << 10,
        "the runner took {peak} kB"
    );
}

#[test]
fn a_person_is_told_the_file() {
    for (stream, server) in [("stdout", "fork"), ("stderr", "exec")] {
        let test = match stream {
            "stdout" => "fifty_mebibytes_on_stdout",
            _ => "two_mebibytes_on_stderr",
        };
        let args =
            format!("-p faults --features nsrun --server {server} -- --exact output::{test}");
        let done = check(&format!("test {args}"), "faults").code(101);
        let text = done.text();
        let told = format!("all of its {stream}: ");
        let file = text
            .lines()
            .find_map(|line| line.trim().strip_prefix(&told));
        let file = file.unwrap_or_else(|| panic!("{done}"));
        let name = format!("1-faults-output__{test}-1.{stream}");
        assert!(file.ends_with(&name), "{file}");
        assert!(fs::metadata(file).expect("the file").len() > 2 << 20);
        fs::remove_file(file).expect("a file");
    }
}

/// The files of all runs that are named after this test.
fn kept_of(test: &str) -> usize {
    let runs = fs::read_dir(target_dir("faults").join("nsrun"));
    let runs = runs.into_iter().flatten().flatten();
    let files = runs.flat_map(|run| fs::read_dir(run.path()));
    let names = files.flatten().flatten().map(|file| file.file_name());
    names
        .filter(|name| name.display().to_string().contains(test))
        .count()
}

#[test]
fn nothing_is_kept_of_what_passes() {
    let test = "two_mebibytes_on_stdout_and_it_passes";
    let before = kept_of(test);
    let done = check(&format!("{ONE} output::{test}"), "faults").code(0);
    assert!(!done.text().contains("stdout_file"), "{done}");
    assert_eq!(kept_of(test), before);
}

/// A disk that is full, as far as a limit can play it: the verdict is there, and why the rest is not.
#[test]
fn a_file_that_cannot_be_written() {
    check("test -p faults --no-run", "faults").code(0);
    let script =
        format!("ulimit -f 2000; exec \"$NSRUN\" nsrun {ONE} output::two_mebibytes_on_stderr");
    let done = shell(&script, "faults").done().code(101);
    let test = &done.tests()["output::two_mebibytes_on_stderr"];
    assert_eq!(test["verdict"], "fail");
    let lost = word(&test["stderr_lost"]);
    let place = target_dir("faults").join("nsrun");
    assert!(lost.contains("File too large"), "{test:#}");
    assert!(lost.starts_with(&place.display().to_string()), "{test:#}");
    assert!(
        word(&test["stderr"]).contains("the first words"),
        "{test:#}"
    );
    assert!(test.get("stderr_file").is_none());
}

#[test]
fn a_megabyte_on_stderr_blocks_nobody() {
    let done = check(&format!("{ONE} output::a_megabyte_on_stderr"), "faults").code(101);
    let stderr = word(&done.tests()["output::a_megabyte_on_stderr"]["stderr"]);
    assert!(stderr.starts_with("eee") && stderr.contains("so that the output is shown"));
}

#[test]
fn on_a_terminal_only_colours_are_left_of_control_characters() {
    let done = check(
        "test -p faults -- --exact output::bytes_that_are_no_text",
        "faults",
    );
    done.code(101)
        .prints("\\xff\\xfe NUL \\u{0} title \\u{1b}]0;title\\u{7} clear \\u{1b}[2J colour ");
}

#[test]
fn nobody_reads() {
    // The first end of a pipe whose other end is closed.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let args = "test -p faults -- --exact ends::passes";
    let done = nsrun(args, "faults").stdout(writer).finish().code(125);
    done.says("error: the results could not be written to standard output");
}

#[test]
fn the_disk_is_full() {
    let full = fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("there is /dev/full");
    let args = "test -p faults -- --exact ends::passes";
    let done = nsrun(args, "faults").stdout(full).finish().code(125);
    done.says("error: the results could not be written to standard output");
}

#[test]
fn standard_output_is_closed() {
    let script = "exec \"$NSRUN\" nsrun test -p faults -- --exact ends::fails >&-";
    let done = shell(script, "faults").finish();
    assert!(!done.stderr.contains("panicked at"), "{done}");
    done.code(101);
}

#[test]
fn a_reader_that_leaves_early() {
    let script = "\"$NSRUN\" nsrun test --no-fail-fast -p faults -- files | head -n 1; echo over";
    shell(script, "faults").done().code(0).prints("over");
}
