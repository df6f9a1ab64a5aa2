//! The floor: what the kernel takes for the same namespaces, with no more than must be.
#![expect(unsafe_code, reason = "bare system calls are what is measured")]

use std::ffi::CStr;
use std::fs;
use std::io;
use std::mem::{size_of_val, zeroed};
use std::os::fd::AsRawFd;
use std::ptr;
use std::time::Instant;

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use nsrun::{Kind, Kinds};

/// One floor: a process in fresh namespaces of these kinds.
#[derive(Clone, Copy)]
pub(crate) struct Floor {
    pub(crate) kinds: Kinds,
    pub(crate) body: Body,
}

/// What the process does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// It exits.
    Exit,
    /// It executes `/bin/true`.
    Exec,
    /// It maps its ids, cuts the mounts off, mounts `/tmp` and `/proc`, sets `lo` up, and exits.
    SetUp,
    /// All that, and `/bin/true`.
    SetUpExec,
}

impl Body {
    const ALL: [(&'static str, Body); 4] = [
        ("exit", Body::Exit),
        ("exec", Body::Exec),
        ("set-up", Body::SetUp),
        ("set-up-exec", Body::SetUpExec),
    ];
}

impl Floor {
    /// The name by which another process knows it.
    pub(crate) fn name(&self) -> String {
        let body = Body::ALL.iter().find(|(_, body)| *body == self.body);
        format!("{}/{}", body.map_or("", |(name, _)| name), self.kinds)
    }

    fn from_name(name: &str) -> Floor {
        let (body, kinds) = name.split_once('/').expect("a body and kinds");
        let body = Body::ALL.iter().find(|(name, _)| *name == body);
        Floor {
            kinds: kinds.parse().unwrap_or(Kinds::NONE),
            body: body.expect("one of the bodies").1,
        }
    }

    fn once(&self) {
        let flags = self.kinds.iter().fold(0, |flags, kind| flags | flag(kind));
        let ids = Ids::own();
        match clone3(flags).expect("the kernel makes namespaces") {
            0 => exit(self.in_the_child(&ids).is_err().into()),
            child => {
                let ended = waitpid(Pid::from_raw(child), None);
                assert!(matches!(ended, Ok(WaitStatus::Exited(_, 0))), "{ended:?}");
            }
        }
    }

    fn in_the_child(&self, ids: &Ids) -> Result<(), Errno> {
        if matches!(self.body, Body::SetUp | Body::SetUpExec) {
            set_up(ids)?;
        }
        match self.body {
            Body::Exit | Body::SetUp => Ok(()),
            Body::Exec | Body::SetUpExec => Err(execute(c"/bin/true")),
        }
    }
}

/// Prints how many nanoseconds it takes to do it so many times.
#[expect(
    clippy::print_stdout,
    reason = "it is read by who started this process"
)]
pub(crate) fn report(name: &str, times: &str) {
    let floor = Floor::from_name(name);
    let times: u64 = times.parse().expect("a number");
    let start = Instant::now();
    for _ in 0..times {
        floor.once();
    }
    println!("{}", start.elapsed().as_nanos());
}

/// The clone flag of a kind (clone(2)).
fn flag(kind: Kind) -> u64 {
    let flag = match kind {
        Kind::User => libc::CLONE_NEWUSER,
        Kind::Mount => libc::CLONE_NEWNS,
        Kind::Net => libc::CLONE_NEWNET,
        Kind::Pid => libc::CLONE_NEWPID,
        Kind::Uts => libc::CLONE_NEWUTS,
        Kind::Ipc => libc::CLONE_NEWIPC,
        Kind::Cgroup => libc::CLONE_NEWCGROUP,
        Kind::Time => 0x80,
    };
    u64::from(flag as u32)
}

/// The maps of the own ids, made before the clone.
struct Ids {
    uid_map: String,
    gid_map: String,
}

impl Ids {
    fn own() -> Ids {
        let (uid, gid) = (nix::unistd::geteuid(), nix::unistd::getegid());
        Ids {
            uid_map: format!("{uid} {uid} 1"),
            gid_map: format!("{gid} {gid} 1"),
        }
    }
}

fn set_up(ids: &Ids) -> Result<(), Errno> {
    let none: Option<&CStr> = None;
    write("/proc/self/setgroups", "deny")?;
    write("/proc/self/uid_map", &ids.uid_map)?;
    write("/proc/self/gid_map", &ids.gid_map)?;
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(none, c"/", none, private, none)?;
    for (kind, target) in [(c"tmpfs", c"/tmp"), (c"proc", c"/proc")] {
        mount(Some(kind), target, Some(kind), MsFlags::empty(), none)?;
    }
    bring_up_loopback()
}

fn write(path: &str, contents: &str) -> Result<(), Errno> {
    let errno = |error: io::Error| Errno::from_raw(error.raw_os_error().unwrap_or(0));
    fs::write(path, contents).map_err(errno)
}

/// clone3(2), without shared memory: the child goes on here, with a copy.
fn clone3(flags: u64) -> Result<i32, Errno> {
    // SAFETY: `clone_args` is plain integers, for which zero is a valid value.
    let mut arguments: libc::clone_args = unsafe { zeroed() };
    arguments.flags = flags;
    arguments.exit_signal = libc::SIGCHLD as u64;
    let size = size_of_val(&arguments);
    // SAFETY: the arguments live for the call and are of that size. The process has one thread, so
    // that the copy holds no lock of another; it makes system calls and allocates little.
    let pid = unsafe { libc::syscall(libc::SYS_clone3, &raw mut arguments, size) };
    Errno::result(pid).map(|pid| pid as i32)
}

fn exit(status: i32) -> ! {
    // SAFETY: _exit(2) runs nothing of ours.
    unsafe { libc::_exit(status) }
}

/// Returns only why it could not.
fn execute(path: &CStr) -> Errno {
    let arguments = [path.as_ptr(), ptr::null()];
    // SAFETY: the list ends with a null pointer, and the path in it lives for the call.
    unsafe { libc::execv(path.as_ptr(), arguments.as_ptr()) };
    Errno::last()
}

fn bring_up_loopback() -> Result<(), Errno> {
    let socket = socket(
        AddressFamily::Inet,
        SockType::Datagram,
        SockFlag::empty(),
        None,
    )?;
    // SAFETY: `ifreq` is plain bytes, for which zero is a valid value.
    let mut request: libc::ifreq = unsafe { zeroed() };
    request.ifr_name[0] = b'l' as libc::c_char;
    request.ifr_name[1] = b'o' as libc::c_char;
    request.ifr_ifru.ifru_flags = libc::IFF_UP as libc::c_short;
    let address = &raw mut request;
    // SAFETY: SIOCSIFFLAGS reads one `ifreq`, which lives for the call.
    let done = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS as _, address) };
    Errno::result(done).map(drop)
}
