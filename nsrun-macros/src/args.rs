//! What stands in the parentheses of `#[ns_test(..)]`.

mod clocks;
mod listed;
mod share;
mod words;
mod written;

use std::time::Duration;

use pm::TokenStream;

use self::clocks::Clocks;
pub(crate) use self::listed::Listed;
use self::written::Written;
use crate::errors::Errors;
use crate::kind::Kind;
use crate::tokens::{elements, trees};
use crate::value::Leaks;

/// The arguments, checked.
pub(crate) struct Args {
    /// The kinds to make besides user and mount.
    pub(crate) kinds: Vec<Kind>,
    pub(crate) root: bool,
    pub(crate) hostname: Option<String>,
    pub(crate) clocks: Option<Clocks>,
    pub(crate) tmp_size: Option<u64>,
    /// The paths of the host that are not to be hidden.
    pub(crate) share: Vec<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) leaks: Option<Leaks>,
    /// Where `nsrun` is.
    pub(crate) krate: TokenStream,
    /// Set where the attribute has put itself behind the function's others.
    pub(crate) moved: Option<Listed>,
}

impl Args {
    /// Reads what can be read, and notes what cannot.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Args {
        let mut written = Written::default();
        for argument in elements(&trees(tokens)) {
            let read = written.argument(argument);
            errors.note(read);
        }
        written.check(errors)
    }
}

#[cfg(test)]
mod fuzzed;
#[cfg(test)]
mod tests;
