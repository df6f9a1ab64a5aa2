//! All cases under one runner.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use faults::{CATALOGUE, Fault};

use crate::args::Args;
use crate::came::{Came, is_green};
use crate::invocation::Ended;
use crate::oracle;
use crate::own::Marks;
use crate::runner::Runner;

/// Many at once, on however busy a machine.
const GROUP_HANGS: Duration = Duration::from_secs(600);

/// What became of a case.
pub(crate) struct Cell {
    pub(crate) came: Came,
    /// What this case alone has left behind.
    pub(crate) left: Vec<String>,
    /// None if it has refused to run.
    pub(crate) is_right: Option<bool>,
}

pub(crate) struct Checked {
    pub(crate) runner: &'static Runner,
    /// By module and name.
    pub(crate) cells: BTreeMap<(&'static str, &'static str), (&'static Fault, Cell)>,
    /// What is wrong with no case in particular.
    problems: Vec<String>,
}

pub(crate) fn check(runner: &'static Runner, args: &Args) -> Checked {
    let dir = run_dir();
    build(runner);
    let mut checked = Checked {
        runner,
        cells: BTreeMap::new(),
        problems: Vec::new(),
    };
    for (number, group) in runner.groups(&cases(&args.words)).into_iter().enumerate() {
        let marks = Marks {
            cookie: format!("{}-{}-{number}", std::process::id(), runner.name),
            lock: dir.join("lock"),
        };
        fs::write(&marks.lock, "").expect("a file in our own folder");
        let mut command = runner.command(&group, args, &dir);
        command
            .current_dir(faults_dir())
            .env("CARGO_TERM_COLOR", "never");
        let limit = if group.len() == 1 {
            args.hang
        } else {
            GROUP_HANGS
        };
        let (ended, left) = oracle::observe(command, limit, &marks);
        checked.take(&group, &ended, left);
    }
    fs::remove_dir_all(dir).expect("our own folder");
    checked
}

fn cases(words: &[String]) -> Vec<&'static Fault> {
    let meant = |fault: &&Fault| {
        let name = format!("{}::{}", fault.module, fault.name);
        words.is_empty() || words.iter().any(|word| name.contains(word))
    };
    let all = CATALOGUE.iter().flat_map(|(_, faults)| faults.iter());
    all.filter(meant).collect()
}

fn faults_dir() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/..")
}

/// In the target folder, which every sandbox shows.
fn run_dir() -> PathBuf {
    let program = std::env::current_exe().expect("this program has a path");
    let target = program
        .ancestors()
        .nth(2)
        .expect("a folder for each profile");
    let dir = target.join(format!("faults-{}", std::process::id()));
    fs::create_dir_all(&dir).expect("the target folder is writable");
    dir
}

fn build(runner: &Runner) {
    let mut command: Command = runner.builds();
    let status = command
        .current_dir(faults_dir())
        .status()
        .expect("there is cargo");
    assert!(status.success(), "{command:?}: {status}");
}

impl Checked {
    fn take(&mut self, group: &[&'static Fault], ended: &Ended, left: Vec<String>) {
        let alone = group.len() == 1;
        let mut named = self.runner.read(&ended.stdout, &ended.stderr);
        for fault in group {
            let came = named.remove(&self.runner.name_of(fault));
            let came = match came {
                Some(came) if self.runner.strict || !alone => came,
                Some(came) => came.of_runner(ended),
                None => unnamed(ended, alone && !self.runner.strict),
            };
            let left = if alone { left.clone() } else { Vec::new() };
            let is_right = self.is_right(fault, &came, &left);
            let cell = Cell {
                came,
                left,
                is_right,
            };
            self.cells.insert((fault.module, fault.name), (fault, cell));
        }
        if !alone {
            self.problems
                .extend(left.into_iter().map(|left| format!("left behind: {left}")));
        }
        let expected = group
            .iter()
            .all(|fault| is_green(&fault.verdicts[0].to_string()));
        if self.runner.strict && ended.status.is_some_and(|status| status.success()) != expected {
            self.problems
                .push(format!("the command ended with {:?}", ended.status));
        }
    }

    fn is_right(&self, fault: &Fault, came: &Came, left: &[String]) -> Option<bool> {
        let words = fault.verdicts.iter().map(ToString::to_string);
        if self.runner.strict {
            let said = came.text.contains(fault.words);
            return Some(
                left.is_empty() && said && words.into_iter().any(|word| word == came.word),
            );
        }
        if came.is_refused() {
            return None;
        }
        let as_good = words
            .into_iter()
            .any(|word| is_green(&word) == is_green(&came.word));
        Some(left.is_empty() && came.word != "hang" && as_good)
    }

    /// All that is wrong, in full.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let name = self.runner.name;
        let problems = self
            .problems
            .iter()
            .map(|problem| format!("{name}: {problem}"));
        let wrong = self
            .cells
            .values()
            .filter(|(_, cell)| self.runner.strict && cell.is_right == Some(false));
        let wrong = wrong.map(|(fault, cell)| {
            let verdicts: Vec<_> = fault.verdicts.iter().map(ToString::to_string).collect();
            let Cell { came, left, .. } = cell;
            format!(
                "{name}: {}::{}: {}, not {} and `{}`\n{}\n{}",
                fault.module,
                fault.name,
                came.word,
                verdicts.join(" or "),
                fault.words,
                left.join("\n"),
                end_of(&came.text)
            )
        });
        problems.chain(wrong).collect()
    }

    pub(crate) fn fails(&self) -> bool {
        self.runner.strict && !self.complaints().is_empty()
    }
}

/// Of a test by itself, the runner's exit status is its result.
fn unnamed(ended: &Ended, alone: bool) -> Came {
    let text = format!("{}\n{}", ended.stdout, ended.stderr);
    if alone {
        Came::new(&ended.word(), &text)
    } else {
        Came::new("absent", &text)
    }
}

fn end_of(text: &str) -> String {
    let end: Vec<char> = text.chars().rev().take(2000).collect();
    end.into_iter().rev().collect()
}
