//! What each option of `#[ns_test]` makes of the spec. A duration is seconds and nanoseconds.

use std::path::PathBuf;
use std::time::Duration;

use nsrun_core::{Clocks, Identity, Leaks, Spec};

pub fn root(spec: &mut Spec) {
    spec.identity = Identity::Root;
}

pub fn hostname(spec: &mut Spec, name: &str) {
    spec.hostname = Some(name.to_owned());
}

pub fn clocks(spec: &mut Spec, monotonic: (u64, u32), boottime: (u64, u32)) {
    spec.clocks = Clocks {
        monotonic: duration(monotonic),
        boottime: duration(boottime),
    };
}

pub fn tmp_size(spec: &mut Spec, bytes: u64) {
    spec.tmp_size = bytes;
}

pub fn share(spec: &mut Spec, paths: &[&str]) {
    spec.share = paths.iter().map(PathBuf::from).collect();
}

pub fn timeout(spec: &mut Spec, timeout: (u64, u32)) {
    spec.timeout = Some(duration(timeout));
}

pub fn leaks_warn(spec: &mut Spec) {
    spec.leaks = Some(Leaks::Warn);
}

pub fn leaks_fail(spec: &mut Spec) {
    spec.leaks = Some(Leaks::Fail);
}

fn duration((seconds, nanos): (u64, u32)) -> Duration {
    Duration::new(seconds, nanos)
}
