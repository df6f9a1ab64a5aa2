//! Whether a test is forked or executed is nobody's business: every verdict is the same. The table
//! of [`endings`](super::endings) is held to both servers as well.

use crate::support::nsrun;

#[test]
fn every_verdict_is_the_same_with_both_servers() {
    for fixture in ["leaks", "inside"] {
        let verdicts = |server: &str| {
            let args = format!("test --workspace --message-format json --server {server}");
            // What a fixture asks of its surroundings is not the point here.
            let run = nsrun(&args, fixture).env("DUMP", "/dev/null/nowhere");
            run.done().verdicts()
        };
        let forked = verdicts("fork");
        assert!(!forked.is_empty(), "{fixture}");
        assert_eq!(forked, verdicts("exec"), "{fixture}");
    }
}
