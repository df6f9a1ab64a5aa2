//! A list of C strings as exec and `main` take it.

use std::ffi::{CStr, CString, c_char, c_int};
use std::mem::ManuallyDrop;
use std::{ptr, slice};

/// C strings, and the null-terminated array of pointers to them.
pub(crate) struct Argv {
    pointers: Vec<*const c_char>,
    strings: Vec<CString>,
}

impl Argv {
    pub(crate) fn new(strings: Vec<CString>) -> Argv {
        let mut pointers = Vec::with_capacity(strings.len() + 1);
        for string in &strings {
            pointers.push(string.as_ptr());
        }
        pointers.push(ptr::null());
        Argv { pointers, strings }
    }

    pub(crate) fn as_ptr(&self) -> *const *const c_char {
        self.pointers.as_ptr()
    }
}

/// The arguments that the process was started with, as the kernel laid them out.
pub(crate) struct MainArguments {
    /// With the null pointer that ends them.
    pointers: &'static mut [*const c_char],
}

// SAFETY: the strings stay for the life of the process and nobody changes them; the array is
// changed by its one owner.
unsafe impl Send for MainArguments {}

impl MainArguments {
    /// # Safety
    /// `argc` and `argv` are those that the C runtime gave to the process, and no other thread
    /// runs.
    pub(crate) unsafe fn new(argc: c_int, argv: *mut *const c_char) -> MainArguments {
        let length = argc.max(0) as usize + 1;
        // SAFETY: the caller's promise: argc pointers, and a null behind them, that stay where
        // they are for the life of the process.
        let pointers = unsafe { slice::from_raw_parts_mut(argv, length) };
        MainArguments { pointers }
    }

    pub(crate) fn get(&self, index: usize) -> Option<&CStr> {
        let pointer = *self.pointers.get(index)?;
        // SAFETY: what is not the null at the end points to a C string (the promise of `new`).
        (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) })
    }

    /// Puts others in their place, as many as there is room for.
    ///
    /// The standard library keeps the pointer to this array, and reads arguments up to the first
    /// null pointer, so `std::env::args` then returns these.
    pub(crate) fn replace(&mut self, arguments: Argv) {
        // Without it, whoever looks at the process from outside sees the server's.
        let _ = super::show_arguments(&arguments.strings);
        // Their strings are never freed from here on.
        let arguments = ManuallyDrop::new(arguments);
        let room = arguments.strings.len().min(self.pointers.len() - 1);
        self.pointers[..room].copy_from_slice(&arguments.pointers[..room]);
        self.pointers[room] = ptr::null();
    }
}
