//! What a sandbox is for.

/// What a sandbox is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// To list a binary's tests, or the ignored ones.
    List { binary: usize, ignored: bool },
    /// To run one test.
    Test { binary: usize, name: String },
    /// To run a binary whole; `None` if nobody knows which tests it has.
    Whole {
        binary: usize,
        tests: Option<Vec<String>>,
    },
}

impl Work {
    pub(super) fn binary(&self) -> usize {
        match self {
            Work::List { binary, .. } | Work::Test { binary, .. } | Work::Whole { binary, .. } => {
                *binary
            }
        }
    }

    /// How many tests of the books it stands for.
    pub(super) fn tests(&self) -> usize {
        match self {
            Work::List { .. } => 0,
            Work::Test { .. } | Work::Whole { tests: None, .. } => 1,
            Work::Whole {
                tests: Some(tests), ..
            } => tests.len(),
        }
    }
}
