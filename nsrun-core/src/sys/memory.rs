//! Memory of this process.

/// Has the kernel fill the page tables of a mapping, as if each page had been read
/// (MADV_POPULATE_READ of madvise(2), since Linux 5.14).
pub(crate) fn populate(start: usize, length: usize) {
    // SAFETY: this advice changes no byte of memory, whatever is there; it fails where nothing is.
    unsafe { libc::madvise(start as *mut libc::c_void, length, libc::MADV_POPULATE_READ) };
}
