//! What libtest prints, with `--show-output`.

use std::collections::BTreeMap;

use crate::came::Came;

/// The results stand before the output: what a test prints does not count.
pub(crate) fn read(stdout: &str) -> BTreeMap<String, Came> {
    let (results, output) = split(stdout);
    let results = results.lines().filter_map(result);
    let came =
        |(name, word): (&str, &str)| (name.to_owned(), Came::new(word, section(output, name)));
    results.map(came).collect()
}

fn split(stdout: &str) -> (&str, &str) {
    let ends = ["\nsuccesses:\n", "\nfailures:\n"].map(|heading| stdout.find(heading));
    let end = ends.into_iter().flatten().min().unwrap_or(stdout.len());
    stdout.split_at(end)
}

fn result(line: &str) -> Option<(&str, &str)> {
    let (name, word) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let word = match word {
        "ok" => "pass",
        "FAILED" => "fail",
        word if word.starts_with("ignored") => "ignored",
        _ => return None,
    };
    Some((name.trim_end_matches(" - should panic"), word))
}

/// What a test printed.
fn section<'a>(output: &'a str, name: &str) -> &'a str {
    let heading = format!("---- {name} stdout ----\n");
    let Some(start) = output.find(&heading) else {
        return "";
    };
    let rest = &output[start + heading.len()..];
    let ends = ["\n---- ", "\nsuccesses:\n", "\nfailures:\n"].map(|end| rest.find(end));
    &rest[..ends.into_iter().flatten().min().unwrap_or(rest.len())]
}
