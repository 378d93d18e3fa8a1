//! One sentence for each outcome, fit to be sent on to whoever asks why.

use contract::Entry;

use super::Payer;
use super::calls::Calls;
use super::prediction::Promised;
use super::subject::Id;
use crate::Resolved;

/// No id is shown at greater length. In characters.
const SHOWN_CHARS: usize = 100;

/// An id, or whatever was typed for one, as it may be shown: on one line, in backticks, bounded, with every letter
/// spelled out that can't be seen or may look like another.
pub fn shown(id: &str) -> String {
    let mut text = String::new();
    for letter in id.chars().take(SHOWN_CHARS) {
        match letter {
            '\\' => text.push_str("\\\\"),
            '`' => text.extend(letter.escape_unicode()),
            ' '..='~' => text.push(letter),
            other => text.extend(other.escape_default()),
        }
    }
    if id.chars().nth(SHOWN_CHARS).is_some() {
        text.push('…');
    }
    format!("`{text}`")
}

fn any_of(names: &[String]) -> String {
    names.join(" or ")
}

fn way(entry: Entry) -> &'static str {
    match entry {
        Entry::Tool => "the management tool",
        Entry::Create => "a create",
        Entry::Import => "an import",
        Entry::PutModel => "a change of the model",
        Entry::Restart => "a restart",
    }
}

pub(super) fn malformed() -> String {
    "The model id or the runtime is longer than 100 bytes or holds a line break, so the request is refused before \
     anything looks at what it names."
        .to_owned()
}

pub(super) fn malformed_late() -> String {
    "The model id is longer than 100 bytes or holds a line break, so that no arm can own it, and the workspace fails \
     when it is provisioned."
        .to_owned()
}

pub(super) fn malformed_elsewhere(entry: Entry) -> String {
    format!(
        "The model id is longer than 100 bytes or holds a line break, and nobody recorded what {} makes of that.",
        way(entry)
    )
}

pub(super) fn unknown_runtime(runtime: &str) -> String {
    format!("The runtime {} is none that this platform knows.", shown(runtime))
}

pub(super) fn undescribed_runtime(runtime: &str) -> String {
    format!("Nothing is promised of the runtime {} by this way or in this registry.", shown(runtime))
}

pub(super) fn external(runtime: &str) -> String {
    format!(
        "Agents of {runtime} run elsewhere, so the workspace waits for its agent and its model is not looked at."
    )
}

pub(super) fn unlisted(runtime: &str, id: &str) -> String {
    format!(
        "No registry lists what {runtime} can call, so nobody looks at the id {} and the workspace comes online on the \
         proxy.",
        shown(id)
    )
}

pub(super) fn no_row_to_change(entry: Entry) -> String {
    format!(
        "Before {} there must be a workspace that is online on a platform-billed id, and without a proxy there is none.",
        way(entry)
    )
}

pub(super) fn model_required() -> String {
    "No model was given, and this platform puts none in its place.".to_owned()
}

pub(super) fn missing_unpromised(entry: Entry) -> String {
    format!("No model was given, and nobody recorded what {} makes of that here.", way(entry))
}

pub(super) fn missing_model() -> String {
    "No model was given, which is found out only when the workspace is provisioned, so it fails.".to_owned()
}

pub(super) fn server_default(default: Option<&str>) -> String {
    let told = match default {
        Some(id) => format!("the server's own default {}", shown(id)),
        None => "no model at all, so its calls fail".to_owned(),
    };
    format!("No model was given; the workspace comes online on the proxy all the same and is told {told}.")
}

pub(super) fn unregistered_early(runtime: &str, id: &str) -> String {
    format!("No arm of {runtime} owns the id {}, so it is refused and nothing changes.", shown(id))
}

pub(super) fn unregistered_late(runtime: &str, id: &str) -> String {
    format!("No arm of {runtime} owns the id {}, so the workspace fails when it is provisioned.", shown(id))
}

pub(super) fn unregistered_unpromised(runtime: &str, id: &str) -> String {
    format!("No arm of {runtime} owns the id {}, and nobody recorded what becomes of it here.", shown(id))
}

pub(super) fn proxied(runtime: &str, id: &str, answers: bool) -> String {
    format!(
        "No arm of {runtime} owns the id {}, but nobody asks, so the workspace comes online on the proxy{}.",
        shown(id),
        unserved(answers)
    )
}

pub(super) fn ambiguous(runtime: &str, id: &str) -> String {
    format!("Several arms of {runtime} own the id {} once blank keys are left out.", shown(id))
}

pub(super) fn no_key_early(runtime: &str, id: &str, arm: &Resolved<'_>) -> String {
    format!("{}, so it is refused and nothing changes.", no_key(runtime, id, arm))
}

pub(super) fn no_key_late(runtime: &str, id: &str, arm: &Resolved<'_>) -> String {
    format!("{}, so the workspace fails when it is provisioned.", no_key(runtime, id, arm))
}

fn no_key(runtime: &str, id: &str, arm: &Resolved<'_>) -> String {
    let accepted = any_of(arm.auth_env);
    let (id, vendor) = (shown(id), arm.provider);
    format!(
        "The id {id} on {runtime} is paid with the key of {vendor} ({accepted}), and no such key counts here"
    )
}

pub(super) fn no_key_proxied(runtime: &str, id: &Id, arm: &Resolved<'_>, answers: bool) -> String {
    let no_key = no_key(runtime, &id.trimmed, arm);
    format!("{no_key}, so the workspace comes online on the proxy instead{}.", unserved(answers))
}

pub(super) fn server_mode(runtime: &str, id: &str, answers: bool) -> String {
    format!(
        "The server's own billing mode decides before anything looks at whose id {} is on {runtime}, so the workspace \
         comes online on the proxy{}.",
        shown(id),
        unserved(answers)
    )
}

pub(super) fn payload_key(key: &str, is_by_id: bool) -> String {
    let because = if is_by_id { "the id is no vendor's" } else { "the server has a proxy, whatever the id" };
    format!("{} in the payload is a vendor's key, which is refused because {because}.", shown(key))
}

pub(super) fn key_without_arm(key: &str) -> String {
    format!(
        "{} in the payload is a vendor's key, and nobody recorded what becomes of it where no arm owns the id.",
        shown(key)
    )
}

pub(super) fn no_proxy(runtime: &str, id: &str) -> String {
    format!("The platform pays for the id {} on {runtime}, but this server has no proxy to do so.", shown(id))
}

pub(super) fn platform_pays(runtime: &str, id: &str, answers: bool) -> String {
    format!(
        "The platform pays for the id {} on {runtime}, so it comes online without a key{}.",
        shown(id),
        unserved(answers)
    )
}

fn unserved(answers: bool) -> &'static str {
    if answers { "" } else { ", though the proxy serves no such id and its calls fail" }
}

pub(super) fn vendor_pays(runtime: &str, id: &str, arm: &Resolved<'_>, calls: &Calls) -> String {
    let (id, vendor) = (shown(id), arm.provider);
    match (&calls.payer, &calls.key) {
        (Promised::This(Some(Payer::Vendor)), Promised::This(Some(key))) => {
            format!("The id {id} on {runtime} belongs to {vendor} and is paid with the workspace's {key}.")
        }
        (Promised::This(Some(Payer::Vendor)), _) => {
            format!(
                "The id {id} on {runtime} belongs to {vendor} and is paid with one of the workspace's keys."
            )
        }
        _ if calls.answers == Promised::This(false) => format!(
            "The id {id} on {runtime} belongs to {vendor}; a key of another vendor lets the workspace come online, but \
             its calls fail."
        ),
        _ => format!(
            "The id {id} on {runtime} belongs to {vendor} and a key lets the workspace come online; where its calls go \
             is not promised."
        ),
    }
}
