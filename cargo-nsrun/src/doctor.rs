//! `cargo nsrun doctor`: can sandboxes be made here, and if not, what mends it?

mod page;

use std::io::{self, Write};

use nsrun_core::{Attempt, Kind, Kinds, Probe, probe, surroundings};

/// Whether tests can have what they get when they ask for nothing in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    /// The default sandbox can be made.
    Able,
    /// It cannot.
    Unable,
}

/// Tries everything, and prints what works, what does not, why, and what mends it. Returns whether
/// the default sandbox can be made.
///
/// The process must be able to serve: `serve_in_main` comes before.
///
/// # Errors
/// If it cannot be printed.
pub(crate) fn run(out: &mut dyn Write) -> io::Result<bool> {
    let probes = probe();
    let health = health(&probes);
    let without = match health {
        Health::Able => None,
        Health::Unable => what_to_share(&probes),
    };
    out.write_all(page::page(&surroundings(), &probes, health, without).as_bytes())?;
    out.flush()?;
    Ok(health == Health::Able)
}

fn health(probes: &[Probe]) -> Health {
    let works = |probe: &Probe| probe.attempt == Attempt::DEFAULT && probe.result.is_ok();
    if probes.iter().any(works) {
        Health::Able
    } else {
        Health::Unable
    }
}

/// The kinds without which the rest of the default sandbox can be made: tried, not guessed.
fn what_to_share(probes: &[Probe]) -> Option<Kinds> {
    let fails = |kind: &Kind| {
        let alone = Attempt::own(Kinds::ALWAYS | (*kind).into());
        probes
            .iter()
            .any(|probe| probe.attempt == alone && probe.result.is_err())
    };
    let failing: Kinds = Kinds::DEFAULT.iter().filter(fails).collect();
    let rest = Attempt::own(Kinds::DEFAULT - failing);
    let needless = failing.is_empty() || failing.contains(Kind::User);
    (!needless && rest.make().result.is_ok()).then_some(failing)
}
