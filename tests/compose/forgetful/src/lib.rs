//! Test attributes that do not do their work.

use proc_macro::TokenStream;

/// Makes a test of whatever comes after `fn`, and loses the function's other attributes.
#[proc_macro_attribute]
pub fn test(_: TokenStream, item: TokenStream) -> TokenStream {
    let function = item
        .into_iter()
        .skip_while(|token| token.to_string() != "fn");
    let mut test: TokenStream = "#[::core::prelude::v1::test]"
        .parse()
        .expect("an attribute");
    test.extend(function);
    test
}

/// Makes no test at all.
#[proc_macro_attribute]
pub fn idle(_: TokenStream, item: TokenStream) -> TokenStream {
    item
}
