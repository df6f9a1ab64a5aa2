//! `cargo nsrun overhead`: what does isolation cost on this machine?
//!
//! The machine decides how long a sandbox takes, so that a time says little of nsrun, and a time of
//! yesterday little of today. Two measurements are therefore always made side by side, in rounds, so
//! that whatever else the machine does hits both; and it is their ratio that is compared.

mod baseline;
mod measured;
mod rounds;
mod sandboxes;
mod statistics;
mod suite;
mod throughput;

use std::fs;
use std::path::Path;

use crate::args::OverheadArgs;
use crate::exit;
use crate::fatal::{Fatal, OrFatal};
use crate::report;

use baseline::Baseline;
pub(crate) use baseline::Comparison;
pub(crate) use measured::{Cost, Machine, Rate, Ratios};
pub(crate) use statistics::Percentiles;
pub(crate) use suite::{Side, Suite};

/// Measures, prints, saves and compares, as asked.
pub(crate) fn run(args: &OverheadArgs) -> Result<u8, Fatal> {
    args.check()?;
    // What is wrong with the files is said before anybody has waited.
    let baseline = args.baseline.as_deref().map(Baseline::read).transpose()?;
    if let Some(file) = &args.save {
        can_be_written(file)?;
    }
    let result = if args.asks_for_tests() {
        require(&baseline, suite::NAME)?;
        measure_suite(args)?
    } else {
        require(&baseline, measured::DEFAULT)?;
        measure_machine(args)?
    };
    if let Some(file) = &args.save {
        let saved = fs::write(file, result.json);
        saved.or_fatal(format_args!("write the result to `{}`", file.display()))?;
    }
    match baseline {
        Some(baseline) => compare(args, &baseline, &result.ratios),
        None => Ok(exit::OK),
    }
}

/// What is compared, and what is saved.
struct Done {
    ratios: Ratios,
    json: String,
}

fn measure_machine(args: &OverheadArgs) -> Result<Done, Fatal> {
    let machine = rounds::measure(args)?;
    report::machine(args.message_format, &machine)?;
    Ok(Done {
        ratios: machine.ratios(),
        json: report::json_of_machine(&machine),
    })
}

fn measure_suite(args: &OverheadArgs) -> Result<Done, Fatal> {
    let suite = suite::measure(args)?;
    report::suite(args.message_format, &suite)?;
    suite.check()?;
    Ok(Done {
        ratios: suite.ratios(),
        json: report::json_of_suite(&suite),
    })
}

fn require(baseline: &Option<Baseline>, name: &str) -> Result<(), Fatal> {
    baseline.as_ref().map_or(Ok(()), |it| it.require(name))
}

fn can_be_written(file: &Path) -> Result<(), Fatal> {
    let opened = fs::File::options().append(true).create(true).open(file);
    opened.map(drop).map_err(|error| {
        Fatal::usage(format!("cannot write to `{}`: {error}", file.display()))
            .help("give `--save` a file in a folder that is there")
    })
}

fn compare(args: &OverheadArgs, baseline: &Baseline, ratios: &Ratios) -> Result<u8, Fatal> {
    let comparison = baseline.compare(ratios, args.max_regression);
    report::comparison(args.message_format, &comparison)?;
    comparison.check().map(|()| exit::OK)
}
