//! Servers and their logs in words.

use journal::{ServerSaid, TenantRole};

use crate::ServerLog;
use crate::text::count;

pub(super) fn said(said: &ServerSaid) -> String {
    let words = &said.words;
    let all = words.dropped + words.lines.len() as u64;
    format!("{} {}, {} of log", of(said.tenant), ended(words.ended.as_deref()), count(all, "line", "lines"))
}

/// What became of a server, and how much of its log follows: so many of its last lines.
pub(crate) fn log_in_words(log: &ServerLog, shown: usize) -> String {
    let before = log.before + log.lines.len().saturating_sub(shown) as u64;
    let lines = match (log.lines.len().min(shown) as u64, before) {
        (0, _) => "it said nothing".to_owned(),
        (shown, 0) => format!("all it said, {}", count(shown, "line", "lines")),
        (shown, _) => format!("the last {} of its log, {before} before", count(shown, "line", "lines")),
    };
    format!("{} {}; {lines}", of(log.tenant), ended(log.ended.as_deref()))
}

fn of(tenant: TenantRole) -> &'static str {
    match tenant {
        TenantRole::Subject => "the tenant's server",
        TenantRole::Bystander => "the bystander's server",
    }
}

fn ended(ended: Option<&str>) -> String {
    ended.map_or_else(|| "ran to the end".to_owned(), |how| format!("ended by itself with {how}"))
}
