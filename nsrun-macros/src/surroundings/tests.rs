//! What is read off the source around an attribute, which `@` stands for.

use super::*;

#[track_caller]
fn check(text: &str, expected_above: &[&str], expected_below: &[&str]) {
    let (before, after) = text.split_once('@').expect("a mark");
    assert_eq!(above(before), expected_above, "above, in {text}");
    assert_eq!(below(after), expected_below, "below, in {text}");
}

#[test]
fn nothing_there() {
    check("@\nfn x() {}", &[], &[]);
    check("#[test]\nfn w() {}\n@\nfn x() {}", &[], &[]);
    check(
        "#![allow(unused)]\n@ fn x() {}\n#[test] fn y() {}",
        &[],
        &[],
    );
}

#[test]
fn one_line_or_several() {
    check("#[test] @ fn x() {}", &["test"], &[]);
    check(
        "#[test]\n\n#[should_panic]\n@\n#[ignore]\nfn x() {}",
        &["should_panic", "test"],
        &["ignore"],
    );
    check(
        "#[tokio::test(\n    flavor = \"x\",\n)]\n@\n#[case::named(1)] fn",
        &["tokio::test"],
        &["case::named"],
    );
}

#[test]
fn comments_between() {
    check("#[test] // ]\n@ /* #[case] */ fn", &["test"], &[]);
    check(
        "#[test]\n/// Says `#[x]`.\n// more\n@\n// #[case]\n#[y] fn",
        &["test"],
        &["y"],
    );
    check("#[test] /* [ */\n@ fn", &["test"], &[]);
}

#[test]
fn commented_out() {
    check("// #[test]\n@\n fn", &[], &[]);
    check("/* #[test] */\n@\n fn", &[], &[]);
}

#[test]
fn brackets_in_literals() {
    check("#[test]\n#[doc = \"]\\\"#[\"]\n@ fn", &["doc", "test"], &[]);
    check("#[test]\n#[doc = r#\"]\"\"#]\n@ fn", &["doc", "test"], &[]);
    check(
        "#[test]\n#[case(']', '\\'', &'static [1])]\n@ fn",
        &["case", "test"],
        &[],
    );
}

#[test]
fn inside_a_cfg_attr() {
    check(
        "#[test]\n#[cfg_attr(all(test, unix), @)]\n#[case] fn",
        &["test"],
        &["case"],
    );
    check(
        "#[test]\n#[cfg_attr(x, y)]\n@ fn",
        &["cfg_attr", "test"],
        &[],
    );
}

#[test]
fn offsets() {
    let text = "\u{feff}aä\r\n\tb";
    assert_eq!(offset(text, 1, 1), Some(3));
    assert_eq!(offset(text, 1, 3), Some(6));
    assert_eq!(offset(text, 2, 2), Some(9));
    assert_eq!(offset(text, 3, 1), None);
    assert_eq!(offset(text, 0, 0), None);
}
