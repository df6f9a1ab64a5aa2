//! Makes one system call of one process fail, as `strace --inject` does.
//!
//! strace counts the calls of each process it follows, and lets the third `openat` of each of them
//! fail. Server, init and test process make many of the same calls, so that whoever comes first
//! would shield the others. Here a fault has one process (ptrace(2)).

use std::collections::{HashMap, HashSet};

use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::calls::{Call, Role};

/// A call, and the reason that it fails with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    pub(crate) call: Call,
    pub(crate) errno: Errno,
}

/// What was seen of the set-up.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) calls: Vec<Call>,
    /// Whether the call that was to fail was made.
    pub(crate) hit: bool,
    /// Whether the server has ended.
    pub(crate) server_ended: bool,
}

pub(crate) struct Tracer {
    fault: Option<Fault>,
    /// Whether the test process is to execute something, or else goes on to `main`.
    executes: bool,
    tracees: HashMap<Pid, Tracee>,
    /// Children that have stopped before their parent's stop said whose they are.
    early: HashSet<Pid>,
    trace: Trace,
}

struct Tracee {
    role: Role,
    at: At,
    counts: HashMap<i64, usize>,
    /// Of a server: whether it has got its request. Of a test process: whether it has attested.
    half_way: bool,
}

/// Where a process stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Outside,
    /// In a call of this number.
    Inside(i64),
    /// In one that fails, and gets its first argument back: system calls change no register but the
    /// one of their result.
    Failing(u64),
}

impl Tracer {
    /// Holds the thread `server` at the call in which it waits for its request.
    pub(crate) fn attach(server: Pid, fault: Option<Fault>, executes: bool) -> Tracer {
        let options = Options::PTRACE_O_TRACESYSGOOD
            | Options::PTRACE_O_TRACEFORK
            | Options::PTRACE_O_TRACEVFORK
            | Options::PTRACE_O_TRACECLONE
            | Options::PTRACE_O_EXITKILL;
        ptrace::seize(server, options).expect("our own descendants can be traced");
        ptrace::interrupt(server).expect("it has just been seized");
        waitpid(server, Some(WaitPidFlag::__WALL)).expect("it stops");
        let mut tracer = Tracer {
            fault,
            executes,
            tracees: HashMap::new(),
            early: HashSet::new(),
            trace: Trace::default(),
        };
        tracer.begin(server, Role::Server);
        tracer
    }

    /// Follows them until each has ended, or done what it has to do with the set-up.
    pub(crate) fn follow(mut self) -> Trace {
        while !self.tracees.is_empty() {
            // Other threads have tracees of their own.
            let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
            match waitpid(None, Some(flags)) {
                Ok(status) => self.handle(status),
                Err(Errno::EINTR) => {}
                Err(_) => break,
            }
        }
        self.trace
    }

    fn handle(&mut self, status: WaitStatus) {
        match status {
            WaitStatus::PtraceSyscall(pid) => self.at_call(pid),
            WaitStatus::PtraceEvent(pid, _, libc::PTRACE_EVENT_STOP) => self.at_stop(pid),
            WaitStatus::PtraceEvent(pid, _, _) => self.at_birth(pid),
            WaitStatus::Stopped(pid, signal) => drop(ptrace::syscall(pid, signal)),
            WaitStatus::Exited(pid, _) | WaitStatus::Signaled(pid, _, _) => self.at_end(pid),
            _ => {}
        }
    }

    fn begin(&mut self, pid: Pid, role: Role) {
        let tracee = Tracee {
            role,
            at: At::Outside,
            counts: HashMap::new(),
            half_way: false,
        };
        self.tracees.insert(pid, tracee);
        resume(pid);
    }

    fn at_stop(&mut self, pid: Pid) {
        if self.tracees.contains_key(&pid) {
            resume(pid);
        } else {
            self.early.insert(pid);
        }
    }

    fn at_birth(&mut self, parent: Pid) {
        let child = ptrace::getevent(parent).map(|pid| Pid::from_raw(pid as i32));
        let role = match self.tracees.get(&parent).map(|tracee| tracee.role) {
            Some(Role::Server) => Role::Init,
            _ => Role::Test,
        };
        if let Ok(child) = child {
            if self.early.remove(&child) {
                self.begin(child, role);
            } else {
                waitpid(child, Some(WaitPidFlag::__WALL)).expect("a new tracee stops");
                self.begin(child, role);
            }
        }
        resume(parent);
    }

    fn at_end(&mut self, pid: Pid) {
        let ended = self.tracees.remove(&pid);
        self.trace.server_ended |= ended.is_some_and(|tracee| tracee.role == Role::Server);
    }

    fn at_call(&mut self, pid: Pid) {
        let (Some(tracee), Ok(registers)) = (self.tracees.get_mut(&pid), ptrace::getregs(pid))
        else {
            return resume(pid);
        };
        let done = match tracee.at {
            At::Outside if registers.rax as i64 == -i64::from(libc::ENOSYS) => {
                enter(tracee, pid, registers, self.fault, &mut self.trace)
            }
            // A child's first: it returns from its own making.
            At::Outside => false,
            At::Inside(number) => {
                tracee.at = At::Outside;
                tracee.leave(number, registers.rax as i64, self.executes)
            }
            At::Failing(rdi) => {
                tracee.at = At::Outside;
                let errno = self.fault.map(|fault| fault.errno);
                change(pid, |registers| {
                    registers.rax = result_of(registers, errno);
                    registers.rdi = rdi;
                });
                false
            }
        };
        if done {
            self.tracees.remove(&pid);
            let _ = ptrace::detach(pid, None);
        } else {
            resume(pid);
        }
    }
}

fn enter(
    tracee: &mut Tracee,
    pid: Pid,
    registers: libc::user_regs_struct,
    fault: Option<Fault>,
    trace: &mut Trace,
) -> bool {
    let number = registers.orig_rax as i64;
    if tracee.role == Role::Server && tracee.half_way && number == libc::SYS_recvmsg {
        return true;
    }
    let nth = tracee.counts.entry(number).or_default();
    *nth += 1;
    let call = Call {
        role: tracee.role,
        number,
        nth: *nth,
    };
    trace.calls.push(call);
    tracee.at = At::Inside(number);
    if fault.is_some_and(|fault| fault.call == call) {
        trace.hit = true;
        tracee.at = At::Failing(registers.rdi);
        fail(pid, number);
    }
    false
}

impl Tracee {
    /// Takes note of a call that was made, and says whether it was the last one of the set-up.
    fn leave(&mut self, number: i64, result: i64, executes: bool) -> bool {
        let (role, succeeded) = (self.role, result > 0);
        self.half_way |= match role {
            Role::Server => number == libc::SYS_recvmsg && succeeded,
            Role::Test => number == libc::SYS_sendto && succeeded,
            Role::Init => false,
        };
        match role {
            Role::Server => false,
            Role::Init => number == libc::SYS_clone && succeeded,
            Role::Test if executes => number == libc::SYS_execve && result == 0,
            Role::Test => self.half_way,
        }
    }
}

/// Has the call that is being entered fail, as the kernel would have it fail.
fn fail(pid: Pid, number: i64) {
    match number {
        // It has no errors: a break that could not be moved is returned as it was, brk(2).
        libc::SYS_brk => change(pid, |registers| registers.rdi = 0),
        // Whatever close(2) returns, the descriptor is gone.
        libc::SYS_close => {}
        _ => change(pid, |registers| registers.orig_rax = u64::MAX),
    }
}

/// What a call that fails returns.
fn result_of(registers: &libc::user_regs_struct, errno: Option<Errno>) -> u64 {
    let failed = -errno.map_or(0, |errno| errno as i64) as u64;
    let is_break = registers.orig_rax as i64 == libc::SYS_brk;
    if is_break { registers.rax } else { failed }
}

fn change(pid: Pid, change: impl FnOnce(&mut libc::user_regs_struct)) {
    if let Ok(mut registers) = ptrace::getregs(pid) {
        change(&mut registers);
        let _ = ptrace::setregs(pid, registers);
    }
}

/// If it has been killed meanwhile, its end is what is seen next.
fn resume(pid: Pid) {
    let _ = ptrace::syscall(pid, None);
}
