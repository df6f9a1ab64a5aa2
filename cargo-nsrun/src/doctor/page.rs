//! What the doctor prints: text from plain data.

use nsrun_core::{Attempt, Identity, Kinds, Mend, Probe, Remedy, Wrong};

use super::Health;

/// The whole of it.
pub(super) fn page(here: &str, probes: &[Probe], health: Health, without: Option<Kinds>) -> String {
    let notes = notes(probes);
    let rows = probes.iter().map(|probe| row(probe, &notes));
    let explained = notes.iter().enumerate().map(|(i, note)| explain(i, note));
    let mut lines = vec![format!("nsrun on {here}"), String::new()];
    lines.extend(rows);
    lines.push(String::new());
    lines.extend(explained.flatten());
    lines.extend(wrap(&verdict(probes, health, without), "", ""));
    lines.join("\n") + "\n"
}

/// Something that is wrong, and what mends it. Most often several sandboxes share one.
type Note<'a> = (Wrong, Option<&'a Remedy>);

fn notes(probes: &[Probe]) -> Vec<Note<'_>> {
    let mut notes = Vec::new();
    for note in probes.iter().filter_map(note) {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

fn note(probe: &Probe) -> Option<Note<'_>> {
    let wrong = probe.result.err()?;
    Some((wrong, probe.remedy.as_ref()))
}

fn row(probe: &Probe, notes: &[Note<'_>]) -> String {
    let (name, gives) = describe(probe.attempt);
    let number = notes
        .iter()
        .position(|other| note(probe).as_ref() == Some(other));
    let result = match (&probe.result, number) {
        (Err(wrong), Some(number)) => format!("{} [{}]", brief(wrong), number + 1),
        _ => "works".to_owned(),
    };
    format!("  {name:<16} {result:<18} {gives}")
}

/// The name of a sandbox, and what a test in it has of its own.
fn describe(attempt: Attempt) -> (String, &'static str) {
    let name = match attempt {
        Attempt::DEFAULT => "default sandbox".to_owned(),
        Attempt { kinds, .. } if kinds == Kinds::ALL => "all eight kinds".to_owned(),
        Attempt {
            identity: Identity::Root,
            ..
        } => "root inside".to_owned(),
        Attempt { kinds, .. } if kinds == Kinds::ALWAYS => "user, mount".to_owned(),
        Attempt { kinds, .. } => (kinds - Kinds::ALWAYS).to_string(),
    };
    let gives = match name.as_str() {
        "user, mount" => "user and group ids, a private /tmp and /dev/shm, /etc/hosts",
        "net" => "a network with loopback up, all ports, /sys",
        "pid" => "process ids, /proc",
        "uts" => "the host name",
        "ipc" => "System V IPC, POSIX message queues",
        "cgroup" => "the root of the cgroup tree",
        "time" => "the monotonic and the boot-time clock",
        "default sandbox" => "user, mount, net, pid, uts and ipc",
        "root inside" => "the same, and the test is user 0 in it",
        _ => "the default, cgroup and time",
    };
    (name, gives)
}

fn brief(wrong: &Wrong) -> String {
    match wrong {
        Wrong::Failed(failure) => format!("{:?}", failure.errno),
        Wrong::NotIsolated(_) => "not isolated".to_owned(),
        Wrong::Ended(_) => "`true` fails".to_owned(),
    }
}

fn explain(index: usize, (wrong, remedy): &Note<'_>) -> Vec<String> {
    const INDENT: &str = "    ";
    let mut lines = wrap(&format!("[{}] {wrong}", index + 1), INDENT, "");
    match remedy {
        Some(Remedy { cause, mend }) => {
            lines.extend(wrap(&format!("{INDENT}because: {cause}"), INDENT, ""));
            lines.extend(match mend {
                // A backslash at the end of a line keeps it one command when it is copied.
                Mend::Run(command) => wrap(&format!("{INDENT}run: {command}"), "      ", " \\"),
                Mend::Do(words) => wrap(&format!("{INDENT}to mend it: {words}"), INDENT, ""),
            });
        }
        None => lines.push(format!(
            "{INDENT}nsrun knows no cause; please report these lines"
        )),
    }
    lines.push(String::new());
    lines
}

fn verdict(probes: &[Probe], health: Health, without: Option<Kinds>) -> String {
    let all = probes.iter().all(|probe| probe.result.is_ok());
    match (health, without) {
        (Health::Able, _) if all => "every test can have its own sandbox here".to_owned(),
        (Health::Able, _) => "every test can have its own sandbox here, though not one with \
                              everything that it may ask for"
            .to_owned(),
        (Health::Unable, None) => {
            "no test can have its own sandbox here until that is mended".to_owned()
        }
        (Health::Unable, Some(kinds)) => format!(
            "no test can have the default sandbox here until that is mended; with `--share \
             {kinds}` it has one that shares no more than this with the host"
        ),
    }
}

/// Breaks `text` between words. Every line but the first begins with `indent`, every line but the
/// last ends with `continued`.
fn wrap(text: &str, indent: &str, continued: &str) -> Vec<String> {
    const WIDTH: usize = 98;
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive(' ') {
        let length = (line.as_str().chars().chain(word.trim_end().chars())).count();
        if length + continued.len() > WIDTH && !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned() + continued);
            line = indent.to_owned();
        }
        line += word;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests;
