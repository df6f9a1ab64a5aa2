//! Sandboxes from ordinary Rust.

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf, absolute};
use std::time::Duration;

use nix::errno::Errno;

use crate::kind::{Kind, Kinds};
use crate::local::local_server;
use crate::outcome::Outcome;
use crate::program::{Exec, Program};
use crate::running::{Job, Stream};
use crate::share::Share;
use crate::spec::{Clocks, Identity, Leaks, Spec};
use crate::step::{Failure, Step};

/// Builds sandboxes and runs commands in them.
///
/// The process that uses it must be able to start a server: it calls
/// [`serve_in_main`](crate::serve_in_main) first, or has `nsrun` linked in, which does so before
/// `main`.
///
/// ```
/// use nsrun_core::{End, Sandbox};
///
/// fn main() -> Result<(), nsrun_core::Failure> {
///     nsrun_core::serve_in_main();
///
///     let output = Sandbox::new().hostname("db").command("hostname").output()?;
///     assert_eq!(output.outcome.end, Some(End::Exited(0)));
///     assert_eq!(output.stdout, b"db\n");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sandbox {
    spec: Spec,
}

impl Sandbox {
    /// The default sandbox: user, mount, net, pid, uts and ipc namespaces of its own.
    pub fn new() -> Sandbox {
        Sandbox::default()
    }

    /// A sandbox of exactly these namespaces, besides user and mount.
    pub fn with(kinds: Kinds) -> Sandbox {
        Sandbox::from(Spec::new(kinds))
    }

    /// Takes from the host what the sandbox would have of its own: the namespace of a [`Kind`]; or
    /// a path, which would be hidden because it lies below a private directory, or because it is,
    /// or holds, a socket by which one gets out of an isolated network.
    ///
    /// Started by real root, that goes for the host's devices as well.
    ///
    /// A path that does not exist makes the sandbox fail, and is named in [`Outcome::missing`]. `/tmp` itself cannot be shared, paths
    /// below it can.
    ///
    /// ```
    /// use nsrun_core::{Kind, Sandbox};
    ///
    /// let sandbox = Sandbox::new().share(Kind::Ipc).share("/run/docker.sock");
    /// assert!(!sandbox.spec().has(Kind::Ipc));
    /// ```
    pub fn share(mut self, what: impl Into<Share>) -> Sandbox {
        match what.into() {
            Share::Kind(kind) => self.spec.kinds = self.spec.kinds - kind.into(),
            // The server may stand elsewhere; where it stands if our own directory is gone.
            Share::Path(path) => self.spec.share.push(absolute(&path).unwrap_or(path)),
        }
        self
    }

    /// Makes the command root inside.
    pub fn root(mut self) -> Sandbox {
        self.spec.identity = Identity::Root;
        self
    }

    /// Sets the host name inside.
    pub fn hostname(mut self, name: impl Into<String>) -> Sandbox {
        self.spec.hostname = Some(name.into());
        self
    }

    /// Gives the sandbox a time namespace with these offsets.
    pub fn clocks(mut self, clocks: Clocks) -> Sandbox {
        self.spec.kinds = self.spec.kinds | Kind::Time.into();
        self.spec.clocks = clocks;
        self
    }

    /// Limits what the private `/tmp`, `/var/tmp` and `/dev/shm` hold together, in bytes.
    pub fn tmp_size(mut self, bytes: u64) -> Sandbox {
        self.spec.tmp_size = bytes;
        self
    }

    /// Ends the command after this time.
    pub fn timeout(mut self, timeout: Duration) -> Sandbox {
        self.spec.timeout = Some(timeout);
        self
    }

    /// Says what it means for a test that it passes and leaves processes behind.
    pub fn leaks(mut self, leaks: Leaks) -> Sandbox {
        self.spec.leaks = Some(leaks);
        self
    }

    /// The spec that has come together.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// A command to be run in a sandbox of this kind.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        Command {
            spec: self.spec.clone(),
            program: program.as_ref().to_owned(),
            arguments: Vec::new(),
            environment: Vec::new(),
            working_dir: None,
        }
    }
}

impl From<Spec> for Sandbox {
    fn from(spec: Spec) -> Sandbox {
        Sandbox { spec }
    }
}

/// A command that will run in a sandbox of its own.
#[derive(Clone, Debug)]
pub struct Command {
    spec: Spec,
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    working_dir: Option<PathBuf>,
}

/// What a command printed, and what came of it.
#[derive(Clone, Debug)]
#[must_use = "an outcome that nobody looks at hides a failure"]
pub struct CommandOutput {
    /// What came of it.
    pub outcome: Outcome,
    /// All of its standard output.
    pub stdout: Vec<u8>,
    /// All of its standard error.
    pub stderr: Vec<u8>,
}

impl Command {
    /// Adds an argument.
    pub fn arg(mut self, argument: impl Into<OsString>) -> Command {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments.
    pub fn args<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Command {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets a variable, on top of this process's environment.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Command {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Sets the working directory.
    pub fn current_dir(mut self, dir: impl Into<PathBuf>) -> Command {
        self.working_dir = Some(dir.into());
        self
    }

    /// Runs the command and waits for its end, and for that of all that it started.
    ///
    /// # Errors
    /// If the sandbox could not even be asked for, or the program was not found. What goes wrong
    /// in the sandbox is part of the outcome.
    pub fn output(&self) -> Result<CommandOutput, Failure> {
        let job = Job::new(self.spec.clone(), Program::Exec(self.resolve()?));
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let outcome = local_server()?
            .launch(job)?
            .wait(&mut |stream, bytes| match stream {
                Stream::Stdout => stdout.extend_from_slice(bytes),
                Stream::Stderr => stderr.extend_from_slice(bytes),
            });
        Ok(CommandOutput {
            outcome,
            stdout,
            stderr,
        })
    }

    fn resolve(&self) -> Result<Exec, Failure> {
        let mut arguments = vec![self.program.clone()];
        arguments.extend_from_slice(&self.arguments);
        let mut environment: Vec<(OsString, OsString)> = env::vars_os().collect();
        for (name, value) in &self.environment {
            environment.retain(|(other, _)| other != name);
            environment.push((name.clone(), value.clone()));
        }
        Ok(Exec {
            path: find_program(&self.program)?,
            arguments,
            environment: Some(environment),
            // The server stands where this process stood when the server was started. That will
            // do if our own directory is gone.
            working_dir: self.working_dir.clone().or_else(|| env::current_dir().ok()),
        })
    }
}

/// The file that a command's name stands for: itself if it has a slash, else the first executable
/// of that name in `PATH` (execvp(3)).
///
/// # Errors
/// [`Step::Exec`] with ENOENT if there is none.
pub fn find_program(name: &OsStr) -> Result<PathBuf, Failure> {
    let not_found = Failure {
        step: Step::Exec,
        errno: Errno::ENOENT,
    };
    if name.as_encoded_bytes().contains(&b'/') {
        return absolute(name).map_err(|_| not_found);
    }
    let path = env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into());
    let mut files = env::split_paths(&path).map(|dir| dir.join(name));
    files.find(|file| is_executable(file)).ok_or(not_found)
}

/// What cannot be looked at cannot be executed, and `PATH` goes on.
fn is_executable(file: &Path) -> bool {
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
