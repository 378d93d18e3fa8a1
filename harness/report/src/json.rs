//! `report.json`: the report for machines.

use serde::Serialize;
use serde_json::Value;

use crate::Report;

/// The version of `report.json`. A key that is removed or changes its meaning makes a new one; a new key does not.
pub const REPORT_FORMAT: u32 = 1;

#[derive(Serialize)]
struct ReportFile<'a> {
    format: u32,
    #[serde(flatten)]
    report: &'a Report,
}

/// The report as JSON, `format` first, its keys in the order of [`Report`]'s fields. Texts stand in it as they were
/// recorded, control characters included.
pub fn json(report: &Report) -> Value {
    serde_json::to_value(ReportFile { format: REPORT_FORMAT, report })
        .expect("a report holds only numbers, texts, lists and maps keyed by text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn keys_stand_in_a_fixed_order_with_the_format_first() {
        let value = json(&sample::mixed_report());
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "format",
                "run",
                "totals",
                "scenarios",
                "journeys",
                "skipped",
                "left_out",
                "unplanned",
                "took_ms"
            ]
        );
        assert_eq!(value["format"], 1);
        assert_eq!(value["totals"]["checks"]["invariants"]["O-6"]["broke"], 1);
        assert_eq!(value["journeys"][1]["details"][0]["proof"][0]["seq"], 3);
    }

    #[test]
    fn one_report_gives_one_text() {
        let text = |report: &Report| serde_json::to_string(&json(report)).unwrap();
        assert_eq!(text(&sample::mixed_report()), text(&sample::mixed_report()));
    }

    #[test]
    fn it_reads_back_as_the_same_report() {
        let report = sample::mixed_report();
        let read: Report = serde_json::from_value(json(&report)).unwrap();
        assert_eq!(read, report);
    }
}
