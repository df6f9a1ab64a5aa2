use std::time::Duration;

use nix::time::{ClockId, clock_gettime};
use nsrun::{Clocks, Kind, Sandbox};

use crate::common::check_with;
use crate::{namespace, read};

/// After 49.7 days a 32-bit counter of milliseconds is back at zero.
const DAYS_49: Duration = Duration::from_secs(49 * 24 * 60 * 60);
const HOUR: Duration = Duration::from_secs(60 * 60);

fn clock(id: ClockId) -> Duration {
    clock_gettime(id).expect("Linux has it").into()
}

/// The clocks, in nanoseconds.
fn clocks() -> [u128; 2] {
    [ClockId::CLOCK_MONOTONIC, ClockId::CLOCK_BOOTTIME].map(|id| clock(id).as_nanos())
}

/// The clocks as they were in the beginning, and what must not change.
fn outside(beginning: &[u128; 2]) -> String {
    let [monotonic, boottime] = beginning;
    let offsets = read("/proc/self/timens_offsets");
    format!("{monotonic} {boottime} {} {offsets}", namespace(Kind::Time))
}

/// By how much the clocks inside are ahead of those outside, if it takes no time to look.
fn ahead(outside: &str) -> [Duration; 2] {
    let then: Vec<u128> = outside
        .split(' ')
        .map_while(|word| word.parse().ok())
        .collect();
    let nanos = |i: usize| clocks()[i].checked_sub(then[i]).expect("it runs on");
    [0, 1].map(|i| Duration::from_nanos(nanos(i).try_into().expect("years at most")))
}

fn assert_ahead(outside: &str, offsets: [Duration; 2]) {
    for (ahead, offset) in ahead(outside).into_iter().zip(offsets) {
        assert!((offset..offset + HOUR).contains(&ahead), "{ahead:?}");
    }
}

#[test]
fn the_clocks_are_set_as_asked_for() {
    let set = Clocks {
        monotonic: DAYS_49,
        boottime: DAYS_49 * 2,
    };
    check_with(Sandbox::new().clocks(set), clocks, outside, |seen| {
        assert_ahead(seen, [DAYS_49, DAYS_49 * 2]);
    });
}

#[test]
fn fractions_of_a_second_count() {
    let half = Duration::from_millis(DAYS_49.as_millis() as u64 + 500);
    let set = Clocks {
        monotonic: half,
        boottime: half,
    };
    check_with(Sandbox::new().clocks(set), clocks, outside, move |seen| {
        assert_ahead(seen, [half, half]);
    });
}

#[test]
fn without_offsets_they_are_the_hosts() {
    let sandbox = Sandbox::with(Kind::Time.into());
    check_with(sandbox, clocks, outside, |seen| {
        assert_ahead(seen, [Duration::ZERO; 2]);
    });
}
