//! Memory of this process.

/// Gives back to the kernel what the allocator holds and nobody uses (malloc_trim(3)).
pub(crate) fn trim_heap() {
    // SAFETY: memory that is in use stays as it is.
    unsafe { libc::malloc_trim(0) };
}
