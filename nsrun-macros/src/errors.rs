//! Several errors at once: whoever mistypes two arguments should see both.

use proc_macro2::TokenStream;
use syn::Error;

/// The errors found so far.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// The value, or else its error is noted.
    pub(crate) fn note<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// The `compile_error!` calls, where there is an error.
    pub(crate) fn compile_errors(&self) -> Option<TokenStream> {
        self.0.as_ref().map(Error::to_compile_error)
    }
}
