//! The process that measures a floor, and the end of it that asks.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use nix::errno::Errno;

use super::Floor;
use super::bare::Bare;
use crate::step::{Failure, Step};
use crate::sys;

/// The first argument that makes a program measure a floor.
const FLOOR_ARGUMENT: &str = "--nsrun-floor";
/// Those that come before what counts, so that a new process is as warm as one that served a while.
const WARM_UP: u32 = 3;

/// Measures, if this process was started as a [`Meter`]; otherwise returns at once.
///
/// To be called first in `main`, while there is one thread, and little memory that a clone copies.
pub fn measure_in_main() {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    if let Some((first, floor)) = args.split_first()
        && first == FLOOR_ARGUMENT
    {
        let done = Floor::from_args(floor).map(answer_all);
        sys::exit(if matches!(done, Some(Ok(()))) { 0 } else { 1 });
    }
}

/// Each line asked is a number of sandboxes, each line answered the nanoseconds that each of them
/// took, or what failed.
fn answer_all(floor: Floor) -> io::Result<()> {
    // Ignored by whoever started us, it would have the kernel reap what we wait for.
    sys::set_default(libc::SIGCHLD)?;
    let warmed_up = |mut bare| repeat(&mut bare, WARM_UP).map(|_| bare);
    let mut bare = Bare::new(floor).and_then(warmed_up);
    for line in io::stdin().lines() {
        let times = line?.parse().map_err(io::Error::other)?;
        let measured = match &mut bare {
            Ok(bare) => repeat(bare, times),
            Err(failure) => Err(*failure),
        };
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{}", encode(&measured))?;
        stdout.flush()?;
    }
    Ok(())
}

fn repeat(bare: &mut Bare, times: u32) -> Result<Vec<Duration>, Failure> {
    let once = |_| {
        let start = Instant::now();
        bare.make_and_end().map(|()| start.elapsed())
    };
    (0..times).map(once).collect()
}

fn encode(measured: &Result<Vec<Duration>, Failure>) -> String {
    match measured {
        Ok(times) => {
            let nanoseconds = times.iter().map(|time| time.as_nanos().to_string());
            nanoseconds.collect::<Vec<_>>().join(" ")
        }
        Err(Failure { step, errno }) => format!("failed {} {}", *step as u8, *errno as i32),
    }
}

/// `None` if this is not what [`encode`] makes.
fn decode(line: &str) -> Option<Result<Vec<Duration>, Failure>> {
    if let Some(failure) = line.strip_prefix("failed ") {
        let (step, errno) = failure.split_once(' ')?;
        return Some(Err(Failure {
            step: Step::from_code(step.parse().ok()?)?,
            errno: Errno::from_raw(errno.parse().ok()?),
        }));
    }
    let nanoseconds = line.split_whitespace().map(|word| word.parse().ok());
    let times = nanoseconds.map(|time| time.map(Duration::from_nanos));
    times.collect::<Option<Vec<_>>>().map(Ok)
}

/// A process that measures a floor when it is asked to, until this handle is dropped.
///
/// It is this very program, started anew, which must call [`measure_in_main`].
#[derive(Debug)]
pub struct Meter {
    child: Child,
    requests: Option<ChildStdin>,
    answers: Option<BufReader<ChildStdout>>,
}

impl Meter {
    /// Starts it.
    ///
    /// # Errors
    /// [`Step::Server`] if the program cannot be started.
    pub fn start(floor: &Floor) -> Result<Meter, Failure> {
        let mut command = Command::new("/proc/self/exe");
        command.arg(FLOOR_ARGUMENT).args(floor.to_args());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| broken(&error))?;
        Ok(Meter {
            requests: child.stdin.take(),
            answers: child.stdout.take().map(BufReader::new),
            child,
        })
    }

    /// Has it make and end so many sandboxes, one after the other, and returns what each took.
    ///
    /// # Errors
    /// The step that failed.
    pub fn measure(&mut self, times: u32) -> Result<Vec<Duration>, Failure> {
        self.ask(times)?;
        self.answer()
    }

    /// The first half of [`Meter::measure`]: it begins. So several can work at once.
    ///
    /// # Errors
    /// [`Step::Server`] if the process is gone.
    pub fn ask(&mut self, times: u32) -> Result<(), Failure> {
        let requests = self.requests.as_mut().ok_or(GONE)?;
        writeln!(requests, "{times}").map_err(|error| broken(&error))
    }

    /// The second half: waits until it is done.
    ///
    /// # Errors
    /// The step that failed.
    pub fn answer(&mut self) -> Result<Vec<Duration>, Failure> {
        let answers = self.answers.as_mut().ok_or(GONE)?;
        let mut line = String::new();
        match answers.read_line(&mut line) {
            Ok(0) => Err(GONE),
            Ok(_) => decode(&line).unwrap_or(Err(GONE)),
            Err(error) => Err(broken(&error)),
        }
    }
}

const GONE: Failure = Failure {
    step: Step::Server,
    errno: Errno::EPIPE,
};

fn broken(error: &io::Error) -> Failure {
    Failure::from_io(Step::Server, error)
}

impl Drop for Meter {
    fn drop(&mut self) {
        // Its standard input is now at its end, and so is the process.
        self.requests = None;
        // ECHILD, where the caller ignores SIGCHLD: then it has been reaped.
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_survives_the_pipe() {
        let failure = Failure {
            step: Step::Proc,
            errno: Errno::EPERM,
        };
        let times = [0, 1, 1_234_567_890].map(Duration::from_nanos);
        for answer in [Err(failure), Ok(times.to_vec()), Ok(Vec::new())] {
            assert_eq!(decode(&encode(&answer)), Some(answer));
        }
        for junk in ["failed", "failed 1", "failed 250 1", "1 x"] {
            assert_eq!(decode(junk), None, "{junk:?}");
        }
    }
}
