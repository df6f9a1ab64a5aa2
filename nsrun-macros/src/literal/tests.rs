//! Strings in any of the ways to write them, each beside what syn reads.

use proptest::prelude::*;
use syn::LitStr;

use super::*;

fn check(source: &str) {
    let literal: Literal = source.parse().expect("a literal");
    let expected = syn::parse_str(source).ok().as_ref().map(LitStr::value);
    assert_eq!(string(&literal), expected, "{source}");
}

#[test]
fn strings() {
    for source in [
        r#""""#,
        r#""db""#,
        r#""\n\r\t\0\\\'\"\x41\x7f\u{e9}\u{1_F980}""#,
        "\"one \\\n   \t\n line\"",
        "\"two\nlines\"",
        r##"r"raw\n""##,
        r###"r#"#raw""#"###,
        r####"r##"a"#b"##"####,
    ] {
        check(source);
    }
}

#[test]
fn other_literals() {
    for source in [
        "b\"bytes\"",
        "br\"raw\"",
        "c\"nul\"",
        "'c'",
        "b'\"'",
        "1",
        "1.5",
        "'\"'",
    ] {
        check(source);
    }
}

proptest! {
    #[test]
    fn what_the_compiler_writes(text in any::<String>()) {
        prop_assert_eq!(string(&Literal::string(&text)), Some(text));
    }
}
