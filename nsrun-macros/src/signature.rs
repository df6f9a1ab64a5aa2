//! What a function has to look like to be a test.

use pm::{Span, TokenTree};

use crate::attrs::{is_maker, is_plain_path, last_segment};
use crate::errors::{Error, Errors, Result};
use crate::function::Function;
use crate::surroundings::Surroundings;
use crate::tokens::{elements, is_keyword, is_punct, is_word};

/// That nothing about the function keeps it from being called without arguments.
pub(crate) fn check(function: &Function, errors: &mut Errors) {
    if let Some(receiver) = receiver(function) {
        return errors.push(Error::over(
            receiver,
            "a method cannot be a test: make it a function outside of the `impl`",
        ));
    }
    // The name of an ABI stands behind its word.
    let is_name = |_: &_, next: &_| matches!(next, TokenTree::Literal(_));
    for modifier in function.modifiers.chunk_by(is_name) {
        errors.push(Error::over(modifier, wrong_with(&modifier[0])));
    }
    if function.generics.len() > 2 {
        errors.push(Error::over(&function.generics, "a test cannot be generic"));
    }
    if !function.params.is_empty() {
        errors.push(Error::over(
            &function.params,
            "a test takes no arguments, unless an attribute such as `#[rstest]` provides them",
        ));
    }
}

/// `&mut self`, `self: Box<Self>`.
fn receiver(function: &Function) -> Option<&[TokenTree]> {
    let first = elements(&function.params).next()?;
    let mut pattern = first.iter().take_while(|tree| !is_punct(tree, ':'));
    pattern.any(|tree| is_word(tree, "self")).then_some(first)
}

/// What is wrong with a test that has such a word in front.
fn wrong_with(modifier: &TokenTree) -> &'static str {
    match modifier.to_string().as_str() {
        "const" => "a test cannot be a `const fn`",
        "async" => {
            "nothing runs this future: add the test attribute of a runtime, such as \
             `#[tokio::test]`, below `#[ns_test]`"
        }
        "extern" => "a test cannot have an ABI of its own",
        _ => "a test cannot be an `unsafe fn`",
    }
}

/// Whether an attribute above, gone by now, has made the function a test.
pub(crate) fn listed_above(surroundings: &Surroundings) -> Result<bool> {
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
pub(crate) fn on_every_case(surroundings: &Surroundings) -> Result<()> {
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

/// The name under which libtest lists a function: `r#` stays only where a keyword needs it.
pub(crate) fn listed_name(function: &Function) -> String {
    let name = function.name.to_string();
    match name.strip_prefix("r#") {
        Some(bare) if !is_keyword(bare) => bare.to_owned(),
        _ => name,
    }
}
