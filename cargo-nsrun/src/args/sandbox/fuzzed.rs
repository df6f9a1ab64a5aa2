//! What the options make of anything that somebody may type.

use clap::Parser;
use proptest::prelude::*;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    sandbox: SandboxArgs,
}

fn parse(options: &[String]) -> Option<SandboxArgs> {
    let line = std::iter::once("nsrun").chain(options.iter().map(String::as_str));
    Line::try_parse_from(line).ok().map(|line| line.sandbox)
}

/// An option with a value that is nearly right, or anything.
fn option() -> impl Strategy<Value = String> {
    let kinds = "(net|pid|user|uts|time|cgroup|,| |x){0,5}";
    prop_oneof![
        prop_oneof![kinds, ".{0,6}"].prop_map(|kinds| format!("--isolate={kinds}")),
        prop_oneof![kinds, "/[a-z./,]{0,9}", ".{0,6}"].prop_map(|what| format!("--share={what}")),
        prop_oneof!["[a-z.]{0,70}", ".{0,6}"].prop_map(|name| format!("--hostname={name}")),
        "[0-9.]{0,22} ?[kKMGTPEib]{0,3}".prop_map(|size| format!("--tmp-size={size}")),
        ".{0,6}".prop_map(|size| format!("--tmp-size={size}")),
        "([0-9]{0,21} ?(ns|ms|s|m|h|d|y|months)? ?){0,3}".prop_map(|t| format!("--timeout={t}")),
        ".{0,6}".prop_map(|time| format!("--timeout={time}")),
        "(warn|fail|x)".prop_map(|what| format!("--leaks={what}")),
        Just("--root".to_owned()),
        ".{0,9}",
    ]
}

proptest! {
    /// What is accepted keeps its promises, and is the same when it is given once more.
    #[test]
    fn any_options_are_a_sandbox_or_an_error(
        options in proptest::collection::vec(option(), 0..3),
    ) {
        let Some(args) = parse(&options) else { return Ok(()) };
        let spec = args.spec();
        prop_assert!(spec.tmp_size > 0);
        prop_assert!(spec.timeout.is_none_or(|timeout| !timeout.is_zero()));
        prop_assert!(spec.hostname.as_ref().is_none_or(|name| (1..=64).contains(&name.len())));
        prop_assert!(spec.share.iter().all(|path| path.is_absolute()));
        let again = parse(&args.to_options()).map(|again| again.spec());
        prop_assert_eq!(again, Some(spec), "{:?}", args.to_options());
    }
}
