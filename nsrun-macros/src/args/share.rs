//! What stands in `share(..)`.

use std::fmt;

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Error, LitStr, Meta, Result};

use super::list::list;
use super::words::{kind, name_of, valid_shares};
use crate::kind::Kind;
use crate::value;

/// As it is written: `net`, or `"/run/docker.sock"`.
enum Share {
    Word(Box<Meta>),
    Path(LitStr),
}

impl Parse for Share {
    fn parse(input: ParseStream<'_>) -> Result<Share> {
        if input.peek(LitStr) {
            input.parse().map(Share::Path)
        } else {
            input.parse().map(|meta| Share::Word(Box::new(meta)))
        }
    }
}

impl Share {
    fn span(&self) -> Span {
        match self {
            Share::Word(meta) => meta.span(),
            Share::Path(path) => path.span(),
        }
    }
}

/// What is shared with the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shared {
    Kind(Kind),
    Path(String),
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shared::Kind(kind) => kind.fmt(f),
            Shared::Path(path) => f.write_str(path),
        }
    }
}

pub(super) fn shared(meta: &Meta) -> Result<Vec<(Shared, Span)>> {
    let mut all: Vec<(Shared, Span)> = Vec::new();
    for written in list::<Share>(meta, "share(net, \"/run/docker.sock\")")? {
        let shared = match &written {
            Share::Path(path) => Shared::Path(value::path(path)?),
            Share::Word(word) => {
                value::word(word, &name_of(word))?;
                Shared::Kind(kind(word.path(), valid_shares)?)
            }
        };
        if all.iter().any(|(seen, _)| *seen == shared) {
            let message = format!("`{shared}` is given twice");
            return Err(Error::new(written.span(), message));
        }
        all.push((shared, written.span()));
    }
    Ok(all)
}
