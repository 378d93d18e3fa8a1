//! What a field of a create may hold (tenant-api §2.4 #2).

use axum::http::StatusCode;
use contract::{Entry, MalformedId};

use crate::reply::{Answer, Refused};
use crate::tenant::Tenant;

/// Longest values, in bytes.
const NAME_BYTES: usize = 255;
const ROLE_BYTES: usize = 1000;
const MODEL_BYTES: usize = 100;
const RUNTIME_BYTES: usize = 100;

/// What a name and a role must not hold: they end up in a YAML file.
const FORBIDDEN: [char; 10] = ['{', '}', '[', ']', '|', '>', '*', '&', '!', '\0'];

/// Checks the texts of a create as they were typed.
pub(crate) fn check(name: &str, role: &str, runtime: &str) -> Answer<()> {
    let fits = fits(name, NAME_BYTES)
        && fits_in_yaml(name)
        && fits(role, ROLE_BYTES)
        && fits_in_yaml(role)
        && fits(runtime, RUNTIME_BYTES);
    if fits { Ok(()) } else { Err(refused()) }
}

/// Checks a model id as it was typed, before anything is trimmed off, where the contract has it refused by this entry.
pub(crate) fn check_model(tenant: &Tenant, entry: Entry, model: &str) -> Answer<()> {
    let is_refused = *tenant.contract.malformed_id.of(entry) == MalformedId::Refused;
    if is_refused && !fits_model(model) { Err(refused()) } else { Ok(()) }
}

/// True for an id that is short enough and on one line.
pub(crate) fn fits_model(model: &str) -> bool {
    fits(model, MODEL_BYTES)
}

fn fits(text: &str, limit_bytes: usize) -> bool {
    text.len() <= limit_bytes && !text.contains(['\r', '\n'])
}

fn fits_in_yaml(text: &str) -> bool {
    !text.contains(FORBIDDEN)
}

fn refused() -> Refused {
    Refused::text(StatusCode::BAD_REQUEST, "invalid workspace fields")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_bounded_in_bytes_and_kept_to_one_line() {
        let long = |length| "a".repeat(length);
        let accented = format!("claude-{}", "é".repeat(47));
        for (name, role, model, accepted) in [
            ("Researcher", "a role", "minimax/MiniMax-M2.7", true),
            (long(255).as_str(), long(1000).as_str(), long(100).as_str(), true),
            (long(256).as_str(), "", "", false),
            ("a", long(1001).as_str(), "", false),
            ("a", "", long(101).as_str(), false),
            ("a", "", accented.as_str(), false),
            ("a\nb", "", "", false),
            ("a", "x|y", "", false),
            ("[a]", "", "", false),
            ("a", "", "claude-\rsonnet", false),
            ("a", "", "minimax/MiniMax-M2.7\n", false),
            ("a", "", "claude-{}", true),
        ] {
            let fits = check(name, role, "claude-code").is_ok() && fits_model(model);
            assert_eq!(fits, accepted, "{name} {role} {model}");
        }
    }
}
