//! What the attribute makes of anything that a compiler may hand to it.

use pm::{Ident, Span};
use proptest::collection::vec;
use proptest::prelude::*;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{FieldValue, File, Item, Macro, Token};

use super::*;
use crate::expand;
use crate::surroundings::Surroundings;

/// Pieces of arguments, in any order, and any text.
fn arguments() -> impl Strategy<Value = String> {
    let words = [
        "net",
        "pid",
        "user",
        "time",
        "root",
        "share",
        "hostname",
        "tmp_size",
        "timeout",
        "leaks",
        "crate",
        "monotonic",
        "boottime",
        "__moved",
        "r#net",
        ",",
        ", ",
        "=",
        "= ",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "\"db\"",
        "\"1d\"",
        "\"64M\"",
        "\"\"",
        "\"/tmp\"",
        "\"/a/../b\"",
        "\"-1s\"",
        "\"999999999999999999999y\"",
        "\"fail\"",
        "1",
        "'a",
        "'c'",
        "::",
        "::nsrun",
        "#",
        "!",
        "-",
        "b\"x\"",
        "1.5e3",
        "|x| x",
        "\u{e9}",
        "\"\\0\"",
        "self",
        "if",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(str::to_owned);
    let word = prop_oneof![19 => word, 1 => ".{0,4}"];
    vec(word, 0..12).prop_map(|words| words.join(" "))
}

/// Text that has unbalanced brackets, say, never gets as far as to an attribute.
fn tokens() -> impl Strategy<Value = TokenStream> {
    arguments().prop_filter_map("no tokens", |text| text.parse().ok())
}

/// Arguments that are well formed, with values that may not be.
fn valued() -> impl Strategy<Value = TokenStream> {
    let name = prop::sample::select(vec!["hostname", "tmp_size", "timeout", "leaks", "share"]);
    let value = prop_oneof!["[0-9a-zA-Z .-]{0,10}", ".{0,10}", "/[a-z./]{0,8}"];
    (name, value).prop_map(|(name, value)| {
        let name = Ident::new(name, Span::call_site());
        if name == "share" {
            quote!(share(#value))
        } else {
            quote!(#name = #value)
        }
    })
}

fn expanded(args: TokenStream) -> String {
    let item = quote!(
        fn kept_for_the_editor() {}
    );
    expand::ns_test(args, item, Surroundings::default).to_string()
}

/// Whether all of it can be read, and what it hands to the template as well.
fn is_code(code: &str) -> bool {
    let Ok(File { items, .. }) = syn::parse_str(code) else {
        return false;
    };
    let is_template = |call: &Macro| call.path.segments.iter().any(|at| at.ident == "__ns_test");
    let fields = Punctuated::<FieldValue, Token![,]>::parse_terminated;
    items.iter().all(|item| match item {
        Item::Macro(item) if is_template(&item.mac) => item.mac.parse_body_with(fields).is_ok(),
        _ => true,
    })
}

proptest! {
    /// Whatever is wrong is said, and the function stays.
    #[test]
    fn any_tokens_are_arguments_or_errors(tokens in prop_oneof![tokens(), valued()]) {
        let mut errors = Errors::default();
        let args = Args::parse(tokens.clone(), &mut errors);
        let is_valid = errors.compile_errors().is_none();
        let code = expanded(tokens);
        prop_assert!(code.contains("kept_for_the_editor"), "{code}");
        prop_assert_eq!(code.contains("compile_error"), !is_valid, "{}", code);
        prop_assert!(is_code(&code), "{code}");
        if is_valid {
            prop_assert!(args.hostname.is_none_or(|name| (1..=64).contains(&name.len())));
            prop_assert!(args.tmp_size.is_none_or(|bytes| bytes > 0));
            prop_assert!(args.timeout.is_none_or(|timeout| !timeout.is_zero()));
            prop_assert!(args.share.iter().all(|path| path.starts_with('/')));
        }
    }

    #[test]
    fn any_tokens_are_a_function_or_an_error(item in tokens()) {
        let code = expand::ns_test(TokenStream::new(), item, Surroundings::default).to_string();
        prop_assert!(code.contains("compile_error"), "{code}");
    }
}
