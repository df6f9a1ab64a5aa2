//! Every raw system call, behind a typed wrapper.
//!
//! What `nix` wraps is used from there; here stands only what it lacks: `clone3`, the file
//! descriptor based mount calls, interface flags, `capset`, and a few places where `nix` asks for
//! an `unsafe` block. This is the only module in which `unsafe` is allowed. Nothing here
//! allocates, so that all of it may be called between clone and exec.
#![expect(unsafe_code, reason = "the one home of raw system calls")]

mod argv;
mod caps;
mod clone;
mod dispositions;
mod fd;
mod keyring;
mod link;
#[cfg(target_env = "gnu")]
mod memory;
mod mount;
mod namespace;
mod process;
mod socket;
mod title;

pub(crate) use argv::{Argv, MainArguments};
pub(crate) use caps::drop_capabilities;
pub(crate) use clone::{Cloned, Forked, clone3, fork};
pub(crate) use dispositions::{Dispositions, Ignored};
pub(crate) use fd::{
    FIRST_OWNED, adopt, close, close_on_exec, close_range, close_range_on_exec, is_control_socket,
    place, place_until_exec,
};
pub(crate) use keyring::{has_keyrings, join_new_session_keyring};
pub(crate) use link::{bring_up_loopback, loopback_flags};
#[cfg(target_env = "gnu")]
pub(crate) use memory::trim_heap;
pub(crate) use mount::{attach, clone_tree, make_inert, make_readonly};
pub(crate) use namespace::{namespace_inode, own_pidfd, pidfd};
pub use process::tie;
pub(crate) use process::{
    become_subreaper, current_pid, die_with_parent, exec, exit, forget_environment, handle,
    make_dumpable, name_process, no_new_privileges, reap, signal_children_fd, signal_pidfd, umask,
};
pub(crate) use socket::{PACKET_FDS, receive_packet, send_packet};
pub(crate) use title::{remember_layout, show_arguments};
