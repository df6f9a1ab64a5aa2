//! String literals. The compiler has read them before, so that their escapes are in order.

use std::str::Chars;

use pm::Literal;

/// What a string says; `None` if it is another literal.
pub(crate) fn string(literal: &Literal) -> Option<String> {
    let text = literal.to_string();
    match text.strip_prefix('r') {
        Some(raw) => Some(between_quotes(raw.trim_matches('#'))?.to_owned()),
        None => Some(unescaped(between_quotes(&text)?)),
    }
}

fn between_quotes(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

fn unescaped(text: &str) -> String {
    let mut value = String::new();
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        match char {
            '\\' => value.extend(escape(&mut rest)),
            char => value.push(char),
        }
    }
    value
}

/// What follows a backslash ("Tokens" in the Rust reference: "String literals").
fn escape(rest: &mut Chars<'_>) -> Option<char> {
    match rest.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        '0' => Some('\0'),
        'x' => code_point(&rest.by_ref().take(2).collect::<String>()),
        'u' => {
            let digits = rest.by_ref().take_while(|char| *char != '}');
            code_point(&digits.filter(char::is_ascii_hexdigit).collect::<String>())
        }
        // The line goes on where the next one has its first character.
        '\n' => {
            *rest = rest
                .as_str()
                .trim_start_matches([' ', '\t', '\n', '\r'])
                .chars();
            None
        }
        // A quote or a backslash.
        char => Some(char),
    }
}

fn code_point(digits: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

#[cfg(test)]
mod tests;
