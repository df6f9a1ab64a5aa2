//! The options that describe a sandbox, the same for every command.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use nsrun_core::{Identity, Kind, Kinds, Leaks, Spec};

use super::share::Shared;

#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Sandbox")]
pub(crate) struct SandboxArgs {
    /// Namespaces to make, besides user and mount [default: net,pid,uts,ipc]
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    pub(crate) isolate: Vec<Kind>,
    /// Namespaces to share with the host; or a path, beginning with `/`, to bring back that is
    /// hidden: below /tmp, /var/tmp or /dev/shm, a socket of the host's, or a device that real root
    /// is kept from
    #[arg(long, value_name = "KINDS|PATH", value_parser = OsStringValueParser::new().try_map(Shared::parse))]
    pub(crate) share: Vec<Shared>,
    /// Be root inside
    #[arg(long)]
    pub(crate) root: bool,
    /// The host name inside [default: nsrun]
    #[arg(long, value_name = "NAME", value_parser = hostname)]
    pub(crate) hostname: Option<String>,
    /// What /tmp, /var/tmp and /dev/shm may hold together, such as 64M [default: 1G]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) tmp_size: Option<u64>,
    /// End each test, or the command, after this time, such as 90s
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// What it means if a test, or the command, succeeds and leaves processes behind: they are named
    /// and killed either way [default: warn]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) leaks: Option<OnLeaks>,
    /// Keep what a program needs visible, if it is there.
    #[arg(long, value_name = "PATH", hide = true)]
    pub(crate) keep: Vec<PathBuf>,
}

/// What it means if somebody is left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnLeaks {
    /// It has succeeded, and the processes are named
    Warn,
    /// It has failed
    Fail,
}

impl From<OnLeaks> for Leaks {
    fn from(leaks: OnLeaks) -> Leaks {
        match leaks {
            OnLeaks::Warn => Leaks::Warn,
            OnLeaks::Fail => Leaks::Fail,
        }
    }
}

impl SandboxArgs {
    /// The spec that these options describe.
    pub(crate) fn spec(&self) -> Spec {
        let asked: Kinds = self.isolate.iter().copied().collect();
        let kinds = if asked.is_empty() {
            Kinds::DEFAULT
        } else {
            asked
        };
        let shared = self.share.iter().filter_map(Shared::kinds);
        let mut spec = Spec::new(shared.fold(kinds, |kinds, shared| kinds - shared));
        spec.identity = if self.root {
            Identity::Root
        } else {
            Identity::Own
        };
        spec.hostname = self.hostname.clone();
        spec.tmp_size = self.tmp_size.unwrap_or(Spec::TMP_SIZE);
        spec.timeout = self.timeout;
        spec.leaks = self.leaks.map(Leaks::from);
        spec.keep = self.keep.clone();
        spec.share = self.share.iter().filter_map(Shared::path).collect();
        spec
    }

    /// The options again, as they are given on a command line.
    pub(crate) fn to_options(&self) -> Vec<String> {
        let mut options = Vec::new();
        if !self.isolate.is_empty() {
            let kinds: Vec<_> = self.isolate.iter().map(|kind| kind.name()).collect();
            options.push(format!("--isolate={}", kinds.join(",")));
        }
        options.extend(self.share.iter().map(|shared| format!("--share={shared}")));
        if self.root {
            options.push("--root".to_owned());
        }
        options.extend(
            self.hostname
                .iter()
                .map(|name| format!("--hostname={name}")),
        );
        options.extend(self.tmp_size.map(|bytes| format!("--tmp-size={bytes}")));
        options.extend(
            self.timeout
                .map(|t| format!("--timeout={}", humantime::format_duration(t))),
        );
        options.extend(self.leaks.map(|leaks| match leaks {
            OnLeaks::Warn => "--leaks=warn".to_owned(),
            OnLeaks::Fail => "--leaks=fail".to_owned(),
        }));
        options.extend(
            self.keep
                .iter()
                .map(|path| format!("--keep={}", path.display())),
        );
        options
    }
}

fn hostname(name: &str) -> Result<String, String> {
    match name.len() {
        1..=64 => Ok(name.to_owned()),
        _ => Err("a host name has 1 to 64 bytes".to_owned()),
    }
}

pub(super) fn size(text: &str) -> Result<u64, String> {
    let size = parse_size::Config::new().with_binary().parse_size(text);
    match size.map_err(|error| error.to_string())? {
        0 => Err("must be more than nothing; a tmpfs of size 0 has no limit".to_owned()),
        bytes => Ok(bytes),
    }
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text).map_err(|error| error.to_string())? {
        Duration::ZERO => Err("must be more than nothing".to_owned()),
        duration => Ok(duration),
    }
}

#[cfg(test)]
mod fuzzed;
