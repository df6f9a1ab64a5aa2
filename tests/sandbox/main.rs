//! What a program in a sandbox sees by default, and how a sandbox ends.
//!
//! Each test runs as root and as somebody without privileges; see `common`.

#![cfg(target_os = "linux")]

#[path = "../common/mod.rs"]
mod common;

mod devices;
mod ends;
mod files;
mod keyrings;
mod lifeline;
mod network;
mod privileges;
mod process;
mod settings;
mod sockets;
mod supervisor;
mod survivors;
