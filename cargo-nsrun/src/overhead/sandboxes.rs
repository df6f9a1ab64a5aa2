//! Sandboxes of one kind, and bare ones beside them.

use std::path::Path;
use std::time::{Duration, Instant};

use nsrun_core::floor::{Extent, Floor, Meter};
use nsrun_core::{End, Exec, Failure, Job, Kinds, Outcome, Program, Running, Spec, local_server};

use super::measured::Cost;
use super::statistics::{Percentiles, median_time};
use crate::fatal::Fatal;

/// Ours: sandboxes as tests get them, around a program that does nothing.
pub(super) struct Ours {
    spec: Spec,
    exec: Exec,
}

impl Ours {
    pub(super) fn new(kinds: Kinds, program: &Path) -> Ours {
        Ours {
            spec: Spec::new(kinds),
            exec: Exec {
                path: program.to_owned(),
                arguments: vec![program.into()],
                environment: None,
                working_dir: None,
            },
        }
    }

    pub(super) fn launch(&self) -> Result<Running, Failure> {
        let program = Program::Exec(self.exec.clone());
        local_server()?.launch(Job::new(self.spec.clone(), program))
    }

    fn make_and_end(&self) -> Result<Duration, Fatal> {
        let start = Instant::now();
        let outcome = self.launch()?.wait(&mut |_, _| {});
        check(&outcome).map(|()| start.elapsed())
    }
}

/// A sandbox that did not work took no time that counts.
pub(super) fn check(outcome: &Outcome) -> Result<(), Fatal> {
    match (outcome.failure, outcome.isolation, outcome.end) {
        (Some(failure), _, _) => Err(failure.into()),
        (None, Err(reason), _) => Err(Fatal::setup(format!("it is not isolated: {reason}"))),
        (None, Ok(()), Some(End::Exited(0))) => Ok(()),
        (None, Ok(()), end) => Err(Fatal::setup(format!("`true` failed in it: {end:?}"))),
    }
}

/// The same kinds of namespaces with no more than must be, and the same program in them.
pub(super) fn meter(kinds: Kinds, extent: Extent, program: &Path) -> Result<Meter, Failure> {
    Meter::start(&Floor {
        kinds,
        extent,
        program: Some(program.to_owned()),
    })
}

/// Both, side by side.
pub(super) struct Subject {
    name: String,
    ours: Ours,
    meter: Meter,
    our_times: Vec<Duration>,
    floor_times: Vec<Duration>,
}

impl Subject {
    /// Fails if sandboxes of these kinds cannot be made here.
    pub(super) fn new(
        name: &str,
        kinds: Kinds,
        extent: Extent,
        program: &Path,
    ) -> Result<Subject, Fatal> {
        let mut subject = Subject {
            name: name.to_owned(),
            ours: Ours::new(kinds, program),
            meter: meter(kinds, extent, program)?,
            our_times: Vec::new(),
            floor_times: Vec::new(),
        };
        // It warms both sides up as well.
        subject.ours.make_and_end()?;
        subject.meter.measure(1)?;
        Ok(subject)
    }

    /// One of each. In batches, a machine that becomes busy in between would show in the ratio.
    pub(super) fn measure(&mut self) -> Result<(), Fatal> {
        self.floor_times.extend(self.meter.measure(1)?);
        self.our_times.push(self.ours.make_and_end()?);
        Ok(())
    }

    pub(super) fn cost(self) -> Cost {
        Cost {
            name: self.name,
            ratio: median_time(&self.our_times) / median_time(&self.floor_times),
            ours: Percentiles::of(self.our_times),
            floor: Percentiles::of(self.floor_times),
        }
    }
}
