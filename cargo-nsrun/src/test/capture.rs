//! Output in bounded memory: its head, its tail, and how much there was.

use std::collections::VecDeque;

/// What is kept of each end of a stream.
const END: usize = 256 << 10;

#[derive(Clone, Debug, Default)]
pub(crate) struct Capture {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    left_out: u64,
}

impl Capture {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(bytes.len().min(END - self.head.len()));
        self.head.extend_from_slice(head);
        let kept = &rest[rest.len().saturating_sub(END)..];
        let overflow = (self.tail.len() + kept.len()).saturating_sub(END);
        self.tail.drain(..overflow);
        self.tail.extend(kept);
        self.left_out += (overflow + rest.len() - kept.len()) as u64;
    }

    /// The whole output, with a line in place of what was not kept.
    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        if self.left_out > 0 {
            let gap = format!("\n[nsrun: {} bytes left out here]\n", self.left_out);
            self.head.extend_from_slice(gap.as_bytes());
        }
        self.head.extend(self.tail);
        self.head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_output_is_kept_whole() {
        let mut capture = Capture::default();
        capture.push(b"ab");
        capture.push(&vec![b'c'; END]);
        let bytes = capture.into_bytes();
        assert_eq!(bytes.len(), END + 2);
        assert!(bytes.starts_with(b"abc"));
    }

    #[test]
    fn of_large_output_both_ends_are_kept() {
        let mut capture = Capture::default();
        capture.push(b"first");
        for _ in 0..100 {
            capture.push(&[b'x'; 100_000]);
        }
        capture.push(b"last");
        let left_out = 9 + 100 * 100_000 - 2 * END;
        let bytes = capture.into_bytes();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("firstx") && text.ends_with("xlast"));
        assert!(text.contains(&format!("{left_out} bytes left out")));
        assert!(text.len() < 2 * END + 100);
    }
}
