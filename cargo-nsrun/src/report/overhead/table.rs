//! For people: no wider than 100 columns.

// Only to strings, to which writing cannot fail.
use std::fmt::Write;
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use crate::overhead::{Comparison, Cost, Machine, Percentiles, Rate, Side, Suite};

const BOLD: Style = Style::new().bold();
/// The width of the first column: the longest name is `user,mount`, or a command.
const NAME: usize = 18;

/// What sandboxes cost on this machine, which is `here`.
pub(in crate::report) fn machine(here: &str, machine: &Machine) -> String {
    let mut text = format!(
        "{BOLD}What a sandbox costs on {here}{BOLD:#}\n\
         {} rounds of one of each, around `true`; times in milliseconds\n\n",
        machine.rounds
    );
    text += &format!("  {:NAME$}{:>17}{:>27}\n", "", "nsrun", "floor");
    let columns = percentiles(["p50", "p90", "p99"].map(str::to_owned));
    let _ = writeln!(
        text,
        "  {:NAME$}{columns}{columns}{:>9}",
        "namespaces", "ratio"
    );
    machine.costs.iter().for_each(|it| text += &cost(it));
    let _ = writeln!(
        text,
        "  {:NAME$}{:27}{}\n",
        "no sandbox",
        "",
        times(machine.process)
    );
    text += &rates(&machine.rates);
    text + LEGEND
}

const LEGEND: &str = "
A single kind is with user and mount; the default is user,mount,net,pid,uts,ipc. The floor is what
no sandbox can do without, bare, from a small process, in turns with ours: namespaces, ids, a tmpfs,
`/proc`, `lo`. For `default, set up` it is every call that ours are set up with. The ratio of the
medians is what can be compared between days and machines.
";

fn cost(cost: &Cost) -> String {
    let Cost {
        name,
        ours,
        floor,
        ratio,
    } = cost;
    let (ours, floor) = (times(*ours), times(*floor));
    format!("  {name:NAME$}{ours}{floor}{ratio:>9.2}\n")
}

fn times(all: Percentiles) -> String {
    percentiles([all.p50, all.p90, all.p99].map(milliseconds))
}

fn percentiles(cells: [String; 3]) -> String {
    cells.iter().map(|cell| format!("{cell:>9}")).collect()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1e3)
}

fn rates(rates: &[Rate]) -> String {
    let mut text = format!(
        "  {:NAME$}{:>9}{:>9}{:>9}\n",
        "default, a second", "nsrun", "floor", "ratio"
    );
    for rate in rates {
        let (
            name,
            Rate {
                ours, floor, ratio, ..
            },
        ) = (rate.name(), rate);
        let _ = writeln!(text, "  {name:NAME$}{ours:>9.0}{floor:>9.0}{ratio:>9.2}");
    }
    text
}

/// What isolation costs a suite of tests.
pub(in crate::report) fn suite(suite: &Suite) -> String {
    let rounds = suite.plain.times.len();
    let mut text = format!(
        "{BOLD}What isolation costs these tests{BOLD:#}\n\
         {rounds} rounds of both commands; times in seconds\n\n  {:NAME$}{:>9}{:>9}{:>9}\n",
        "", "median", "least", "most"
    );
    text += &side(&suite.plain);
    text += &side(&suite.isolated);
    if suite.has_failed() {
        return text;
    }
    let _ = writeln!(
        text,
        "\nWith isolation it takes {BOLD}{:.2} times{BOLD:#} as long: the median of the rounds' ratios.",
        suite.ratio()
    );
    text
}

fn side(side: &Side) -> String {
    let seconds = |time: Option<&Duration>| time.map_or(f64::NAN, Duration::as_secs_f64);
    let least = seconds(side.times.iter().min());
    let most = seconds(side.times.iter().max());
    let failed = match side.failed.len() {
        0 => String::new(),
        runs => format!("   {}{runs} failed{:#}", red(), red()),
    };
    let (name, median) = (side.command, side.median());
    format!("  {name:NAME$}{median:>9.3}{least:>9.3}{most:>9.3}{failed}\n")
}

/// How today's ratios compare with the baseline's.
pub(in crate::report) fn comparison(comparison: &Comparison) -> String {
    let mut text = format!(
        "\n{BOLD}Compared with the baseline{BOLD:#}, {} more allowed\n\n  {:NAME$}{:>9}{:>9}{:>9}\n",
        comparison.max_regression, "ratio", "baseline", "now", "change"
    );
    for it in &comparison.compared {
        let note = match comparison.has_regressed(it) {
            true => format!("   {}worse{:#}", red(), red()),
            false => String::new(),
        };
        let change = format!("{:+.1}%", it.change());
        let (name, before, now) = (&it.name, it.baseline, it.ratio);
        let _ = writeln!(
            text,
            "  {name:NAME$}{before:>9.2}{now:>9.2}{change:>9}{note}"
        );
    }
    text
}

fn red() -> Style {
    AnsiColor::Red.on_default().bold()
}
