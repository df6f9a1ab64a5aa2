//! Output of tests, made safe to show on a terminal.

use std::fmt::Write;

/// The text with every control character made visible but those that only lay out lines, and
/// colours (`ESC [ … m`).
pub(super) fn visible(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        push_visible(&mut shown, chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

fn push_visible(shown: &mut String, text: &str) {
    for (at, character) in text.char_indices() {
        let plain = !character.is_control() || matches!(character, '\n' | '\t');
        if plain || (character == '\x1b' && is_colour(&text[at + 1..])) {
            shown.push(character);
        } else if character == '\r' && text[at + 1..].starts_with('\n') {
            // The newline follows.
        } else {
            let _ = write!(shown, "{}", character.escape_default());
        }
    }
}

fn is_colour(after_escape: &str) -> bool {
    after_escape.strip_prefix('[').is_some_and(|rest| {
        let parameters = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        parameters.starts_with('m')
    })
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_moves_the_cursor_or_rings() {
        for (bytes, shown) in [
            (&b"plain\ttext\n"[..], "plain\ttext\n"),
            ("\u{e9}\u{4e2d}".as_bytes(), "\u{e9}\u{4e2d}"),
            (b"a\0b\x07", "a\\u{0}b\\u{7}"),
            (b"\xff\xfe", "\\xff\\xfe"),
            (b"\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
            (
                b"\x1b[2J\x1b]0;title\x07",
                "\\u{1b}[2J\\u{1b}]0;title\\u{7}",
            ),
            (b"line\r\nover\rwritten", "line\nover\\rwritten"),
        ] {
            assert_eq!(visible(bytes), shown);
        }
    }
}
