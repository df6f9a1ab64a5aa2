use std::env;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use nsrun::Sandbox;

use crate::common::{Host, check, check_with, each_user, shell};

#[test]
fn what_the_temporary_directories_hold_is_limited() {
    const SIZE: u64 = 4 << 20;
    check(Sandbox::new().tmp_size(SIZE), String::new, |_| {
        let mut file = File::create("/tmp/full").expect("it is writable");
        let chunk = [1; 1 << 16];
        let fits = (0..SIZE).take_while(|_| file.write_all(&chunk).is_ok());
        assert!(fits.count() as u64 <= SIZE / chunk.len() as u64);
        let error = File::create("/var/tmp/more")
            .and_then(|mut more| more.write_all(&chunk))
            .expect_err("the limit is for all of them together");
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        // The host's disk has room.
        fs::write("full", chunk).expect("the working directory is the host's");
        fs::remove_file("full").expect("it is ours");
    });
}

#[test]
fn the_working_directory_is_the_hosts_and_writable() {
    let file = || PathBuf::from(format!("seen-by-{}", std::process::id()));
    check_with(
        Sandbox::new(),
        move || Removed::write(&env::current_dir().expect("there is one").join(file())),
        |file| file.0.display().to_string(),
        |path| {
            let name = Path::new(path).file_name().expect("it is a file");
            assert_eq!(fs::read(name).expect("it is the host's"), b"outside");
            fs::write(name, "inside").expect("it is ours");
        },
    );
}

/// A file, removed in the end.
struct Removed(PathBuf);

impl Removed {
    fn write(path: &Path) -> Removed {
        fs::write(path, "outside").expect("it is writable");
        Removed(path.to_owned())
    }
}

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Starts the supervisor with this `TMPDIR`.
macro_rules! with_tmpdir {
    ($($name:ident: $dir:literal;)*) => {$(
        #[test]
        fn $name() {
            let script = concat!(
                "export TMPDIR=\"", $dir, "\"; mkdir -p \"$TMPDIR\"; \"$0\" \"$@\"; status=$?\n",
                "case \"$TMPDIR\" in */nsrun-tests-*) rmdir \"$TMPDIR\"; esac; exit $status"
            );
            let host = Host { wrapper: vec!["sh", "-c", script], ..Host::default() };
            host.check_with(Sandbox::new(), temporary_file, as_seen, |file| {
                let (path, _) = file.split_once(':').expect("a name and what it holds");
                assert_eq!(Path::new(path).parent(), Some(env::temp_dir().as_path()));
                assert!(!Path::new(path).exists(), "{path} is the host's");
                fs::write(path, "inside").expect("it is writable");
            });
        }
    )*};
}

with_tmpdir! {
    tmpdir_may_be_var_tmp: "/var/tmp";
    tmpdir_may_be_below_tmp: "/tmp/nsrun-tests-$(id -u)";
    tmpdir_may_be_elsewhere: "$HOME/nsrun-tests-tmp";
}

/// A file where the standard library finds a place for temporary ones.
fn temporary_file() -> Removed {
    let name = format!("made-by-{}", std::process::id());
    Removed::write(&env::temp_dir().join(name))
}

fn as_seen(file: &Removed) -> String {
    let contents = fs::read_to_string(&file.0).expect("it is there");
    format!("{}:{contents}", file.0.display())
}

#[test]
fn binary_and_working_directory_may_lie_below_tmp() {
    let dir = PathBuf::from(format!("/tmp/nsrun-tests-{}", std::process::id()));
    let host = Host {
        dir: Some(dir),
        ..Host::default()
    };
    let here = || env::current_dir().expect("there is one");
    let files = || {
        let mine = Removed::write(&here().join("mine"));
        (mine, temporary_file())
    };
    let seen =
        |(mine, other): &(Removed, Removed)| format!("{}\n{}", as_seen(mine), as_seen(other));
    host.check_with(Sandbox::new(), files, seen, move |seen| {
        let (mine, other) = seen.split_once('\n').expect("two files");
        assert_eq!(mine, format!("{}/mine:outside", here().display()));
        assert_eq!(fs::read("mine").expect("it is the host's"), b"outside");
        assert!(
            env::current_exe()
                .expect("it has a path")
                .starts_with("/tmp")
        );
        let (other, _) = other.split_once(':').expect("a name and what it holds");
        assert!(!Path::new(other).exists(), "{other} is the host's");
        fs::write("written-inside", "").expect("it is writable");
    });
}

/// As where somebody works in `/tmp/work` and has `TMPDIR=/tmp/work/tmp`.
#[test]
fn tmpdir_may_lie_in_what_is_kept_below_tmp() {
    let host = Host {
        dir: Some(PathBuf::from(format!(
            "/tmp/nsrun-tests-tmp-{}",
            std::process::id()
        ))),
        wrapper: vec![
            "sh",
            "-c",
            "export TMPDIR=\"$HOME/tmp\"; mkdir -p \"$TMPDIR\"; exec \"$0\" \"$@\"",
        ],
    };
    let here = || env::current_dir().expect("there is one");
    let files = move || (Removed::write(&here().join("mine")), temporary_file());
    let seen = |(_, other): &(Removed, Removed)| as_seen(other);
    host.check_with(Sandbox::new(), files, seen, |other| {
        assert_eq!(fs::read("mine").expect("it is the host's"), b"outside");
        assert!(env::temp_dir().starts_with(env::current_dir().expect("there is one")));
        let (other, _) = other.split_once(':').expect("a name and what it holds");
        assert_eq!(Path::new(other).parent(), Some(env::temp_dir().as_path()));
        assert!(!Path::new(other).exists(), "{other} is the host's");
        fs::write(other, "inside").expect("it is writable");
    });
}

#[test]
fn what_is_shared_is_the_hosts() {
    each_user(|| {
        let kept = temporary_file();
        let path = kept.0.to_str().expect("it is text");
        let sandbox = Sandbox::new().share(path);
        let script = r#"cat "$1" && echo inside >"$1""#;
        assert_eq!(shell(sandbox, script, &[path]), "outside");
        assert_eq!(as_seen(&kept), format!("{path}:inside\n"));
    });
}
