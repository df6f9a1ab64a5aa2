//! What the reader makes of anything that a binary may print.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn output() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "a: test",
        "b::c: benchmark",
        "\n",
        "\r\n",
        ": test",
        ": benchmark",
        "2",
        " tests",
        ", ",
        " benchmarks",
        "0 tests, 0 benchmarks",
        "1 test, 0 benchmarks",
        "18446744073709551615",
        " ",
        ":",
        "\u{e9}",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec());
    let piece = prop_oneof![9 => word, 1 => vec(any::<u8>(), 0..5)];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn anything_is_a_list_or_is_not(output in output()) {
        let bare = parse(&output, Form::Bare);
        let counted = parse(&output, Form::Counted);
        if let Err(bad) = &bare {
            prop_assert!(!bad.to_string().contains('\n'));
        }
        // With its count it has a line more, which is no test.
        prop_assert!(bare.is_err() || counted.is_err());
    }

    #[test]
    fn any_names_are_listed(names in vec("[^\r\n]{0,9}", 0..5)) {
        let lines: String = names.iter().map(|name| format!("{name}: test\n")).collect();
        prop_assert_eq!(parse(lines.as_bytes(), Form::Bare), Ok(names.clone()));
        let counted = format!("{lines}\n{} tests, 0 benchmarks\n", names.len());
        prop_assert_eq!(parse(counted.as_bytes(), Form::Counted), Ok(names));
        prop_assert_eq!(parse(lines.as_bytes(), Form::Counted), Err(Bad::Incomplete));
    }

    #[test]
    fn any_counts_are_added_or_refused(tests in any::<usize>(), benchmarks in any::<usize>()) {
        let line = format!("{tests} tests, {benchmarks} benchmarks");
        prop_assert_eq!(parse_count(&line), tests.checked_add(benchmarks));
    }
}
