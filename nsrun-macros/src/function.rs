//! The function under the attribute.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Result, Signature, Visibility};

/// A function whose body nobody looks into: it may hold what only the compiler understands, and
/// to parse it a second time would take time.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: Group,
}

impl Function {
    pub(crate) fn parse(item: TokenStream) -> Result<Function> {
        // Whatever fails to parse is no function, or the compiler has already said what ails it.
        syn::parse2(item)
            .map_err(|_| Error::new(Span::call_site(), "`#[ns_test]` goes on a function"))
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Function> {
        let (attrs, vis, sig) = (
            Attribute::parse_outer(input)?,
            input.parse()?,
            input.parse()?,
        );
        match input.parse()? {
            TokenTree::Group(body) => Ok(Function {
                attrs,
                vis,
                sig,
                body,
            }),
            other => Err(Error::new(other.span(), "expected a body")),
        }
    }
}
