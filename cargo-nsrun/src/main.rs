//! `cargo nsrun`: every test of any crate in its own Linux namespaces, without root.

mod args;
mod collect;
mod doctor;
mod exec;
mod exit;
mod fatal;
mod report;
mod test;

fn main() -> std::process::ExitCode {
    nsrun_core::serve_in_main();
    args::run()
}
