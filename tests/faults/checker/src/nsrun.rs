//! What `cargo nsrun test --message-format json` says.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::came::{Came, crash};

pub(crate) fn read(stdout: &str) -> BTreeMap<String, Came> {
    let events = stdout
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let ended =
        events.filter(|event: &Value| event["type"] == "test" && event["verdict"] != Value::Null);
    ended
        .map(|event| (word(&event["name"]), came(&event)))
        .collect()
}

fn came(event: &Value) -> Came {
    let said = ["message", "stderr", "stdout"].map(|field| word(&event[field]));
    let verdict = match event["signal"].as_i64() {
        Some(signal) => crash(signal as i32),
        None => word(&event["verdict"]),
    };
    Came::new(&verdict, &said.join("\n"))
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
