//! The other attributes on the function, sorted by what becomes of them.

use pm::{Group, Span, TokenStream, TokenTree};

use crate::function::Function;
use crate::meta::{Given, Meta};
use crate::tokens::{as_written, elements, is_word, path_len, stream, trees};

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

/// An attribute on the function.
pub(crate) struct Attribute {
    /// As it came.
    pub(crate) tokens: [TokenTree; 2],
    /// As it is written.
    pub(crate) path: String,
    /// What stands between the brackets.
    content: Vec<TokenTree>,
}

impl Attribute {
    pub(crate) fn new(pound: &TokenTree, content: &Group) -> Attribute {
        let tokens = [pound.clone(), content.clone().into()];
        let content = trees(content.stream());
        Attribute {
            tokens,
            path: as_written(&content[..path_len(&content)]),
            content,
        }
    }

    /// Where it starts.
    pub(crate) fn span(&self) -> Span {
        self.content.first().unwrap_or(&self.tokens[1]).span()
    }

    fn is_alone(&self) -> bool {
        path_len(&self.content) == self.content.len()
    }

    fn last_segment(&self) -> &str {
        last_segment(&self.path)
    }

    /// The text that `#[should_panic]` or `#[ignore]` gives, in any of the ways to write it.
    pub(crate) fn text(&self) -> Option<TokenStream> {
        match Meta::parse(&self.content).ok()?.given {
            Given::Nothing => None,
            Given::Value(text) => Some(stream(text)),
            Given::List(group) => expected(&trees(group.stream())),
        }
    }
}

/// What stands in the parentheses of `#[should_panic(expected = "..")]`.
fn expected(inside: &[TokenTree]) -> Option<TokenStream> {
    // The compiler says what is wrong with anything else.
    let only = Meta::parse(elements(inside).next()?).ok()?;
    match only.given {
        Given::Value(text) if only.name() == "expected" => Some(stream(text)),
        _ => None,
    }
}

/// The last word of a path.
pub(crate) fn last_segment(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

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
        if function.modifiers.iter().any(|word| is_word(word, "async")) {
            sorted.macros.append(&mut sorted.tests);
        }
        sorted
    }

    fn add(&mut self, attr: &'a Attribute) {
        let path = attr.path.as_str();
        let known = |names: &[&str]| names.contains(&path);
        if known(&BODY) || is_tool(path) {
            self.body.push(attr);
        } else if known(&OUTSIDE) {
            self.outside.push(attr);
        } else if path == "should_panic" {
            self.should_panic.get_or_insert(attr);
        } else if path == "ignore" {
            self.ignore.get_or_insert(attr);
        } else if is_plain_test(attr) {
            self.tests.push(attr);
        } else {
            self.macros.push(attr);
        }
    }

    /// Whether one of the macros makes the function a test.
    pub(crate) fn has_maker(&self) -> bool {
        self.macros.iter().any(|attr| is_maker(attr.last_segment()))
    }

    /// The macro that makes exactly one test of the function and leaves it where it is.
    pub(crate) fn runtime(&self) -> Option<&Attribute> {
        let mut makers = self
            .macros
            .iter()
            .filter(|attr| is_maker(attr.last_segment()));
        match (makers.next(), makers.next()) {
            (Some(only), None) if only.last_segment() == "test" => Some(only),
            _ => None,
        }
    }

    /// Another `#[ns_test]`.
    pub(crate) fn ns_test(&self) -> Option<&'a Attribute> {
        self.macros
            .iter()
            .copied()
            .find(|attr| attr.last_segment() == "ns_test")
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
    attr.is_alone() && is_plain_path(&attr.path)
}

fn is_tool(path: &str) -> bool {
    let tool = path.split_once("::").map(|(tool, _)| tool);
    tool.is_some_and(|tool| TOOLS.contains(&tool))
}
