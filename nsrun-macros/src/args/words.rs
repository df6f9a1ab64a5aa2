//! The words that are valid, and what is said of others.

use crate::errors::{Error, Result};
use crate::kind::Kind;
use crate::meta::Meta;

pub(super) fn kind(meta: &Meta<'_>, valid: fn() -> String) -> Result<Kind> {
    let name = meta.name();
    match name.as_str() {
        "user" | "mount" => Err(Error::over(
            meta.path,
            format!("every sandbox has its own `{name}` namespace: leave it out"),
        )),
        _ => Kind::named(&name).ok_or_else(|| {
            let message = format!("unknown `{name}`; expected {}", valid());
            Error::over(meta.path, message)
        }),
    }
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
