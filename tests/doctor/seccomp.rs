//! A seccomp filter, as a container runtime would set it (seccomp(2)).
#![expect(unsafe_code, reason = "neither std nor nix installs filters")]

use std::env;
use std::ffi::{c_int, c_ulong};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Set to the number of a system call, and the errno that it shall give.
pub(crate) const FILTER: &str = "NSRUN_FILTER";

/// Runs this binary anew under the filter that it is asked to be under.
pub(crate) fn enter_if_asked() {
    let Ok(filter) = env::var(FILTER) else { return };
    let (call, errno) = filter.split_once(' ').unwrap();
    install(call.parse().unwrap(), errno.parse().unwrap());
    let error = Command::new(env::current_exe().unwrap())
        .args(env::args_os().skip(1))
        .env_remove(FILTER)
        .exec();
    panic!("exec: {error}");
}

/// One instruction of the classic BPF machine (linux/filter.h).
#[repr(C)]
struct Instruction {
    code: u16,
    if_true: u8,
    if_false: u8,
    k: u32,
}

#[repr(C)]
struct Program {
    length: u16,
    instructions: *const Instruction,
}

unsafe extern "C" {
    fn prctl(option: c_int, ...) -> c_int;
}

fn install(call: u32, errno: u32) {
    const LOAD: u16 = 0x20;
    const JUMP_IF_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    const ALLOW: u32 = 0x7fff_0000;
    const ERRNO: u32 = 0x0005_0000;
    const PR_SET_NO_NEW_PRIVS: c_int = 38;
    const PR_SET_SECCOMP: c_int = 22;
    const MODE_FILTER: c_ulong = 2;
    let instruction = |code, (if_true, if_false), k| Instruction {
        code,
        if_true,
        if_false,
        k,
    };
    let instructions = [
        instruction(LOAD, (0, 0), 0),
        instruction(JUMP_IF_EQUAL, (0, 1), call),
        instruction(RETURN, (0, 0), ERRNO | errno),
        instruction(RETURN, (0, 0), ALLOW),
    ];
    let program = Program {
        length: instructions.len() as u16,
        instructions: instructions.as_ptr(),
    };
    let (one, zero): (c_ulong, c_ulong) = (1, 0);
    // SAFETY: this option reads plain integers.
    let done = unsafe { prctl(PR_SET_NO_NEW_PRIVS, one, zero, zero, zero) };
    assert_eq!(done, 0, "no_new_privs");
    // SAFETY: the program and its instructions live for the call.
    let done = unsafe { prctl(PR_SET_SECCOMP, MODE_FILTER, &raw const program) };
    assert_eq!(done, 0, "seccomp");
}
