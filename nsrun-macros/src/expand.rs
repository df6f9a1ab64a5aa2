//! From the attribute and its function to what stands in their place.
//!
//! ```text
//! #[cfg(test)]
//! fn __nsrun_NAME() {
//!     fn NAME() { .. }              // the user's function: snapshot tests go by its name
//!     nsrun::__ns_test! { .. }      // registers it in TESTS, and runs it in its sandbox
//! }
//! #[test]
//! fn NAME() { __nsrun_NAME() }      // what libtest lists and calls
//! ```
//!
//! Without libtest the compiler strips every `#[test]` function, hence the other one.
//!
//! No generated token has a span of the user's alone: to the lints all of it comes from outside of
//! the crate, and not even `#![forbid(..)]` speaks up.

use std::ptr;

use pm::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};

use crate::args::{Args, Listed};
use crate::attrs::{Attribute, Attrs};
use crate::errors::{Error, Errors, Result};
use crate::function::Function;
use crate::surroundings::Surroundings;
use crate::tokens::{braced, code, join, located, parenthesized, placed};
use crate::{options, signature};

/// Expands one `#[ns_test(args)]`; `surroundings` reads the source, where that is needed.
pub(crate) fn ns_test(
    args: TokenStream,
    item: TokenStream,
    surroundings: fn() -> Surroundings,
) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = Args::parse(args.clone(), &mut errors);
    let expansion = Function::parse(item.clone())
        .and_then(|function| expand(args, &parsed, function, surroundings, &mut errors));
    let expansion = errors.note(expansion);
    match errors.compile_errors() {
        // The editor goes on knowing the function, and what the compiler says stays about us.
        Some(errors) => join([errors, item]),
        // Without an error there is one.
        None => expansion.unwrap_or_default(),
    }
}

fn expand(
    written: TokenStream,
    args: &Args,
    function: Function,
    surroundings: fn() -> Surroundings,
    errors: &mut Errors,
) -> Result<TokenStream> {
    let attrs = Attrs::sort(&function);
    if let Some(second) = attrs.ns_test() {
        return Err(Error::over(&second.tokens, "`ns_test` is given twice"));
    }
    let listed = listed(args, &attrs, surroundings)?;
    // Some put what is behind us in front again. Who makes tests is a macro and goes away; what
    // else is left after a move may be no macro at all, and would keep us moving.
    if attrs.has_maker() || (!attrs.macros.is_empty() && args.moved.is_none()) {
        return Ok(behind_the_others(written, args, listed, &attrs, &function));
    }
    signature::check(&function, errors);
    let entry = entry(args, listed, &attrs, &function);
    let function = listed_function(listed, &attrs, &function);
    Ok(join([entry, function]))
}

/// Whether something else makes the function a test.
fn listed(args: &Args, attrs: &Attrs<'_>, surroundings: fn() -> Surroundings) -> Result<Listed> {
    let seen = !attrs.tests.is_empty();
    let listed = match args.moved {
        Some(moved) => seen || moved == Listed::Elsewhere || attrs.has_maker(),
        None => {
            let surroundings = surroundings();
            signature::on_every_case(&surroundings)?;
            // What an attribute above has put there may itself be written `#[test]` in the source.
            seen || signature::listed_above(&surroundings)? || attrs.has_maker()
        }
    };
    Ok(if listed {
        Listed::Elsewhere
    } else {
        Listed::Here
    })
}

/// The function with this attribute behind all the others, which expand first then: what runs in
/// the sandbox is the whole test, the runtime that `#[tokio::test]` starts included, and each case
/// of an `#[rstest]` gets its own.
fn behind_the_others(
    written: TokenStream,
    args: &Args,
    listed: Listed,
    attrs: &Attrs<'_>,
    function: &Function,
) -> TokenStream {
    let moved = code(&format!("{},", listed.word()));
    let ours = join([code("::ns_test"), parenthesized([moved, written])]);
    let ours = Group::new(Delimiter::Bracket, join([args.krate.clone(), ours]));
    // The compiler's own `#[test]` stays behind us: where there is no libtest it takes away all
    // that comes after it.
    let tests = &attrs.tests;
    let is_test = |attr: &Attribute| tests.iter().any(|test| ptr::eq(*test, attr));
    join([
        attributes(function.attrs.iter().filter(|attr| !is_test(attr))),
        code("#"),
        TokenTree::from(ours).into(),
        attributes(tests.iter().copied()),
        function.vis.clone(),
        function.code.clone(),
        witness(attrs, function).unwrap_or_default(),
    ])
}

fn attributes<'a>(attrs: impl IntoIterator<Item = &'a Attribute>) -> TokenStream {
    let attrs = attrs.into_iter();
    attrs.flat_map(|attr| attr.tokens.clone()).collect()
}

/// Fails to compile where the other attribute has thrown ours away and the test would run without
/// a sandbox, unnoticed.
fn witness(attrs: &Attrs<'_>, function: &Function) -> Option<TokenStream> {
    let mut entry = entry_name(function);
    entry.set_span(Span::mixed_site().located_at(attrs.runtime()?.span()));
    let entry = TokenTree::from(entry).into();
    Some(join([
        code("#[cfg(test)] const _: fn() ="),
        entry,
        code(";"),
    ]))
}

fn entry_name(function: &Function) -> Ident {
    let name = function.name.to_string();
    let bare = name.strip_prefix("r#").unwrap_or(&name);
    Ident::new(&format!("__nsrun_{bare}"), Span::mixed_site())
}

/// The function that holds the user's and registers it.
fn entry(args: &Args, listed: Listed, attrs: &Attrs<'_>, function: &Function) -> TokenStream {
    let name = TokenTree::from(entry_name(function)).into();
    let body = braced([
        // As it was, but for what belongs to the one that libtest calls.
        attributes(attrs.body.iter().copied()),
        function.code.clone(),
        template(args, listed, attrs, function),
    ]);
    join([code("#[cfg(test)] fn"), name, code("()"), body])
}

/// The call of the template in `nsrun`, whose order this is.
fn template(args: &Args, listed: Listed, attrs: &Attrs<'_>, function: &Function) -> TokenStream {
    let name = Literal::string(&signature::listed_name(function));
    let kinds: Vec<&str> = args.kinds.iter().map(|kind| kind.variant()).collect();
    let fields = braced([
        field("path", TokenTree::from(name).into()),
        field("kinds", code(&format!("[{}]", kinds.join(", ")))),
        field("options", code(&format!("[{}]", options::calls(args)))),
        field("listed_here", code(&(listed == Listed::Here).to_string())),
        field("should_panic", should_panic(attrs)),
        field("ignore", ignore(attrs)),
        field("body", call(args, function)),
    ]);
    join([args.krate.clone(), code("::__ns_test!"), fields])
}

fn field(name: &str, value: TokenStream) -> TokenStream {
    join([code(name), code(":"), value, code(",")])
}

/// Calls the user's function, and judges what it returns. That may be no `Termination`; the error
/// belongs where the type stands.
fn call(args: &Args, function: &Function) -> TokenStream {
    let name = TokenTree::from(function.name.clone()).into();
    // In a closure, since it may not return, which makes code behind it that is never reached.
    let call = parenthesized([code("||"), name, code("()")]);
    let judged = join([args.krate.clone(), code("::__conclude"), call]);
    match function.output.first() {
        Some(output) => located(judged, output.span()),
        None => judged,
    }
}

fn should_panic(attrs: &Attrs<'_>) -> TokenStream {
    match attrs.should_panic.map(Attribute::text) {
        None => code("No"),
        Some(None) => code("Yes"),
        Some(Some(message)) => with("With", message),
    }
}

fn ignore(attrs: &Attrs<'_>) -> TokenStream {
    match attrs.ignore {
        None => code("None"),
        Some(attr) => with("Some", attr.text().unwrap_or_else(|| code("\"\""))),
    }
}

fn with(variant: &str, value: TokenStream) -> TokenStream {
    join([code(variant), parenthesized([value])])
}

/// What libtest lists: the name, and the attributes that are libtest's own.
fn listed_function(listed: Listed, attrs: &Attrs<'_>, function: &Function) -> TokenStream {
    // By a name that no `use tokio::test` takes away.
    let test = (listed == Listed::Here).then(|| code("#[::core::prelude::v1::test]"));
    let [name, entry] = [function.name.clone(), entry_name(function)].map(TokenTree::from);
    let call = braced([entry.into(), code("()")]);
    let calls = join([code("fn"), name.into(), code("()"), call]);
    join([
        test.unwrap_or_default(),
        attributes(attrs.tests.iter().copied()),
        ignored_elsewhere(attrs).unwrap_or_default(),
        attributes(attrs.outside.iter().copied()),
        attributes(attrs.should_panic),
        attributes(attrs.ignore),
        function.vis.clone(),
        placed(calls, listed_place(listed, attrs, function)),
    ])
}

/// Not quite the user's place, so that a lint about the name speaks up once, at the body. But where
/// we only believe that `#[test]` has been there it is: if it has not, the test would not run, and
/// "never used" is all that anybody would hear of it.
fn listed_place(listed: Listed, attrs: &Attrs<'_>, function: &Function) -> Span {
    let place = function.name.span();
    if listed == Listed::Elsewhere && attrs.tests.is_empty() {
        return place;
    }
    Span::mixed_site().located_at(place)
}

/// `#[ignore]` for the systems without namespaces, where the user has not written it anyway.
fn ignored_elsewhere(attrs: &Attrs<'_>) -> Option<TokenStream> {
    const IGNORED: &str =
        "#[cfg_attr(not(target_os = \"linux\"), ignore = \"nsrun needs Linux namespaces\")]";
    attrs.ignore.is_none().then(|| code(IGNORED))
}
