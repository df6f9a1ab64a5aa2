//! The server's code, as far as it has run, ready in the page tables of every process that is
//! forked from it.
//!
//! fork(2) copies no page table of a file's mapping, since the pages can be had again from the
//! file: each process of each test faults its way through the same code anew, a hundred times. But
//! a mapping that has a page of its own, because somebody has written to it, is copied like any
//! memory (`vma_needs_copy()` of the kernel's mm/memory.c). So one byte of each mapping is written,
//! with what stands there.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;

/// Where any of it fails, tests start a little later.
pub(super) fn prepare() {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let memory = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/proc/self/mem");
    let Ok(memory) = memory else { return };
    for start in maps.lines().filter_map(start_of_code) {
        let mut byte = [0];
        let _ = memory
            .read_exact_at(&mut byte, start)
            .and_then(|()| memory.write_all_at(&byte, start));
    }
}

/// Where a private mapping of a file's code starts; `None` if the line of `/proc/self/maps` is of
/// something else: `start-end r-xp offset device inode path` (proc_pid_maps(5)).
fn start_of_code(line: &str) -> Option<u64> {
    let mut words = line.split_ascii_whitespace();
    let (start, _) = words.next()?.split_once('-')?;
    let permissions = words.next()?;
    let is_of_file = words.nth(3).is_some_and(|path| path.starts_with('/'));
    let private_code = permissions.contains('x') && permissions.ends_with('p');
    u64::from_str_radix(start, 16)
        .ok()
        .filter(|_| private_code && is_of_file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_code_is_found() {
        let line = "7f00-8f00 r-xp 00001000 fe:00 1234 /usr/lib/libc.so.6";
        assert_eq!(start_of_code(line), Some(0x7f00));
        for other in [
            "1-2 r-xs 0 0:0 0 /x",
            "1-2 rw-p 0 0:0 0 /x",
            "1-2 r-xp 0 0:0 0 [vdso]",
            "1-2 r-xp 0 0:0 0",
            "x-2 r-xp 0 0:0 0 /x",
            "",
        ] {
            assert_eq!(start_of_code(other), None, "{other}");
        }
    }
}
