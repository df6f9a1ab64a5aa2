//! Whole suites, from command to prompt: suite S, whose tests carry `#[ns_test]`, under
//! `cargo nsrun test` and under plain `cargo test`, where libtest calls the attribute; and suite U,
//! whose tests have never heard of us. `benches/compare` has other runners beside them.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput, measurement::WallTime};

const TESTS: u64 = 200;

fn main() {
    // `cargo test --benches` only wants to know whether this can be started.
    if env::args().any(|argument| argument == "--test") {
        return;
    }
    let suites = Suites::build();
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("suite");
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10)
        .throughput(Throughput::Elements(TESTS))
        .measurement_time(Duration::from_secs(10));
    let ours = [suites.nsrun.as_os_str().to_owned(), "nsrun".into()];
    measure(&mut group, "S, cargo nsrun test", || suites.run("s", &ours));
    measure(&mut group, "S, cargo test", || {
        suites.run("s", &["cargo".into()])
    });
    measure(&mut group, "U, cargo nsrun test", || suites.run("u", &ours));
    group.finish();
    criterion.final_summary();
}

fn measure(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, mut run: impl FnMut()) {
    group.bench_function(name, |bencher| bencher.iter(&mut run));
}

struct Suites {
    dir: PathBuf,
    nsrun: PathBuf,
}

impl Suites {
    fn build() -> Suites {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("suites");
        let write = ". benches/compare/suites.sh && write_suites \"$0\" \"$1\" \"$2\"";
        succeed(
            Command::new("bash")
                .current_dir(root)
                .args(["-c", write])
                .arg(&dir)
                .arg(TESTS.to_string())
                .arg(root),
        );
        let mut build = Command::new("cargo");
        build.args(["build", "--quiet", "--release", "--package", "cargo-nsrun"]);
        succeed(build.current_dir(root));
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
        let nsrun = target.expect("it is in the target folder");
        let suites = Suites {
            dir,
            nsrun: nsrun.join("release/cargo-nsrun"),
        };
        for suite in ["s", "u"] {
            succeed(suites.command(suite, &["cargo".into()]).arg("--no-run"));
        }
        suites
    }

    fn run(&self, suite: &str, program: &[std::ffi::OsString]) {
        succeed(&mut self.command(suite, program));
    }

    fn command(&self, suite: &str, program: &[std::ffi::OsString]) -> Command {
        let mut command = Command::new(&program[0]);
        command
            .args(&program[1..])
            .arg("test")
            .current_dir(self.dir.join(suite))
            .env_remove("CARGO_TARGET_DIR")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

fn succeed(command: &mut Command) {
    let status = command.status().expect("it can be started");
    assert!(status.success(), "{command:?}: {status}");
}
