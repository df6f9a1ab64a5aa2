//! The command line, tried from outside: what is passed, and what comes out.
//!
//! Each module is a part of the behaviour. The crates that are tested stand in `tests/fixtures`.
//! After every single run [`support`] makes sure that no process of it is left.

mod bad_input;
mod crowded;
mod descriptors;
mod doctests;
mod documented;
mod endings;
mod environment;
mod exec;
mod flags;
mod harness;
mod inside;
mod interrupted;
mod leaks;
mod output;
mod overhead;
#[path = "../common/own_cargo.rs"]
mod own_cargo;
mod plain_output;
#[path = "../common/processes.rs"]
mod processes;
mod replaced;
mod retries;
mod selection;
mod servers;
mod shared;
mod support;
mod terminal;
mod turns;
mod unsupported;
