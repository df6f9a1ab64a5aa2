//! A machine that cannot make the sandboxes that are asked for.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use nsrun_core::{Exec, Failure, Job, Program, local_server, remedy};

use super::cargo;
use crate::args::{MessageFormat, NoTests, OnFlaky, OnUnsupported, Scope, ServerKind, TestArgs};
use crate::fatal::{Fatal, OrFatal};
use crate::results::Doctests;
use crate::{exit, report};

/// Makes one sandbox, before anything is built. `Some` is the exit code if that is all.
pub(super) fn check(args: &TestArgs) -> Result<Option<u8>, Fatal> {
    let Some(failure) = try_one(args) else {
        return Ok(None);
    };
    let fatal = Fatal::setup(format!("this machine cannot make the sandbox: {failure}")).help(
        remedy(&failure).unwrap_or_else(|| "`cargo nsrun doctor` tries every step".to_owned()),
    );
    match args.on_unsupported {
        OnUnsupported::Fail => Err(fatal),
        OnUnsupported::Skip => {
            report::warning(&format!("{fatal}\nnothing was run (--on-unsupported skip)"));
            Ok(Some(exit::OK))
        }
        OnUnsupported::Run => run_without(args, &fatal).map(Some),
    }
}

/// The sandbox is all there when its program starts; nobody waits for the end of that.
fn try_one(args: &TestArgs) -> Option<Failure> {
    let program = Program::Exec(Exec {
        path: "/proc/self/exe".into(),
        arguments: ["nsrun", "--version"].map(Into::into).to_vec(),
        environment: None,
        working_dir: None,
    });
    let job = Job::new(args.sandbox.spec(), program);
    match local_server().and_then(|server| server.launch(job)) {
        Ok(running) => running.wait_for_start(&mut |_, _| {}),
        Err(failure) => Some(failure),
    }
}

/// Has cargo test do it, and says how much of it was not isolated.
fn run_without(args: &TestArgs, fatal: &Fatal) -> Result<u8, Fatal> {
    report::warning(&format!(
        "{fatal}\nrunning WITHOUT ISOLATION (--on-unsupported run)"
    ));
    let lost = without_effect(args);
    if !lost.is_empty() {
        report::warning(&format!(
            "without sandboxes these have no effect: {}",
            lost.join(" ")
        ));
    }
    let mut command = cargo::command(args);
    if !args.fail_fast {
        command.arg("--no-fail-fast");
    }
    if args.message_format == MessageFormat::Short {
        command.arg("--message-format=short");
    }
    cargo::add_harness_args(&mut command, args);
    let (code, ran) = run_and_count(command)?;
    report::warning(&format!(
        "{ran} tests were NOT ISOLATED: this machine cannot make the sandbox"
    ));
    Ok(code)
}

/// What was asked for and cargo test does not know.
fn without_effect(args: &TestArgs) -> Vec<String> {
    let mut lost = args.sandbox.to_options();
    lost.extend((args.retries > 0).then(|| format!("--retries={}", args.retries)));
    let words = [
        (args.flaky == OnFlaky::Fail, "--flaky=fail"),
        (args.scope == Scope::Binary, "--scope=binary"),
        (args.server == ServerKind::Exec, "--server=exec"),
        (
            args.message_format == MessageFormat::Json,
            "--message-format=json",
        ),
        // A harness of a crate's own does not say how many there are.
        (args.no_tests == NoTests::Pass, "--no-tests=pass"),
        (args.no_tests == NoTests::Warn, "--no-tests=warn"),
    ];
    let words = words.into_iter().filter(|(asked_for, _)| *asked_for);
    lost.extend(words.map(|(_, word)| word.to_owned()));
    lost
}

fn run_and_count(mut command: Command) -> Result<(u8, usize), Fatal> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .or_fatal("start cargo")?;
    let mut counts = Doctests::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            counts.read(&line);
            report::line(&line);
        }
    }
    let status = child.wait().or_fatal("wait for cargo")?;
    let code = status.code().map_or(exit::TESTS_FAILED, |code| code as u8);
    Ok((code, counts.passed + counts.failed))
}
