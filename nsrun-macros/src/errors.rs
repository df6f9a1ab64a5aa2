//! Several errors at once: whoever mistypes two arguments should see both.

use pm::{Span, TokenStream, TokenTree};

use crate::tokens::{braced, code, join, placed};

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// What is wrong, and from where to where.
pub(crate) struct Error {
    start: Span,
    end: Span,
    message: String,
}

impl Error {
    pub(crate) fn new(place: Span, message: impl Into<String>) -> Error {
        Error {
            start: place,
            end: place,
            message: message.into(),
        }
    }

    /// From the first of the tokens to the last.
    pub(crate) fn over(tokens: &[TokenTree], message: impl Into<String>) -> Error {
        let place = |tree: Option<&TokenTree>| tree.map_or_else(Span::call_site, TokenTree::span);
        Error {
            start: place(tokens.first()),
            end: place(tokens.last()),
            message: message.into(),
        }
    }

    /// The compiler takes the place of a macro's call for that of the error: from its first token
    /// to its last.
    fn compile_error(&self) -> TokenStream {
        let message = code(&format!("{:?}", self.message));
        join([
            placed(code("::core::compile_error!"), self.start),
            placed(braced([message]), self.end),
        ])
    }
}

/// The errors found so far.
#[derive(Default)]
pub(crate) struct Errors(Vec<Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: Error) {
        self.0.push(error);
    }

    /// The value, or else its error is noted.
    pub(crate) fn note<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// The `compile_error!` calls, where there is an error.
    pub(crate) fn compile_errors(&self) -> Option<TokenStream> {
        let errors = self.0.iter().map(Error::compile_error);
        (!self.0.is_empty()).then(|| errors.collect())
    }
}
