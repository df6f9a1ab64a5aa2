//! What stands in the parentheses of `#[ns_test(..)]`.

mod clocks;
mod list;
mod listed;
mod share;
mod words;
mod written;

use std::time::Duration;

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Path, Result, Token};

use self::clocks::Clocks;
pub(crate) use self::listed::Listed;
use self::written::Written;
use crate::errors::Errors;
use crate::kind::Kind;
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
    pub(crate) krate: Path,
    /// Set where the attribute has put itself behind the function's others.
    pub(crate) moved: Option<Listed>,
}

impl Args {
    /// Reads what can be read, and notes what cannot.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Args {
        let mut written = Written::default();
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(error) = written.argument(input) {
                    errors.push(error);
                    skip_to_comma(input);
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        };
        let read = read.parse2(tokens);
        errors.note(read);
        written.check(errors)
    }
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        // Only the end of the input is no token tree.
        let _: Result<TokenTree> = input.parse();
    }
}

#[cfg(test)]
mod fuzzed;
#[cfg(test)]
mod tests;
