//! System calls: which process made one, and what it is called.

use std::fmt;

/// The processes that make a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Role {
    Server,
    Init,
    Test,
}

/// One system call of one process: the third `openat` of init, say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Call {
    pub(crate) role: Role,
    pub(crate) number: i64,
    /// The first is 1.
    pub(crate) nth: usize,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = format!("{:?}", self.role).to_lowercase();
        write!(f, "{role} {} {}", name(self.number), self.nth)
    }
}

macro_rules! names {
    ($($name:ident = $number:ident,)+) => {
        pub(crate) fn name(number: i64) -> String {
            match number {
                $(libc::$number => stringify!($name).to_owned(),)+
                other => format!("syscall {other}"),
            }
        }
    };
}

names! {
    brk = SYS_brk,
    capset = SYS_capset,
    chdir = SYS_chdir,
    clock_gettime = SYS_clock_gettime,
    clock_nanosleep = SYS_clock_nanosleep,
    clone = SYS_clone,
    clone3 = SYS_clone3,
    close = SYS_close,
    close_range = SYS_close_range,
    dup2 = SYS_dup2,
    dup3 = SYS_dup3,
    execve = SYS_execve,
    exit_group = SYS_exit_group,
    fcntl = SYS_fcntl,
    fstat = SYS_fstat,
    futex = SYS_futex,
    getcwd = SYS_getcwd,
    getdents64 = SYS_getdents64,
    getpid = SYS_getpid,
    getrandom = SYS_getrandom,
    gettid = SYS_gettid,
    ioctl = SYS_ioctl,
    keyctl = SYS_keyctl,
    lseek = SYS_lseek,
    madvise = SYS_madvise,
    mkdir = SYS_mkdir,
    mmap = SYS_mmap,
    mount = SYS_mount,
    mount_setattr = SYS_mount_setattr,
    move_mount = SYS_move_mount,
    mprotect = SYS_mprotect,
    mremap = SYS_mremap,
    munmap = SYS_munmap,
    newfstatat = SYS_newfstatat,
    open_tree = SYS_open_tree,
    openat = SYS_openat,
    pidfd_open = SYS_pidfd_open,
    pipe2 = SYS_pipe2,
    poll = SYS_poll,
    prctl = SYS_prctl,
    pread64 = SYS_pread64,
    prlimit64 = SYS_prlimit64,
    read = SYS_read,
    readlink = SYS_readlink,
    recvmsg = SYS_recvmsg,
    rseq = SYS_rseq,
    rt_sigaction = SYS_rt_sigaction,
    rt_sigprocmask = SYS_rt_sigprocmask,
    sendmsg = SYS_sendmsg,
    sendto = SYS_sendto,
    set_robust_list = SYS_set_robust_list,
    set_tid_address = SYS_set_tid_address,
    sethostname = SYS_sethostname,
    setns = SYS_setns,
    setpgid = SYS_setpgid,
    setsid = SYS_setsid,
    sigaltstack = SYS_sigaltstack,
    signalfd4 = SYS_signalfd4,
    socket = SYS_socket,
    stat = SYS_stat,
    statx = SYS_statx,
    umask = SYS_umask,
    unshare = SYS_unshare,
    write = SYS_write,
}
