//! The arguments on which a harness runs one test: those of libtest, which others take as well.

/// Runs the test of this name and no other, whether or not it is to be ignored, and leaves its
/// output alone.
pub fn run_one_test(name: &str) -> [&str; 4] {
    [name, "--exact", "--nocapture", "--include-ignored"]
}

/// There is one test, which with one thread libtest would announce before it runs it; without a
/// number libtest reads the limits of the cgroup, which takes longer than many a test.
pub const ONE_TEST_IN_A_THREAD: &str = "--test-threads=2";
