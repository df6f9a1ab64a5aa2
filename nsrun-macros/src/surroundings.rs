//! The source text around the attribute.
//!
//! Attributes expand from the top down, and one that has expanded is gone: whether `#[test]`
//! stood above ours is to be seen in the source file and nowhere else.

use std::fs;

use proc_macro::Span;

/// The paths of the attributes on the same function, as written.
#[derive(Default)]
pub(crate) struct Surroundings {
    /// Nearest first.
    pub(crate) above: Vec<String>,
    /// Nearest first.
    pub(crate) below: Vec<String>,
}

impl Surroundings {
    /// Empty where there is no file to read, as in an editor's buffer.
    pub(crate) fn of_call_site() -> Surroundings {
        let (start, end) = (Span::call_site().start(), Span::call_site().end());
        let text = start
            .local_file()
            .and_then(|path| fs::read_to_string(path).ok());
        let text = text.unwrap_or_default();
        let offset = |span: &Span| offset(&text, span.line(), span.column());
        match (offset(&start), offset(&end)) {
            (Some(start), Some(end)) if start <= end => Surroundings {
                above: above(&text[..start]),
                below: below(&text[end..]),
            },
            _ => Surroundings::default(),
        }
    }
}

/// The byte at which a line and a column stand, both counted from 1 and the latter in characters.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines
        .by_ref()
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let line = lines.next()?;
    // The compiler does not count a byte order mark.
    let line = line
        .strip_prefix('\u{feff}')
        .map_or((line, 0), |line| (line, 3));
    let mut ends = line
        .0
        .char_indices()
        .map(|(at, _)| at)
        .chain([line.0.len()]);
    ends.nth(column.checked_sub(1)?)
        .map(|at| before + line.1 + at)
}

fn above(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut rest = before_cfg_attr(text);
    while let Some(start) = last_attribute(rest) {
        paths.push(path(&rest[start..]));
        rest = &rest[..start];
        rest = without_trivia_behind(rest);
    }
    paths
}

fn below(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    // What is left of a `cfg_attr` that we stand in.
    let mut rest = without_trivia_ahead(text.trim_start_matches([')', ']', ',', ' ', '\n']));
    while let Some(len) = attribute_len(rest) {
        paths.push(path(rest));
        rest = without_trivia_ahead(&rest[len..]);
    }
    paths
}

/// The text before the `cfg_attr(` that our attribute stands in, or else all of it.
fn before_cfg_attr(text: &str) -> &str {
    let start = text
        .rfind("#[cfg_attr")
        .filter(|start| attribute_len(&text[*start..]).is_none());
    without_trivia_behind(&text[..start.unwrap_or(text.len())])
}

/// Where the attribute starts that `text` ends with.
fn last_attribute(text: &str) -> Option<usize> {
    // No attribute holds more of them than a few; a text that ends with `]` by chance must not
    // cost a walk through the whole file for each.
    const NESTED: usize = 8;
    let mut starts = text
        .rmatch_indices("#[")
        .take(NESTED)
        .map(|(start, _)| start);
    starts.find(|start| attribute_len(&text[*start..]) == Some(text.len() - start))
}

/// The path of the attribute that `text` starts with.
fn path(text: &str) -> String {
    let inside = text.trim_start_matches(['#', '[', ' ']);
    let end = inside.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    inside[..end.unwrap_or(inside.len())].to_owned()
}

/// Without the blanks and comments at the end.
fn without_trivia_behind(text: &str) -> &str {
    let text = text.trim_end();
    let line = text.rfind('\n').map_or(0, |end| end + 1);
    let comment = match text.ends_with("*/") {
        true => text.rfind("/*"),
        false => comment_in(&text[line..]).map(|start| line + start),
    };
    match comment {
        Some(start) => without_trivia_behind(&text[..start]),
        None => text,
    }
}

/// Where a `//` comment starts in a line of attributes.
fn comment_in(line: &str) -> Option<usize> {
    let mut starts = line.match_indices("//").map(|(start, _)| start);
    starts.find(|start| {
        let before = line[..*start].trim_end();
        before.is_empty() || before.ends_with(']') || before.ends_with("*/")
    })
}

/// Without the blanks and comments at the beginning.
fn without_trivia_ahead(text: &str) -> &str {
    let text = text.trim_start();
    match comment_len(text) {
        Some(len) => without_trivia_ahead(&text[len..]),
        None => text,
    }
}

/// How long the attribute is that `text` starts with, if it starts with one that ends.
fn attribute_len(text: &str) -> Option<usize> {
    if !text.starts_with("#[") {
        return None;
    }
    let mut depth = 0_usize;
    let mut at = 1;
    loop {
        let rest = &text[at..];
        at += comment_len(rest)
            .or_else(|| literal_len(rest))
            .unwrap_or_else(|| rest.chars().next().map_or(0, char::len_utf8));
        match rest.chars().next()? {
            '[' => depth += 1,
            ']' if depth == 1 => return Some(at),
            ']' => depth -= 1,
            _ => {}
        }
    }
}

fn comment_len(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(text.find("*/").map_or(text.len(), |end| end + 2));
    }
    None
}

/// How long the string or the character literal is that `text` starts with; a string that does
/// not end takes all.
fn literal_len(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [b'r', b'"' | b'#', ..] => raw_string_len(text),
        [b'"', ..] => escaped_len(text, '"').or(Some(text.len())),
        // A quote that no other one closes soon is a lifetime.
        [b'\'', ..] => escaped_len(text, '\'').filter(|len| *len <= "'\\u{10ffff}'".len()),
        _ => None,
    }
}

fn raw_string_len(text: &str) -> Option<usize> {
    let hashes = text[1..].len() - text[1..].trim_start_matches('#').len();
    let body = text[1 + hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = body.find(&close)?;
    Some(1 + hashes + 1 + end + close.len())
}

fn escaped_len(text: &str, quote: char) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
