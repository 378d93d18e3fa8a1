//! Texts of the user's inside messages: short, on one line, without characters that a terminal would obey.

/// Longer texts are cut in a message, in characters.
const QUOTED_CHARS: usize = 60;

/// More names than this are counted instead of listed.
const LISTED_NAMES: usize = 12;

/// A text in backticks, cut and made visible.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED_CHARS).map(visible).collect();
    if text.chars().nth(QUOTED_CHARS).is_some() {
        shown.push_str("...");
    }
    format!("`{shown}`")
}

/// `` `a`, `b` ``, and the rest as a count.
pub(crate) fn listed(names: &[&str]) -> String {
    let shown: Vec<_> = names.iter().take(LISTED_NAMES).map(|name| quoted(name)).collect();
    match names.len().saturating_sub(LISTED_NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A character that stands in for one that has no shape of its own or turns the text around it.
pub(crate) fn visible(character: char) -> char {
    match character {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{feff}' => '\u{fffd}',
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => '\u{fffd}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_is_short_and_visible() {
        let long = "x".repeat(61);
        let cut = format!("`{}...`", "x".repeat(60));
        for (text, shown) in [("a", "`a`"), ("a\n\u{1b}[m\u{202e}", "`a␊␛[m\u{fffd}`"), (&long, &cut)] {
            assert_eq!(quoted(text), shown);
        }
    }

    #[test]
    fn long_lists_of_names_end_in_a_count() {
        assert_eq!(listed(&["a", "b"]), "`a`, `b`");
        assert!(listed(&["a"; 14]).ends_with("`a` and 2 more"));
    }
}
