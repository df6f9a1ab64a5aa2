//! An error that ends the command: what went wrong, what to do, and the exit code.

use std::fmt;

use nsrun_core::{Failure, remedy};

use crate::exit;

/// One clear message.
#[derive(Debug)]
pub(crate) struct Fatal {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) code: u8,
}

impl Fatal {
    /// Something that running takes could not be had.
    pub(crate) fn setup(message: impl Into<String>) -> Fatal {
        Fatal {
            message: message.into(),
            help: None,
            code: exit::SETUP,
        }
    }

    /// The command line asks for what cannot be done.
    pub(crate) fn usage(message: impl Into<String>) -> Fatal {
        Fatal {
            message: message.into(),
            help: None,
            code: exit::USAGE,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Fatal {
        self.help = Some(help.into());
        self
    }
}

impl From<Failure> for Fatal {
    fn from(failure: Failure) -> Fatal {
        Fatal {
            help: remedy(&failure),
            ..Fatal::setup(failure.to_string())
        }
    }
}

impl fmt::Display for Fatal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

/// Says what could not be done when an operation of the standard library fails.
pub(crate) trait OrFatal<T> {
    fn or_fatal(self, what: impl fmt::Display) -> Result<T, Fatal>;
}

impl<T, E: fmt::Display> OrFatal<T> for Result<T, E> {
    fn or_fatal(self, what: impl fmt::Display) -> Result<T, Fatal> {
        self.map_err(|error| Fatal::setup(format!("cannot {what}: {error}")))
    }
}
