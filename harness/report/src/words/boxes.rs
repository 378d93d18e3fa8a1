//! The life of boxes in words.

use journal::{BoxRegistered, BoxStarted, BoxStopped};

use super::body::{shown_id, whose};
use crate::names::Names;

pub(super) fn started(started: &BoxStarted, names: &Names) -> String {
    let model = started.model.as_deref().map_or_else(|| "no model".to_owned(), shown_id);
    let variables =
        if started.env_names.is_empty() { "none".to_owned() } else { started.env_names.join(", ") };
    format!(
        "{}box {} of {} started: {}, {model}, variables {variables}",
        whose(started.tenant),
        started.instance,
        names.call(&started.workspace),
        started.runtime,
    )
}

pub(super) fn registered(registered: &BoxRegistered, names: &Names) -> String {
    let answer = registered.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    format!(
        "{}box {} of {} registers → {answer}",
        whose(registered.tenant),
        registered.instance,
        names.call(&registered.workspace),
    )
}

pub(super) fn stopped(stopped: &BoxStopped, names: &Names) -> String {
    let whose = whose(stopped.tenant);
    format!("{whose}box {} of {} stopped", stopped.instance, names.call(&stopped.workspace))
}
