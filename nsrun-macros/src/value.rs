//! The values of the options, and what is wrong with them.

use std::time::Duration;

use parse_size::Config;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Error, Expr, ExprLit, Lit, LitStr, Meta, Path, Result};

use crate::kind::Kind;

/// The longest host name that sethostname(2) takes.
const HOSTNAME_MAX: usize = 64;

/// That `meta` is a word alone.
pub(crate) fn word(meta: &Meta, example: &str) -> Result<()> {
    match meta {
        Meta::Path(_) => Ok(()),
        _ => Err(Error::new_spanned(
            meta,
            format!("no value goes here: write `{example}`"),
        )),
    }
}

pub(crate) fn hostname(meta: Meta) -> Result<String> {
    let text = string(meta, "hostname = \"db\"")?;
    let name = text.value();
    let wrong = match name.len() {
        0 => "a host name has at least one byte".to_owned(),
        len if len > HOSTNAME_MAX => {
            format!("a host name has at most {HOSTNAME_MAX} bytes, this one has {len}")
        }
        _ if name.contains('\0') => "a host name holds no NUL byte".to_owned(),
        _ => return Ok(name),
    };
    Err(Error::new(text.span(), wrong))
}

pub(crate) fn duration(meta: Meta, example: &str) -> Result<Duration> {
    let text = string(meta, example)?;
    humantime::parse_duration(&text.value()).map_err(|error| {
        Error::new(
            text.span(),
            format!("not a duration: {error}; write it as in `{example}`"),
        )
    })
}

pub(crate) fn timeout(meta: Meta) -> Result<Duration> {
    let place = meta.span();
    let timeout = duration(meta, "timeout = \"10s\"")?;
    if timeout.is_zero() {
        return Err(Error::new(
            place,
            "a timeout of zero leaves no time to run: write one as in `timeout = \"10s\"`",
        ));
    }
    Ok(timeout)
}

pub(crate) fn tmp_size(meta: Meta) -> Result<u64> {
    const EXAMPLE: &str = "tmp_size = \"64M\"";
    let text = string(meta, EXAMPLE)?;
    let size = Config::new()
        .with_binary()
        .parse_size(text.value())
        .map_err(|error| {
            Error::new(
                text.span(),
                format!("not a size: {error}; write it as in `{EXAMPLE}`"),
            )
        })?;
    if size == 0 {
        // To tmpfs(5), `size=0` means no limit: the opposite of what it says.
        return Err(Error::new(
            text.span(),
            format!("a size of zero would hold nothing: write one as in `{EXAMPLE}`"),
        ));
    }
    Ok(size)
}

/// A path of the host's that can be shared.
pub(crate) fn path(text: &LitStr) -> Result<String> {
    let path = text.value();
    let wrong = match path.as_str() {
        _ if path.contains('\0') => "a path holds no NUL byte".to_owned(),
        name if Kind::named(name).is_some() => {
            format!("a kind stands without quotes: write `share({name})`")
        }
        path if !path.starts_with('/') => "a path to share begins with `/`".to_owned(),
        path if is_tmp(path) => {
            "every sandbox has its own `/tmp`: share a path below it".to_owned()
        }
        _ => return Ok(path),
    };
    Err(Error::new(text.span(), wrong))
}

fn is_tmp(path: &str) -> bool {
    std::path::Path::new(path) == std::path::Path::new("/tmp")
}

/// What it means if a test that passes leaves processes behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaks {
    Warn,
    Fail,
}

pub(crate) fn leaks(meta: Meta) -> Result<Leaks> {
    let text = string(meta, "leaks = \"fail\"")?;
    match text.value().as_str() {
        "warn" => Ok(Leaks::Warn),
        "fail" => Ok(Leaks::Fail),
        _ => Err(Error::new(
            text.span(),
            "expected \"fail\" or \"warn\", as in `leaks = \"fail\"`",
        )),
    }
}

pub(crate) fn krate(meta: Meta) -> Result<Path> {
    let found = match meta {
        Meta::NameValue(pair) => pair.value,
        other => return Err(krate_expected(other)),
    };
    match ungrouped(found) {
        Expr::Path(path) if path.qself.is_none() => Ok(path.path),
        other => Err(krate_expected(other)),
    }
}

fn krate_expected(found: impl ToTokens) -> Error {
    Error::new_spanned(
        found,
        "expected the path of the nsrun crate, as in `crate = ::nsrun`",
    )
}

fn string(meta: Meta, example: &str) -> Result<LitStr> {
    let expected = format!("expected a string, as in `{example}`");
    let found = match meta {
        Meta::NameValue(pair) => pair.value,
        other => return Err(Error::new_spanned(other, expected)),
    };
    match ungrouped(found) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Ok(text),
        other => Err(Error::new_spanned(other, expected)),
    }
}

/// A `$value` that `macro_rules!` has filled in stands in an invisible group.
fn ungrouped(mut expr: Expr) -> Expr {
    while let Expr::Group(group) = expr {
        expr = *group.expr;
    }
    expr
}
