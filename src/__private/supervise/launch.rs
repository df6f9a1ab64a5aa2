//! How the test process is started: by the fork server, or by exec.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::thread;

use nsrun_core::{
    Exec, Failure, HarnessOutput, Job, PROFILE_VARIABLE, Program, RecordFd, Running, Spec, Step,
    local_host, local_server, own_profile, profile_dir, run_one_test,
};

use crate::__private::Test;

/// Set to `exec`, it has each test process executed anew instead of forked.
const SERVER_VARIABLE: &str = "NSRUN_SERVER";

/// Has a test of this binary run in its sandbox: called by a host, if there is one.
pub(super) fn launch_test(test: &Test) -> Result<Running, Failure> {
    let name = test.name();
    let profile = env::var_os(PROFILE_VARIABLE);
    if profile.is_some() || is_exec_wanted() || !test.is_callable() || !is_called_by_libtest(name) {
        return launch(name, (test.spec)());
    }
    match local_host() {
        Ok(host) => {
            let program = Program::Test {
                number: test.number(),
                name: name.into(),
            };
            let mut job = Job::new((test.spec)(), program);
            job.record = RecordFd::Open;
            host.launch(job)
        }
        // Why there is none does not matter: the harness can run all of its tests.
        Err(_) => launch(name, (test.spec)()),
    }
}

/// libtest names the thread after the test. Any other harness may do more than to call it.
fn is_called_by_libtest(name: &str) -> bool {
    thread::current().name() == Some(name)
}

fn is_exec_wanted() -> bool {
    env::var_os(SERVER_VARIABLE).as_deref() == Some(OsStr::new("exec"))
}

/// Has the test `name` of this binary run by its harness in such a sandbox.
pub(super) fn launch(name: &str, spec: Spec) -> Result<Running, Failure> {
    let mut job = Job::new(spec, program(name)?);
    job.harness = HarnessOutput::Hidden;
    job.record = RecordFd::Announced;
    let pattern = env::var_os(PROFILE_VARIABLE);
    job.spec
        .keep
        .extend(pattern.as_deref().and_then(profile_dir));
    local_server()?.launch(job)
}

fn program(name: &str) -> Result<Program, Failure> {
    let own_name = env::args_os().next().unwrap_or_else(|| "test".into());
    let arguments = [own_name].into_iter();
    let arguments: Vec<OsString> = arguments
        .chain(run_one_test(name).map(Into::into))
        .collect();
    let profile = env::var_os(PROFILE_VARIABLE).map(|pattern| own_profile(&pattern));
    if profile.is_none() && !is_exec_wanted() {
        return Ok(Program::Main { arguments });
    }
    let mut environment: BTreeMap<OsString, OsString> = env::vars_os().collect();
    environment.extend(profile.map(|file| (PROFILE_VARIABLE.into(), file)));
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
