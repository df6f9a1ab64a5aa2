//! What the cargo that runs a test has set for it, and no other cargo is to find.

use std::process::Command;

/// Has the command start without that, and without what else would change a run.
pub(crate) fn forget(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if is_of_our_own_run(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
}

/// Nothing of rustup's is: without its variables it could take another toolchain, or believe that
/// it shall fetch one.
fn is_of_our_own_run(name: &str) -> bool {
    let ours = ["CARGO", "NSRUN", "RUST_"];
    let other = ["LD_LIBRARY_PATH", "OUT_DIR", "NO_COLOR", "RUSTFLAGS"];
    let is_ours = ours.iter().any(|start| name.starts_with(start));
    (is_ours || other.contains(&name)) && name != "CARGO_HOME"
}
