//! For programs, and to be a baseline: `docs/json.md` says what it means.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::overhead::{Comparison, Cost, Machine, Percentiles, Rate, Side, Suite};

pub(in crate::report) fn machine(machine: &Machine) -> String {
    let costs = |value: fn(&Cost) -> Value| {
        let entry = |cost: &Cost| (cost.name.clone(), value(cost));
        machine.costs.iter().map(entry).collect::<Map<_, _>>()
    };
    let rates = |value: fn(&Rate) -> f64| {
        let entry = |rate: &Rate| (rate.name(), value(rate).into());
        machine.rates.iter().map(entry).collect::<Map<_, _>>()
    };
    let unavailable = machine.unavailable.iter().map(|it| &it.name);
    line(&json!({
        "type": "overhead",
        "event": "machine",
        "rounds": machine.rounds,
        "ratios": object(machine.ratios()),
        "nsrun_ms": costs(|cost| percentiles(cost.ours)),
        "floor_ms": costs(|cost| percentiles(cost.floor)),
        "process_ms": percentiles(machine.process),
        "nsrun_per_second": rates(|rate| rate.ours),
        "floor_per_second": rates(|rate| rate.floor),
        "unavailable": unavailable.collect::<Vec<_>>(),
    }))
}

pub(in crate::report) fn suite(suite: &Suite) -> String {
    let sides = |value: fn(&Side) -> Value| {
        let sides = [&suite.plain, &suite.isolated].into_iter();
        sides
            .map(|side| (side.command.to_owned(), value(side)))
            .collect::<Map<_, _>>()
    };
    line(&json!({
        "type": "overhead",
        "event": "tests",
        "rounds": suite.plain.times.len(),
        "ratios": object(suite.ratios()),
        "seconds": sides(|side| side.median().into()),
        "failed_runs": sides(|side| side.failed.len().into()),
    }))
}

pub(in crate::report) fn comparison(comparison: &Comparison) -> String {
    let compared = || comparison.compared.iter();
    let regressed = comparison.regressed();
    line(&json!({
        "type": "overhead",
        "event": if regressed.is_empty() { "ok" } else { "failed" },
        "max_regression": comparison.max_regression.0,
        "baseline": object(compared().map(|it| (it.name.clone(), it.baseline))),
        "ratios": object(compared().map(|it| (it.name.clone(), it.ratio))),
        "regressed": regressed.iter().map(|it| &it.name).collect::<Vec<_>>(),
        "missing": comparison.missing,
    }))
}

fn object(numbers: impl IntoIterator<Item = (String, f64)>) -> Map<String, Value> {
    let entries = numbers.into_iter();
    entries
        .map(|(name, number)| (name, number.into()))
        .collect()
}

fn percentiles(all: Percentiles) -> Value {
    json!({
        "p50": milliseconds(all.p50),
        "p90": milliseconds(all.p90),
        "p99": milliseconds(all.p99),
    })
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}
