//! `docs/json.md` and `docs/exit-codes.md` say what is printed and returned: all of it, and nothing
//! else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::endings::RICH;
use crate::interrupted::interrupt;
use crate::overhead;
use crate::retries::flaky;
use crate::support::{Done, check, word};

fn page(path: &str) -> String {
    let path = format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A row of a table that describes an event.
struct Field {
    name: String,
    kind: String,
    when: String,
}

/// The fields of each kind of event, by its type and event.
fn documented() -> BTreeMap<(String, String), Vec<Field>> {
    let mut events = BTreeMap::new();
    for section in page("docs/json.md").split("\n## `").skip(1) {
        let (heading, body) = section.split_once('\n').expect("a heading");
        let (kind, names) = heading.split_once("`: ").expect("a type and its events");
        for name in quoted(names) {
            events.insert((kind.to_owned(), name.to_owned()), fields(body));
        }
    }
    events
}

fn fields(section: &str) -> Vec<Field> {
    let field = |row: &str| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let [_, name, kind, _unit, when, _meaning, _] = cells[..] else {
            panic!("not a row of five cells: {row}");
        };
        Field {
            name: name.trim_matches('`').to_owned(),
            kind: kind.to_owned(),
            when: when.to_owned(),
        }
    };
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(field).collect()
}

/// What stands between backquotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn has_type(value: &Value, kind: &str) -> bool {
    let (name, words) = kind.split_once(": ").unwrap_or((kind, ""));
    let allowed = |word: &Value| {
        let word = word.as_str().expect("a string");
        words.is_empty() || quoted(words).contains(&word)
    };
    match name {
        "string" => value.is_string() && allowed(value),
        "number" => value.is_number(),
        "integer" => value.is_u64(),
        "integer or null" => value.is_u64() || value.is_null(),
        "array of strings" => value
            .as_array()
            .is_some_and(|all| all.iter().all(|one| one.is_string() && allowed(one))),
        "array of objects" => value
            .as_array()
            .is_some_and(|all| all.iter().all(Value::is_object)),
        "object of integers" => value
            .as_object()
            .is_some_and(|all| all.values().all(Value::is_u64)),
        "object of numbers" => is_map(value, Value::is_number),
        "object of percentiles" => is_map(value, is_percentiles),
        "percentiles" => is_percentiles(value),
        "object" => value.is_object(),
        other => panic!("not a type: {other}"),
    }
}

fn is_map(value: &Value, is_entry: fn(&Value) -> bool) -> bool {
    let entries = value.as_object();
    entries.is_some_and(|entries| entries.values().all(is_entry))
}

fn is_percentiles(value: &Value) -> bool {
    let keys = value.as_object().map(|object| object.keys());
    keys.is_some_and(|keys| keys.eq(["p50", "p90", "p99"])) && is_map(value, Value::is_number)
}

/// Whether a field of this type is a map, the keys of which are no fields.
fn is_of_any_keys(kind: &str) -> bool {
    kind.starts_with("object of ") || kind == "percentiles"
}

/// The value of a field; of one within an array, that in the first element.
fn find<'a>(event: &'a Value, name: &str) -> Option<&'a Value> {
    name.split('.')
        .try_fold(event, |value, name| value.get(0).unwrap_or(value).get(name))
}

/// Whether the field has to be there; `None` if it may.
fn is_due(field: &Field, event: &Value) -> Option<bool> {
    let verdict = word(&event["verdict"]);
    // What stands within something that is not there cannot be.
    if let Some((outer, _)) = field.name.split_once('.')
        && find(event, outer).is_none()
    {
        return Some(false);
    }
    match field.when.as_str() {
        "always" => Some(true),
        "red" => Some(!["pass", "leak", "flaky", "ignored"].contains(&verdict.as_str())),
        "crash" => Some(verdict == "crash"),
        "maybe" => None,
        other => panic!("not a condition: {other}"),
    }
}

/// The names of all fields, those of objects and arrays within as `outer.inner`.
fn names(event: &Value) -> BTreeSet<String> {
    let fields = event.as_object().expect("an object").iter();
    let names = fields.flat_map(|(name, value)| {
        let inner = value.get(0).unwrap_or(value);
        let inner = inner.as_object().into_iter().flatten();
        inner
            .map(|(inner, _)| format!("{name}.{inner}"))
            .chain([name.clone()])
            .collect::<Vec<_>>()
    });
    names.collect()
}

fn is_as_documented(event: &Value, fields: &[Field]) {
    let mut unknown = names(event);
    for field in fields {
        let value = find(event, &field.name);
        if let Some(due) = is_due(field, event) {
            assert_eq!(value.is_some(), due, "`{}` of {event:#}", field.name);
        }
        if let Some(value) = value {
            assert!(
                has_type(value, &field.kind),
                "`{}` of {event:#}",
                field.name
            );
        }
        unknown.remove(&field.name);
        if is_of_any_keys(&field.kind) {
            unknown.retain(|name| !name.starts_with(&format!("{}.", field.name)));
        }
    }
    assert!(
        unknown.is_empty(),
        "not documented: {unknown:?} of {event:#}"
    );
}

/// What is printed by runs in which all events occur, and all verdicts.
fn rich_runs() -> Vec<Value> {
    let runs = [
        check(
            "test -p faults --features nsrun --message-format json -- --exact ends::passes",
            "faults",
        ),
        check(
            "test --message-format json --test own_fails --test own_passes",
            "harness",
        ),
        check(
            "test --message-format json --test mimic -- --list",
            "harness",
        ),
        check("test --message-format json --leaks fail", "leaks"),
        check("test --message-format json --doc --workspace", "doctests"),
        flaky("--lib --message-format json --retries 1").done(),
        flaky("--lib --message-format json --retries 1 --flaky fail").done(),
    ];
    let json = "--message-format json";
    let overhead = [
        overhead::compare(json, &overhead::too_good()),
        overhead::compare(json, &overhead::too_bad()),
        check(&format!("{} {json}", overhead::SUITE), "listing"),
    ];
    let (_, interrupted) = interrupt(&[Signal::SIGINT]);
    let runs = runs
        .iter()
        .chain(&overhead)
        .chain([&*RICH])
        .flat_map(Done::events);
    runs.chain(interrupted).collect()
}

#[test]
fn every_line_is_as_documented() {
    let documented = documented();
    let mut seen = BTreeSet::new();
    let mut verdicts = BTreeSet::new();
    for event in rich_runs() {
        let kind = (word(&event["type"]), word(&event["event"]));
        let fields = documented.get(&kind);
        let fields = fields.unwrap_or_else(|| panic!("not documented: {event:#}"));
        is_as_documented(&event, fields);
        verdicts.insert(word(&event["verdict"]));
        seen.insert(kind);
    }
    let documented: BTreeSet<_> = documented.into_keys().collect();
    assert_eq!(seen, documented);
    verdicts.remove("");
    // That a sandbox fails after another could be made is not for a table of fixtures.
    verdicts.insert("setup-error".to_owned());
    assert_eq!(verdicts, verdict_table().into_keys().collect());
}

/// The event and the colour of each verdict.
fn verdict_table() -> BTreeMap<String, (String, bool)> {
    let page = page("docs/json.md");
    let section = page.split("\n## ").nth(1).expect("the verdicts");
    let row = |line: &str| {
        let cells: Vec<_> = line
            .split('|')
            .map(|cell| cell.trim().trim_matches('`'))
            .collect();
        (
            cells[1].to_owned(),
            (cells[2].to_owned(), cells[3] == "yes"),
        )
    };
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(row).collect()
}

#[test]
fn each_verdict_has_the_event_and_the_colour_of_the_table() {
    let table = verdict_table();
    assert_eq!(table.len(), 12);
    for event in RICH.tests().values() {
        let (name, red) = &table[&word(&event["verdict"])];
        assert_eq!(event["event"], **name, "{event:#}");
        assert_eq!(event.get("rerun").is_some(), *red, "{event:#}");
    }
}

/// The numbers in the code, and those on the page.
#[test]
fn every_exit_code_is_documented() {
    let source = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/exit.rs"));
    let source = source.expect("the exit codes");
    let values = source
        .lines()
        .filter_map(|line| line.strip_prefix("pub(crate) const "));
    let in_code: BTreeSet<String> = values
        .map(|line| match line.split_once(" = ").expect("a value") {
            (name, value) if name.starts_with("SIGNAL") => value.replace(';', " + n"),
            (_, value) => value.replace(';', ""),
        })
        .collect();
    let page = page("docs/exit-codes.md");
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let on_page: BTreeSet<String> = rows
        .map(|row| row.split('|').nth(1).expect("a cell").trim().to_owned())
        .filter(|code| !["code", "any other"].contains(&code.as_str()))
        .collect();
    assert_eq!(on_page, in_code);
    assert!(in_code.len() > 8);
}

/// What cargo compiles for a crate whose only dependency is the attribute.
fn crates_of_the_attribute() -> BTreeSet<String> {
    let tree = Command::new(env!("CARGO"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(["tree", "--package", "nsrun", "--edges", "normal,build"])
        .args(["--prefix", "none", "--format", "{p}", "--locked"])
        .output();
    let tree = tree.expect("cargo tree");
    let errors = String::from_utf8_lossy(&tree.stderr);
    assert!(tree.status.success(), "{errors}");
    let lines = String::from_utf8(tree.stdout).expect("names");
    let names = lines.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn every_crate_that_the_attribute_brings_is_in_the_readme() {
    let readme = page("README.md");
    let (_, section) = readme
        .split_once("\n## What it adds to your build\n")
        .expect("the section");
    let list = section.split('.').next().expect("a sentence");
    let listed: BTreeSet<_> = quoted(list).into_iter().map(str::to_owned).collect();
    assert_eq!(listed, crates_of_the_attribute());
}
