//! What stands in `share(..)`.

use std::fmt;

use pm::{Span, TokenTree};

use super::words::{kind, valid_shares};
use crate::errors::{Error, Result};
use crate::kind::Kind;
use crate::meta::Meta;
use crate::tokens::elements;
use crate::value::{self, Text};

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

pub(super) fn shared(meta: &Meta<'_>) -> Result<Vec<(Shared, Span)>> {
    let mut all: Vec<(Shared, Span)> = Vec::new();
    for written in elements(&value::list(meta, "share(net, \"/run/docker.sock\")")?) {
        let (shared, place) = (one(written)?, written[0].span());
        if all.iter().any(|(seen, _)| *seen == shared) {
            return Err(Error::new(place, format!("`{shared}` is given twice")));
        }
        all.push((shared, place));
    }
    Ok(all)
}

/// As it is written: `net`, or `"/run/docker.sock"`.
fn one(written: &[TokenTree]) -> Result<Shared> {
    match (Text::of(&written[..1]), written.get(1)) {
        (Some(text), None) => Ok(Shared::Path(value::path(&text)?)),
        (Some(_), Some(behind)) => Err(Error::new(behind.span(), "expected a comma")),
        (None, _) => {
            let word = Meta::parse(written)?;
            value::word(&word, &word.name())?;
            Ok(Shared::Kind(kind(&word, valid_shares)?))
        }
    }
}
