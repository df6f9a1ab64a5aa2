//! Coverage builds, which write a profile when a process ends (clang's "Source-based code coverage").
//!
//! The name of the profile is chosen when the process starts, so test processes that are forked
//! would share one; and `%p` in it, the process id, is the same in every pid namespace. So each
//! test process of a coverage build is executed, with a name of its own.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// The variable that says where profiles go, and by which a coverage run is known.
pub const PROFILE_VARIABLE: &str = "LLVM_PROFILE_FILE";

/// A name that no other process gets, in the folder that `pattern` names.
pub fn own_profile(pattern: &OsStr) -> OsString {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let file = Path::new(pattern);
    // One that names no file still gets its own.
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let own = format!("{stem}-{}-{number}.profraw", std::process::id());
    file.with_file_name(own).into()
}

/// The folder of the profiles, to be kept visible in sandboxes.
pub fn profile_dir(pattern: &OsStr) -> Option<PathBuf> {
    Path::new(pattern)
        .parent()
        .filter(|dir| dir.is_absolute())
        .map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_its_own_name_in_the_same_folder() {
        let pattern = OsStr::new("/cov/x-%p-%m.profraw");
        let (first, second) = (own_profile(pattern), own_profile(pattern));
        assert_ne!(first, second);
        for name in [first, second] {
            assert!(
                name.to_string_lossy().starts_with("/cov/x-%p-%m-"),
                "{name:?}"
            );
            assert_eq!(Path::new(&name).extension(), Some(OsStr::new("profraw")));
        }
        assert_eq!(profile_dir(pattern), Some("/cov".into()));
        assert_eq!(profile_dir(OsStr::new("x.profraw")), None);
    }
}
