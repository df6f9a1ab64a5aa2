//! Twenty tests, each with a server of its own on the same port.
//!
//! On one machine they clash for certain, and not by luck: a server lives as long as its process,
//! as servers that tests start do, so that the first test of the process has the port and none
//! after it, side by side or one by one. Where each test has its own machine, all pass.

use nsrun_demo::{ask, start};

macro_rules! tests_with_a_server {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            start(stringify!($name)).expect("the port is free");
            assert_eq!(ask().expect("somebody listens"), stringify!($name));
        }
    )*};
}

tests_with_a_server! {
    alder ash aspen beech birch
    cedar cherry elm fir hazel
    larch lime maple oak pine
    poplar rowan spruce willow yew
}
