//! What nextest prints, with all output shown at once.

use std::collections::BTreeMap;

use crate::came::Came;

/// A line for each result, and below it, indented, the output.
pub(crate) fn read(stderr: &str) -> BTreeMap<String, Came> {
    let mut tests = BTreeMap::new();
    let mut last = None;
    for line in stderr.lines() {
        if let Some((word, name)) = result(line) {
            tests.insert(name.to_owned(), Came::new(&word, ""));
            last = Some(name.to_owned());
        } else if let Some(came) = last.as_ref().and_then(|name| tests.get_mut(name)) {
            came.text += line;
            came.text += "\n";
        }
    }
    tests
}

/// `        PASS [   0.015s] (1/1) faults ends::passes`
fn result(line: &str) -> Option<(String, &str)> {
    let (word, rest) = line.trim_start().split_once(" [")?;
    let (_, rest) = rest.split_once("] (")?;
    let name = rest.split(' ').next_back()?;
    let word = match word {
        "PASS" => "pass".to_owned(),
        "LEAK" => "leak".to_owned(),
        "FAIL" | "ABORT" => "fail".to_owned(),
        "SKIP" => "ignored".to_owned(),
        "TIMEOUT" => "timeout".to_owned(),
        _ => format!("crash({})", word.strip_prefix("SIG")?),
    };
    name.contains("::").then_some((word, name))
}
