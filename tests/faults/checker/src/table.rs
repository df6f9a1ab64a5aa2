//! The comparison, for `docs/faults.md`.

use std::fmt::Write;

use faults::{CATALOGUE, Fault};

use crate::check::{Cell, Checked};

pub(crate) fn of(checked: &[Checked]) -> String {
    let mut table = heading(checked);
    for (chapter, faults) in CATALOGUE {
        let rows: Vec<_> = faults
            .iter()
            .filter_map(|fault| row(fault, checked))
            .collect();
        if !rows.is_empty() {
            let _ = writeln!(table, "| **{chapter}** |{}", " |".repeat(checked.len() + 1));
            table.extend(rows);
        }
    }
    table + &sums(checked)
}

fn heading(checked: &[Checked]) -> String {
    let titles: Vec<_> = checked.iter().map(|checked| checked.runner.title).collect();
    let lines = "---|".repeat(checked.len() + 2);
    format!("| fault | must be | {} |\n|{lines}\n", titles.join(" | "))
}

fn row(fault: &Fault, checked: &[Checked]) -> Option<String> {
    let key = (fault.module, fault.name);
    let cells: Vec<_> = checked
        .iter()
        .filter_map(|checked| checked.cells.get(&key))
        .collect();
    let verdicts: Vec<_> = fault.verdicts.iter().map(ToString::to_string).collect();
    let cells: Vec<_> = cells.iter().map(|(_, cell)| shown(cell)).collect();
    let name = fault.name.replace('_', " ");
    (!cells.is_empty()).then(|| {
        format!(
            "| {name} | {} | {} |\n",
            verdicts.join(" or "),
            cells.join(" | ")
        )
    })
}

fn shown(cell: &Cell) -> String {
    let word = &cell.came.word;
    let left = match &cell.left[..] {
        [] => String::new(),
        left => format!("; {}", summary(left)),
    };
    match cell.is_right {
        None => "not run".to_owned(),
        Some(true) => format!("✓ {word}"),
        Some(false) => format!("✗ {word}{left}"),
    }
}

/// The first of what was left behind, without what differs from run to run.
fn summary(left: &[String]) -> String {
    let what = left[0].split(':').next().unwrap_or_default();
    let count = if left.len() > 1 {
        format!(" (+{})", left.len() - 1)
    } else {
        String::new()
    };
    match left[0].split_once(": ") {
        Some(("runs on", command)) => format!("left `{}`{count}", short(command)),
        _ => format!("{what}{count}"),
    }
}

/// Of a program in a target folder the name alone; elsewhere the folder is another.
fn short(command: &str) -> &str {
    match command.rsplit_once("/deps/") {
        Some((_, program)) => program.split('-').next().unwrap_or(program),
        None => command,
    }
}

fn sums(checked: &[Checked]) -> String {
    let sum = |checked: &Checked| {
        let cells = || checked.cells.values().map(|(_, cell)| cell.is_right);
        let count = |what| cells().filter(|is_right| *is_right == what).count();
        format!(
            "{} right, {} wrong, {} not run",
            count(Some(true)),
            count(Some(false)),
            count(None)
        )
    };
    let sums: Vec<_> = checked.iter().map(sum).collect();
    format!("| **all** | | {} |\n", sums.join(" | "))
}
