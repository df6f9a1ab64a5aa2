//! Runs the command line on a fixture, and takes in what it did.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Whatever takes longer hangs, on however busy a machine.
const HANGS: Duration = Duration::from_secs(300);
/// The variable by which a process is known to belong to a run.
const MARK: &str = "NSRUN_CLI_TEST";

/// The path of `cargo-nsrun`.
pub(crate) const NSRUN: &str = env!("CARGO_BIN_EXE_cargo-nsrun");

/// Runs `cargo nsrun ARGS`, words separated by spaces, in the folder of a fixture.
pub(crate) fn check(args: &str, fixture: &str) -> Done {
    nsrun(args, fixture).done()
}

/// The command for `cargo nsrun ARGS`, as cargo starts it.
pub(crate) fn nsrun(args: &str, fixture: &str) -> Run {
    Run::new(NSRUN, &format!("nsrun {args}"), fixture)
}

/// The command for a plain `cargo ARGS`.
pub(crate) fn cargo(args: &str, fixture: &str) -> Run {
    Run::new(&cargo_program(), args, fixture)
}

/// The command for `sh -c SCRIPT`, in which `$NSRUN` is `cargo-nsrun`.
pub(crate) fn shell(script: &str, fixture: &str) -> Run {
    Run::new("sh", "-c", fixture)
        .arg(script)
        .env("NSRUN", NSRUN)
}

/// The command for any other program.
pub(crate) fn program(program: &str, args: &str, fixture: &str) -> Run {
    Run::new(program, args, fixture)
}

pub(crate) fn fixture_dir(fixture: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    match fixture {
        // Other commands are tried on it too.
        "faults" => root.join("../tests/faults"),
        _ => root.join("tests/fixtures").join(fixture),
    }
}

/// Where a fixture is built: each in its own folder, so that they do not wait for each other.
pub(crate) fn target_dir(fixture: &str) -> PathBuf {
    let workspace = fixture.split('/').next().unwrap_or(fixture);
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(workspace)
}

/// A path that nothing else uses, and where nothing is yet.
pub(crate) fn fresh_path(name: &str) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fresh");
    fs::create_dir_all(&dir).expect("a folder");
    dir.join(format!("{}-{next}-{name}", std::process::id()))
}

pub(crate) fn host_triple() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc");
    let text = String::from_utf8(output.stdout).expect("text");
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc knows its host").to_owned()
}

fn cargo_program() -> String {
    std::env::var("CARGO").expect("cargo runs these tests")
}

/// A command that is about to run.
pub(crate) struct Run {
    command: Command,
    mark: String,
    words: String,
}

impl Run {
    fn new(program: &str, args: &str, fixture: &str) -> Run {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}-{next}", std::process::id());
        let mut command = Command::new(program);
        command
            .args(args.split_whitespace())
            .current_dir(fixture_dir(fixture))
            .stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if is_of_our_own_run(&name.to_string_lossy()) {
                command.env_remove(name);
            }
        }
        command
            .env("CARGO", cargo_program())
            .env("CARGO_TARGET_DIR", target_dir(fixture))
            .env(MARK, &mark)
            .env("FAULTS_HOST", host());
        Run {
            command,
            mark,
            words: format!("{program} {args}"),
        }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Run {
        self.words += &format!(" {}", arg.as_ref().display());
        self.command.arg(arg);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Run {
        self.command.env(name, value);
        self
    }

    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Run {
        self.command.current_dir(dir);
        self
    }

    pub(crate) fn stdin(mut self, stdin: impl Into<Stdio>) -> Run {
        self.command.stdin(stdin);
        self
    }

    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Run {
        self.command.stdout(stdout);
        self
    }

    /// Runs it to its end, and makes sure that nothing of it is left.
    pub(crate) fn done(mut self) -> Done {
        self.command.stdout(Stdio::piped());
        self.finish()
    }

    /// The same, with the standard output that was given.
    pub(crate) fn finish(self) -> Done {
        self.start().done()
    }

    pub(crate) fn start(mut self) -> Started {
        let child = self.command.stderr(Stdio::piped()).spawn();
        let child = child.unwrap_or_else(|error| panic!("{}: {error}", self.words));
        Started {
            child,
            mark: self.mark,
            words: self.words,
        }
    }

    pub(crate) fn start_piped(mut self) -> Started {
        self.command.stdout(Stdio::piped());
        self.start()
    }
}

/// By this a fault that would hurt the host knows that it is not there.
fn host() -> String {
    let link = |kind| fs::read_link(format!("/proc/self/ns/{kind}")).expect("there is a link");
    let links = ["pid", "uts", "mnt"].map(|kind| link(kind).display().to_string());
    links.join(" ")
}

/// What the cargo that runs us has set, and what else would change a run.
fn is_of_our_own_run(name: &str) -> bool {
    let kept = ["CARGO_HOME"].contains(&name);
    let ours = name.starts_with("CARGO") || name.starts_with("NSRUN") || name.starts_with("RUST_");
    let other = ["LD_LIBRARY_PATH", "OUT_DIR", "NO_COLOR", "RUSTFLAGS"].contains(&name);
    (ours || other) && !kept
}

/// A command that runs.
pub(crate) struct Started {
    pub(crate) child: Child,
    mark: String,
    words: String,
}

impl Started {
    /// Waits for its end, and makes sure that nothing of it is left.
    pub(crate) fn done(self) -> Done {
        self.done_watched(|_| ())
    }

    /// The same, and has a look at the process all the while.
    pub(crate) fn done_watched(mut self, mut look: impl FnMut(u32)) -> Done {
        let stdout = self.child.stdout.take().map(read_in_background);
        let stderr = self.child.stderr.take().map(read_in_background);
        let deadline = Instant::now() + HANGS;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                break status;
            }
            if Instant::now() > deadline {
                let _ = self.child.kill();
                panic!("`{}` hangs", self.words);
            }
            look(self.child.id());
            thread::sleep(Duration::from_millis(5));
        };
        nothing_left(&self.mark, &self.words);
        let text = |read: Option<thread::JoinHandle<Vec<u8>>>| {
            read.map_or_else(Vec::new, |read| read.join().expect("a pipe can be read"))
        };
        Done {
            code: std::os::unix::process::ExitStatusExt::into_raw(status) >> 8 & 0xff,
            signal: std::os::unix::process::ExitStatusExt::signal(&status),
            stdout: text(stdout),
            stderr: String::from_utf8_lossy(&text(stderr)).into_owned(),
            words: self.words,
        }
    }
}

fn read_in_background(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        bytes
    })
}

/// Nothing survives: no process that carries the mark outlives the run by more than a second.
fn nothing_left(mark: &str, words: &str) {
    let deadline = Instant::now() + Duration::from_secs(1);
    loop {
        let left = marked(mark);
        if left.is_empty() {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "`{words}` has left behind: {left:#?}"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

/// The command lines of all processes that have the mark in their environment.
fn marked(mark: &str) -> Vec<String> {
    let variable = format!("{MARK}={mark}");
    let carries = |process: &Path| {
        let environment = fs::read(process.join("environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|entry| entry == variable.as_bytes())
    };
    let processes = fs::read_dir("/proc").expect("there is /proc");
    processes
        .flatten()
        .map(|entry| entry.path())
        .filter(|process| carries(process))
        .map(|process| {
            let command = fs::read(process.join("cmdline")).unwrap_or_default();
            format!(
                "{} {}",
                process.display(),
                String::from_utf8_lossy(&command)
            )
        })
        .collect()
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    words: String,
}

impl Done {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Ends with this exit code.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Done {
        assert_eq!(self.signal, None, "{self}");
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Says this on standard error, and does not panic.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Done {
        assert!(self.stderr.contains(words), "not said: {words}\n{self}");
        assert!(!self.stderr.contains("panicked at"), "{self}");
        self
    }

    /// Prints this on standard output.
    #[track_caller]
    pub(crate) fn prints(self, words: &str) -> Done {
        assert!(self.text().contains(words), "not printed: {words}\n{self}");
        self
    }

    /// Does not print this.
    #[track_caller]
    pub(crate) fn omits(self, words: &str) -> Done {
        assert!(!self.text().contains(words), "printed: {words}\n{self}");
        self
    }

    /// The objects that were printed, one a line.
    pub(crate) fn events(&self) -> Vec<Value> {
        let parse = |line: &str| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\n{self}"))
        };
        self.text().lines().map(parse).collect()
    }

    /// Each test that has ended, by its name.
    pub(crate) fn tests(&self) -> BTreeMap<String, Value> {
        let mut tests = BTreeMap::new();
        for event in self.events() {
            let ended = event.get("verdict").is_some() && event["event"] != "retry";
            if event["type"] == "test" && ended {
                let name = event["name"].as_str().expect("a name").to_owned();
                let twice = tests.insert(name, event);
                assert!(twice.is_none(), "{twice:?} ended twice");
            }
        }
        tests
    }

    /// The verdict on each test.
    pub(crate) fn verdicts(&self) -> BTreeMap<String, String> {
        let verdict = |(name, event): (String, Value)| (name, word(&event["verdict"]));
        self.tests().into_iter().map(verdict).collect()
    }

    /// The last object.
    pub(crate) fn suite(&self) -> Value {
        let last = self.events().pop();
        last.filter(|event| event["type"] == "suite")
            .unwrap_or_else(|| panic!("no suite at the end: {self}"))
    }
}

/// The text of a JSON string.
pub(crate) fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tail = |text: &str| text.chars().rev().take(4000).collect::<Vec<_>>();
        let shown = |text: &str| tail(text).into_iter().rev().collect::<String>();
        writeln!(
            f,
            "`{}`: code {}, signal {:?}",
            self.words, self.code, self.signal
        )?;
        writeln!(f, "──── stdout\n{}", shown(&self.text()))?;
        write!(f, "──── stderr\n{}", shown(&self.stderr))
    }
}

/// That a run leaves nothing is tested for after each: would it be seen?
#[test]
#[should_panic(expected = "has left behind")]
fn what_is_left_behind_is_seen() {
    shell("sleep 5 >/dev/null 2>&1 &", "empty").done();
}
