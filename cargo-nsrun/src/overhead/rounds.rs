//! The measurement of a machine: everything once in each round, so that no two things that are
//! compared are measured far apart.

use std::ffi::OsStr;
use std::num::NonZero;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use nsrun_core::floor::Extent;
use nsrun_core::{Kinds, find_program};

use super::measured::{DEFAULT, Machine, Unavailable, subjects};
use super::sandboxes::{self, Subject};
use super::statistics::Percentiles;
use super::throughput::{self, EACH, Level};
use crate::args::OverheadArgs;
use crate::fatal::Fatal;

/// Enough for a 99th percentile that is not a single outlier's.
const ROUNDS: u32 = 200;
/// How long somebody waits who has not said how many rounds there shall be.
const PATIENCE: Duration = Duration::from_secs(15);

pub(super) fn measure(args: &OverheadArgs) -> Result<Machine, Fatal> {
    // What does nothing and is there everywhere. Our own server can start programs only, so that
    // the floor starts the same.
    let program = find_program(OsStr::new("true"))?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let (mut subjects, unavailable) = available(&program)?;
    let mut levels = throughput::levels(cores, &program)?;
    let mut process = sandboxes::meter(Kinds::NONE, Extent::Made, &program)?;
    let mut processes = Vec::new();
    let mut rounds = 0;
    let start = Instant::now();
    while is_another_due(args.rounds, rounds, start) {
        processes.extend(process.measure(1)?);
        subjects.iter_mut().try_for_each(Subject::measure)?;
        if rounds % EACH == 0 {
            levels.iter_mut().try_for_each(Level::measure)?;
        }
        rounds += 1;
    }
    Ok(Machine {
        rounds,
        process: Percentiles::of(processes),
        costs: subjects.into_iter().map(Subject::cost).collect(),
        rates: levels.into_iter().map(Level::result).collect(),
        unavailable,
    })
}

fn is_another_due(asked: Option<u32>, done: u32, start: Instant) -> bool {
    match asked {
        Some(rounds) => done < rounds,
        None => done == 0 || (done < ROUNDS && start.elapsed() < PATIENCE),
    }
}

/// What can be measured here, and what cannot. Without the default there is nothing to say.
fn available(program: &Path) -> Result<(Vec<Subject>, Vec<Unavailable>), Fatal> {
    let (mut able, mut unable) = (Vec::new(), Vec::new());
    for (name, kinds, extent) in subjects() {
        match Subject::new(&name, kinds, extent, program) {
            Ok(subject) => able.push(subject),
            Err(why) if name == DEFAULT => return Err(why),
            Err(why) => unable.push(Unavailable { name, why }),
        }
    }
    Ok((able, unable))
}
