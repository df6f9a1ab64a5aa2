//! Output in bounded memory: its head, its tail, and how much there was. If that is not all, all of
//! it goes to a file.

use std::collections::VecDeque;
use std::{io, mem};

use super::output_file::{OutputFile, Place};
use crate::results::{Output, Whole};

/// What is kept of each end of a stream.
const END: usize = 256 << 10;
/// The same of a list of tests, of which each counts.
const END_OF_LIST: usize = 8 << 20;

#[derive(Debug)]
pub(crate) struct Capture {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    end: usize,
    left_out: u64,
    spill: Spill,
}

/// Where more than both ends goes.
#[derive(Debug, Default)]
enum Spill {
    #[default]
    Nowhere,
    /// There has not been more yet.
    Awaited(Place),
    File(OutputFile),
    /// For this reason.
    Failed(String),
}

impl Capture {
    /// For the output of a test.
    pub(crate) fn new(place: Place) -> Capture {
        Capture {
            head: Vec::new(),
            tail: VecDeque::new(),
            end: END,
            left_out: 0,
            spill: Spill::Awaited(place),
        }
    }

    /// For a list of tests.
    pub(crate) fn of_list() -> Capture {
        Capture {
            head: Vec::new(),
            tail: VecDeque::new(),
            end: END_OF_LIST,
            left_out: 0,
            spill: Spill::Nowhere,
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(bytes.len().min(self.end - self.head.len()));
        if self.tail.len() + rest.len() > self.end {
            self.open_file();
        }
        self.spill.write(bytes);
        self.head.extend_from_slice(head);
        self.push_tail(rest);
    }

    fn push_tail(&mut self, bytes: &[u8]) {
        let kept = &bytes[bytes.len().saturating_sub(self.end)..];
        let overflow = (self.tail.len() + kept.len()).saturating_sub(self.end);
        self.tail.drain(..overflow);
        self.tail.extend(kept);
        self.left_out += (overflow + bytes.len() - kept.len()) as u64;
    }

    /// The first time, with all that has come before.
    fn open_file(&mut self) {
        self.spill = match mem::replace(&mut self.spill, Spill::Nowhere) {
            Spill::Awaited(place) => OutputFile::create(place).map_or_else(failed, Spill::File),
            opened => return self.spill = opened,
        };
        let (first, second) = self.tail.as_slices();
        for part in [&self.head, first, second] {
            self.spill.write(part);
        }
    }

    pub(crate) fn finish(mut self) -> Captured {
        if self.left_out > 0 {
            let gap = format!("\n[nsrun: {} bytes left out here]\n", self.left_out);
            self.head.extend_from_slice(gap.as_bytes());
        }
        self.head.extend(self.tail);
        Captured {
            bytes: self.head,
            spill: self.spill,
        }
    }
}

impl Spill {
    /// What cannot be written whole is given up, so that it takes no more room.
    fn write(&mut self, bytes: &[u8]) {
        if let Spill::File(file) = self
            && let Err(error) = file.write(bytes)
        {
            *self = failed(error);
        }
    }
}

/// What a stream came to.
#[derive(Debug, Default)]
pub(crate) struct Captured {
    /// All of it, or both ends, with a line in place of what is between.
    pub(crate) bytes: Vec<u8>,
    spill: Spill,
}

impl Captured {
    /// What a report shows of it. All of it is kept, too.
    pub(crate) fn keep(self) -> Output {
        let whole = match self.spill {
            Spill::Nowhere | Spill::Awaited(_) => Whole::Shown,
            Spill::File(file) => file
                .keep()
                .map_or_else(|error| Whole::Lost(error.to_string()), Whole::File),
            Spill::Failed(why) => Whole::Lost(why),
        };
        Output {
            bytes: self.bytes,
            whole,
        }
    }

    /// What a report may show of it. What that leaves out is gone.
    pub(crate) fn drop_whole(self) -> Output {
        Output {
            bytes: self.bytes,
            whole: Whole::Shown,
        }
    }
}

fn failed(error: io::Error) -> Spill {
    Spill::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::output_file::Run;
    use super::*;

    fn capture() -> (Capture, std::path::PathBuf) {
        static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("nsrun-capture-{}-{next}", std::process::id());
        let target = std::env::temp_dir().join(name);
        let place = Run::new().place(&target, 0, ["a", "b", "c"]);
        (Capture::new(place), target)
    }

    #[test]
    fn small_output_is_kept_whole_and_needs_no_file() {
        let (mut capture, target) = capture();
        capture.push(b"ab");
        capture.push(&vec![b'c'; 2 * END - 2]);
        let output = capture.finish().keep();
        assert_eq!(output.bytes.len(), 2 * END);
        assert!(output.bytes.starts_with(b"abc"));
        assert_eq!(output.whole, Whole::Shown);
        assert!(!target.exists());
    }

    #[test]
    fn of_large_output_both_ends_are_kept_and_all_of_it_is_in_a_file() {
        let (mut capture, target) = capture();
        let mut all = b"first".to_vec();
        capture.push(b"first");
        for number in 0..100_u8 {
            let piece = vec![b'0' + number % 10; 100_000];
            capture.push(&piece);
            all.extend(piece);
        }
        capture.push(b"last");
        all.extend(b"last");
        let left_out = all.len() - 2 * END;
        let output = capture.finish().keep();
        let text = String::from_utf8(output.bytes).unwrap();
        assert!(text.starts_with("first0") && text.ends_with("9last"));
        assert!(text.contains(&format!("{left_out} bytes left out")));
        assert!(text.len() < 2 * END + 100);
        let Whole::File(path) = output.whole else {
            panic!("{:?}", output.whole);
        };
        assert!(std::fs::read(path).unwrap() == all);
        std::fs::remove_dir_all(target).unwrap();
    }

    #[test]
    fn a_file_that_cannot_be_made_is_no_end() {
        let (mut capture, target) = capture();
        std::fs::write(&target, "").unwrap();
        capture.push(&vec![b'x'; 3 * END]);
        capture.push(&vec![b'x'; 3 * END]);
        let output = capture.finish().keep();
        std::fs::remove_file(target).unwrap();
        assert!(output.bytes.len() > 2 * END);
        assert!(matches!(output.whole, Whole::Lost(_)), "{:?}", output.whole);
    }
}
