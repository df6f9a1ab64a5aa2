//! What stands in the parentheses of `#[ns_test(..)]`.

use std::time::Duration;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Error, Ident, Meta, Path, Result, Token, parse_quote};

use crate::errors::Errors;
use crate::kind::Kind;
use crate::share::{Share, Shared};
use crate::value;

/// The arguments, checked.
pub(crate) struct Args {
    /// The kinds to make besides user and mount.
    pub(crate) kinds: Vec<Kind>,
    pub(crate) root: bool,
    pub(crate) hostname: Option<String>,
    pub(crate) clocks: Option<Clocks>,
    pub(crate) tmp_size: Option<u64>,
    /// The paths of the host that are not to be hidden.
    pub(crate) share: Vec<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) leaks: Option<Leaks>,
    /// Where `nsrun` is.
    pub(crate) krate: Path,
    /// Set where the attribute has put itself behind the function's others.
    pub(crate) moved: Option<Listed>,
}

/// What it means if a test that passes leaves processes behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaks {
    Warn,
    Fail,
}

/// The offsets in `time(..)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clocks {
    pub(crate) monotonic: Duration,
    pub(crate) boottime: Duration,
}

/// What makes the function a test, when the attribute has put itself behind the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// Nothing but this attribute.
    Here,
    /// Another one, so that `#[test]` from us would list the test twice.
    Elsewhere,
}

impl Listed {
    /// The word for it in the attribute's arguments, which no user writes.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Listed::Here => "__moved",
            Listed::Elsewhere => "__moved_listed",
        }
    }

    fn named(word: &str) -> Option<Listed> {
        [Listed::Here, Listed::Elsewhere]
            .into_iter()
            .find(|listed| listed.word() == word)
    }
}

impl Args {
    /// Reads what can be read, and notes what cannot.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Args {
        let mut written = Written::default();
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(error) = written.argument(input) {
                    errors.push(error);
                    skip_to_comma(input);
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        };
        let read = read.parse2(tokens);
        errors.note(read);
        written.check(errors)
    }
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        // Only the end of the input is no token tree.
        let _: Result<TokenTree> = input.parse();
    }
}

/// The arguments as they were written, each with its place.
#[derive(Default)]
struct Written {
    kinds: Vec<(Kind, Span)>,
    share: Vec<(Shared, Span)>,
    root: Option<()>,
    hostname: Option<(String, Span)>,
    clocks: Option<(Clocks, Span)>,
    tmp_size: Option<u64>,
    timeout: Option<Duration>,
    leaks: Option<Leaks>,
    krate: Option<Path>,
    moved: Option<Listed>,
    seen: Vec<String>,
}

impl Written {
    fn argument(&mut self, input: ParseStream<'_>) -> Result<()> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error(format!("expected {}", valid())));
        }
        let meta: Meta = input.parse()?;
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error("expected a comma"));
        }
        let name = name_of(&meta);
        if let Some(listed) = Listed::named(&name) {
            // A second move writes its word in front of the first one's.
            self.moved.get_or_insert(listed);
            return Ok(());
        }
        self.once(&name, &meta)?;
        self.take(&name, meta)
    }

    /// That nothing is said twice; `time` and `time(..)` are the same thing.
    fn once(&mut self, name: &str, meta: &Meta) -> Result<()> {
        if self.seen.iter().any(|seen| seen == name) {
            return Err(Error::new_spanned(
                meta.path(),
                format!("`{name}` is given twice"),
            ));
        }
        self.seen.push(name.to_owned());
        Ok(())
    }

    fn take(&mut self, name: &str, meta: Meta) -> Result<()> {
        let place = meta.span();
        match name {
            "root" => self.root = Some(value::word(&meta, "root")?),
            "hostname" => self.hostname = Some((value::hostname(meta)?, place)),
            "time" if !matches!(meta, Meta::Path(_)) => {
                self.clocks = Some((clocks(&meta)?, place));
            }
            "tmp_size" => self.tmp_size = Some(value::tmp_size(meta)?),
            "timeout" => self.timeout = Some(value::timeout(meta)?),
            "leaks" => self.leaks = Some(value::leaks(meta)?),
            "share" => self.share = shared(&meta)?,
            "crate" => self.krate = Some(value::krate(meta)?),
            _ => {
                let kind = kind(meta.path(), valid)?;
                value::word(&meta, name)?;
                self.kinds.push((kind, place));
            }
        }
        Ok(())
    }

    fn check(self, errors: &mut Errors) -> Args {
        for error in [self.asked_and_shared(), self.hostname_without_uts()] {
            errors.note(error);
        }
        Args {
            kinds: self.kinds(),
            share: self.shared_paths(),
            root: self.root.is_some(),
            hostname: self.hostname.map(|(name, _)| name),
            clocks: self.clocks.map(|(clocks, _)| clocks),
            tmp_size: self.tmp_size,
            timeout: self.timeout,
            leaks: self.leaks,
            krate: self.krate.unwrap_or_else(|| parse_quote!(::nsrun)),
            moved: self.moved,
        }
    }

    /// The kinds written or else the default ones, those that an option needs, less the shared.
    fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = match self.kinds[..] {
            [] => Kind::DEFAULT.to_vec(),
            ref written => written.iter().map(|(kind, _)| *kind).collect(),
        };
        if self.clocks.is_some() {
            kinds.push(Kind::Time);
        }
        kinds.retain(|kind| !self.shares(*kind));
        kinds
    }

    fn shares(&self, kind: Kind) -> bool {
        self.shared_kinds().any(|(shared, _)| shared == kind)
    }

    fn shared_kinds(&self) -> impl Iterator<Item = (Kind, Span)> {
        self.share.iter().filter_map(|(shared, span)| match shared {
            Shared::Kind(kind) => Some((*kind, *span)),
            Shared::Path(_) => None,
        })
    }

    fn shared_paths(&self) -> Vec<String> {
        let shared = self.share.iter().filter_map(|(shared, _)| match shared {
            Shared::Kind(_) => None,
            Shared::Path(path) => Some(path.clone()),
        });
        shared.collect()
    }

    fn asked_and_shared(&self) -> Result<()> {
        let mut asked = self.kinds.clone();
        asked.extend(self.clocks.map(|(_, span)| (Kind::Time, span)));
        match self
            .shared_kinds()
            .find(|(shared, _)| asked.iter().any(|(kind, _)| kind == shared))
        {
            Some((kind, span)) => Err(Error::new(
                span,
                format!("`{kind}` is both asked for and shared: take one of the two out"),
            )),
            None => Ok(()),
        }
    }

    fn hostname_without_uts(&self) -> Result<()> {
        match &self.hostname {
            Some((_, span)) if self.shares(Kind::Uts) => Err(Error::new(
                *span,
                "a host name of its own needs the `uts` kind, which is shared here",
            )),
            Some((_, span)) if !self.kinds().contains(&Kind::Uts) => Err(Error::new(
                *span,
                "a host name of its own needs the `uts` kind: add `uts`",
            )),
            _ => Ok(()),
        }
    }
}

fn clocks(meta: &Meta) -> Result<Clocks> {
    const EXAMPLE: &str = "time(monotonic = \"49d\", boottime = \"49d\")";
    let mut clocks = Clocks::default();
    let mut seen = Vec::new();
    for clock in list::<Meta>(meta, EXAMPLE)? {
        let name = name_of(&clock);
        let path = clock.path();
        let offset = match name.as_str() {
            "monotonic" => &mut clocks.monotonic,
            "boottime" => &mut clocks.boottime,
            _ => {
                let message = format!("unknown clock `{name}`; valid are monotonic and boottime");
                return Err(Error::new_spanned(path, message));
            }
        };
        if seen.contains(&name) {
            return Err(Error::new_spanned(
                clock.path(),
                format!("`{name}` is given twice"),
            ));
        }
        *offset = value::duration(clock, &format!("{name} = \"49d\""))?;
        seen.push(name);
    }
    Ok(clocks)
}

fn shared(meta: &Meta) -> Result<Vec<(Shared, Span)>> {
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

/// What stands in the parentheses of `meta`, at least one thing.
fn list<T: Parse>(meta: &Meta, example: &str) -> Result<Punctuated<T, Token![,]>> {
    let list = match meta {
        Meta::List(list) => list.parse_args_with(Punctuated::parse_terminated)?,
        _ => Punctuated::new(),
    };
    if list.is_empty() {
        return Err(Error::new_spanned(
            meta,
            format!("expected a list, as in `{example}`"),
        ));
    }
    Ok(list)
}

fn kind(path: &Path, valid: fn() -> String) -> Result<Kind> {
    let name = path.get_ident().map(Ident::to_string).unwrap_or_default();
    match name.as_str() {
        "user" | "mount" => Err(Error::new_spanned(
            path,
            format!("every sandbox has its own `{name}` namespace: leave it out"),
        )),
        name => Kind::named(name).ok_or_else(|| {
            let written = as_written(path);
            Error::new_spanned(path, format!("unknown `{written}`; expected {}", valid()))
        }),
    }
}

fn name_of(meta: &Meta) -> String {
    as_written(meta.path())
}

fn as_written(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

fn valid_kinds() -> String {
    let names: Vec<&str> = Kind::ALL.into_iter().map(Kind::name).collect();
    format!("one of the kinds {}", names.join(", "))
}

fn valid_shares() -> String {
    format!("{} or a path such as \"/run/docker.sock\"", valid_kinds())
}

fn valid() -> String {
    format!(
        "{} or one of the options root, hostname = \"db\", time(monotonic = \"49d\"), \
         tmp_size = \"64M\", share(net, \"/run/docker.sock\"), timeout = \"10s\", \
         leaks = \"fail\", crate = ::nsrun",
        valid_kinds()
    )
}

#[cfg(test)]
mod fuzzed;
#[cfg(test)]
mod tests;
