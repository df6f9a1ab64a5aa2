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

/// Each fragment stands in an invisible group of its own, and this is the whole function in one.
macro_rules! whole {
    ($function:item) => {
        #[ns_test]
        $function
    };
}

whole! {
    #[should_panic(expected = "whole",)]
    pub fn by_macro_as_a_whole() -> Result<(), fn() -> u8>
    where
        fn() -> u8: Copy,
    {
        panic!("the whole of it")
    }
}

macro_rules! pieces {
    ($(#[$attr:meta])* $vis:vis $name:ident, $error:ty, $kind:ident, $krate:path, $body:block) => {
        $(#[$attr])*
        #[ns_test($kind, crate = $krate)]
        $vis fn $name() -> Result<(), &'static $error> $body
    };
}

pieces! {
    /// Documented.
    #[should_panic = "pieces"]
    pub(crate) by_macro_in_pieces, dyn std::fmt::Debug, net, ::nsrun, { panic!("pieces") }
}

/// Where `crate` says it, `$crate` is the crate of the macro, not of the test.
macro_rules! krate {
    ($name:ident) => {
        #[ns_test(crate = $crate::names::elsewhere::nsrun)]
        fn $name() -> std::process::ExitCode {
            std::process::ExitCode::SUCCESS
        }
    };
}

krate!(by_macro_of_a_crate);

mod elsewhere {
    pub(super) use nsrun;
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
