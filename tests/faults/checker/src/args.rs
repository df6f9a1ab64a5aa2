//! The command line.

use std::time::Duration;

use crate::runner::{RUNNERS, Runner};

pub(crate) struct Args {
    pub(crate) runners: Vec<&'static Runner>,
    /// The `cargo-nsrun` to try.
    pub(crate) nsrun: String,
    /// How long a case that runs by itself may take.
    pub(crate) hang: Duration,
    /// Words that the names of the cases contain, any of them; none for all cases.
    pub(crate) words: Vec<String>,
}

/// `[--nsrun PATH] [--hang SECONDS] [--runner NAME]... [WORD]...`
pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Args, String> {
    let mut args = Args {
        runners: Vec::new(),
        nsrun: "cargo-nsrun".to_owned(),
        hang: Duration::from_secs(20),
        words: Vec::new(),
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--nsrun" => args.nsrun = value()?,
            "--hang" => args.hang = seconds(&value()?)?,
            "--runner" => args.runners.push(runner(&value()?)?),
            _ if word.starts_with('-') => return Err(format!("{word} is unknown")),
            _ => args.words.push(word),
        }
    }
    if args.runners.is_empty() {
        args.runners = RUNNERS.iter().collect();
    }
    Ok(args)
}

fn seconds(value: &str) -> Result<Duration, String> {
    let seconds = value.parse().map_err(|error| format!("{value}: {error}"))?;
    Ok(Duration::from_secs(seconds))
}

fn runner(name: &str) -> Result<&'static Runner, String> {
    let names: Vec<_> = RUNNERS.iter().map(|runner| runner.name).collect();
    let found = RUNNERS.iter().find(|runner| runner.name == name);
    found.ok_or(format!("{name} is none of {}", names.join(", ")))
}
