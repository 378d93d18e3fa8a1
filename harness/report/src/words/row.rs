//! Rows, their events and what is left of them, in words.

use journal::{Census, CensusMoment, EventsSeen, Receipt, Row, RowSeen, RowSource, StoredModelSeen};
use serde_json::Value;

use super::Said;
use super::body::{body, shown_id, text, whose};
use crate::names::Names;
use crate::text::count;

/// So many rows and boxes of a census are named.
const MAX_CENSUS_NAMES: usize = 20;

pub(super) fn row(seen: &RowSeen, names: &Names) -> String {
    let place = match seen.source {
        RowSource::Read => "read",
        RowSource::List => "list",
    };
    let name = names.call(&seen.workspace);
    match &seen.row {
        Some(row) => format!("row {name} ({place}): {}", row_in_words(row, names)),
        None => format!("row {name} ({place}): not there, answered {}", seen.status),
    }
}

fn row_in_words(row: &Row, names: &Names) -> String {
    let parent = row.parent_id.as_deref().map_or_else(|| "none".to_owned(), |parent| names.call(parent));
    let reason = match row.reason.as_deref() {
        None => String::new(),
        Some("") => ", reason empty".to_owned(),
        Some(reason) => format!(", reason {}", text(reason)),
    };
    format!("{}, {}, tier {}, parent {parent}{reason}", row.status, row.runtime, row.tier)
}

pub(super) fn events(seen: &EventsSeen, names: &Names) -> Said {
    let row = names.call(&seen.workspace);
    if seen.events.is_empty() {
        return format!("events of {row}: none").into();
    }
    let walk: Vec<&str> = seen.events.iter().map(|event| event.event_type.as_str()).collect();
    let with_payload = seen.events.iter().rev().find(|event| !event.payload.is_empty());
    let excerpt = with_payload.and_then(|event| {
        let payload = body(&Value::Object(event.payload.clone()))?;
        Some(format!("{} {payload}", event.event_type))
    });
    Said { line: format!("events of {row}: {}", walk.join(" → ")), excerpt }
}

pub(super) fn stored_model(seen: &StoredModelSeen, names: &Names) -> String {
    format!(
        "stored model of {}: {} ({})",
        names.call(&seen.workspace),
        shown_id(&seen.stored.model),
        seen.stored.source
    )
}

pub(super) fn census(census: &Census, names: &Names) -> String {
    let moment = match census.moment {
        CensusMoment::SetUp => "when the tenant had come up",
        CensusMoment::End => "after the last step",
        CensusMoment::TornDown => "after teardown",
    };
    let rows = census.rows.iter().map(|row| format!("{} {}", names.call(&row.id), row.status));
    let boxes = census.boxes.iter().cloned();
    format!(
        "{}census {moment}: {}{}; {}{}",
        whose(census.tenant),
        count(census.rows.len() as u64, "row", "rows"),
        listed(rows),
        count(census.boxes.len() as u64, "box", "boxes"),
        listed(boxes),
    )
}

/// Names in brackets, not too many; nothing where there are none.
fn listed(names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(MAX_CENSUS_NAMES);
    let mut shown: Vec<String> = names.take(MAX_CENSUS_NAMES).collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    if shown.is_empty() { String::new() } else { format!(" ({})", shown.join(", ")) }
}

pub(super) fn receipt(receipt: &Receipt, names: &Names) -> String {
    format!(
        "{}delete of {} → {}, a read afterwards → {}",
        whose(receipt.tenant),
        names.call(&receipt.workspace),
        receipt.status,
        receipt.read_after
    )
}
