//! The options, each written as a call of its function in `nsrun::__private::options`.

use std::time::Duration;

use crate::args::Args;
use crate::value::Leaks;

pub(crate) fn calls(args: &Args) -> String {
    let calls = [
        args.root.then(|| "root()".to_owned()),
        args.hostname
            .as_ref()
            .map(|name| format!("hostname({name:?})")),
        args.clocks.map(|clocks| {
            let [monotonic, boottime] = [clocks.monotonic, clocks.boottime].map(duration);
            format!("clocks({monotonic}, {boottime})")
        }),
        args.tmp_size.map(|bytes| format!("tmp_size({bytes})")),
        (!args.share.is_empty()).then(|| format!("share(&{:?})", args.share)),
        args.timeout
            .map(|timeout| format!("timeout({})", duration(timeout))),
        args.leaks.map(|leaks| match leaks {
            Leaks::Warn => "leaks_warn()".to_owned(),
            Leaks::Fail => "leaks_fail()".to_owned(),
        }),
    ];
    let calls: Vec<String> = calls.into_iter().flatten().collect();
    calls.join(", ")
}

fn duration(duration: Duration) -> String {
    format!("({}, {})", duration.as_secs(), duration.subsec_nanos())
}
