//! A crate that knows nsrun by another name.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::all, clippy::pedantic, clippy::nursery)]

#[cfg(test)]
mod tests {
    use machine::ns_test as fresh;

    #[fresh(crate = machine, net)]
    fn plain() {}

    #[fresh(net, crate = ::machine)]
    #[tokio::test]
    async fn tokio_below() {}

    #[tokio::test]
    #[fresh(crate = machine)]
    async fn tokio_above() {}

    #[fresh(crate = machine)]
    #[rstest::rstest]
    #[case(1)]
    #[case(2)]
    fn rstest_below(#[case] number: u32) {
        assert!(number > 0);
    }

    #[test]
    fn registered() {
        let mut paths: Vec<&str> = machine::__private::TESTS
            .iter()
            .map(|test| test.path)
            .collect();
        paths.sort_unstable();
        let expected = [
            "renamed::tests::plain",
            "renamed::tests::rstest_below::case_1",
            "renamed::tests::rstest_below::case_2",
            "renamed::tests::tokio_above",
            "renamed::tests::tokio_below",
        ];
        assert_eq!(paths, expected);
    }
}
