//! A path that an attribute names, and is a fresh one all the same.
//!
//! An attribute can name a fixed path only. So `/dev/shm`, in which that lies, is a folder of each
//! run's own: bound there in a mount namespace around the run.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{NSRUN, Run, fresh_path, program};

/// What the attribute in the fixture `inside/forked` names.
pub(crate) struct Shared {
    /// Where it lies on the host. It is not there yet, but its folder is.
    pub(crate) dir: PathBuf,
}

const SEEN: &str = "/dev/shm/nsrun-cli-shared";

impl Shared {
    pub(crate) fn new() -> Shared {
        let shm = fresh_path("shm");
        fs::create_dir(&shm).expect("a folder");
        let name = Path::new(SEEN).file_name().expect("it has a name");
        Shared {
            dir: shm.join(name),
        }
    }

    /// Its path in the run.
    pub(crate) fn seen(&self) -> PathBuf {
        SEEN.into()
    }

    /// Runs the test that connects to `socket`, which the attribute shares if it lies below the path
    /// that it names.
    pub(crate) fn run(&self, options: &str, socket: &Path) -> Run {
        let script = "mount --bind \"$SHM\" /dev/shm && exec \"$NSRUN\" \"$@\"";
        let args = format!(
            "nsrun test -p forked --lib {options} -- \
             --exact reaches_what_it_shares --include-ignored"
        );
        let unshare = program("unshare", "--map-root-user --mount sh -c", "inside");
        args.split_whitespace()
            .fold(unshare.arg(script).arg("sh"), Run::arg)
            .env("NSRUN", NSRUN)
            .env("SHM", self.shm())
            .env("SHARED", socket)
    }

    fn shm(&self) -> &Path {
        self.dir.parent().expect("it lies in a folder")
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(self.shm()));
    }
}
