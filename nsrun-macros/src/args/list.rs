//! A list in parentheses.

use syn::parse::Parse;
use syn::punctuated::Punctuated;
use syn::{Error, Meta, Result, Token};

/// What stands in the parentheses of `meta`, at least one thing.
pub(super) fn list<T: Parse>(meta: &Meta, example: &str) -> Result<Punctuated<T, Token![,]>> {
    let list = match meta {
        Meta::List(list) => list.parse_args_with(Punctuated::parse_terminated)?,
        _ => Punctuated::new(),
    };
    if list.is_empty() {
        return Err(Error::new_spanned(
            meta,
            format!("expected a list, as in `{example}`"),
        ));
    }
    Ok(list)
}
