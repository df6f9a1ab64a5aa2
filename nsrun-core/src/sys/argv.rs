//! A list of C strings as exec and `main` take it.

use std::ffi::{CString, c_char, c_int};
use std::ptr;

/// C strings, and the null-terminated array of pointers to them.
pub(crate) struct Argv {
    pointers: Vec<*const c_char>,
    strings: Vec<CString>,
}

impl Argv {
    pub(crate) fn new(strings: Vec<CString>) -> Argv {
        let pointers = strings
            .iter()
            .map(|s| s.as_ptr())
            .chain([ptr::null()])
            .collect();
        Argv { pointers, strings }
    }

    pub(crate) fn as_ptr(&self) -> *const *const c_char {
        self.pointers.as_ptr()
    }

    pub(crate) fn len(&self) -> usize {
        self.strings.len()
    }

    /// Puts this list in place of the arguments that the process was started with.
    ///
    /// The standard library keeps the pointer to the array that the kernel laid out, and reads
    /// arguments up to the first null pointer, so `std::env::args` then returns this list.
    ///
    /// # Safety
    /// `argc` and `argv` are those that the C runtime gave to the process, no other thread runs,
    /// and `self` is never dropped.
    pub(crate) unsafe fn replace(&self, argc: c_int, argv: *mut *const c_char) {
        let room = (argc as usize).min(self.len());
        for (i, pointer) in self.pointers.iter().take(room).enumerate() {
            // SAFETY: `i` is below argc, so this is a slot of the array (the caller's promise).
            unsafe { *argv.add(i) = *pointer };
        }
        // SAFETY: `room` is at most argc, and slot argc holds the null that ends the array.
        unsafe { *argv.add(room) = ptr::null() };
    }
}
