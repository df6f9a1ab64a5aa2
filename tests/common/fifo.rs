//! A named pipe: where two sandboxes meet, or a sandbox and the outside.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use super::home;

/// A named pipe in the user's home, removed in the end. To open it is to wait for the other end.
pub(crate) struct Fifo {
    path: PathBuf,
}

impl Fifo {
    pub(crate) fn new() -> Fifo {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = home().join(format!("fifo-{}-{number}", std::process::id()));
        mkfifo(&path, Mode::S_IRWXU).expect("a file system has named pipes");
        Fifo { path }
    }

    pub(crate) fn path(&self) -> &str {
        self.path
            .to_str()
            .expect("the target folder's name is text")
    }
}

impl Drop for Fifo {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
