//! One sandbox that is over, and what that means for what it was for.

use std::mem;

use nsrun_core::{
    End, Evidence, Flaky, Kinds, Outcome, Proof, Spec, Verdict, explain, judge, read_completion,
};

use super::super::binary::{Binary, Recorder};
use super::super::capture::Captured;
use super::super::listing::{self, Form};
use super::super::log::{logged_reason, read_log};
use super::super::noise;
use super::attempt::Attempt;
use super::together::judge_each;
use super::work::Work;
use crate::results::{Finished, Output};

pub(super) struct Ended {
    pub(super) attempt: Attempt,
    pub(super) kinds: Kinds,
    pub(super) recorder: Recorder,
    pub(super) outcome: Outcome,
    pub(super) stdout: Captured,
    pub(super) stderr: Captured,
}

/// What is known of the tests besides.
pub(super) struct Context<'a> {
    pub(super) binary: &'a Binary,
    /// The sandbox of tests that ask for none.
    pub(super) default: &'a Spec,
    /// How often a test that fails is run again, and what it means if it passes then.
    pub(super) retries: u32,
    pub(super) flaky: Flaky,
    /// The command that runs a test again.
    pub(super) rerun: &'a dyn Fn(&str) -> String,
}

impl Ended {
    /// The names that were listed.
    ///
    /// # Errors
    /// Why there is no list, in words.
    pub(super) fn into_listing(self, form: Form) -> Result<Vec<String>, String> {
        let Ended {
            outcome,
            stdout,
            stderr,
            ..
        } = self;
        let verdict = judge(&Evidence::new(&outcome, Proof::ExitStatus));
        match (verdict, outcome.end) {
            (Verdict::Pass | Verdict::Leak, _) => {
                listing::parse(&stdout.bytes, form).map_err(|bad| bad.to_string())
            }
            (Verdict::Fail, Some(End::Exited(status))) => {
                let words = String::from_utf8_lossy(&stderr.bytes).trim().to_owned();
                Err(format!("`--list` exited with status {status}: {words}"))
            }
            (other, _) => Err(format!("`--list`: {other}: {}", explain(other, &outcome))),
        }
    }

    /// The test, or the tests, that have ended.
    pub(super) fn judged(&mut self, context: &Context<'_>) -> Vec<Finished> {
        if self.recorder == Recorder::Harness {
            self.stderr.bytes = noise::strip_stderr(mem::take(&mut self.stderr.bytes));
        }
        match self.attempt.work.clone() {
            Work::List { .. } => Vec::new(),
            Work::Test { name, .. } => vec![self.one(&name, context)],
            Work::Whole { tests: None, .. } => vec![self.whole(context)],
            Work::Whole {
                tests: Some(tests), ..
            } => self.together(&tests, context),
        }
    }

    /// Standard output, and standard error.
    fn streams(&mut self) -> [Captured; 2] {
        [&mut self.stdout, &mut self.stderr].map(mem::take)
    }

    fn one(&mut self, name: &str, context: &Context<'_>) -> Finished {
        let recorded = match self.recorder {
            Recorder::Nsrun => read_completion(&self.outcome.record, name),
            Recorder::Harness => {
                self.stdout.bytes = noise::strip_stdout(mem::take(&mut self.stdout.bytes), name);
                read_log(&self.outcome.record, name)
            }
        };
        let verdict = judge(&self.evidence(Proof::Record(recorded), context));
        let streams = self.streams();
        self.finished(name, verdict, context)
            .with_output(output(streams, verdict))
    }

    fn whole(&mut self, context: &Context<'_>) -> Finished {
        let verdict = judge(&self.evidence(Proof::ExitStatus, context));
        let mut finished = self.finished("", verdict, context);
        if let (Verdict::Fail, Some(End::Exited(status))) = (verdict, self.outcome.end) {
            let exited = format!("exited with status {status}");
            finished.message = format!("{exited}\n{}", finished.message)
                .trim_end()
                .to_owned();
        }
        finished.with_output(output(self.streams(), verdict))
    }

    /// The output is that of all of them together: it goes with the first red one.
    fn together(&mut self, tests: &[String], context: &Context<'_>) -> Vec<Finished> {
        let leaks = |name: &str| context.binary.spec_of(name, context.default).leaks;
        let verdicts = judge_each(&self.outcome, tests, &leaks);
        let mut streams = Some(self.streams());
        let finished = |(name, verdict): (&String, Verdict)| {
            let finished = self.finished(name, verdict, context);
            match streams.take_if(|_| verdict.is_red()) {
                Some(streams) => finished.with_output(output(streams, verdict)),
                None => finished,
            }
        };
        tests.iter().zip(verdicts).map(finished).collect()
    }

    fn evidence(&self, proof: Proof, context: &Context<'_>) -> Evidence {
        Evidence {
            failed_before: self.attempt.is_another().then_some(context.flaky),
            ..Evidence::new(&self.outcome, proof)
        }
    }

    fn finished(&self, name: &str, verdict: Verdict, context: &Context<'_>) -> Finished {
        Finished {
            message: message(verdict, &self.outcome, name),
            namespaces: self.kinds,
            set_up: self.outcome.times.set_up(),
            run: self.outcome.times.run(),
            attempt: self.attempt.of(context.retries),
            left_behind: self.outcome.survivors.clone(),
            rerun: match verdict.is_red() {
                true => (context.rerun)(name),
                false => String::new(),
            },
            ..Finished::new(&context.binary.id, name, verdict)
        }
    }
}

/// What is reported of the output. Of a test that is red all of it is kept.
fn output(streams: [Captured; 2], verdict: Verdict) -> [Output; 2] {
    streams.map(match verdict.is_red() {
        true => Captured::keep,
        false => Captured::drop_whole,
    })
}

/// What the verdict means; of a failure, what the harness kept out of the output.
fn message(verdict: Verdict, outcome: &Outcome, name: &str) -> String {
    let reason = match verdict {
        Verdict::Fail => logged_reason(&outcome.record, name),
        _ => None,
    };
    let lines = [reason.unwrap_or_default(), explain(verdict, outcome)];
    lines.join("\n").trim().to_owned()
}
