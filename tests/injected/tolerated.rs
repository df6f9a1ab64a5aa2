//! Which calls may fail without the test being told.

use nix::errno::Errno;

use crate::calls::{Role, name};
use crate::tracer::Fault;

/// Role, system call, which one of them if it is not any, errno (any, if `None`), and why the sandbox
/// is whole all the same.
type Tolerated = (Option<Role>, &'static str, Option<Errno>, &'static str);

const TOLERATED: &[Tolerated] = &[
    (
        None,
        "close",
        None,
        "the descriptor is gone, whatever close says",
    ),
    (
        None,
        "fcntl",
        None,
        "the standard library asks whether what it closes is open",
    ),
    (
        None,
        "set_robust_list",
        None,
        "the C library's own, after fork; no futex of ours is robust",
    ),
    (
        None,
        "brk",
        None,
        "the C library maps the memory it wants instead",
    ),
    (
        SERVER,
        "mmap",
        None,
        "the C library moves the break instead",
    ),
    (
        SERVER,
        "mremap",
        None,
        "the C library allocates anew, and copies",
    ),
    (SERVER, "munmap", None, "there is memory that nobody uses"),
    (
        SERVER,
        "lseek 2",
        None,
        "how large a request is was only to spare reading it twice",
    ),
    (SERVER, "statx 1", None, "the same"),
    (SERVER, "read", Some(Errno::EINTR), "it is read again"),
    (
        SERVER,
        "recvmsg",
        Some(Errno::EINTR),
        "it is waited for again",
    ),
    (
        SERVER,
        "clone3",
        Some(Errno::ENOSPC),
        "it is tried again, a little later",
    ),
    (
        INIT,
        "unshare",
        Some(Errno::ENOSPC),
        "it is tried again, a little later",
    ),
    (
        INIT,
        "keyctl",
        Some(Errno::ENOSPC),
        "it is tried again, a little later",
    ),
    (
        SERVER,
        "readlink",
        None,
        "where a path leads to; it is known by its own name only",
    ),
    (TEST, "ioctl", None, "/proc/self/ns says so too"),
    (TEST, "newfstatat", None, "the same"),
];

const INIT: Option<Role> = Some(Role::Init);
const SERVER: Option<Role> = Some(Role::Server);
const TEST: Option<Role> = Some(Role::Test);

pub(crate) fn is_tolerated(fault: Fault) -> bool {
    let any = name(fault.call.number);
    let this = format!("{any} {}", fault.call.nth);
    TOLERATED.iter().any(|(role, call, errno, _)| {
        role.is_none_or(|role| role == fault.call.role)
            && [any.as_str(), &this].contains(call)
            && errno.is_none_or(|errno| errno == fault.errno)
    })
}
