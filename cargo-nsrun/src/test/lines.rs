//! Bytes that come in pieces, taken as lines.

#[derive(Default)]
pub(super) struct Lines {
    pending: Vec<u8>,
}

impl Lines {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The lines that are whole, and at the end also what is left.
    pub(super) fn take(&mut self, at_end: bool) -> Vec<String> {
        let whole = match self.pending.iter().rposition(|byte| *byte == b'\n') {
            _ if at_end => self.pending.len(),
            Some(newline) => newline + 1,
            None => 0,
        };
        let taken: Vec<u8> = self.pending.drain(..whole).collect();
        String::from_utf8_lossy(&taken)
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_when_it_is_whole() {
        let mut lines = Lines::default();
        lines.push(b"a\nb");
        assert_eq!(lines.take(false), ["a"]);
        lines.push(b"c\n\nd");
        assert_eq!(lines.take(false), ["bc", ""]);
        assert_eq!(lines.take(true), ["d"]);
        assert!(lines.take(true).is_empty());
    }
}
