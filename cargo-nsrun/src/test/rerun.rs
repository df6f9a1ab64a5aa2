//! The command that runs one test again.

use crate::args::{LibtestArgs, Scope, ServerKind, TestArgs};

/// `selection` names the binary; `name` is empty for a binary that runs whole.
pub(super) fn command(
    args: &TestArgs,
    harness: &LibtestArgs,
    selection: &[String],
    name: &str,
) -> String {
    let mut words: Vec<String> = ["cargo", "nsrun", "test"].map(str::to_owned).into();
    let build = args.cargo.build_options();
    words.extend(build.iter().map(|word| word.to_string_lossy().into_owned()));
    words.extend(args.sandbox.to_options());
    words.extend(how_it_runs(args).iter().map(|&option| option.to_owned()));
    words.extend(selection.iter().cloned());
    if !name.is_empty() {
        words.extend(["--".to_owned(), "--exact".to_owned(), name.to_owned()]);
        if harness.ignored || harness.include_ignored {
            words.push("--include-ignored".to_owned());
        }
    }
    let quoted: Vec<_> = words.iter().map(|word| quote(word)).collect();
    quoted.join(" ")
}

fn how_it_runs(args: &TestArgs) -> Vec<&'static str> {
    let scope = (args.scope == Scope::Binary).then_some("--scope=binary");
    let server = (args.server == ServerKind::Exec).then_some("--server=exec");
    scope.into_iter().chain(server).collect()
}

/// As a shell takes it.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_:.,=-/".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn a_shell_takes_a_word_as_it_is() {
        for (word, quoted) in [
            ("a::b", "a::b"),
            ("--timeout=90s", "--timeout=90s"),
            ("--timeout=1m 30s", "'--timeout=1m 30s'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("", "''"),
        ] {
            assert_eq!(quote(word), quoted);
        }
    }
}
