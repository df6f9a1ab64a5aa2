//! The steps of making a sandbox, and the failure of one.

use std::fmt;

use nix::errno::Errno;

macro_rules! steps {
    ($($(#[doc = $doc:literal])+ $name:ident = $words:literal,)+) => {
        /// A step on the way from a spec to a running program, in the order in which they happen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Step {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Step {
            /// All steps, in their order.
            pub const ALL: &[Step] = &[$(Step::$name,)+];

            /// What is being done, as it stands in messages: "cannot …".
            pub const fn words(self) -> &'static str {
                match self {
                    $(Step::$name => $words,)+
                }
            }
        }
    };
}

steps! {
    /// Starting the server process.
    Server = "start the sandbox server",
    /// Reading the request.
    Request = "read the request for a sandbox",
    /// Asserting that the server has one thread.
    Threads = "clone from a process with more than one thread",
    /// Making the namespaces: clone3(2).
    Namespaces = "make the namespaces",
    /// Writing `uid_map`, `setgroups` and `gid_map`.
    IdMaps = "map the user and group ids",
    /// Tying init's life to the server's.
    Lifeline = "tie the sandbox to its supervisor",
    /// Leaving the caller's session keyring.
    Keyring = "join a session keyring of its own",
    /// Cutting mount propagation.
    Propagation = "make the mounts private",
    /// Holding what the private directories would hide.
    Keep = "keep the workspace, and what is shared, visible",
    /// The tmpfs behind the private directories.
    Tmpfs = "mount a tmpfs",
    /// `/etc/hosts`, `/etc/resolv.conf`, `/etc/nsswitch.conf`.
    EtcFiles = "put the sandbox's own /etc/hosts and /etc/resolv.conf in place",
    /// `/proc` of the new pid namespace.
    Proc = "mount /proc",
    /// Kernel settings that real root could write.
    ReadOnly = "make the kernel's settings read-only",
    /// `/sys` of the new network namespace.
    Sys = "mount /sys",
    /// Devices that real root could use.
    Devices = "leave only the usual devices usable",
    /// `/tmp`, `/var/tmp`, `/dev/shm`, and what lies over the host's sockets.
    PrivateDirs = "put the private /tmp in place, or hide the host's sockets",
    /// Setting `lo` up.
    Loopback = "bring up the loopback interface",
    /// Opening ports below 1024 and ping sockets to everybody inside.
    Ports = "open the low ports",
    /// Setting the host name.
    Hostname = "set the host name",
    /// Making and entering the time namespace.
    Clocks = "set the clocks",
    /// Forking the test process.
    Fork = "start the test process",
    /// Its session and standard streams.
    Streams = "connect the standard streams",
    /// Its working directory.
    WorkingDir = "enter the working directory",
    /// Giving up capabilities.
    Privileges = "drop the capabilities",
    /// Saying where it is.
    Attest = "attest the namespaces",
    /// Replacing the program.
    Exec = "execute the program",
    /// All of them together, in the time that there is: see [`Job::SET_UP`](crate::Job::SET_UP).
    SetUp = "finish the set-up of the sandbox",
}

impl Step {
    pub(crate) fn from_code(code: u64) -> Option<Step> {
        Step::ALL.get(code as usize).copied()
    }
}

/// A step that failed, with the kernel's reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What was being done.
    pub step: Step,
    /// Why it could not be done.
    pub errno: Errno,
}

impl Failure {
    /// The failure of this step for the reason that the standard library gives.
    pub fn from_io(step: Step, error: &std::io::Error) -> Failure {
        Failure {
            step,
            errno: error.raw_os_error().map_or(Errno::EIO, Errno::from_raw),
        }
    }
}

impl Failure {
    /// Whether the kernel had no more of something of which there is so much at a time:
    /// namespaces, processes, descriptors, memory, keys. When fewer sandboxes are there, it may have.
    pub fn is_shortage(&self) -> bool {
        use Errno::{EAGAIN, EDQUOT, EMFILE, ENFILE, ENOMEM, ENOSPC};
        matches!(
            self.errno,
            EAGAIN | EDQUOT | EMFILE | ENFILE | ENOMEM | ENOSPC
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {}: {}", self.step.words(), self.errno)
    }
}

impl std::error::Error for Failure {}

/// Names the step of a call that failed.
pub(crate) trait At<T> {
    fn at(self, step: Step) -> Result<T, Failure>;
}

impl<T> At<T> for Result<T, Errno> {
    fn at(self, step: Step) -> Result<T, Failure> {
        self.map_err(|errno| Failure { step, errno })
    }
}
