//! The arguments as they were written.

use std::time::Duration;

use pm::{Span, TokenStream, TokenTree};

use super::Args;
use super::clocks::{Clocks, clocks};
use super::listed::Listed;
use super::share::{Shared, shared};
use super::words::{kind, valid};
use crate::errors::{Error, Errors, Result};
use crate::kind::Kind;
use crate::meta::{Given, Meta};
use crate::tokens::code;
use crate::value::{self, Leaks};

/// Each with its place, where more than one of them can be wrong together.
#[derive(Default)]
pub(super) struct Written {
    kinds: Vec<(Kind, Span)>,
    share: Vec<(Shared, Span)>,
    root: Option<()>,
    hostname: Option<(String, Span)>,
    clocks: Option<(Clocks, Span)>,
    tmp_size: Option<u64>,
    timeout: Option<Duration>,
    leaks: Option<Leaks>,
    krate: Option<TokenStream>,
    moved: Option<Listed>,
    seen: Vec<String>,
}

impl Written {
    pub(super) fn argument(&mut self, tokens: &[TokenTree]) -> Result<()> {
        if !matches!(tokens, [TokenTree::Ident(_), ..]) {
            return Err(Error::over(&tokens[..1], format!("expected {}", valid())));
        }
        let meta = Meta::parse(tokens)?;
        let name = meta.name();
        if let Some(listed) = Listed::named(&name) {
            // A second move writes its word in front of the first one's.
            self.moved.get_or_insert(listed);
            return Ok(());
        }
        self.once(&name, &meta)?;
        self.take(&name, &meta)
    }

    /// That nothing is said twice; `time` and `time(..)` are the same thing.
    fn once(&mut self, name: &str, meta: &Meta<'_>) -> Result<()> {
        if self.seen.iter().any(|seen| seen == name) {
            return Err(Error::over(meta.path, format!("`{name}` is given twice")));
        }
        self.seen.push(name.to_owned());
        Ok(())
    }

    fn take(&mut self, name: &str, meta: &Meta<'_>) -> Result<()> {
        let place = meta.tokens[0].span();
        match name {
            "root" => self.root = Some(value::word(meta, "root")?),
            "hostname" => self.hostname = Some((value::hostname(meta)?, place)),
            "time" if !matches!(meta.given, Given::Nothing) => {
                self.clocks = Some((clocks(meta)?, place));
            }
            "tmp_size" => self.tmp_size = Some(value::tmp_size(meta)?),
            "timeout" => self.timeout = Some(value::timeout(meta)?),
            "leaks" => self.leaks = Some(value::leaks(meta)?),
            "share" => self.share = shared(meta)?,
            "crate" => self.krate = Some(value::krate(meta)?),
            _ => {
                let kind = kind(meta, valid)?;
                value::word(meta, name)?;
                self.kinds.push((kind, place));
            }
        }
        Ok(())
    }

    pub(super) fn check(self, errors: &mut Errors) -> Args {
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
            krate: self.krate.unwrap_or_else(|| code("::nsrun")),
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
