//! What a command did.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    pub(super) words: String,
}

impl Done {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Ends with this exit code.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Done {
        assert_eq!(self.signal, None, "{self}");
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Says this on standard error, and does not panic.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Done {
        assert!(self.stderr.contains(words), "not said: {words}\n{self}");
        assert!(!self.stderr.contains("panicked at"), "{self}");
        self
    }

    /// Prints this on standard output.
    #[track_caller]
    pub(crate) fn prints(self, words: &str) -> Done {
        assert!(self.text().contains(words), "not printed: {words}\n{self}");
        self
    }

    /// Does not print this.
    #[track_caller]
    pub(crate) fn omits(self, words: &str) -> Done {
        assert!(!self.text().contains(words), "printed: {words}\n{self}");
        self
    }

    /// The objects that were printed, one a line.
    pub(crate) fn events(&self) -> Vec<Value> {
        let parse = |line: &str| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\n{self}"))
        };
        self.text().lines().map(parse).collect()
    }

    /// Each test that has ended, by its name.
    pub(crate) fn tests(&self) -> BTreeMap<String, Value> {
        let mut tests = BTreeMap::new();
        for event in self.events() {
            let ended = event.get("verdict").is_some() && event["event"] != "retry";
            if event["type"] == "test" && ended {
                let name = event["name"].as_str().expect("a name").to_owned();
                let twice = tests.insert(name, event);
                assert!(twice.is_none(), "{twice:?} ended twice");
            }
        }
        tests
    }

    /// The verdict on each test.
    pub(crate) fn verdicts(&self) -> BTreeMap<String, String> {
        let verdict = |(name, event): (String, Value)| (name, word(&event["verdict"]));
        self.tests().into_iter().map(verdict).collect()
    }

    /// The last object.
    pub(crate) fn suite(&self) -> Value {
        let last = self.events().pop();
        last.filter(|event| event["type"] == "suite")
            .unwrap_or_else(|| panic!("no suite at the end: {self}"))
    }
}

/// The text of a JSON string.
pub(crate) fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = |text: &str| text.chars().rev().take(4000).collect::<Vec<_>>();
        let shown = |text: &str| tail(text).into_iter().rev().collect::<String>();
        writeln!(
            f,
            "`{}`: code {}, signal {:?}",
            self.words, self.code, self.signal
        )?;
        writeln!(f, "──── stdout\n{}", shown(&self.text()))?;
        write!(f, "──── stderr\n{}", shown(&self.stderr))
    }
}
