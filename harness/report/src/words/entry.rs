//! Scripted acts in words.

use journal::{BillingModeSet, EntryCall, EntryStep, KeyScope, OfferedSeen, SecretWritten};

use super::Said;
use super::body::{shown_id, text};
use crate::names::Names;

pub(super) fn entry_call(call: &EntryCall) -> Said {
    let act = match call.step {
        EntryStep::Make => "handed in",
        EntryStep::PutModel => "given another model",
        EntryStep::Restart => "restarted",
    };
    let model = call.model.as_deref().map_or_else(|| "no model".to_owned(), shown_id);
    let runtime = call.runtime.as_deref().map(|runtime| format!(" on {runtime}")).unwrap_or_default();
    let keys = if call.keys.is_empty() { String::new() } else { format!(", with {}", call.keys.join(", ")) };
    let code = call.code.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
    let line = format!(
        "{} {act} by {}: {model}{runtime}{keys} → {}{code}",
        call.member,
        call.entry.as_str(),
        call.status
    );
    Said { line, excerpt: call.reason.as_deref().map(|reason| format!("reason {}", text(reason))) }
}

pub(super) fn secret_written(written: &SecretWritten, names: &Names) -> String {
    let place = match (written.scope, written.workspace.as_deref()) {
        (KeyScope::Global, _) => "the whole tenant".to_owned(),
        (_, Some(row)) => names.call(row),
        (_, None) => "a workspace".to_owned(),
    };
    format!("key {} written for {place} → {}", written.key, written.status)
}

pub(super) fn billing_mode_set(set: &BillingModeSet, names: &Names) -> String {
    let mode = set.mode.as_deref().unwrap_or("cleared");
    format!("billing mode of {} set: {mode} → {}", names.call(&set.workspace), set.status)
}

pub(super) fn offered(seen: &OfferedSeen) -> String {
    let paid = seen.models.iter().filter(|model| model.platform_billed).count();
    format!(
        "models offered on {} → {}: {}, of which the platform pays for {paid}",
        seen.runtime,
        seen.status,
        seen.models.len()
    )
}
