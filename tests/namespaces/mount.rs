use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nsrun::Sandbox;

use crate::common::{check, check_with, each_user, shell};
use crate::read;

fn mount_table() -> String {
    read("/proc/self/mountinfo")
}

#[test]
fn the_hosts_mount_table_stays_as_it_is() {
    check(Sandbox::new(), mount_table, |outside| {
        assert_ne!(mount_table(), outside);
    });
}

#[test]
fn nothing_that_root_inside_mounts_is_seen_outside() {
    each_user(|| {
        let before = mount_table();
        let script = "mount -t tmpfs none /mnt && mount --bind /etc /opt && touch /mnt/inside";
        shell(Sandbox::new().root(), script, &[]);
        assert_eq!(mount_table(), before);
    });
}

/// A file in each of the directories that a sandbox has of its own.
struct Marked(Vec<PathBuf>);

const PRIVATE: [&str; 3] = ["/tmp", "/var/tmp", "/dev/shm"];

impl Marked {
    fn new() -> Marked {
        let name = format!("nsrun-marked-{}", std::process::id());
        let files = PRIVATE.map(|dir| Path::new(dir).join(&name));
        for file in &files {
            fs::write(file, "outside").expect("everybody may write there");
        }
        Marked(files.into())
    }

    /// The names and what they hold.
    fn seen(&self) -> String {
        let one = |file: &PathBuf| {
            let path = file.to_str().expect("it is text");
            format!("{path} {}\n", read(path))
        };
        self.0.iter().map(one).collect()
    }
}

impl Drop for Marked {
    fn drop(&mut self) {
        for file in &self.0 {
            let _ = fs::remove_file(file);
        }
    }
}

#[test]
fn the_temporary_directories_are_its_own() {
    check_with(Sandbox::new(), Marked::new, Marked::seen, |outside| {
        for line in outside.lines() {
            let (path, _) = line.split_once(' ').expect("a name and what it holds");
            assert!(!Path::new(path).exists(), "{path} is the host's");
            fs::write(path, "inside").expect("it is writable");
        }
    });
}

#[test]
fn a_temporary_directory_is_like_the_hosts() {
    let modes = || {
        let mode = |dir| {
            let dir = fs::metadata(dir).expect("it is there");
            format!("{:o}", dir.permissions().mode())
        };
        PRIVATE.map(mode).join(" ")
    };
    check(Sandbox::new(), modes, move |outside| {
        assert_eq!(modes(), outside);
    });
}
