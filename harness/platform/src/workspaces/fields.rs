//! What a field of a create may hold (tenant-api §2.4 #2).

use axum::http::StatusCode;

use crate::reply::{Answer, Refused};

/// Longest values, in bytes.
const NAME_BYTES: usize = 255;
const ROLE_BYTES: usize = 1000;
const MODEL_BYTES: usize = 100;
const RUNTIME_BYTES: usize = 100;

/// What a name and a role must not hold: they end up in a YAML file.
const FORBIDDEN: [char; 10] = ['{', '}', '[', ']', '|', '>', '*', '&', '!', '\0'];

/// Checks the texts of a create as they were typed.
pub(crate) fn check(name: &str, role: &str, model: &str, runtime: &str) -> Answer<()> {
    let fits = fits(name, NAME_BYTES)
        && fits_in_yaml(name)
        && fits(role, ROLE_BYTES)
        && fits_in_yaml(role)
        && fits(runtime, RUNTIME_BYTES);
    if fits { check_model(model) } else { Err(refused()) }
}

/// Checks a model id as it was typed, before anything is trimmed off.
pub(crate) fn check_model(model: &str) -> Answer<()> {
    if fits(model, MODEL_BYTES) { Ok(()) } else { Err(refused()) }
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
            assert_eq!(check(name, role, model, "claude-code").is_ok(), accepted, "{name} {role} {model}");
        }
    }
}
