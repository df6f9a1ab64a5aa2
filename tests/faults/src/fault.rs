//! One row of the catalogue, and the macro that makes a table of them.

/// What a test does, and what must come out.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// The module that it stands in.
    pub module: &'static str,
    /// The name of the function.
    pub name: &'static str,
    /// What must come out: any of these.
    pub verdicts: &'static [Verdict],
    /// What must be said, in the message or in the test's own output.
    pub words: &'static str,
}

/// How a test went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    Fail,
    Crash(&'static str),
    Timeout,
    NoResult,
    Leak,
    Ignored,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Verdict::Pass => f.write_str("pass"),
            Verdict::Fail => f.write_str("fail"),
            Verdict::Crash(signal) => write!(f, "crash({signal})"),
            Verdict::Timeout => f.write_str("timeout"),
            Verdict::NoResult => f.write_str("no-result"),
            Verdict::Leak => f.write_str("leak"),
            Verdict::Ignored => f.write_str("ignored"),
        }
    }
}

/// A table of `name: Verdict, "words";`, the bodies of which stand in the module `body`.
macro_rules! faults {
    ($module:literal: $(
        $(#[$attribute:meta])*
        $name:ident $(-> $returned:ty)?: $($verdict:ident $(($signal:literal))?)|+, $words:literal;
    )*) => {
        #[cfg(test)]
        mod body;

        /// What is done here, and what must come out.
        pub const FAULTS: &[crate::Fault] = &[$(crate::Fault {
            module: $module,
            name: stringify!($name),
            verdicts: &[$(crate::Verdict::$verdict $(($signal))?),+],
            words: $words,
        }),*];

        $(
            #[test]
            $(#[$attribute])*
            fn $name() $(-> $returned)? {
                crate::lock::take();
                body::$name()
            }
        )*

        #[cfg(all(test, feature = "nsrun"))]
        mod isolated {
            $(crate::fault::isolated! {
                $($verdict)|+,
                $(#[$attribute])*
                fn $name() $(-> $returned)? {
                    crate::lock::take();
                    super::body::$name()
                }
            })*
        }
    };
}

/// The same as an `#[ns_test]`. Only what must be ended has little time, however slow the machine.
#[cfg(all(test, feature = "nsrun"))]
macro_rules! isolated {
    (Timeout, $($test:tt)*) => {
        #[nsrun::ns_test(tmp_size = "64M", timeout = "5s")]
        $($test)*
    };
    ($($verdict:ident)|+, $($test:tt)*) => {
        #[nsrun::ns_test(tmp_size = "64M", timeout = "120s")]
        $($test)*
    };
}

pub(crate) use faults;
#[cfg(all(test, feature = "nsrun"))]
pub(crate) use isolated;
