//! The runners, and the commands by which they run some of the cases.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use faults::{Fault, Verdict};

use crate::args::Args;
use crate::came::Came;
use crate::{libtest, nextest, nsrun};

pub(crate) struct Runner {
    pub(crate) name: &'static str,
    /// The heading of its column.
    pub(crate) title: &'static str,
    /// Whether verdict and words must be those of the catalogue, and nothing may be left. Of others
    /// it is only asked whether they tell good from bad.
    pub(crate) strict: bool,
    /// Whether it runs the `#[ns_test]`s, instead of the plain tests.
    isolated: bool,
    kind: Kind,
    /// Further arguments.
    options: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cargo,
    Nextest,
    NextestBwrap,
    Nsrun,
}

const NSRUN: &[&str] = &["--features", "nsrun"];

pub(crate) const RUNNERS: &[Runner] = &[
    plain("cargo-test", "cargo test", Kind::Cargo),
    plain("nextest", "nextest", Kind::Nextest),
    plain("nextest-bwrap", "nextest + bubblewrap", Kind::NextestBwrap),
    ours("nsrun", "cargo nsrun test", false, Kind::Nsrun, NSRUN),
    ours(
        "nsrun-exec",
        "cargo nsrun test --server exec",
        false,
        Kind::Nsrun,
        &["--server", "exec"],
    ),
    ours(
        "nsrun-ns_test",
        "`#[ns_test]`: cargo nsrun test",
        true,
        Kind::Nsrun,
        NSRUN,
    ),
    ours(
        "cargo-test-ns_test",
        "`#[ns_test]`: cargo test",
        true,
        Kind::Cargo,
        NSRUN,
    ),
    ours(
        "nextest-ns_test",
        "`#[ns_test]`: nextest",
        true,
        Kind::Nextest,
        NSRUN,
    ),
];

const fn plain(name: &'static str, title: &'static str, kind: Kind) -> Runner {
    Runner {
        name,
        title,
        strict: false,
        isolated: false,
        kind,
        options: &[],
    }
}

const fn ours(
    name: &'static str,
    title: &'static str,
    isolated: bool,
    kind: Kind,
    options: &'static [&'static str],
) -> Runner {
    Runner {
        name,
        title,
        strict: true,
        isolated,
        kind,
        options,
    }
}

/// What bubblewrap can be asked for that comes nearest to a default sandbox.
const BWRAP: &str = "bwrap --bind / / --dev /dev --proc /proc --size 67108864 --tmpfs /tmp \
                     --size 67108864 --tmpfs /var/tmp --unshare-all --die-with-parent --new-session --";

/// What is to end after a while does so soon; nothing else is hurried, however slow the machine.
const NEXTEST_CONFIG: &str = "[profile.default]\n\
    slow-timeout = { period = '120s', terminate-after = 1, grace-period = '1s' }\n\
    [[profile.default.overrides]]\n\
    filter = 'test(/^ends::(never_ends|stops_itself)$/)'\n\
    slow-timeout = { period = '5s', terminate-after = 1, grace-period = '1s' }\n";

impl Runner {
    /// The cases that run in one invocation each. What ends by its time limit is by itself, so that
    /// the limit of all others can be long.
    pub(crate) fn groups(&self, cases: &[&'static Fault]) -> Vec<Vec<&'static Fault>> {
        let key = |fault: &Fault| match (self.strict, fault.module) {
            (true, _) => is_ended(fault).to_string(),
            (false, "meetings") => String::new(),
            (false, _) => fault.name.to_owned(),
        };
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for fault in cases {
            groups.entry(key(fault)).or_default().push(*fault);
        }
        groups.into_values().collect()
    }

    /// The name by which the case is listed.
    pub(crate) fn name_of(&self, fault: &Fault) -> String {
        let isolated = if self.isolated { "isolated::" } else { "" };
        format!("{}::{isolated}{}", fault.module, fault.name)
    }

    pub(crate) fn builds(&self) -> Command {
        let mut command = Command::new("cargo");
        command.args(["test", "--quiet", "--no-run", "-p", "faults", "--lib"]);
        if self.options == NSRUN {
            command.args(NSRUN);
        }
        command
    }

    pub(crate) fn command(&self, group: &[&Fault], args: &Args, dir: &Path) -> Command {
        let mut command = match self.kind {
            Kind::Cargo => cargo(&["test"]),
            Kind::Nextest | Kind::NextestBwrap => nextest_command(dir),
            Kind::Nsrun => nsrun_command(&args.nsrun, group),
        };
        if self.kind == Kind::NextestBwrap {
            command.env(format!("CARGO_TARGET_{}_RUNNER", triple()), BWRAP);
        }
        command
            .args(["-p", "faults", "--lib"])
            .args(self.options)
            .arg("--");
        if self.kind == Kind::Cargo {
            command.arg("--show-output");
        }
        command
            .arg("--exact")
            .args(group.iter().map(|fault| self.name_of(fault)));
        command
    }

    pub(crate) fn read(&self, stdout: &str, stderr: &str) -> BTreeMap<String, Came> {
        let tests = match self.kind {
            Kind::Cargo => libtest::read(stdout),
            Kind::Nextest | Kind::NextestBwrap => nextest::read(stderr),
            Kind::Nsrun => nsrun::read(stdout),
        };
        if self.isolated && self.kind != Kind::Nsrun {
            let said = |(name, came): (String, Came)| (name, came.in_words_of_nsrun());
            return tests.into_iter().map(said).collect();
        }
        tests
    }
}

fn is_ended(fault: &Fault) -> bool {
    fault.verdicts.contains(&Verdict::Timeout)
}

fn cargo(words: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(words);
    command
}

fn nextest_command(dir: &Path) -> Command {
    let config = dir.join("nextest.toml");
    std::fs::write(&config, NEXTEST_CONFIG).expect("a file in our own folder");
    let mut command = cargo(&["nextest", "run", "--no-fail-fast", "--no-tests", "pass"]);
    command.arg("--config-file").arg(config);
    for option in ["--success-output", "--failure-output"] {
        command.args([option, "immediate"]);
    }
    command.args(["--status-level", "all", "--final-status-level", "none"]);
    command
}

fn nsrun_command(program: &str, group: &[&Fault]) -> Command {
    let timeout = if group.iter().all(|fault| is_ended(fault)) {
        "5s"
    } else {
        "120s"
    };
    let mut command = Command::new(program);
    command.args([
        "nsrun",
        "test",
        "--message-format",
        "json",
        "--tmp-size",
        "64M",
    ]);
    command.args(["--timeout", timeout]);
    command
}

/// As cargo names it in variables.
fn triple() -> String {
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    triple.to_uppercase().replace('-', "_")
}
