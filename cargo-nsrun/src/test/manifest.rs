//! What only the manifest says of a target: cargo's messages do not tell its harness.

use std::path::Path;

use toml::{Table, Value};

use super::artifacts::Harness;

/// Crates whose harness understands libtest's `--list`, `--exact` and `--logfile`.
const COMPATIBLE: [&str; 3] = ["libtest-mimic", "datatest-stable", "nsrun"];

/// A package's Cargo.toml. cargo has just built from it, so what cannot be read is as if absent: a
/// binary that is not libtest's for all that lists no tests, which is an error.
pub(super) struct Manifest(Table);

impl Manifest {
    pub(super) fn read(path: &Path) -> Manifest {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        Manifest(text.parse().unwrap_or_default())
    }

    pub(super) fn package_name(&self) -> Option<&str> {
        self.0.get("package")?.get("name")?.as_str()
    }

    /// The harness of the target `name` in the table `kind`.
    pub(super) fn harness(&self, kind: &str, name: &str) -> Harness {
        let says_no = |target: &Value| target.get("harness") == Some(&Value::Boolean(false));
        let own = match self.0.get(kind) {
            Some(Value::Array(targets)) => targets.iter().any(|target| {
                target.get("name").and_then(Value::as_str) == Some(name) && says_no(target)
            }),
            Some(single) => says_no(single),
            None => false,
        };
        match own {
            false => Harness::Libtest,
            true if self.depends_on_a_compatible_one() => Harness::Compatible,
            true => Harness::Unknown,
        }
    }

    fn depends_on_a_compatible_one(&self) -> bool {
        ["dependencies", "dev-dependencies"]
            .into_iter()
            .filter_map(|table| self.0.get(table)?.as_table())
            .flat_map(Table::iter)
            .any(|(name, dependency)| {
                let renamed = dependency.get("package").and_then(Value::as_str);
                COMPATIBLE.contains(&renamed.unwrap_or(name))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn harness(text: &str, kind: &str, name: &str) -> Harness {
        Manifest(text.parse().unwrap()).harness(kind, name)
    }

    #[test]
    fn a_target_without_harness_is_found() {
        let text =
            "[[test]]\nname = 'a'\nharness = false\n[[test]]\nname = 'b'\n[lib]\nharness = false";
        assert_eq!(harness(text, "test", "a"), Harness::Unknown);
        assert_eq!(harness(text, "test", "b"), Harness::Libtest);
        assert_eq!(harness(text, "bench", "a"), Harness::Libtest);
        assert_eq!(harness(text, "lib", "x"), Harness::Unknown);
    }

    #[test]
    fn a_compatible_harness_is_known_by_its_crate() {
        let target = "[[test]]\nname = 'a'\nharness = false\n";
        for dependency in [
            "libtest-mimic = '0.8'",
            "m = { package = 'libtest-mimic', version = '0.8' }",
        ] {
            let text = format!("{target}[dev-dependencies]\n{dependency}");
            assert_eq!(harness(&text, "test", "a"), Harness::Compatible);
        }
        assert_eq!(
            harness(&format!("{target}[dependencies]\nx = '1'"), "test", "a"),
            Harness::Unknown
        );
    }
}
