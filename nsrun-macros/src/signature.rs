//! What a function has to look like to be a test.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Error, Safety, Signature};

use crate::attrs::{is_maker, is_plain_path};
use crate::errors::Errors;
use crate::surroundings::Surroundings;

/// That nothing about the function keeps it from being called without arguments.
pub(crate) fn check(sig: &Signature, errors: &mut Errors) {
    if let Some(receiver) = sig.receiver() {
        return errors.push(Error::new_spanned(
            receiver,
            "a method cannot be a test: make it a function outside of the `impl`",
        ));
    }
    modifiers(sig, errors);
    if !sig.generics.params.is_empty() {
        errors.push(Error::new_spanned(
            &sig.generics,
            "a test cannot be generic",
        ));
    }
    if !sig.inputs.is_empty() {
        errors.push(Error::new_spanned(
            &sig.inputs,
            "a test takes no arguments, unless an attribute such as `#[rstest]` provides them",
        ));
    }
}

fn modifiers(sig: &Signature, errors: &mut Errors) {
    if let Some(constness) = &sig.constness {
        errors.push(Error::new_spanned(
            constness,
            "a test cannot be a `const fn`",
        ));
    }
    if let Some(asyncness) = &sig.asyncness {
        errors.push(Error::new_spanned(
            asyncness,
            "nothing runs this future: add the test attribute of a runtime, such as \
             `#[tokio::test]`, below `#[ns_test]`",
        ));
    }
    if !matches!(sig.safety, Safety::Default) {
        errors.push(Error::new_spanned(
            &sig.safety,
            "a test cannot be an `unsafe fn`",
        ));
    }
    if let Some(abi) = &sig.abi {
        errors.push(Error::new_spanned(
            abi,
            "a test cannot have an ABI of its own",
        ));
    }
}

/// Whether an attribute above, gone by now, has made the function a test.
pub(crate) fn listed_above(surroundings: &Surroundings) -> syn::Result<bool> {
    let maker = surroundings
        .above
        .iter()
        .find(|path| is_maker(last_segment(path)));
    match maker {
        Some(path) if is_plain_path(path) => Err(Error::new(
            Span::call_site(),
            format!(
                "`#[{path}]` stands above and has expanded already, so that this test would be \
                 listed twice: put it below `#[ns_test]`, or leave it out"
            ),
        )),
        maker => Ok(maker.is_some()),
    }
}

/// That rstest has not given the attribute to one case and left the others without.
pub(crate) fn on_every_case(surroundings: &Surroundings) -> syn::Result<()> {
    let rstest = surroundings
        .above
        .iter()
        .any(|path| last_segment(path) == "rstest");
    let mut below = surroundings.below.iter();
    if rstest && below.any(|path| path == "case" || path.starts_with("case::")) {
        return Err(Error::new(
            Span::call_site(),
            "rstest gives an attribute above a `#[case]` to that case alone, and the other cases \
             would run without a sandbox: put `#[ns_test]` above `#[rstest]`, or below the last \
             `#[case]`",
        ));
    }
    Ok(())
}

fn last_segment(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The name under which libtest lists a function: `r#` stays only where a keyword needs it.
pub(crate) fn listed_name(sig: &Signature) -> String {
    let name = sig.ident.to_token_stream().to_string();
    match name.strip_prefix("r#") {
        Some(bare) if !is_keyword(bare) => bare.to_owned(),
        _ => name,
    }
}

fn is_keyword(name: &str) -> bool {
    // syn does not know this one, which is a keyword since the edition of 2024.
    name == "gen" || syn::parse_str::<syn::Ident>(name).is_err()
}
