use std::process::Command;

use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_close, mq_getattr, mq_open, mq_unlink};
use nix::sys::stat::Mode;
use nsrun::Sandbox;

use crate::common::check_with;
use crate::read;

/// A shared memory segment of System V (sysvipc(7)).
struct Segment(String);

impl Segment {
    fn new() -> Segment {
        let made = Command::new("ipcmk").args(["-M", "4096"]).output();
        let made = made.expect("util-linux has ipcmk").stdout;
        let words = String::from_utf8(made).expect("it is text");
        Segment(words.split_whitespace().last().expect("its id").to_owned())
    }

    /// The line of this segment.
    fn seen(&self) -> String {
        let table = read("/proc/sysvipc/shm");
        let line = table
            .lines()
            .find(|line| line.split_whitespace().nth(1) == Some(&self.0));
        line.expect("it is there").to_owned()
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        let _ = Command::new("ipcrm").args(["-m", &self.0]).status();
    }
}

#[test]
fn there_is_no_shared_memory_of_the_hosts() {
    check_with(Sandbox::new(), Segment::new, Segment::seen, |_| {
        let table = || read("/proc/sysvipc/shm").lines().count() - 1;
        assert_eq!(table(), 0);
        // Not dropped: the namespace takes it along.
        std::mem::forget(Segment::new());
        assert_eq!(table(), 1);
    });
}

/// A message queue of POSIX (mq_overview(7)).
struct Queue(String);

fn open(name: &str, flags: MQ_OFlag, size: i64) -> Result<i64, Errno> {
    let attributes = MqAttr::new(0, 1, size, 0);
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let queue = mq_open(name, flags | MQ_OFlag::O_RDWR, mode, Some(&attributes))?;
    let size = mq_getattr(&queue)?.msgsize();
    mq_close(queue).map(|()| size)
}

impl Queue {
    fn new() -> Queue {
        let name = format!("/nsrun-tests-{}", std::process::id());
        open(&name, MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL, 16).expect("nobody else has that name");
        Queue(name)
    }

    fn seen(&self) -> String {
        assert_eq!(open(&self.0, MQ_OFlag::empty(), 0), Ok(16));
        self.0.clone()
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        let _ = mq_unlink(self.0.as_str());
    }
}

#[test]
fn there_is_no_message_queue_of_the_hosts() {
    check_with(Sandbox::new(), Queue::new, Queue::seen, |name| {
        assert_eq!(open(name, MQ_OFlag::empty(), 0), Err(Errno::ENOENT));
        // Left there: the namespace takes it along.
        assert_eq!(open(name, MQ_OFlag::O_CREAT, 8), Ok(8));
    });
}
