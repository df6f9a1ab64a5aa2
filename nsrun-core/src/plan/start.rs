//! How the program starts.

use std::ffi::{CString, OsString};
use std::os::unix::ffi::OsStrExt;

use super::{Unplannable, c_path};
use crate::program::{Exec, HarnessOutput, Program, RecordFd, Session, Start};
use crate::sys::Argv;
use crate::wire::Request;

/// What the test process does before it is the program.
pub(crate) struct StartPlan {
    pub(crate) session: Session,
    pub(crate) harness: HarnessOutput,
    pub(crate) record: RecordFd,
    pub(crate) privileges: Privileges,
    pub(crate) working_dir: Option<CString>,
    pub(crate) launch: Launch,
    pub(crate) start: Start,
}

/// Whether the program keeps the capabilities over its namespaces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Privileges {
    Keep,
    Drop,
}

/// How the test process becomes the program.
pub(crate) enum Launch {
    Main(Argv),
    /// It calls this test.
    Test {
        number: usize,
        name: String,
    },
    Exec {
        path: CString,
        argv: Argv,
        envp: Option<Argv>,
    },
}

impl StartPlan {
    pub(crate) fn new(request: &Request, privileges: Privileges) -> Result<StartPlan, Unplannable> {
        let working_dir = match &request.program {
            Program::Exec(Exec {
                working_dir: Some(dir),
                ..
            }) => Some(c_path(dir)?),
            _ => None,
        };
        Ok(StartPlan {
            session: request.session,
            harness: request.harness,
            record: request.record,
            privileges,
            working_dir,
            launch: Launch::new(&request.program)?,
            start: request.start,
        })
    }
}

impl Launch {
    fn new(program: &Program) -> Result<Launch, Unplannable> {
        Ok(match program {
            Program::Main { arguments } => Launch::Main(argv(arguments)?),
            Program::Test { number, name } => Launch::Test {
                number: *number,
                name: name.clone(),
            },
            Program::Exec(exec) => Launch::Exec {
                path: c_path(&exec.path)?,
                argv: argv(&exec.arguments)?,
                envp: exec.environment.as_deref().map(environment).transpose()?,
            },
        })
    }
}

fn argv(strings: &[OsString]) -> Result<Argv, Unplannable> {
    let mut c_strings = Vec::new();
    for string in strings {
        c_strings.push(CString::new(string.as_bytes())?);
    }
    Ok(Argv::new(c_strings))
}

fn environment(variables: &[(OsString, OsString)]) -> Result<Argv, Unplannable> {
    let mut c_strings = Vec::new();
    for (name, value) in variables {
        let assignment = [name.as_bytes(), b"=", value.as_bytes()].concat();
        c_strings.push(CString::new(assignment)?);
    }
    Ok(Argv::new(c_strings))
}
