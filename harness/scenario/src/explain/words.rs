//! Small tools for sentences.

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn either(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// An id as it may be shown: on one line, between backticks, with whatever can't be seen spelled out.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.chars().flat_map(char::escape_debug).collect::<String>())
}

/// A stretch of time as an author writes it.
pub(super) fn time(time: std::time::Duration) -> String {
    let ms = time.as_millis();
    if ms.is_multiple_of(1_000) { format!("{} s", ms / 1_000) } else { format!("{ms} ms") }
}
