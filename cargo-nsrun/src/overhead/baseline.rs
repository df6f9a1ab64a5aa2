//! An earlier result, and how today's compares with it.
//!
//! Only ratios to the floor are compared, never times: a machine that is busy, or another one, makes
//! both sides of a ratio slower.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::measured::Ratios;
use crate::args::Percentage;
use crate::exit;
use crate::fatal::Fatal;

/// The ratios of a file that `--save` has written.
pub(super) struct Baseline {
    file: PathBuf,
    ratios: BTreeMap<String, f64>,
}

impl Baseline {
    pub(super) fn read(file: &Path) -> Result<Baseline, Fatal> {
        let wrong = |what: &str| unusable(file, what);
        let text =
            fs::read_to_string(file).map_err(|error| wrong(&format!("cannot be read: {error}")))?;
        let value: Value =
            serde_json::from_str(&text).map_err(|error| wrong(&format!("is not JSON: {error}")))?;
        let ratios = value.get("ratios").and_then(Value::as_object);
        let ratios = ratios.ok_or_else(|| wrong("has no object `ratios`"))?;
        let ratio = |(name, value): (&String, &Value)| match value.as_f64() {
            Some(ratio) if ratio > 0.0 => Ok((name.clone(), ratio)),
            _ => Err(wrong(&format!(
                "has `{value}` as the ratio of `{name}`, which is not a number above 0"
            ))),
        };
        Ok(Baseline {
            file: file.to_owned(),
            ratios: ratios.into_iter().map(ratio).collect::<Result<_, _>>()?,
        })
    }

    /// Without this ratio it is a baseline of something else.
    pub(super) fn require(&self, name: &str) -> Result<(), Fatal> {
        match self.ratios.get(name) {
            Some(_) => Ok(()),
            None => Err(unusable(&self.file, &format!("has no ratio of `{name}`"))),
        }
    }

    pub(super) fn compare(&self, ratios: &Ratios, max_regression: Percentage) -> Comparison {
        let known = |name: &String| ratios.iter().any(|(other, _)| other == name);
        let missing = self.ratios.keys().filter(|name| !known(name));
        let compared = ratios.iter().filter_map(|(name, ratio)| {
            Some(Compared {
                name: name.clone(),
                baseline: *self.ratios.get(name)?,
                ratio: *ratio,
            })
        });
        Comparison {
            max_regression,
            compared: compared.collect(),
            missing: missing.cloned().collect(),
        }
    }
}

fn unusable(file: &Path, what: &str) -> Fatal {
    let file = file.display();
    Fatal::usage(format!("the baseline `{file}` {what}")).help(format!(
        "make one with the same options and `--save {file}` in place of `--baseline`"
    ))
}

/// Today's ratios beside those of the baseline.
pub(crate) struct Comparison {
    pub(crate) max_regression: Percentage,
    pub(crate) compared: Vec<Compared>,
    /// What the baseline has, and was not measured: there are fewer cores, say.
    pub(crate) missing: Vec<String>,
}

/// One of them.
#[derive(Debug, PartialEq)]
pub(crate) struct Compared {
    pub(crate) name: String,
    pub(crate) baseline: f64,
    pub(crate) ratio: f64,
}

impl Compared {
    /// How much worse it is, in percent.
    pub(crate) fn change(&self) -> f64 {
        (self.ratio / self.baseline - 1.0) * 100.0
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Compared {
            name,
            baseline,
            ratio,
        } = self;
        let change = self.change();
        write!(
            f,
            "`{name}` from {baseline:.2} to {ratio:.2} ({change:+.1}%)"
        )
    }
}

impl Comparison {
    pub(crate) fn has_regressed(&self, compared: &Compared) -> bool {
        compared.change() > self.max_regression.0
    }

    pub(crate) fn regressed(&self) -> Vec<&Compared> {
        let compared = self.compared.iter();
        compared.filter(|it| self.has_regressed(it)).collect()
    }

    /// Names every ratio that is worse than is allowed.
    pub(super) fn check(&self) -> Result<(), Fatal> {
        let regressed = self.regressed();
        if regressed.is_empty() {
            return Ok(());
        }
        let named: Vec<_> = regressed.iter().map(ToString::to_string).collect();
        let message = format!(
            "{} of {} ratios became worse by more than {}: {}",
            regressed.len(),
            self.compared.len(),
            self.max_regression,
            named.join(", ")
        );
        Err(Fatal {
            code: exit::REGRESSED,
            ..Fatal::setup(message)
        }
        .help("if that is meant to be so, `--save` a new baseline"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(ratios: &[(&str, f64)]) -> Baseline {
        let ratios = ratios
            .iter()
            .map(|(name, ratio)| ((*name).to_owned(), *ratio));
        Baseline {
            file: "base.json".into(),
            ratios: ratios.collect(),
        }
    }

    fn regressed(before: f64, now: f64, allowed: f64) -> bool {
        let now = vec![("default".to_owned(), now)];
        let comparison = baseline(&[("default", before)]).compare(&now, Percentage(allowed));
        comparison.check().is_err()
    }

    #[test]
    fn more_than_is_allowed_is_a_regression() {
        assert!(!regressed(2.0, 2.0, 0.0));
        assert!(!regressed(2.0, 2.29, 15.0));
        assert!(regressed(2.0, 2.31, 15.0));
        assert!(regressed(2.0, 2.01, 0.0));
        assert!(!regressed(2.0, 0.1, 0.0));
    }

    #[test]
    fn what_only_one_side_has_is_not_compared() {
        let now = vec![("default".to_owned(), 1.0), ("net".to_owned(), 9.0)];
        let before = baseline(&[("default", 1.0), ("8 at once", 1.0)]);
        let comparison = before.compare(&now, Percentage(15.0));
        assert_eq!(comparison.compared.len(), 1);
        assert_eq!(comparison.missing, ["8 at once"]);
        assert!(comparison.check().is_ok());
    }
}
