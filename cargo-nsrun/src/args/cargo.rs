//! What `cargo test` itself understands: which targets, and how to build them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args};

macro_rules! push {
    ($to:ident, $($flag:literal => $given:expr,)+) => {
        $(if $given { $to.push($flag.into()); })+
    };
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CargoArgs {
    /// Package to test
    #[arg(short, long, value_name = "SPEC", help_heading = "Package Selection")]
    pub(crate) package: Vec<String>,
    /// Test all packages in the workspace
    #[arg(long, alias = "all", help_heading = "Package Selection")]
    pub(crate) workspace: bool,
    /// Exclude packages from the test
    #[arg(long, value_name = "SPEC", help_heading = "Package Selection")]
    pub(crate) exclude: Vec<String>,

    /// Test only this package's library
    #[arg(long, help_heading = "Target Selection")]
    pub(crate) lib: bool,
    /// Test all binaries
    #[arg(long, help_heading = "Target Selection")]
    pub(crate) bins: bool,
    /// Test only the specified binary
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", help_heading = "Target Selection")]
    pub(crate) bin: Vec<String>,
    /// Test all examples
    #[arg(long, help_heading = "Target Selection")]
    pub(crate) examples: bool,
    /// Test only the specified example
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", help_heading = "Target Selection")]
    pub(crate) example: Vec<String>,
    /// Test all targets that have `test = true` set
    #[arg(long, help_heading = "Target Selection")]
    pub(crate) tests: bool,
    /// Test only the specified test target
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", help_heading = "Target Selection")]
    pub(crate) test: Vec<String>,
    /// Test all targets that have `bench = true` set
    #[arg(long, help_heading = "Target Selection")]
    pub(crate) benches: bool,
    /// Test only the specified bench target
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", help_heading = "Target Selection")]
    pub(crate) bench: Vec<String>,
    /// Test all targets (does not include doctests)
    #[arg(long, help_heading = "Target Selection")]
    pub(crate) all_targets: bool,
    /// Test only this library's documentation
    #[arg(long, help_heading = "Target Selection")]
    pub(crate) doc: bool,

    /// Features to activate
    #[arg(
        short = 'F',
        long,
        value_name = "FEATURES",
        help_heading = "Feature Selection"
    )]
    pub(crate) features: Vec<String>,
    /// Activate all available features
    #[arg(long, help_heading = "Feature Selection")]
    pub(crate) all_features: bool,
    /// Do not activate the `default` feature
    #[arg(long, help_heading = "Feature Selection")]
    pub(crate) no_default_features: bool,

    /// Build in release mode
    #[arg(short, long, help_heading = "Compilation Options")]
    pub(crate) release: bool,
    /// Build with the specified profile
    #[arg(long, value_name = "PROFILE", help_heading = "Compilation Options")]
    pub(crate) profile: Option<String>,
    /// Number of parallel jobs of the build
    #[arg(
        short,
        long,
        value_name = "N",
        allow_hyphen_values = true,
        help_heading = "Compilation Options"
    )]
    pub(crate) jobs: Option<String>,
    /// Build for the target triple
    #[arg(long, value_name = "TRIPLE", help_heading = "Compilation Options")]
    pub(crate) target: Option<String>,
    /// Directory for all generated artifacts
    #[arg(long, value_name = "DIRECTORY", help_heading = "Compilation Options")]
    pub(crate) target_dir: Option<PathBuf>,
    /// Output a build timing report at the end of the build
    #[arg(long, help_heading = "Compilation Options")]
    pub(crate) timings: bool,
    /// Report build errors at the end
    #[arg(long, help_heading = "Compilation Options")]
    pub(crate) future_incompat_report: bool,
    /// Ignore `rust-version` in packages
    #[arg(long, help_heading = "Compilation Options")]
    pub(crate) ignore_rust_version: bool,

    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH", help_heading = "Manifest Options")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// Assert that `Cargo.lock` will remain unchanged
    #[arg(long, help_heading = "Manifest Options")]
    pub(crate) locked: bool,
    /// Run without accessing the network
    #[arg(long, help_heading = "Manifest Options")]
    pub(crate) offline: bool,
    /// Equivalent to specifying both --locked and --offline
    #[arg(long, help_heading = "Manifest Options")]
    pub(crate) frozen: bool,

    /// Override a configuration value
    #[arg(long, value_name = "KEY=VALUE|PATH")]
    pub(crate) config: Vec<String>,
    /// Unstable (nightly-only) flags to Cargo
    #[arg(short = 'Z', value_name = "FLAG")]
    pub(crate) unstable: Vec<String>,
    /// Use verbose output (-vv very verbose/build.rs output)
    #[arg(short, long, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

impl CargoArgs {
    /// Everything, as cargo takes it.
    pub(crate) fn to_args(&self) -> Vec<OsString> {
        let mut args = self.selection();
        args.extend(self.build_options());
        args.extend((0..self.verbose).map(|_| "-v".into()));
        args
    }

    fn selection(&self) -> Vec<OsString> {
        let mut args: Vec<OsString> = Vec::new();
        push!(args,
            "--workspace" => self.workspace,
            "--lib" => self.lib,
            "--bins" => self.bins,
            "--examples" => self.examples,
            "--tests" => self.tests,
            "--benches" => self.benches,
            "--all-targets" => self.all_targets,
            "--doc" => self.doc,
        );
        for (flag, names) in [
            ("--package", &self.package),
            ("--exclude", &self.exclude),
            ("--bin", &self.bin),
            ("--example", &self.example),
            ("--test", &self.test),
            ("--bench", &self.bench),
        ] {
            for name in names {
                // Without a name, cargo lists the names that there are.
                let named = if name.is_empty() {
                    flag.to_owned()
                } else {
                    format!("{flag}={name}")
                };
                args.push(named.into());
            }
        }
        args
    }

    /// What a command to run one test again must repeat.
    pub(crate) fn build_options(&self) -> Vec<OsString> {
        let mut args: Vec<OsString> = Vec::new();
        push!(args,
            "--all-features" => self.all_features,
            "--no-default-features" => self.no_default_features,
            "--release" => self.release,
            "--timings" => self.timings,
            "--future-incompat-report" => self.future_incompat_report,
            "--ignore-rust-version" => self.ignore_rust_version,
            "--locked" => self.locked,
            "--offline" => self.offline,
            "--frozen" => self.frozen,
        );
        let mut pair =
            |flag: &str, value: &std::ffi::OsStr| args.extend([flag.into(), value.to_owned()]);
        self.features
            .iter()
            .for_each(|features| pair("--features", features.as_ref()));
        self.profile
            .iter()
            .for_each(|profile| pair("--profile", profile.as_ref()));
        self.jobs
            .iter()
            .for_each(|jobs| pair("--jobs", jobs.as_ref()));
        self.target
            .iter()
            .for_each(|target| pair("--target", target.as_ref()));
        self.target_dir
            .iter()
            .for_each(|dir| pair("--target-dir", dir.as_ref()));
        self.manifest_path
            .iter()
            .for_each(|path| pair("--manifest-path", path.as_ref()));
        self.config
            .iter()
            .for_each(|config| pair("--config", config.as_ref()));
        self.unstable
            .iter()
            .for_each(|flag| pair("-Z", flag.as_ref()));
        args
    }
}
