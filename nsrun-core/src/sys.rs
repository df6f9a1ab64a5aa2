//! Every raw system call, behind a typed wrapper.
//!
//! Some of it `nix` has too. But each of its features wraps a whole field of system calls, of which
//! we need a few, and everybody who has nsrun as a dev-dependency compiles them all: more than
//! everything here. So its `Errno` and its poll(2) are used, and no more.
//!
//! This is the only module in which `unsafe` is allowed. Nothing here allocates, but for lists of
//! arguments and what comes with a packet, so that all else may be called between clone and exec.
#![expect(unsafe_code, reason = "the one home of raw system calls")]

mod argv;
mod caps;
mod clock;
mod clone;
mod dispositions;
mod fd;
mod file;
mod keyring;
mod link;
#[cfg(target_env = "gnu")]
mod memory;
mod mount;
mod namespace;
mod process;
mod signal;
mod socket;
mod title;

pub(crate) use argv::{Argv, MainArguments};
pub(crate) use caps::drop_capabilities;
pub(crate) use clock::{since_boot, ticks_per_second};
pub(crate) use clone::{Cloned, Forked, clone3, fork};
pub(crate) use dispositions::{Dispositions, Ignored};
pub(crate) use fd::{
    FIRST_OWNED, adopt, close, close_on_exec, close_range, close_range_on_exec, copy_above,
    do_not_block, pipe, place, place_until_exec,
};
pub(crate) use file::{
    enter_dir, look_at, look_at_fd, make_dir, may_access, memory_file, open, read_at,
};
pub(crate) use keyring::{has_keyrings, join_new_session_keyring};
pub(crate) use link::{bring_up_loopback, loopback_flags};
#[cfg(target_env = "gnu")]
pub(crate) use memory::trim_heap;
pub(crate) use mount::{attach, clone_tree, make_inert, make_private, make_readonly, mount};
pub(crate) use namespace::{enter, namespace_inode, own_pidfd, pidfd, set_hostname, unshare};
pub use process::tie;
pub(crate) use process::{
    Resource, await_end, become_subreaper, current_pid, die_with_parent, exec, exit,
    forget_environment, group_id, lead_group, lead_session, make_dumpable, name_process,
    no_new_privileges, reap, soft_limit, umask, user_id,
};
pub(crate) use signal::{ignore, kill, set_default, signal_children_fd, signal_pidfd, unblock_all};
pub(crate) use socket::{
    PACKET_FDS, is_packet_socket, packet_pair, receive, receive_packet, send, send_packet,
    shut_down,
};
pub(crate) use title::{remember_layout, show_arguments};
