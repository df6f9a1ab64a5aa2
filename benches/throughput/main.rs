//! How many default sandboxes are made and ended in a second when 1, 2 or 4 are wanted at once,
//! beside the floor: the same system calls, bare, from as many processes.
//!
//! Ours come from one server, as those of a test binary do, for as many threads as want one at
//! once, as libtest has them. The table in the end has the medians.

use std::env;
use std::thread;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};
use nsrun::{End, Kinds, Spec};
use nsrun_core::floor::{Extent, Floor, Meter, measure_in_main};
use nsrun_core::{Job, Program, local_server};

/// Makes this binary the empty program: its `main` returns at once.
const NOTHING: &str = "--nothing";
/// How many sandboxes each of those at once makes before somebody looks at the clock.
const EACH: u32 = 10;

fn main() {
    measure_in_main();
    if env::args().nth(1).as_deref() != Some(NOTHING) {
        bench();
    }
}

fn bench() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("throughput");
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(2000));
    let rows = [1, 2, 4].map(|at_once| row(&mut group, at_once));
    group.finish();
    criterion.final_summary();
    print(&rows);
}

/// How many at once, and the seconds that one of the floor's and one of ours takes.
type Row = (u32, Option<f64>, Option<f64>);

fn row(group: &mut BenchmarkGroup<'_, WallTime>, at_once: u32) -> Row {
    group.throughput(Throughput::Elements((at_once * EACH).into()));
    let mut meters: Vec<Meter> = (0..at_once).map(|_| meter()).collect();
    let floor = measure(group, &format!("floor: {at_once} at once"), || {
        bare(&mut meters);
    });
    let ours = measure(group, &format!("nsrun: {at_once} at once"), || {
        thread::scope(|scope| (0..at_once).for_each(|_| drop(scope.spawn(make_each))));
    });
    let one = |taken: Duration| taken.as_secs_f64() / f64::from(at_once * EACH);
    (at_once, floor.map(one), ours.map(one))
}

fn meter() -> Meter {
    let floor = Floor {
        kinds: Kinds::DEFAULT,
        extent: Extent::SetUp,
        program: None,
    };
    Meter::start(&floor).expect("this binary can be run again")
}

/// [`EACH`] sandboxes of every meter, all meters at once.
fn bare(meters: &mut [Meter]) {
    for meter in &mut *meters {
        meter.ask(EACH).expect("the meter is there");
    }
    for meter in meters {
        meter.answer().expect("the kernel makes namespaces");
    }
}

/// [`EACH`] sandboxes, one after the other.
fn make_each() {
    let server = local_server().expect("nsrun is linked in");
    for _ in 0..EACH {
        let program = Program::Main {
            arguments: vec!["throughput".into(), NOTHING.into()],
        };
        let job = Job::new(Spec::new(Kinds::DEFAULT), program);
        let running = server.launch(job).expect("the server is there");
        let outcome = running.wait(&mut |_, _| {});
        assert_eq!(outcome.end, Some(End::Exited(0)), "{outcome:?}");
        assert_eq!(outcome.isolation, Ok(()));
    }
}

/// The median of what criterion measured; `None` if a filter left it out.
fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    mut body: impl FnMut(),
) -> Option<Duration> {
    let mut samples = Vec::new();
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|times| {
            let start = Instant::now();
            (0..times).for_each(|_| body());
            samples.push(start.elapsed().div_f64(times as f64));
            start.elapsed()
        });
    });
    samples.sort_unstable();
    samples.get(samples.len() / 2).copied()
}

#[expect(clippy::print_stdout, reason = "it is what the benchmark is run for")]
fn print(rows: &[Row]) {
    println!(
        "{:<36}{:>10}{:>10}{:>8}",
        "sandboxes a second", "floor", "nsrun", "ratio"
    );
    for (at_once, floor, ours) in rows {
        let rate =
            |one: &Option<f64>| one.map_or_else(String::new, |one| format!("{:.0}", 1. / one));
        let ratio = floor.zip(*ours).map(|(floor, ours)| ours / floor);
        let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let name = format!("{at_once} at once");
        println!("{name:<36}{:>10}{:>10}{ratio:>8}", rate(floor), rate(ours));
    }
}
