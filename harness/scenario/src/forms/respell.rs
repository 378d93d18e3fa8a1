//! Other spellings of an id. Each gives what differs from the id, without doubles; which of them mean something is for
//! the oracle to say.

/// A longer id is refused (tenant-api §2.4). In bytes.
const LIMIT_BYTES: usize = 100;

/// An id at its first separator: vendor, separator, the rest. `None` where it has none.
pub(super) fn parted(id: &str) -> Option<(&str, char, &str)> {
    let at = id.find(['/', ':'])?;
    let separator = id[at..].chars().next()?;
    Some((&id[..at], separator, &id[at + 1..]))
}

/// In other letters: all large, all small, the first or the last one turned.
pub(super) fn wrong_case(id: &str) -> Vec<String> {
    let letters: Vec<usize> =
        id.char_indices().filter(|(_, c)| c.is_ascii_alphabetic()).map(|(at, _)| at).collect();
    let mut spelled = vec![id.to_uppercase(), id.to_lowercase()];
    spelled.extend(letters.first().into_iter().chain(letters.last()).map(|at| turned(id, *at)));
    differing(id, spelled)
}

fn turned(id: &str, at: usize) -> String {
    let turn = |c: char| if c.is_ascii_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
    id.char_indices().map(|(place, c)| if place == at { turn(c) } else { c }).collect()
}

/// With white space at an end, of the kinds that come along when text is copied.
pub(super) fn padded(id: &str) -> Vec<String> {
    let spelled = [
        format!(" {id}"),
        format!("{id} "),
        format!("\t{id}"),
        format!("  {id}  "),
        format!("\u{a0}{id}"),
        format!("{id}\u{3000}"),
    ];
    spelled.to_vec()
}

/// With another separator in the place of the first.
pub(super) fn swapped(id: &str) -> Vec<String> {
    let Some((vendor, separator, rest)) = parted(id) else { return Vec::new() };
    let others = ['/', ':', '-'].into_iter().filter(|other| *other != separator);
    others.map(|other| format!("{vendor}{other}{rest}")).collect()
}

/// With its separator twice.
pub(super) fn doubled(id: &str) -> Vec<String> {
    let Some((vendor, separator, rest)) = parted(id) else { return Vec::new() };
    vec![format!("{vendor}{separator}{separator}{rest}")]
}

/// Without its vendor.
pub(super) fn without_vendor(id: &str) -> Vec<String> {
    parted(id)
        .filter(|(_, _, rest)| !rest.is_empty())
        .map(|(_, _, rest)| rest.to_owned())
        .into_iter()
        .collect()
}

/// With its vendor twice.
pub(super) fn with_vendor_twice(id: &str) -> Vec<String> {
    let Some((vendor, separator, _)) = parted(id) else { return Vec::new() };
    vec![format!("{vendor}{separator}{id}")]
}

/// With a version that nobody has released: the last digit one higher.
pub(super) fn next_version(id: &str) -> Vec<String> {
    let Some((at, digit)) = id.char_indices().rev().find(|(_, c)| c.is_ascii_digit()) else {
        return Vec::new();
    };
    let next = digit.to_digit(10).map_or(0, |digit| (digit + 1) % 10);
    vec![format!("{}{next}{}", &id[..at], &id[at + 1..])]
}

/// With a letter of another alphabet in the place of one that looks the same, a dash or slash that is none, and
/// characters that can't be seen.
pub(super) fn look_alikes(id: &str) -> Vec<String> {
    const PAIRS: [(&str, &str); 5] =
        [("a", "\u{430}"), ("o", "\u{43e}"), ("i", "\u{456}"), ("-", "\u{2010}"), ("/", "\u{2215}")];
    let swapped = PAIRS.iter().map(|(own, other)| id.replacen(own, other, 1));
    let unseen = [format!("{id}\u{200b}"), format!("\u{feff}{id}")];
    differing(id, swapped.chain(unseen).collect())
}

/// With a control character inside or at an end. No NUL: PostgreSQL can store none, so that a server fails on it that
/// is right about every other id.
pub(super) fn with_control(id: &str) -> Vec<String> {
    vec![format!("{id}\u{7f}"), format!("\u{1b}[1m{id}"), inside(id, "\u{1}"), inside(id, "\t")]
}

/// With a line break inside or at an end.
pub(super) fn with_line_break(id: &str) -> Vec<String> {
    vec![format!("{id}\n"), format!("{id}\r\n"), inside(id, "\n"), format!("\r{id}")]
}

fn inside(id: &str, what: &str) -> String {
    let middle = id.char_indices().nth(id.chars().count() / 2).map_or(id.len(), |(at, _)| at);
    format!("{}{what}{}", &id[..middle], &id[middle..])
}

/// Exactly as long as an id may be.
pub(super) fn at_limit(id: &str) -> Vec<String> {
    filled_up(id, LIMIT_BYTES)
}

/// Longer than that: by a byte, by one character of two bytes, by much.
pub(super) fn past_limit(id: &str) -> Vec<String> {
    let mut spelled = filled_up(id, LIMIT_BYTES + 1);
    spelled.extend(filled_up(id, LIMIT_BYTES - 1).iter().map(|almost| format!("{almost}\u{e9}")));
    spelled.extend(filled_up(id, 3 * LIMIT_BYTES));
    spelled
}

fn filled_up(id: &str, bytes: usize) -> Vec<String> {
    let missing = bytes.saturating_sub(id.len() + 1);
    if missing == 0 { Vec::new() } else { vec![format!("{id}-{}", "x".repeat(missing))] }
}

fn differing(id: &str, spelled: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for one in spelled {
        if one != id && !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_parts_at_its_first_separator() {
        assert_eq!(parted("openrouter:openai/gpt"), Some(("openrouter", ':', "openai/gpt")));
        assert_eq!(parted("sonnet"), None);
    }

    #[test]
    fn spellings_are_what_they_are_called() {
        let id = "moonshot/kimi-k2.6";
        assert!(wrong_case(id).contains(&"Moonshot/kimi-k2.6".to_owned()));
        assert_eq!(swapped(id), ["moonshot:kimi-k2.6", "moonshot-kimi-k2.6"]);
        assert_eq!(doubled(id), ["moonshot//kimi-k2.6"]);
        assert_eq!(without_vendor(id), ["kimi-k2.6"]);
        assert_eq!(with_vendor_twice(id), ["moonshot/moonshot/kimi-k2.6"]);
        assert_eq!(next_version(id), ["moonshot/kimi-k2.7"]);
        assert!(at_limit(id).iter().all(|one| one.len() == 100));
        assert!(past_limit(id).iter().all(|one| one.len() > 100));
        assert!(with_line_break(id).iter().all(|one| one.contains(['\r', '\n'])));
        assert!(padded(id).iter().all(|one| one.trim() == id));
        for spelled in look_alikes(id).iter().chain(&with_control(id)) {
            assert!(spelled != id && !spelled.contains(['\r', '\n', '\0']), "{spelled:?}");
        }
    }
}
