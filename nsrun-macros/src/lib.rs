//! The `#[ns_test]` attribute.
use proc_macro::TokenStream;

/// draft
#[proc_macro_attribute]
pub fn ns_test(_args: TokenStream, item: TokenStream) -> TokenStream {
    item
}
