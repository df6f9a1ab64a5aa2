//! The processes of a run: those that carry its cookie, and those that hold its lock.

use std::fs;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::PathBuf;

use nix::libc;

/// How a run's processes are known.
pub(crate) struct Marks {
    /// The value of `FAULTS_COOKIE`.
    pub(crate) cookie: String,
    /// The file of `FAULTS_LOCK`.
    pub(crate) lock: PathBuf,
}

#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) pid: i32,
    pub(crate) command: String,
}

impl Marks {
    pub(crate) fn with_cookie(&self) -> Vec<Process> {
        all()
            .filter(|pid| self.has_cookie(*pid))
            .map(process)
            .collect()
    }

    /// The same, and whoever has the lock's file open: an environment can be forgotten.
    pub(crate) fn all(&self) -> Vec<Process> {
        let is_ours = |pid: &i32| self.has_cookie(*pid) || self.has_lock(*pid);
        all().filter(is_ours).map(process).collect()
    }

    fn has_cookie(&self, pid: i32) -> bool {
        let variable = format!("FAULTS_COOKIE={}", self.cookie);
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|entry| entry == variable.as_bytes())
    }

    fn has_lock(&self, pid: i32) -> bool {
        let fds = fs::read_dir(format!("/proc/{pid}/fd"));
        let mut links = fds
            .into_iter()
            .flatten()
            .flatten()
            .map(|fd| fs::read_link(fd.path()));
        pid != std::process::id() as i32
            && links.any(|link| link.is_ok_and(|link| link == self.lock))
    }

    /// Ends them all.
    pub(crate) fn kill(&self) {
        while let own @ [_, ..] = &*self.all() {
            for process in own {
                self.kill_one(process.pid);
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// The number cannot come to mean another process between the look and the signal.
    fn kill_one(&self, pid: i32) {
        // SAFETY: pidfd_open(2) takes a number and no flags, and returns a new descriptor.
        let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
        if fd < 0 {
            return;
        }
        // SAFETY: the descriptor was just made, and nobody else has it.
        let fd = unsafe { OwnedFd::from_raw_fd(fd as i32) };
        if self.has_cookie(pid) || self.has_lock(pid) {
            let none = std::ptr::null::<libc::siginfo_t>();
            // SAFETY: pidfd_send_signal(2) with no information about the signal.
            unsafe {
                libc::syscall(
                    libc::SYS_pidfd_send_signal,
                    fd.as_raw_fd(),
                    libc::SIGKILL,
                    none,
                    0,
                )
            };
        }
    }

    /// Whether anybody holds the lock that each test process takes.
    pub(crate) fn is_locked(&self) -> bool {
        let file = fs::File::options()
            .write(true)
            .open(&self.lock)
            .expect("it is our own");
        // SAFETY: all zeros is a lock on the whole file.
        let mut lock: libc::flock = unsafe { std::mem::zeroed() };
        lock.l_type = libc::F_WRLCK as i16;
        nix::fcntl::fcntl(&file, nix::fcntl::FcntlArg::F_OFD_SETLK(&lock)).is_err()
    }
}

/// The numbers of all processes.
pub(crate) fn all() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").expect("there is /proc");
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    entries.flatten().filter_map(number)
}

pub(crate) fn process(pid: i32) -> Process {
    let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = String::from_utf8_lossy(&words).replace('\0', " ");
    Process {
        pid,
        command: words.trim_end().to_owned(),
    }
}
