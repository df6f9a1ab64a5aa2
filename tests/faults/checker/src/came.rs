//! What came out.

use crate::invocation::Ended;

/// How a test ended, as its runner has it.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    /// A verdict's word, or what else can be said.
    pub(crate) word: String,
    /// All that was said of it, and by it.
    pub(crate) text: String,
}

impl Came {
    pub(crate) fn new(word: &str, text: &str) -> Came {
        Came {
            word: word.to_owned(),
            text: text.to_owned(),
        }
    }

    /// The body has refused to run.
    pub(crate) fn is_refused(&self) -> bool {
        self.text.contains("not run: would hit the host")
    }

    /// Whatever a runner says of a test: what it ends with is what counts.
    pub(crate) fn of_runner(self, ended: &Ended) -> Came {
        let ends_well = is_green(&ended.word());
        if is_green(&self.word) && !ends_well {
            return Came::new(&format!("the runner: {}", ended.word()), &self.text);
        }
        self
    }

    /// Under a harness that only knows good and bad, nsrun's own word stands in the output.
    pub(crate) fn in_words_of_nsrun(self) -> Came {
        let said = self.text.lines().map(str::trim_start).rev();
        let Some(said) = said.filter_map(|line| line.strip_prefix("nsrun: ")).next() else {
            return self;
        };
        let word = said.split(": ").next().unwrap_or(said);
        if is_green(word) == is_green(&self.word) {
            Came::new(word, &self.text)
        } else {
            Came::new(&format!("{} though nsrun: {word}", self.word), &self.text)
        }
    }
}

/// Whether a verdict lets a run pass.
pub(crate) fn is_green(word: &str) -> bool {
    ["pass", "leak", "ignored"].contains(&word)
}

/// The verdict on a test that a signal ended.
pub(crate) fn crash(signal: i32) -> String {
    let signal = nix::sys::signal::Signal::try_from(signal);
    let name = signal.map_or("?", |signal| signal.as_str());
    format!("crash({})", name.trim_start_matches("SIG"))
}
