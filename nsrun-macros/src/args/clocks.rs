//! What stands in `time(..)`.

use std::time::Duration;

use syn::{Error, Meta, Result};

use super::list::list;
use super::words::name_of;
use crate::value;

/// The offsets in `time(..)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clocks {
    pub(crate) monotonic: Duration,
    pub(crate) boottime: Duration,
}

pub(super) fn clocks(meta: &Meta) -> Result<Clocks> {
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
