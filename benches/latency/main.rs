//! How long it takes to make and end a sandbox, beside the floor: the same system calls, bare.
//!
//! The machine decides how long either takes, so that only the ratio of the two says something of
//! nsrun. Both are measured in one run, one right after the other, and both by a small process
//! with one thread: the server, and this binary run again for the floor ([`nsrun_core::floor`]). The
//! table in the end has the medians.

mod table;

use std::env;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode};
use nsrun::{End, Kinds, Spec};
use nsrun_core::floor::{Extent, Floor, Meter, measure_in_main};
use nsrun_core::{Exec, Job, Program, local_server};

use self::table::Table;

/// Makes this binary the empty program: its `main` returns at once.
const NOTHING: &str = "--nothing";
/// The smallest program that is executed.
const TRUE: &str = "/bin/true";

fn main() {
    measure_in_main();
    if env::args().nth(1).as_deref() != Some(NOTHING) {
        bench();
    }
}

/// A floor, and what stands on it, if anything does.
struct Row {
    name: String,
    floor: Floor,
    job: Option<(Kinds, Program)>,
}

impl Row {
    fn new(name: impl Into<String>, floor: Floor, job: Option<(Kinds, Program)>) -> Row {
        Row {
            name: name.into(),
            floor,
            job,
        }
    }
}

fn rows() -> Vec<Row> {
    let bare = |kinds, extent, program: Option<&str>| Floor {
        kinds,
        extent,
        program: program.map(Into::into),
    };
    let fork = bare(Kinds::NONE, Extent::Made, None);
    let fork_exec = bare(Kinds::NONE, Extent::Made, Some(TRUE));
    let mut rows = vec![
        Row::new("fork", fork, None),
        Row::new("fork, exec", fork_exec, None),
    ];
    let alone = (Kinds::ALL - Kinds::ALWAYS).iter();
    let sets = [Kinds::ALWAYS].into_iter();
    let sets = sets.chain(alone.map(|kind| Kinds::ALWAYS | kind.into()));
    rows.extend(sets.chain([Kinds::DEFAULT, Kinds::ALL]).map(|kinds| {
        let floor = bare(kinds, Extent::Made, None);
        Row::new(kinds.to_string(), floor, Some((kinds, nothing())))
    }));
    let set_up = bare(Kinds::DEFAULT, Extent::SetUp, None);
    let set_up_exec = bare(Kinds::DEFAULT, Extent::SetUp, Some(TRUE));
    let whole = bare(Kinds::DEFAULT, Extent::Whole, None);
    let whole_exec = bare(Kinds::DEFAULT, Extent::Whole, Some(TRUE));
    let default = |program| Some((Kinds::DEFAULT, program));
    rows.push(Row::new("default, set up", set_up, default(nothing())));
    rows.push(Row::new(
        "default, set up, exec",
        set_up_exec,
        default(execute(TRUE)),
    ));
    rows.push(Row::new("default, our set-up", whole, default(nothing())));
    rows.push(Row::new(
        "default, our set-up, exec",
        whole_exec,
        default(execute(TRUE)),
    ));
    rows
}

/// A program without a body, in a process like that of a test.
fn nothing() -> Program {
    Program::Main {
        arguments: vec!["latency".into(), NOTHING.into()],
    }
}

fn execute(path: &str) -> Program {
    Program::Exec(Exec {
        path: path.into(),
        arguments: vec![path.into()],
        environment: None,
        working_dir: None,
    })
}

fn bench() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut table = Table::default();
    let mut group = criterion.benchmark_group("latency");
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500));
    for Row { name, floor, job } in rows() {
        let mut meter = Meter::start(&floor).expect("this binary can be run again");
        let bare = measure(&mut group, &format!("floor: {name}"), |times| {
            let times = times.try_into().expect("criterion asks for few");
            let taken = meter.measure(times).expect("the kernel makes namespaces");
            taken.iter().sum()
        });
        let ours = job.map(|(kinds, program)| {
            measure(&mut group, &format!("nsrun: {name}"), |times| {
                run(kinds, &program, times)
            })
        });
        table.add(name, bare, ours.flatten());
    }
    group.finish();
    criterion.final_summary();
    table.print();
}

/// The median of what criterion measured; `None` if a filter left it out.
fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    mut time: impl FnMut(u64) -> Duration,
) -> Option<Duration> {
    let mut samples = Vec::new();
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|times| {
            let taken = time(times);
            samples.push(taken.div_f64(times as f64));
            taken
        });
    });
    samples.sort_unstable();
    samples.get(samples.len() / 2).copied()
}

/// Makes and ends so many sandboxes, one after the other.
fn run(kinds: Kinds, program: &Program, times: u64) -> Duration {
    let server = local_server().expect("nsrun is linked in");
    let start = Instant::now();
    for _ in 0..times {
        let job = Job::new(Spec::new(kinds), program.clone());
        let running = server.launch(job).expect("the server is there");
        let outcome = running.wait(&mut |_, _| {});
        assert_eq!(outcome.end, Some(End::Exited(0)), "{outcome:?}");
        assert_eq!(outcome.isolation, Ok(()));
    }
    start.elapsed()
}
