//! The eight kinds of namespace: what is seen inside, and that the outside stays as it was.
//!
//! Each test runs as root and as somebody without privileges; see `common`.

#![cfg(target_os = "linux")]

#[path = "../common/mod.rs"]
mod common;

mod cgroup;
mod ipc;
mod kinds;
mod mount;
mod net;
mod pid;
mod time;
mod user;
mod uts;

use std::fs;

use nsrun::Kind;

/// The namespace of this kind that this process is in.
fn namespace(kind: Kind) -> String {
    let link = fs::read_link(format!("/proc/self/ns/{}", kind.proc_name()));
    link.expect("the kernel has this kind")
        .display()
        .to_string()
}

/// A line of `/proc/self/status`, without its name.
fn status(field: &str) -> String {
    let status = read("/proc/self/status");
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let value = line.and_then(|line| line.strip_prefix(':'));
    value.expect("the kernel shows it").trim().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
