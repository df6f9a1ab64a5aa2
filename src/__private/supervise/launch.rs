//! How the test process is started: by the fork server, or by exec.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use nsrun_core::{
    Exec, Failure, HarnessOutput, Job, Program, RecordFd, Running, Spec, Step, local_server,
};

/// Set to `exec`, it has each test process executed anew instead of forked.
const SERVER_VARIABLE: &str = "NSRUN_SERVER";

/// Has the test `name` of this binary run in such a sandbox.
pub(super) fn launch(name: &str, spec: Spec) -> Result<Running, Failure> {
    let mut job = Job::new(spec, program(name)?);
    job.harness = HarnessOutput::Hidden;
    job.record = RecordFd::Announced;
    job.spec.keep.extend(profile_dir());
    local_server()?.launch(job)
}

fn program(name: &str) -> Result<Program, Failure> {
    let own_name = env::args_os().next().unwrap_or_else(|| "test".into());
    let flags = ["--exact", "--nocapture", "--include-ignored"];
    let arguments: Vec<OsString> = [own_name, name.into()]
        .into_iter()
        .chain(flags.map(Into::into))
        .collect();
    let profile = profile_file();
    if profile.is_none() && env::var_os(SERVER_VARIABLE).as_deref() != Some(OsStr::new("exec")) {
        return Ok(Program::Main { arguments });
    }
    let mut environment: BTreeMap<OsString, OsString> = env::vars_os().collect();
    environment.extend(profile.map(|file| (PROFILE.into(), file)));
    Ok(Program::Exec(Exec {
        path: own_path()?,
        arguments,
        environment: Some(environment.into_iter().collect()),
        working_dir: None,
    }))
}

fn own_path() -> Result<PathBuf, Failure> {
    env::current_exe().map_err(|error| Failure::from_io(Step::Exec, &error))
}

/// Where the profile of a coverage build goes.
const PROFILE: &str = "LLVM_PROFILE_FILE";

/// A coverage build chooses its profile's name when it starts, so that forked test processes would
/// share one; and `%p` in it, the process id, is the same in every pid namespace.
fn profile_file() -> Option<OsString> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let file = PathBuf::from(env::var_os(PROFILE)?);
    let stem = file.file_stem()?.to_string_lossy().into_owned();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let unique = format!("{stem}-{}-{number}.profraw", std::process::id());
    Some(file.with_file_name(unique).into())
}

fn profile_dir() -> Option<PathBuf> {
    Some(PathBuf::from(env::var_os(PROFILE)?).parent()?.to_owned())
}
