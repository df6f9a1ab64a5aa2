//! Where a test may stand and what it may be called.

use nsrun::ns_test;

#[ns_test]
fn same() {}

#[ns_test]
fn r#match() {}

#[ns_test]
fn r#plain() {}

#[ns_test]
fn r#gen() {}

#[ns_test]
fn grüße() {}

#[ns_test]
pub fn public() {}

mod inner {
    use nsrun::ns_test;

    #[ns_test]
    fn same() {
        super::helper();
    }

    pub(super) mod r#mod {
        use nsrun::ns_test;

        #[ns_test]
        pub(in crate::names) fn r#fn() {}
    }
}

const fn helper() {}

macro_rules! tests {
    ($($name:ident: $timeout:literal, $host:expr, $body:block;)*) => {
        $(#[ns_test(timeout = $timeout, hostname = $host)] fn $name() $body)*
    };
}

tests! {
    by_macro: "1s", "one", { helper() };
    by_macro_again: "2s", "two", { };
}

/// Nothing that the expansion names is taken from the scope around it.
mod shadowed {
    #![expect(
        dead_code,
        non_camel_case_types,
        reason = "it is here to be in the way"
    )]

    mod core {}
    mod std {}
    struct Option;
    struct Some;
    struct String;
    struct Test;
    struct Kinds;
    struct spec;

    #[nsrun::ns_test(
        root,
        hostname = "x",
        time(boottime = "1s"),
        tmp_size = "1M",
        timeout = "1s"
    )]
    fn names() {}
}
