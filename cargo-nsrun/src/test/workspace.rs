//! The workspace, where a private `/tmp` would hide it.

use std::env;
use std::path::{Path, PathBuf};

use cargo_metadata::MetadataCommand;

use super::artifacts::Target;
use crate::collect::Collected;

/// The workspace and its target folder, if either may lie below a private directory. The server
/// knows the package, the executable and the working directory by itself.
pub(super) fn keep(target: &Target, collected: &Collected) -> Vec<PathBuf> {
    // Links may lead below a private directory from elsewhere: a target folder on a fast disk.
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let executable = real(Path::new(&collected.command[0]));
    if ![&executable, &real(&target.manifest)]
        .into_iter()
        .any(|path| may_be_hidden(path))
    {
        return Vec::new();
    }
    let mut command = MetadataCommand::new();
    match command.manifest_path(&target.manifest).no_deps().exec() {
        Ok(metadata) => {
            let executables = executable.ancestors().nth(2).map(PathBuf::from);
            [
                metadata.workspace_root.into(),
                metadata.target_directory.into(),
            ]
            .into_iter()
            .chain(executables)
            .collect()
        }
        Err(_) => vec![target.manifest.clone()],
    }
}

fn may_be_hidden(path: &Path) -> bool {
    let own = env::var_os("TMPDIR").map(PathBuf::from);
    let usual = ["/tmp", "/var/tmp", "/dev/shm"].map(PathBuf::from);
    usual
        .into_iter()
        .chain(own)
        .any(|dir| path.starts_with(dir))
}
