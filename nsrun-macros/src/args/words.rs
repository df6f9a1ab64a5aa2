//! The words that are valid, and what is said of others.

use quote::ToTokens;
use syn::{Error, Ident, Meta, Path, Result};

use crate::kind::Kind;

pub(super) fn kind(path: &Path, valid: fn() -> String) -> Result<Kind> {
    // A path of several words is none of the kinds.
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

pub(super) fn name_of(meta: &Meta) -> String {
    as_written(meta.path())
}

fn as_written(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

fn valid_kinds() -> String {
    let names: Vec<&str> = Kind::ALL.into_iter().map(Kind::name).collect();
    format!("one of the kinds {}", names.join(", "))
}

pub(super) fn valid_shares() -> String {
    format!("{} or a path such as \"/run/docker.sock\"", valid_kinds())
}

pub(super) fn valid() -> String {
    format!(
        "{} or one of the options root, hostname = \"db\", time(monotonic = \"49d\"), \
         tmp_size = \"64M\", share(net, \"/run/docker.sock\"), timeout = \"10s\", \
         leaks = \"fail\", crate = ::nsrun",
        valid_kinds()
    )
}
