//! The server's code, ready in the page tables of every process that is forked from it.
//!
//! fork(2) copies no page table of a file's mapping, since the pages can be had again from the
//! file: each process of each test faults its way through the same code anew, a hundred times. But
//! a mapping that has a page of its own, because somebody has written to it, is copied like any
//! memory (`vma_needs_copy()` of the kernel's mm/memory.c). So one byte of each mapping is written,
//! with what stands there.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;

use crate::sys;

/// The code of a large program is not worth copying: a test uses little of it.
const LARGE: usize = 8 << 20;

/// Where any of it fails, tests start a little later.
pub(super) fn prepare() {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let memory = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/proc/self/mem");
    let Ok(memory) = memory else { return };
    for mapping in maps.lines().filter_map(Mapping::parse) {
        if mapping.is_of_file && mapping.length <= LARGE {
            mapping.share(&memory);
        }
    }
}

struct Mapping {
    start: usize,
    length: usize,
    is_of_file: bool,
}

impl Mapping {
    /// `start-end rw-p offset device inode path` (proc_pid_maps(5)); `None` if it is not private
    /// code.
    fn parse(line: &str) -> Option<Mapping> {
        let mut words = line.split_ascii_whitespace();
        let (start, end) = words.next()?.split_once('-')?;
        let permissions = words.next()?;
        let is_of_file = words.nth(3).is_some_and(|path| path.starts_with('/'));
        let start = usize::from_str_radix(start, 16).ok()?;
        let end = usize::from_str_radix(end, 16).ok()?;
        let private_code = permissions.contains('x') && permissions.ends_with('p');
        private_code.then_some(Mapping {
            start,
            length: end - start,
            is_of_file,
        })
    }

    fn share(&self, memory: &File) {
        let mut byte = [0];
        let at = self.start as u64;
        let own_page = memory
            .read_exact_at(&mut byte, at)
            .and_then(|()| memory.write_all_at(&byte, at));
        if own_page.is_ok() {
            sys::populate(self.start, self.length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_code_is_found() {
        let line = "7f00-8f00 r-xp 00001000 fe:00 1234 /usr/lib/libc.so.6";
        let mapping = Mapping::parse(line).unwrap();
        assert_eq!((mapping.start, mapping.length), (0x7f00, 0x1000));
        assert!(mapping.is_of_file);
        assert!(!Mapping::parse("1-2 r-xp 0 0:0 0").unwrap().is_of_file);
        for other in ["1-2 r-xs 0 0:0 0 /x", "1-2 rw-p 0 0:0 0 /x", "x-2 r-xp", ""] {
            assert!(Mapping::parse(other).is_none(), "{other}");
        }
    }
}
