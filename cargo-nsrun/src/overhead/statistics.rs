//! Medians and other percentiles.

use std::time::Duration;

/// Half, nine tenths and 99 of a hundred measurements took no longer than this.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Percentiles {
    pub(crate) p50: Duration,
    pub(crate) p90: Duration,
    pub(crate) p99: Duration,
}

impl Percentiles {
    pub(crate) fn of(mut times: Vec<Duration>) -> Percentiles {
        times.sort_unstable();
        Percentiles {
            p50: nearest_rank(&times, 50),
            p90: nearest_rank(&times, 90),
            p99: nearest_rank(&times, 99),
        }
    }
}

/// The smallest of the sorted times that so many of a hundred do not exceed; nothing took no time.
fn nearest_rank(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// The one in the middle, or what is halfway between the two there.
pub(super) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 0 => f64::midpoint(values[middle - 1], values[middle]),
        _ => values[middle],
    }
}

/// The median of the times.
pub(super) fn median_time(times: &[Duration]) -> f64 {
    median(times.iter().map(Duration::as_secs_f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measurements() {
        let all = (1..=200).rev().map(Duration::from_millis).collect();
        let [p50, p90, p99] = [100, 180, 198].map(Duration::from_millis);
        assert_eq!(Percentiles::of(all), Percentiles { p50, p90, p99 });
        let one = Duration::from_millis(7);
        let only = Percentiles {
            p50: one,
            p90: one,
            p99: one,
        };
        assert_eq!(Percentiles::of(vec![one]), only);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median([]).is_nan());
    }
}
