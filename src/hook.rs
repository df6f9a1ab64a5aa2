//! Before `main`: is this process a server, a test process, or neither?
#![expect(
    unsafe_code,
    reason = "code before main is reached through a linker section"
)]

use std::ffi::{c_char, c_int};

use nsrun_core::{PROTOCOL_VERSION, entered_by_exec, serve_before_main};

use crate::__private::{inside, registered};

/// The C library calls what stands in this section before `main`, while the process has one
/// thread; glibc hands each function what `main` gets (elf(5), "`.init_array`").
///
/// In a process that nobody made a server it looks at the first argument and one variable.
#[used]
#[unsafe(link_section = ".init_array")]
static HOOK: extern "C" fn(c_int, *mut *const c_char) = hook;

extern "C" fn hook(argc: c_int, argv: *mut *const c_char) {
    // SAFETY: the C runtime calls this before `main`, with the process's own arguments.
    let served = unsafe { serve_before_main(argc, argv, registered) };
    if let Some(harness) = served.or_else(entered_by_exec) {
        inside::enter(harness);
    }
}

/// An ELF note (elf(5)) by which a runner knows, without starting it, that this binary can serve.
#[used]
#[unsafe(link_section = ".note.nsrun")]
static NOTE: Note = Note {
    name_size: 6,
    data_size: 4,
    kind: 1,
    name: *b"nsrun\0\0\0",
    version: PROTOCOL_VERSION,
};

#[repr(C)]
struct Note {
    name_size: u32,
    data_size: u32,
    kind: u32,
    name: [u8; 8],
    /// Of the protocol between server and supervisor.
    version: u32,
}
