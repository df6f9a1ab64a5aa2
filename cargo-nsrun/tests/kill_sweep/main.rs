//! SIGKILL to the supervisor, a server or an init, at random instants of whole runs.
//!
//! Whoever is hit, within a second nothing of the run may be left: no process, no namespace, no
//! mount, no file. If it was not the supervisor, the run must go on to its end. A few dozen rounds
//! by default, in which every number comes from one seed; with more, say so:
//!
//! ```text
//! NSRUN_KILL_ROUNDS=1000 cargo test --release -p cargo-nsrun --test kill_sweep -- --nocapture
//! NSRUN_KILL_SEED=… repeats what a failure has named.
//! ```

#![cfg(target_os = "linux")]
#![expect(clippy::print_stdout, reason = "it is a report")]

mod oracle;
#[path = "../common/own_cargo.rs"]
mod own_cargo;
mod process;
#[path = "../common/processes.rs"]
mod processes;
mod random;

use std::env;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use nix::fcntl::{Flock, FlockArg};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use oracle::Oracle;
use process::{COOKIE, Process, Role};
use random::Random;

const ROUNDS: usize = 30;

/// As many looks for the end of a run, [`BETWEEN`] each, before it counts as hanging.
const HANGS: usize = 12_000;
const BETWEEN: Duration = Duration::from_millis(5);

#[test]
fn nothing_is_left_of_a_run_in_which_somebody_was_killed() {
    let rounds = number("NSRUN_KILL_ROUNDS").map_or(ROUNDS, |rounds| rounds as usize);
    let seed = number("NSRUN_KILL_SEED").unwrap_or_else(seed);
    println!("{rounds} rounds, NSRUN_KILL_SEED={seed}");
    let mut random = Random::new(seed);
    let length = length_of_a_run();
    let mut hits = [0; 3];
    let mut namespaces = 0;
    // A run that ended before its moment came is one that nobody was killed in.
    for round in 0..3 * rounds {
        let cookie = format!("{}-{seed}-{round}", std::process::id());
        let mut oracle = Oracle::new(&cookie);
        let hit = play(&cookie, &mut random, length, &mut oracle);
        let left = oracle.left();
        assert!(
            left.is_empty(),
            "round {round} of seed {seed}, killed {hit:?}: left behind {left:#?}"
        );
        let Some(hit) = hit else { continue };
        hits[hit as usize] += 1;
        namespaces += oracle.namespaces_seen();
        let done = hits.iter().sum::<usize>();
        if done % 100 == 0 || done == rounds {
            report(hits, namespaces);
        }
        if done == rounds {
            return;
        }
    }
    panic!("{hits:?}: the runs end sooner than the first ones did");
}

fn report(hits: [usize; 3], namespaces: usize) {
    let [supervisors, servers, inits] = hits;
    println!(
        "killed: {supervisors} supervisors, {servers} servers, {inits} inits; nothing was left \
         in {namespaces} namespaces"
    );
}

/// That nothing is left is what all this is about: would it be seen?
#[test]
fn what_is_left_is_seen() {
    let cookie = format!("{}-left", std::process::id());
    let mut oracle = Oracle::new(&cookie);
    let mut unshare = Command::new("unshare");
    unshare
        .args(["--user", "--net", "sleep", "1000"])
        .env(COOKIE, &cookie);
    let mut left = unshare.spawn().expect("there is an unshare");
    while oracle.namespaces_seen() < 2 {
        oracle.note(&process::of_run(&cookie));
    }
    thread::sleep(Duration::from_millis(50));
    oracle.note(&process::of_run(&cookie));
    let file = Path::new("/tmp").join(&cookie);
    std::fs::write(&file, "").expect("everybody may write there");
    let seen = oracle.left().join("\n");
    let _ = std::fs::remove_file(file);
    let _ = left.kill();
    let _ = left.wait();
    for what in ["process ", "namespace net:", "file /tmp/"] {
        assert!(seen.contains(what), "no {what}in {seen}");
    }
    assert!(oracle.left().is_empty());
}

/// Kills somebody at some moment of a run, and sees it to its end. Returns who it was, if it had
/// not ended by then.
fn play(cookie: &str, random: &mut Random, length: Duration, oracle: &mut Oracle) -> Option<Role> {
    let wanted = [Role::Supervisor, Role::Server, Role::Init][random.below(3)];
    let moment = Instant::now() + length.mul_f64(random.below(1000) as f64 / 1000.0);
    let choice = random.below(1000);
    let mut run = start(cookie);
    let supervisor = Pid::from_raw(run.id() as i32);
    thread::sleep(moment.saturating_duration_since(Instant::now()));
    let hit = loop {
        let all = process::of_run(cookie);
        oracle.note(&all);
        let found = all.iter().filter(|one| one.is(wanted, supervisor, &all));
        let found: Vec<&Process> = found.collect();
        if let Some(victim) = found.get(choice % found.len().max(1)) {
            // Looked at once more: its number could be somebody else's by now.
            if victim.carries(cookie) && kill(victim.pid, Signal::SIGKILL).is_ok() {
                break Some(wanted);
            }
        }
        if run.try_wait().expect("it is our child").is_some() {
            break None;
        }
    };
    let all = process::of_run(cookie);
    oracle.note(&all);
    let status = end(&mut run, cookie);
    let killed = std::os::unix::process::ExitStatusExt::signal(&status);
    let by_itself = killed.is_none();
    assert!(
        by_itself || (hit == Some(Role::Supervisor) && killed == Some(9)),
        "{cookie}: {hit:?} was killed, and the run ended with {status}"
    );
    hit
}

/// Where another cargo builds, ours waits: long, and for nothing if we are gone.
#[test]
fn cargo_does_not_wait_on_when_its_supervisor_is_killed() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("killed-locked");
    std::fs::create_dir_all(target.join("debug")).expect("the target folder is there");
    let lock = File::create(target.join("debug/.cargo-lock")).expect("it is ours");
    let _held = Flock::lock(lock, FlockArg::LockExclusive).expect("nobody else has it");
    let cookie = format!("{}-locked", std::process::id());
    let oracle = Oracle::new(&cookie);
    let mut run = command(&cookie)
        .env("CARGO_TARGET_DIR", &target)
        .spawn()
        .expect("it was built");
    let waits = |process: &Process| process.command().contains("cargo test");
    while !process::of_run(&cookie).iter().any(waits) {
        assert!(
            run.try_wait().expect("it is our child").is_none(),
            "it did not wait"
        );
        thread::sleep(BETWEEN);
    }
    run.kill().expect("it runs");
    end(&mut run, &cookie);
    let left = oracle.left();
    assert!(left.is_empty(), "{left:#?}");
}

fn start(cookie: &str) -> Child {
    command(cookie).spawn().expect("it was built for this test")
}

/// The command under test, on a fixture that has a binary for each kind of server.
fn command(cookie: &str) -> Command {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/killed");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-nsrun"));
    command
        .args(["nsrun", "test", "--workspace", "--", "--test-threads", "2"])
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    own_cargo::forget(&mut command);
    command
        .env("CARGO", env::var_os("CARGO").unwrap_or("cargo".into()))
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("killed"),
        )
        .env(COOKIE, cookie);
    command
}

fn end(run: &mut Child, cookie: &str) -> ExitStatus {
    for _ in 0..HANGS {
        if let Some(status) = run.try_wait().expect("it is our child") {
            return status;
        }
        thread::sleep(BETWEEN);
    }
    let _ = run.kill();
    let _ = run.wait();
    panic!("{cookie}: the run hangs");
}

/// How long a run takes that nobody disturbs: the first, which builds the fixture, does not count.
fn length_of_a_run() -> Duration {
    let output = command("first")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output();
    let output = output.expect("it was built for this test");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    let length = (0..5).map(|_| {
        let begun = Instant::now();
        end(&mut start("measured"), "measured");
        begun.elapsed()
    });
    let length = length.min().expect("five of them");
    println!("a run takes {length:?}");
    length
}

fn number(variable: &str) -> Option<u64> {
    let value = env::var(variable).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {value}")),
    )
}

fn seed() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.map_or(1, |since| since.as_nanos() as u64)
}
