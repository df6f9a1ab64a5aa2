//! The processes of one run, from the process table.

use std::fs;
use std::path::{Path, PathBuf};

use nix::unistd::Pid;

use crate::processes;

/// The variable by which a process is known to belong to a run.
pub(crate) const COOKIE: &str = "NSRUN_KILL_SWEEP";

/// What a process is in its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Supervisor,
    Server,
    Init,
}

/// A process that carries the cookie.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) pid: Pid,
    dir: PathBuf,
}

/// Every process with this cookie in its environment.
pub(crate) fn of_run(cookie: &str) -> Vec<Process> {
    let process = |dir: PathBuf| {
        let pid = dir.file_name()?.to_str()?.parse().ok()?;
        let pid = Pid::from_raw(pid);
        Some(Process { pid, dir })
    };
    let marked = processes::marked(COOKIE, cookie).into_iter();
    marked.filter_map(process).collect()
}

impl Process {
    pub(crate) fn carries(&self, cookie: &str) -> bool {
        processes::is_marked(&self.dir, COOKIE, cookie)
    }

    /// An init is the first process of a pid namespace, or else the child of a server.
    pub(crate) fn is(&self, role: Role, supervisor: Pid, all: &[Process]) -> bool {
        match role {
            Role::Supervisor => self.pid == supervisor,
            Role::Server => self.parent() == Some(supervisor) && self.is_server(),
            Role::Init => {
                let parent = self.parent();
                let server = all.iter().find(|process| Some(process.pid) == parent);
                server.is_some_and(|server| server.is(Role::Server, supervisor, all))
            }
        }
    }

    fn is_server(&self) -> bool {
        let words = ["--nsrun-server", "--nsrun-host"];
        let command = self.command();
        words.iter().any(|word| command.contains(word))
    }

    fn parent(&self) -> Option<Pid> {
        self.status("PPid:").map(Pid::from_raw)
    }

    fn status(&self, name: &str) -> Option<i32> {
        let status = fs::read_to_string(self.dir.join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse().ok()
    }

    pub(crate) fn command(&self) -> String {
        processes::command_line(&self.dir)
    }

    pub(crate) fn namespaces(&self) -> Vec<PathBuf> {
        namespaces_in(&self.dir)
    }
}

/// When a process that has not ended started, in hundredths of a second since the machine did
/// (proc_pid_stat(5)). A zombie has ended: it waits for the first process of the machine, whose
/// child it has become, to take notice.
pub(crate) fn start_of(process: &Path) -> Option<u64> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    let (_, after) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = after.split(' ').collect();
    if *fields.first()? == "Z" {
        return None;
    }
    fields.get(19)?.parse().ok()
}

/// The same of this moment.
pub(crate) fn now() -> u64 {
    let uptime = fs::read_to_string("/proc/uptime").expect("there is /proc");
    let seconds = uptime
        .split(' ')
        .next()
        .and_then(|word| word.parse::<f64>().ok());
    (seconds.expect("a number") * 100.0) as u64
}

/// The namespaces of whom we may look at, as `net:[4026531840]`.
pub(crate) fn namespaces_in(process: &Path) -> Vec<PathBuf> {
    let links = fs::read_dir(process.join("ns"))
        .into_iter()
        .flatten()
        .flatten();
    links
        .filter_map(|link| fs::read_link(link.path()).ok())
        .collect()
}
