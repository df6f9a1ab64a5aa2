//! What stands in `share(..)`.

use std::fmt;

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{LitStr, Meta, Result};

use crate::kind::Kind;

/// As it is written: `net`, or `"/run/docker.sock"`.
pub(crate) enum Share {
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
    pub(crate) fn span(&self) -> Span {
        match self {
            Share::Word(meta) => meta.span(),
            Share::Path(path) => path.span(),
        }
    }
}

/// What is shared with the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shared {
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
