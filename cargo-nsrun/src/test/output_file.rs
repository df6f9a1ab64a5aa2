//! All of an output that is more than memory is for, in a file.
//!
//! The file has no name while the test runs (O_TMPFILE, open(2)), so that nothing is left of it if
//! the test passes, or if we are killed. It gets its name when a report is to say where it is.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use nix::fcntl::{AT_FDCWD, AtFlags};
use nix::libc::O_TMPFILE;
use nix::unistd::linkat;

/// Of as many runs outputs are there. More would fill a disk, of fewer one may yet be looked at.
const RUNS: usize = 10;

/// The place for the outputs of one run.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// A folder's name that no other run has.
    name: Rc<str>,
}

impl Run {
    pub(super) fn new() -> Run {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_nanos());
        Run {
            name: format!("{now}-{}", std::process::id()).into(),
        }
    }

    /// Where the output of one attempt at a test goes. Not two of them have the same number.
    pub(super) fn place(&self, target_dir: &Path, number: usize, words: [&str; 3]) -> Place {
        let words = words.map(file_name).join("-");
        Place {
            base: target_dir.join("nsrun"),
            run: self.name.clone(),
            name: format!("{number}-{words}"),
        }
    }
}

/// Where an output goes if it must.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Where it has no name.
    base: PathBuf,
    run: Rc<str>,
    name: String,
}

impl Place {
    fn path(&self) -> PathBuf {
        self.base.join(&*self.run).join(&self.name)
    }

    fn blame(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{}: {error}", self.base.display()))
    }

    /// Whoever makes a run's folder removes those of runs long ago.
    fn make_folder(&self) -> io::Result<()> {
        match fs::create_dir(self.base.join(&*self.run)) {
            Ok(()) => self.remove_old_runs(),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The names begin with the time.
    fn remove_old_runs(&self) {
        let entries = fs::read_dir(&self.base).into_iter().flatten().flatten();
        let is_run = |name: &OsString| name.as_encoded_bytes()[0].is_ascii_digit();
        let mut runs: Vec<OsString> = entries.map(|entry| entry.file_name()).collect();
        runs.retain(is_run);
        runs.sort();
        for old in runs.iter().rev().skip(RUNS) {
            // Somebody else may have done so, or may not let us: no matter.
            let _ = fs::remove_dir_all(self.base.join(old));
        }
    }
}

/// As much of a word as a file's name can hold of three of them.
fn file_name(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
    let safe = |c: char| if plain(c) { c } else { '_' };
    word.chars().map(safe).take(64).collect()
}

/// An output that is being written.
#[derive(Debug)]
pub(super) struct OutputFile {
    file: File,
    place: Place,
    /// The name that it must have meanwhile, on file systems that know no files without.
    meanwhile: Option<PathBuf>,
}

impl OutputFile {
    /// # Errors
    /// Of this and of the others: what went wrong, and where.
    pub(super) fn create(place: Place) -> io::Result<OutputFile> {
        fs::create_dir_all(&place.base).map_err(|error| place.blame(&error))?;
        let unnamed = File::options()
            .write(true)
            .custom_flags(O_TMPFILE)
            .open(&place.base);
        match unnamed {
            Ok(file) => Ok(OutputFile {
                file,
                place,
                meanwhile: None,
            }),
            // What else may be wrong here is wrong with that as well.
            Err(_) => OutputFile::create_named(place),
        }
    }

    fn create_named(place: Place) -> io::Result<OutputFile> {
        let meanwhile = place.base.join(format!(".{}-{}", place.run, place.name));
        let file = File::options()
            .write(true)
            .create_new(true)
            .open(&meanwhile)
            .map_err(|error| place.blame(&error))?;
        Ok(OutputFile {
            file,
            place,
            meanwhile: Some(meanwhile),
        })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(bytes);
        written.map_err(|error| self.place.blame(&error))
    }

    /// Gives it the name by which a report names it.
    pub(super) fn keep(mut self) -> io::Result<PathBuf> {
        let path = self.place.path();
        let named = self.place.make_folder().and_then(|()| self.name(&path));
        named.map_err(|error| self.place.blame(&error))?;
        self.meanwhile = None;
        Ok(path)
    }

    fn name(&self, path: &Path) -> io::Result<()> {
        if let Some(meanwhile) = &self.meanwhile {
            return fs::rename(meanwhile, path);
        }
        let own = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        let follow = AtFlags::AT_SYMLINK_FOLLOW;
        Ok(linkat(AT_FDCWD, &*own, AT_FDCWD, path, follow)?)
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        if let Some(meanwhile) = &self.meanwhile {
            // Whoever has removed it before us is welcome.
            let _ = fs::remove_file(meanwhile);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files_below(dir: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(dir).into_iter().flatten().flatten();
        let below = |path: PathBuf| match path.is_dir() {
            true => files_below(&path),
            false => vec![path],
        };
        entries.flat_map(|entry| below(entry.path())).collect()
    }

    #[test]
    fn a_file_is_there_when_it_is_to_be_kept_and_not_before() {
        let target = std::env::temp_dir().join(format!("nsrun-output-{}", std::process::id()));
        let run = Run::new();
        let create = [OutputFile::create, OutputFile::create_named];
        for (number, create) in create.into_iter().enumerate() {
            let place = run.place(&target, number, ["a/../b", "\u{e9}\0 x", "1.stdout"]);
            let mut file = create(place.clone()).unwrap();
            file.write(b"whole").unwrap();
            drop(file);
            assert_eq!(files_below(&target).len(), number);
            let mut file = create(place).unwrap();
            file.write(b"whole").unwrap();
            let path = file.keep().unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"whole");
            let name = path.file_name().unwrap().to_str().unwrap();
            assert_eq!(name, format!("{number}-a_.._b-___x-1.stdout"));
            assert_eq!(files_below(&target).len(), number + 1);
        }
        fs::remove_dir_all(target).unwrap();
    }

    #[test]
    fn outputs_of_the_last_runs_are_kept() {
        let target = std::env::temp_dir().join(format!("nsrun-runs-{}", std::process::id()));
        let kept: Vec<PathBuf> = (0..RUNS + 3)
            .map(|_| {
                let place = Run::new().place(&target, 1, ["a", "b", "c"]);
                OutputFile::create(place).unwrap().keep().unwrap()
            })
            .collect();
        let there: Vec<_> = kept.iter().map(|path| path.exists()).collect();
        assert_eq!(there, [[false; 3].as_slice(), &[true; RUNS]].concat());
        fs::remove_dir_all(target).unwrap();
    }

    #[test]
    fn a_name_fits_into_a_file_name() {
        let long = "\u{e9}/".repeat(1000);
        let place = Run::new().place(Path::new("/t"), 7, [&long, &long, &long]);
        let path = place.path();
        assert!(path.starts_with("/t/nsrun"));
        assert_eq!(path.components().count(), 5);
        assert!(path.file_name().unwrap().len() < 256);
    }
}
