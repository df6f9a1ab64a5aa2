//! From the attribute and its function to what stands in their place.
//!
//! ```text
//! #[cfg(test)]
//! fn __nsrun_NAME() {
//!     fn NAME() { .. }              // the user's function: snapshot tests go by its name
//!     static __NSRUN: Test = ..;    // registered in TESTS
//!     run(&__NSRUN)
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

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, ReturnType, Type};

use crate::args::{Args, Listed};
use crate::attrs::{self, Attrs};
use crate::errors::Errors;
use crate::function::Function;
use crate::surroundings::Surroundings;
use crate::{signature, spec};

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
        Some(errors) => quote!(#errors #item),
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
) -> syn::Result<TokenStream> {
    let attrs = Attrs::sort(&function);
    if let Some(second) = attrs.ns_test() {
        return Err(Error::new_spanned(second, "`ns_test` is given twice"));
    }
    let listed = listed(args, &attrs, surroundings)?;
    // Some put what is behind us in front again. Who makes tests is a macro and goes away; what
    // else is left after a move may be no macro at all, and would keep us moving.
    if attrs.has_maker() || (!attrs.macros.is_empty() && args.moved.is_none()) {
        return Ok(behind_the_others(&written, args, listed, &attrs, &function));
    }
    signature::check(&function.sig, errors);
    let entry = entry(args, listed, &attrs, &function);
    let function = listed_function(listed, &attrs, &function);
    Ok(quote!(#entry #function))
}

/// Whether something else makes the function a test.
fn listed(
    args: &Args,
    attrs: &Attrs<'_>,
    surroundings: fn() -> Surroundings,
) -> syn::Result<Listed> {
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
    written: &TokenStream,
    args: &Args,
    listed: Listed,
    attrs: &Attrs<'_>,
    function: &Function,
) -> TokenStream {
    let witness = witness(attrs, function);
    let moved = Ident::new(listed.word(), Span::mixed_site());
    let krate = &args.krate;
    // The compiler's own `#[test]` stays behind us: where there is no libtest it takes away all
    // that comes after it.
    let tests = &attrs.tests;
    let is_test = |attr: &Attribute| tests.iter().any(|test| ptr::eq(*test, attr));
    let others = function.attrs.iter().filter(|attr| !is_test(attr));
    let Function { vis, sig, body, .. } = function;
    quote! {
        #(#others)*
        #[#krate::ns_test(#moved, #written)]
        #(#tests)*
        #vis #sig #body
        #witness
    }
}

/// Fails to compile where the other attribute has thrown ours away and the test would run without
/// a sandbox, unnoticed.
fn witness(attrs: &Attrs<'_>, function: &Function) -> Option<TokenStream> {
    let place = Span::mixed_site().located_at(attrs.runtime()?.path().span());
    let mut entry = entry_name(function);
    entry.set_span(place);
    Some(quote_spanned! {place=>
        #[cfg(test)]
        const _: fn() = #entry;
    })
}

fn entry_name(function: &Function) -> Ident {
    format_ident!(
        "__nsrun_{}",
        function.sig.ident.unraw(),
        span = Span::mixed_site()
    )
}

/// The function that holds the user's and registers it.
fn entry(args: &Args, listed: Listed, attrs: &Attrs<'_>, function: &Function) -> TokenStream {
    let krate = &args.krate;
    let entry = entry_name(function);
    let name = &function.sig.ident;
    let body = body(attrs, function);
    let registered = registered(args, listed, attrs, function);
    quote! {
        #[cfg(test)]
        fn #entry() {
            #body
            #[cfg(target_os = "linux")]
            {
                #registered
                #krate::__private::run(&__NSRUN)
            }
            #[cfg(not(target_os = "linux"))]
            let _ = #name;
        }
    }
}

/// The user's function as it was, but for what belongs to the one that libtest calls.
fn body(attrs: &Attrs<'_>, function: &Function) -> TokenStream {
    let outer = &attrs.body;
    let Function { sig, body, .. } = function;
    quote!(#(#outer)* #sig #body)
}

fn registered(args: &Args, listed: Listed, attrs: &Attrs<'_>, function: &Function) -> TokenStream {
    let krate = &args.krate;
    let path = signature::listed_name(&function.sig);
    let spec = spec::closure(args);
    let should_panic = should_panic(args, attrs);
    let ignore = ignore(attrs);
    let call = call(args, function);
    let listed_here = listed == Listed::Here;
    quote! {
        // `nsrun::__private::TESTS` gathers what is in this section.
        #[used]
        #[unsafe(link_section = "nsrun_tests_0_1")]
        static __NSRUN: #krate::__private::Test = #krate::__private::Test {
            path: ::core::concat!(::core::module_path!(), "::", #path),
            spec: #spec,
            body: || #call,
            ignore: #ignore,
            should_panic: #should_panic,
            listed_here: #listed_here,
        };
    }
}

/// Calls the user's function and judges what it returns.
fn call(args: &Args, function: &Function) -> TokenStream {
    let krate = &args.krate;
    let name = &function.sig.ident;
    match &function.sig.output {
        // There is nothing to judge, and a lint against code that is never reached.
        ReturnType::Type(_, output) if matches!(**output, Type::Never(_)) => quote!(#name()),
        // What it returns may be no `Termination`; the error belongs where the type stands.
        ReturnType::Type(_, output) => {
            let place = Span::mixed_site().located_at(output.span());
            quote_spanned!(place=> #krate::__private::conclude(#name()))
        }
        ReturnType::Default => quote!(#krate::__private::conclude(#name())),
    }
}

fn should_panic(args: &Args, attrs: &Attrs<'_>) -> TokenStream {
    let krate = &args.krate;
    let variant = match attrs.should_panic.map(attrs::text) {
        None => quote!(No),
        Some(None) => quote!(Yes),
        Some(Some(message)) => quote!(With(#message)),
    };
    quote!(#krate::__private::ShouldPanic::#variant)
}

fn ignore(attrs: &Attrs<'_>) -> TokenStream {
    match attrs.ignore {
        None => quote!(::core::option::Option::None),
        Some(attr) => {
            let reason = attrs::text(attr).unwrap_or_else(|| quote!(""));
            quote!(::core::option::Option::Some(#reason))
        }
    }
}

/// What libtest lists: the name, and the attributes that are libtest's own.
fn listed_function(listed: Listed, attrs: &Attrs<'_>, function: &Function) -> TokenStream {
    let Attrs {
        tests,
        outside,
        should_panic,
        ignore,
        ..
    } = attrs;
    let test = (listed == Listed::Here).then(attrs::libtest);
    let elsewhere = ignored_elsewhere(attrs);
    let entry = entry_name(function);
    let vis = &function.vis;
    let place = listed_place(listed, attrs, function);
    let mut name = function.sig.ident.clone();
    name.set_span(place);
    let calls = quote_spanned!(place=> #vis fn #name() { #entry() });
    quote! {
        #test
        #(#tests)*
        #elsewhere
        #(#outside)*
        #should_panic
        #ignore
        #calls
    }
}

/// Not quite the user's place, so that a lint about the name speaks up once, at the body. But where
/// we only believe that `#[test]` has been there it is: if it has not, the test would not run, and
/// "never used" is all that anybody would hear of it.
fn listed_place(listed: Listed, attrs: &Attrs<'_>, function: &Function) -> Span {
    let place = function.sig.ident.span();
    if listed == Listed::Elsewhere && attrs.tests.is_empty() {
        return place;
    }
    Span::mixed_site().located_at(place)
}

/// `#[ignore]` for the systems without namespaces, where the user has not written it anyway.
fn ignored_elsewhere(attrs: &Attrs<'_>) -> Option<Attribute> {
    match attrs.ignore {
        Some(_) => None,
        None => Some(syn::parse_quote! {
            #[cfg_attr(not(target_os = "linux"), ignore = "nsrun needs Linux namespaces")]
        }),
    }
}
