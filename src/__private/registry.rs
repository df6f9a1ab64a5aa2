//! Every `#[ns_test]` of this binary, gathered by the linker.
//!
//! Each is a static in a section whose name could be one in C. A linker lays all that is in sections
//! of one name side by side, and says by two symbols where such a one starts and stops (ld(1),
//! `start-stop-visibility`). It keeps them though nobody may call the tests, as with a harness of
//! one's own: because of the symbols, or, if told not to by `start-stop-gc`, because `#[used]` sets
//! `SHF_GNU_RETAIN` (rust-lang/rust#140872).
#![expect(
    unsafe_code,
    reason = "what the linker has gathered lies between two symbols of its own"
)]

use std::ops::Deref;
use std::slice;

use super::Test;

/// Every `#[ns_test]` of this binary.
pub static TESTS: Tests = Tests(());

/// A slice whose length the linker knows.
#[derive(Debug)]
pub struct Tests(());

// Two versions of nsrun in one binary must not read each other's statics. Of versions that are
// compatible cargo takes one, so that the name need not tell these apart.
const _: () = assert!(
    matches!(
        (
            env!("CARGO_PKG_VERSION_MAJOR").as_bytes(),
            env!("CARGO_PKG_VERSION_MINOR").as_bytes()
        ),
        (b"0", b"1")
    ),
    "rename the section `nsrun_tests_0_1`, here and in `template.rs`"
);

unsafe extern "Rust" {
    #[link_name = "__start_nsrun_tests_0_1"]
    static START: [Test; 0];
    #[link_name = "__stop_nsrun_tests_0_1"]
    static STOP: [Test; 0];
}

/// Without a section there would be no symbols. It is writable as those of the tests are, whose
/// addresses of functions the dynamic linker fills in, and is never written.
#[used]
#[unsafe(link_section = "nsrun_tests_0_1")]
static mut NONE: [Test; 0] = [];

impl Deref for Tests {
    type Target = [Test];

    fn deref(&self) -> &[Test] {
        let (start, stop) = (&raw const START, &raw const STOP);
        let count = (stop.addr() - start.addr()) / size_of::<Test>();
        // SAFETY: the section holds `Test`s alone, since nothing but `NONE` and the template of
        // `#[ns_test]` puts anything there. The size of a type is a multiple of its alignment, which
        // is that of a static with a section, so that no padding is between them.
        unsafe { slice::from_raw_parts(start.cast(), count) }
    }
}
