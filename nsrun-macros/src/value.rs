//! The values of the options, and what is wrong with them.

use std::time::Duration;

use parse_size::Config;
use pm::{Span, TokenStream, TokenTree};

use crate::errors::{Error, Result};
use crate::kind::Kind;
use crate::literal;
use crate::meta::{Given, Meta};
use crate::tokens::{is_keyword, path_len, stream, trees};

/// The longest host name that sethostname(2) takes.
const HOSTNAME_MAX: usize = 64;

/// That `meta` is a word alone.
pub(crate) fn word(meta: &Meta<'_>, example: &str) -> Result<()> {
    match meta.given {
        Given::Nothing => Ok(()),
        _ => Err(Error::over(
            meta.tokens,
            format!("no value goes here: write `{example}`"),
        )),
    }
}

pub(crate) fn hostname(meta: &Meta<'_>) -> Result<String> {
    let text = string(meta, "hostname = \"db\"")?;
    let name = text.value;
    let wrong = match name.len() {
        0 => "a host name has at least one byte".to_owned(),
        len if len > HOSTNAME_MAX => {
            format!("a host name has at most {HOSTNAME_MAX} bytes, this one has {len}")
        }
        _ if name.contains('\0') => "a host name holds no NUL byte".to_owned(),
        _ => return Ok(name),
    };
    Err(Error::new(text.place, wrong))
}

pub(crate) fn duration(meta: &Meta<'_>, example: &str) -> Result<Duration> {
    let text = string(meta, example)?;
    humantime::parse_duration(&text.value).map_err(|error| {
        Error::new(
            text.place,
            format!("not a duration: {error}; write it as in `{example}`"),
        )
    })
}

pub(crate) fn timeout(meta: &Meta<'_>) -> Result<Duration> {
    let place = meta.tokens[0].span();
    let timeout = duration(meta, "timeout = \"10s\"")?;
    if timeout.is_zero() {
        return Err(Error::new(
            place,
            "a timeout of zero leaves no time to run: write one as in `timeout = \"10s\"`",
        ));
    }
    Ok(timeout)
}

pub(crate) fn tmp_size(meta: &Meta<'_>) -> Result<u64> {
    const EXAMPLE: &str = "tmp_size = \"64M\"";
    let text = string(meta, EXAMPLE)?;
    let size = Config::new()
        .with_binary()
        .parse_size(text.value)
        .map_err(|error| {
            Error::new(
                text.place,
                format!("not a size: {error}; write it as in `{EXAMPLE}`"),
            )
        })?;
    if size == 0 {
        // To tmpfs(5), `size=0` means no limit: the opposite of what it says.
        return Err(Error::new(
            text.place,
            format!("a size of zero would hold nothing: write one as in `{EXAMPLE}`"),
        ));
    }
    Ok(size)
}

/// A path of the host's that can be shared.
pub(crate) fn path(text: &Text) -> Result<String> {
    let path = &text.value;
    let wrong = match path.as_str() {
        _ if path.contains('\0') => "a path holds no NUL byte".to_owned(),
        name if Kind::named(name).is_some() => {
            format!("a kind stands without quotes: write `share({name})`")
        }
        path if !path.starts_with('/') => "a path to share begins with `/`".to_owned(),
        path if is_tmp(path) => {
            "every sandbox has its own `/tmp`: share a path below it".to_owned()
        }
        _ => return Ok(path.clone()),
    };
    Err(Error::new(text.place, wrong))
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

pub(crate) fn leaks(meta: &Meta<'_>) -> Result<Leaks> {
    let text = string(meta, "leaks = \"fail\"")?;
    match text.value.as_str() {
        "warn" => Ok(Leaks::Warn),
        "fail" => Ok(Leaks::Fail),
        _ => Err(Error::new(
            text.place,
            "expected \"fail\" or \"warn\", as in `leaks = \"fail\"`",
        )),
    }
}

pub(crate) fn krate(meta: &Meta<'_>) -> Result<TokenStream> {
    let found = match meta.given {
        Given::Value(path) if is_path(path) => return Ok(stream(path)),
        Given::Value(value @ [_, ..]) => value,
        _ => meta.tokens,
    };
    Err(Error::over(
        found,
        "expected the path of the nsrun crate, as in `crate = ::nsrun`",
    ))
}

fn is_path(tokens: &[TokenTree]) -> bool {
    !tokens.is_empty() && path_len(tokens) == tokens.len() && tokens.iter().all(is_segment)
}

/// Whether the word, if it is one, may stand in a path.
fn is_segment(tree: &TokenTree) -> bool {
    let word = tree.to_string();
    ["crate", "self", "super"].contains(&word.as_str()) || !is_keyword(&word)
}

/// What stands in the parentheses of `meta`, at least one thing.
pub(crate) fn list(meta: &Meta<'_>, example: &str) -> Result<Vec<TokenTree>> {
    let inside = match meta.given {
        Given::List(group) => trees(group.stream()),
        _ => Vec::new(),
    };
    if inside.is_empty() {
        let message = format!("expected a list, as in `{example}`");
        return Err(Error::over(meta.tokens, message));
    }
    Ok(inside)
}

/// A string, and where it stands.
pub(crate) struct Text {
    pub(crate) value: String,
    place: Span,
}

impl Text {
    /// `None` if the tokens are something else.
    pub(crate) fn of(tokens: &[TokenTree]) -> Option<Text> {
        let [TokenTree::Literal(literal)] = tokens else {
            return None;
        };
        Some(Text {
            value: literal::string(literal)?,
            place: literal.span(),
        })
    }
}

fn string(meta: &Meta<'_>, example: &str) -> Result<Text> {
    let found = match meta.given {
        Given::Value(value @ [_, ..]) => value,
        _ => meta.tokens,
    };
    Text::of(found)
        .ok_or_else(|| Error::over(found, format!("expected a string, as in `{example}`")))
}
