//! Small tools for words: escaping, cutting, counting, wrapping.

/// The text with everything that a terminal would obey, swallow or reorder written as an escape. What is left is one
/// printable line.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' => out.extend(letter.escape_default()),
            _ if is_hidden(letter) => out.extend(letter.escape_unicode()),
            _ => out.push(letter),
        }
    }
    out
}

/// Letters that can't be seen, look like a plain space or change the direction of others.
fn is_hidden(letter: char) -> bool {
    let is_odd_space = letter.is_whitespace() && letter != ' ';
    letter.is_control()
        || is_odd_space
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The first `limit` characters, with a mark where there were more.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((at, _)) => {
            let more = text[at..].chars().count();
            format!("{}… [cut: {more} more]", &text[..at])
        }
    }
}

/// A number with its noun.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A stretch of time, as long as people need it.
pub(crate) fn time(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// The text in lines of at most `width` characters, broken at spaces. A word that is longer stays whole, so that it
/// can be copied. Runs of spaces within a line are kept.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = break_of(rest, width) {
        lines.push(rest[..at].trim_end().to_owned());
        rest = rest[at..].trim_start();
    }
    lines.push(rest.to_owned());
    lines
}

/// Where to break a text that is longer than `width` characters: the last space that fits, else the first one after.
fn break_of(text: &str, width: usize) -> Option<usize> {
    let (limit, _) = text.char_indices().nth(width)?;
    let mut chosen = None;
    for (at, _) in text.match_indices(' ') {
        let has_words_on_both_sides = !text[..at].trim().is_empty() && !text[at..].trim().is_empty();
        if has_words_on_both_sides && (at <= limit || chosen.is_none()) {
            chosen = Some(at);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_or_hide_is_written_as_an_escape() {
        for (text, shown) in [
            ("plain über 漢字", "plain über 漢字"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\r\nb\tc", "a\\r\\nb\\tc"),
            ("\u{9b}2J\u{0}", "\\u{9b}2J\\u{0}"),
            ("kimi\u{a0}\u{200b}\u{202e}", "kimi\\u{a0}\\u{200b}\\u{202e}"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }

    #[test]
    fn a_cut_is_marked_and_never_splits_a_character() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äöü… [cut: 1 more]");
    }

    #[test]
    fn times_are_as_long_as_people_need_them() {
        for (ms, words) in [(0, "0 ms"), (999, "999 ms"), (1_250, "1.2 s"), (125_000, "2 min 5 s")] {
            assert_eq!(time(ms), words);
        }
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_stay_whole() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a-very-long-word and more", 6), ["a-very-long-word", "and", "more"]);
        assert_eq!(wrapped("ä ö ü ß", 3), ["ä ö", "ü ß"]);
        assert_eq!(wrapped("two  spaces", 40), ["two  spaces"]);
        assert_eq!(wrapped("", 4), [""]);
        assert_eq!(wrapped("      padded only      ", 4), ["      padded", "only      "]);
    }
}
