//! The table in the end.

use std::time::Duration;

#[derive(Default)]
pub(crate) struct Table(Vec<(String, Option<Duration>, Option<Duration>)>);

impl Table {
    pub(crate) fn add(&mut self, name: String, floor: Option<Duration>, ours: Option<Duration>) {
        self.0.push((name, floor, ours));
    }

    #[expect(clippy::print_stdout, reason = "it is what the benchmark is run for")]
    pub(crate) fn print(&self) {
        println!(
            "{:<36}{:>10}{:>10}{:>8}",
            "median, in ms", "floor", "nsrun", "ratio"
        );
        for (name, floor, ours) in &self.0 {
            let ratio = floor
                .zip(*ours)
                .map(|(floor, ours)| ours.div_duration_f64(floor));
            let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
            println!(
                "{name:<36}{:>10}{:>10}{ratio:>8}",
                cell(*floor),
                cell(*ours)
            );
        }
    }
}

fn cell(time: Option<Duration>) -> String {
    time.map_or_else(String::new, |time| {
        format!("{:.3}", time.as_secs_f64() * 1e3)
    })
}
