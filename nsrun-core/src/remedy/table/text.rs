//! Filling in the words in braces.

use crate::kind::Kind;
use crate::remedy::container::permissive_start;
use crate::remedy::surroundings::Surroundings;

/// Replaces each `{word}` by what stands for it here.
pub(super) fn fill_in(text: &str, here: &Surroundings) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, (word, after))) = next_word(rest) {
        filled += before;
        filled += &meaning(word, here).unwrap_or_else(|| format!("{{{word}}}"));
        rest = after;
    }
    filled + rest
}

fn next_word(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, after) = text.split_once('{')?;
    Some((before, after.split_once('}')?))
}

/// As many as a host without a limit of its own allows, and more than a run needs.
const ENOUGH: u64 = 15_000;

/// What a word stands for; `None` if it is none of ours.
fn meaning(word: &str, here: &Surroundings) -> Option<String> {
    Some(match word {
        "enough" => ENOUGH.to_string(),
        "kernel" => version(here.kernel),
        "oldest" => version(Surroundings::OLDEST_KERNEL),
        "forbidden" => here.forbidden_kinds().to_string().replace(',', ", "),
        "allow" => settings(here.forbidden_kinds().iter()),
        "scarcest" => here.scarcest().map_or_else(String::new, |(kind, limit)| {
            format!("{} = {limit}", setting(kind))
        }),
        "allow_scarcest" => settings(here.scarcest().map(|(kind, _)| kind).into_iter()),
        "unknown" => here.unknown_kinds().to_string().replace(',', ", "),
        "container" => here
            .container
            .map_or_else(|| "the container".to_owned(), |it| it.to_string()),
        "start" => permissive_start(here).to_string(),
        "profile" => here.apparmor_profile.clone().unwrap_or_default(),
        "proc_masks" => few(&here.proc_masks),
        "sys_masks" => few(&here.sys_masks),
        "all_proc_masks" => here.proc_masks.join(" "),
        "all_sys_masks" => here.sys_masks.join(" "),
        "files" => number(here.file_limit),
        "processes" => number(here.process_limit),
        "pids" => number(here.pids.map(|(_, most)| most)),
        _ => return None,
    })
}

fn version((major, minor): (u32, u32)) -> String {
    format!("{major}.{minor}")
}

fn setting(kind: Kind) -> String {
    format!("user.max_{}_namespaces", kind.proc_name())
}

fn settings(kinds: impl Iterator<Item = Kind>) -> String {
    let settings: Vec<String> = kinds
        .map(|kind| format!("{}={ENOUGH}", setting(kind)))
        .collect();
    settings.join(" ")
}

/// The first of them, and how many more: Docker masks a dozen.
fn few(paths: &[String]) -> String {
    match paths {
        [first, second, _, ..] => format!("{first}, {second}, {} more", paths.len() - 2),
        _ => paths.join(", "),
    }
}

fn number(number: Option<u64>) -> String {
    number.map_or_else(|| "unlimited".to_owned(), |number| number.to_string())
}
