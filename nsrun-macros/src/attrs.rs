//! The other attributes on the function, sorted by what becomes of them.

use crate::function::Function;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Meta, Path, parse_quote};

/// Attribute macros that make tests; each puts `#[test]` on what it makes.
const MAKERS: [&str; 7] = [
    "test",
    "rstest",
    "test_case",
    "test_matrix",
    "gtest",
    "quickcheck",
    "proptest",
];

/// What the compiler knows and what belongs to the body: the lints above all, since the code that
/// they are about is there, and an `#[expect]` has to be met exactly once.
const BODY: [&str; 10] = [
    "allow",
    "expect",
    "warn",
    "deny",
    "forbid",
    "track_caller",
    "inline",
    "cold",
    "target_feature",
    "coverage",
];

/// What the compiler knows and what belongs to the function that libtest calls.
const OUTSIDE: [&str; 4] = ["doc", "deprecated", "must_use", "diagnostic"];

/// Tools, whose attributes mean nothing to the compiler.
const TOOLS: [&str; 4] = ["clippy", "rustfmt", "miri", "rust_analyzer"];

/// The attributes, in the order of writing within each field.
#[derive(Default)]
pub(crate) struct Attrs<'a> {
    /// A plain `#[test]`.
    pub(crate) tests: Vec<&'a Attribute>,
    /// Attribute macros, and all that we do not know and that might be one.
    pub(crate) macros: Vec<&'a Attribute>,
    pub(crate) body: Vec<&'a Attribute>,
    pub(crate) outside: Vec<&'a Attribute>,
    pub(crate) should_panic: Option<&'a Attribute>,
    pub(crate) ignore: Option<&'a Attribute>,
}

impl<'a> Attrs<'a> {
    pub(crate) fn sort(function: &'a Function) -> Attrs<'a> {
        let mut sorted = Attrs::default();
        for attr in &function.attrs {
            sorted.add(attr);
        }
        // `#[test]` on a future is some runtime's, imported under that name.
        if function.sig.asyncness.is_some() {
            sorted.macros.append(&mut sorted.tests);
        }
        sorted
    }

    fn add(&mut self, attr: &'a Attribute) {
        let path = attr.path();
        let known = |names: &[&str]| names.iter().any(|name| path.is_ident(name));
        if known(&BODY) || is_tool(path) {
            self.body.push(attr);
        } else if known(&OUTSIDE) {
            self.outside.push(attr);
        } else if path.is_ident("should_panic") {
            self.should_panic.get_or_insert(attr);
        } else if path.is_ident("ignore") {
            self.ignore.get_or_insert(attr);
        } else if is_plain_test(attr) {
            self.tests.push(attr);
        } else {
            self.macros.push(attr);
        }
    }

    /// Whether one of the macros makes the function a test.
    pub(crate) fn has_maker(&self) -> bool {
        self.macros
            .iter()
            .any(|attr| is_maker(&last_segment(attr.path())))
    }

    /// The macro that makes exactly one test of the function and leaves it where it is.
    pub(crate) fn runtime(&self) -> Option<&Attribute> {
        let mut makers = self
            .macros
            .iter()
            .filter(|attr| is_maker(&last_segment(attr.path())));
        match (makers.next(), makers.next()) {
            (Some(only), None) if last_segment(only.path()) == "test" => Some(only),
            _ => None,
        }
    }

    /// Another `#[ns_test]`.
    pub(crate) fn ns_test(&self) -> Option<&'a Attribute> {
        self.macros
            .iter()
            .copied()
            .find(|attr| last_segment(attr.path()) == "ns_test")
    }
}

/// Whether an attribute whose path ends with this makes tests.
pub(crate) fn is_maker(last_segment: &str) -> bool {
    MAKERS.contains(&last_segment)
}

/// Whether this is how the compiler's own `#[test]` is written.
pub(crate) fn is_plain_path(path: &str) -> bool {
    let path = path.trim_start_matches("::");
    let v1 = path
        .strip_prefix("core::prelude::")
        .or_else(|| path.strip_prefix("std::prelude::"));
    path == "test" || v1.is_some_and(|rest| rest.ends_with("::test"))
}

fn is_plain_test(attr: &Attribute) -> bool {
    let path = attr.path().to_token_stream().to_string().replace(' ', "");
    matches!(attr.meta, Meta::Path(_)) && is_plain_path(&path)
}

fn is_tool(path: &Path) -> bool {
    path.segments.len() > 1 && TOOLS.iter().any(|tool| path.segments[0].ident == tool)
}

fn last_segment(path: &Path) -> String {
    path.segments
        .last()
        .map(|last| last.ident.to_string())
        .unwrap_or_default()
}

/// The text that `#[should_panic]` or `#[ignore]` gives, in any of the ways to write it.
pub(crate) fn text(attr: &Attribute) -> Option<TokenStream> {
    match &attr.meta {
        Meta::Path(_) => None,
        Meta::NameValue(pair) => Some(pair.value.to_token_stream()),
        Meta::List(list) => match list.parse_args() {
            Ok(Meta::NameValue(pair)) if pair.path.is_ident("expected") => {
                Some(pair.value.into_token_stream())
            }
            // The compiler says what is wrong with it.
            _ => None,
        },
    }
}

/// libtest's own attribute, by a name that no `use tokio::test` takes away.
pub(crate) fn libtest() -> Attribute {
    parse_quote!(#[::core::prelude::v1::test])
}
