//! The runner that the user configured for test binaries, and how ours takes its place.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use cargo_config2::Config;
use nsrun_core::find_program;

use crate::args::CargoArgs;
use crate::fatal::{Fatal, OrFatal};

/// The user's own runner, such as `qemu-aarch64` or `sudo -E`.
#[derive(Debug, Default)]
pub(super) struct UserRunner {
    /// The program and its first arguments; empty if there is no runner.
    pub(super) command: Vec<OsString>,
    /// The variable that overrides it, and its value so far.
    variable: Option<(String, Option<OsString>)>,
}

impl UserRunner {
    /// Finds it as cargo does: in the environment and in the configuration files.
    pub(super) fn find(args: &CargoArgs) -> Result<UserRunner, Fatal> {
        let raw = cargo_config2::de::Config::load().or_fatal("read cargo's configuration")?;
        let in_files = raw.target.values().any(|target| target.runner.is_some());
        let in_environment = env::vars_os().any(|(name, _)| {
            let name = name.to_string_lossy();
            name.starts_with("CARGO_TARGET_") && name.ends_with("_RUNNER")
        });
        if !in_files && !in_environment {
            return Ok(UserRunner::default());
        }
        UserRunner::of_target(args)
    }

    fn of_target(args: &CargoArgs) -> Result<UserRunner, Fatal> {
        let config = Config::load().or_fatal("read cargo's configuration")?;
        let targets = config
            .build_target_for_config(args.target.as_deref())
            .or_fatal("find the target that is built for")?;
        let triple = match targets.first() {
            Some(target) => target.triple().to_owned(),
            None => config
                .host_triple()
                .or_fatal("ask rustc for its host")?
                .to_owned(),
        };
        let runner = config
            .runner(triple.as_str())
            .or_fatal("read the configured runner")?;
        let command = runner.map_or_else(Vec::new, |runner| {
            [runner.path.into_os_string()]
                .into_iter()
                .chain(runner.args)
                .collect()
        });
        let variable = format!(
            "CARGO_TARGET_{}_RUNNER",
            triple.to_uppercase().replace(['-', '.'], "_")
        );
        let before = env::var_os(&variable);
        let command = if is_ourselves(&command) {
            Vec::new()
        } else {
            found(command)?
        };
        Ok(UserRunner {
            command,
            variable: Some((variable, before)),
        })
    }

    /// Has cargo run `ours` instead.
    pub(super) fn replace(&self, cargo: &mut Command, ours: &[&str]) -> Result<(), Fatal> {
        match &self.variable {
            // A variable overrides every file, and is not merged with any.
            Some((variable, _)) => cargo.env(variable, ours.join(" ")),
            None => {
                let quoted: Vec<_> = ours.iter().map(|word| format!("'{word}'")).collect();
                cargo.arg(format!(
                    "--config=target.'cfg(all())'.runner=[{}]",
                    quoted.join(",")
                ))
            }
        };
        Ok(())
    }

    /// Takes our runner out of the environment that a test is to see.
    pub(super) fn restore(&self, environment: &mut Vec<(OsString, OsString)>) {
        if let Some((variable, before)) = &self.variable {
            environment.retain(|(name, _)| name.to_str() != Some(variable));
            environment.extend(before.iter().map(|value| (variable.into(), value.clone())));
        }
    }
}

/// A program that is named without a path is looked for in `PATH`, as cargo would.
fn found(mut command: Vec<OsString>) -> Result<Vec<OsString>, Fatal> {
    if let Some(program) = command.first_mut() {
        let name = program.display();
        let path = find_program(program).or_fatal(format_args!("find the runner `{name}`"))?;
        *program = path.into();
    }
    Ok(command)
}

/// With `cargo-nsrun nsrun exec` as runner the tests would only be sandboxed twice.
fn is_ourselves(command: &[OsString]) -> bool {
    command.first().is_some_and(|program| {
        std::path::Path::new(program)
            .file_name()
            .is_some_and(|name| name == "cargo-nsrun")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runner_is_looked_up_in_path() {
        let command = found(vec!["env".into(), "A=1".into()]).unwrap();
        assert!(std::path::Path::new(&command[0]).is_absolute());
        assert_eq!(command[1], "A=1");
        assert!(found(Vec::new()).unwrap().is_empty());
        let missing = found(vec!["no-such-runner".into()]).unwrap_err();
        assert!(missing.message.contains("no-such-runner"));
    }
}
