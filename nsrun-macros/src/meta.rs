//! What stands in an attribute, and in the parentheses of ours.

use pm::{Group, TokenTree};

use crate::errors::{Error, Result};
use crate::tokens::{as_written, is_punct, path_len};

/// `path`, `path = value` or `path(list)`.
pub(crate) struct Meta<'a> {
    /// All of it.
    pub(crate) tokens: &'a [TokenTree],
    pub(crate) path: &'a [TokenTree],
    pub(crate) given: Given<'a>,
}

/// What a path is given.
#[derive(Clone, Copy)]
pub(crate) enum Given<'a> {
    Nothing,
    Value(&'a [TokenTree]),
    List(&'a Group),
}

impl<'a> Meta<'a> {
    pub(crate) fn parse(tokens: &'a [TokenTree]) -> Result<Meta<'a>> {
        let (path, behind) = tokens.split_at(path_len(tokens));
        if path.is_empty() {
            return Err(Error::over(&tokens[..1], "expected identifier"));
        }
        let (given, rest) = match behind {
            [equals, value @ ..] if is_punct(equals, '=') => match value {
                // Whoever forgets a comma hears of it.
                [TokenTree::Literal(_), rest @ ..] => (Given::Value(&value[..1]), rest),
                value => (Given::Value(value), &[][..]),
            },
            [TokenTree::Group(list), rest @ ..] => (Given::List(list), rest),
            rest => (Given::Nothing, rest),
        };
        match rest {
            [] => Ok(Meta {
                tokens,
                path,
                given,
            }),
            [unexpected, ..] => Err(Error::new(unexpected.span(), "expected a comma")),
        }
    }

    /// The path, as it is written.
    pub(crate) fn name(&self) -> String {
        as_written(self.path)
    }
}
