//! The workspace, where a private `/tmp` would hide it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use cargo_metadata::{Metadata, MetadataCommand};

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
    let executables = executable.ancestors().nth(2).map(PathBuf::from);
    folders(&target.manifest)
        .into_iter()
        .chain(executables)
        .collect()
}

/// The same for a doctest, and its binary: between it and the server the user's runner may stand.
pub(super) fn keep_for_doctest(doctest: &Collected) -> Vec<PathBuf> {
    let path = |name| doctest.variable(name).map(PathBuf::from);
    let package = path("CARGO_MANIFEST_DIR");
    let out_dir = path("OUT_DIR");
    let binary = Path::new(&doctest.command[0]).parent().map(PathBuf::from);
    let in_workspace = [&package, &out_dir];
    let folders = match &package {
        Some(package)
            if in_workspace
                .into_iter()
                .flatten()
                .any(|path| may_be_hidden(path)) =>
        {
            folders(&package.join("Cargo.toml"))
        }
        _ => Vec::new(),
    };
    let mut keep: Vec<_> = folders.into_iter().chain(out_dir).chain(binary).collect();
    keep.retain(|path| may_be_hidden(path));
    keep
}

/// The workspace's root and its target folder, as far as cargo knows them.
fn folders(manifest: &Path) -> Vec<PathBuf> {
    match metadata(manifest) {
        Some(metadata) => vec![
            metadata.workspace_root.into(),
            metadata.target_directory.into(),
        ],
        // It has just built from it. If it does not know all the same, what the server knows is left.
        None => vec![manifest.to_owned()],
    }
}

/// As [`MetadataCommand::exec`] does it, but by a cargo that ends when we do.
fn metadata(manifest: &Path) -> Option<Metadata> {
    let mut metadata = MetadataCommand::new();
    let mut command = metadata.manifest_path(manifest).no_deps().cargo_command();
    nsrun_core::tie(&mut command);
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = std::str::from_utf8(&output.stdout).ok()?;
    let json = text.lines().find(|line| line.starts_with('{'))?;
    MetadataCommand::parse(json).ok()
}

/// cargo's target folder, which holds `[TRIPLE/]PROFILE/deps/EXECUTABLE`. What cargo knows of its
/// compiler is noted there, and not in a triple's folder.
pub(super) fn target_dir(executable: &Path) -> PathBuf {
    let above_profile = executable.ancestors().skip(3).take(2);
    let mut known = above_profile.filter(|dir| dir.join(".rustc_info.json").is_file());
    let any = executable.ancestors().nth(3).unwrap_or(executable);
    known.next().unwrap_or(any).to_owned()
}

fn may_be_hidden(path: &Path) -> bool {
    let own = env::var_os("TMPDIR").map(PathBuf::from);
    let usual = ["/tmp", "/var/tmp", "/dev/shm"].map(PathBuf::from);
    usual
        .into_iter()
        .chain(own)
        .any(|dir| path.starts_with(dir))
}
