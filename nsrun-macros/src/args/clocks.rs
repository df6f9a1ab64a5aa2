//! What stands in `time(..)`.

use std::time::Duration;

use crate::errors::{Error, Result};
use crate::meta::Meta;
use crate::tokens::elements;
use crate::value;

/// The offsets in `time(..)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clocks {
    pub(crate) monotonic: Duration,
    pub(crate) boottime: Duration,
}

pub(super) fn clocks(meta: &Meta<'_>) -> Result<Clocks> {
    const EXAMPLE: &str = "time(monotonic = \"49d\", boottime = \"49d\")";
    let mut clocks = Clocks::default();
    let mut seen = Vec::new();
    for clock in elements(&value::list(meta, EXAMPLE)?) {
        let clock = Meta::parse(clock)?;
        let name = clock.name();
        let offset = match name.as_str() {
            "monotonic" => &mut clocks.monotonic,
            "boottime" => &mut clocks.boottime,
            _ => {
                let message = format!("unknown clock `{name}`; valid are monotonic and boottime");
                return Err(Error::over(clock.path, message));
            }
        };
        if seen.contains(&name) {
            return Err(Error::over(clock.path, format!("`{name}` is given twice")));
        }
        *offset = value::duration(&clock, &format!("{name} = \"49d\""))?;
        seen.push(name);
    }
    Ok(clocks)
}
