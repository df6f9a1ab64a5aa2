//! The part of a test that is the same for all.

use std::panic::resume_unwind;
use std::process::{ExitCode, Termination};

/// What the function that `#[ns_test]` makes does, but for what it holds. The attribute calls this
/// with all that it has read, in this order. No part of the public interface.
#[doc(hidden)]
#[macro_export]
macro_rules! __ns_test {
    (
        path: $path:literal,
        kinds: [$($kind:ident),*],
        options: [$($option:ident($($value:expr),*)),*],
        listed_here: $listed_here:literal,
        should_panic: $should_panic:ident $(($message:expr))?,
        ignore: $ignore:ident $(($reason:expr))?,
        body: $body:expr,
    ) => {
        #[cfg(target_os = "linux")]
        {
            // `__private::TESTS` is what the linker finds in this section: `Test`s and nothing else.
            #[used]
            #[unsafe(link_section = "nsrun_tests_0_1")]
            static __NSRUN: $crate::__private::Test = $crate::__private::Test {
                path: ::core::concat!(::core::module_path!(), "::", $path),
                spec: || {
                    let mut __spec = $crate::__private::Spec::new(
                        $crate::__private::Kinds::of(&[$($crate::__private::Kind::$kind),*]),
                    );
                    $($crate::__private::options::$option(&mut __spec $(, $value)*);)*
                    __spec
                },
                body: || $body,
                ignore: ::core::option::Option::$ignore $(($reason))?,
                should_panic: $crate::__private::ShouldPanic::$should_panic $(($message))?,
                listed_here: $listed_here,
            };
            $crate::__private::run(&__NSRUN)
        }
        #[cfg(not(target_os = "linux"))]
        let _ = || $body;
    };
}

/// Runs a test, and turns what it returns into a panic if that stands for a failure, as libtest
/// does: an `Err` has printed itself by then, so the panic itself is silent.
pub fn conclude<T: Termination>(test: impl FnOnce() -> T) {
    let code = test().report();
    if code != ExitCode::SUCCESS {
        resume_unwind(Box::new(format!("the test returned a failure: {code:?}")));
    }
}
