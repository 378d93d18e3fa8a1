//! "did you mean": the known name that a mistyped one is near to.

/// Longer names are not compared: nobody mistypes them, and comparing costs the square of the length.
const COMPARED_CHARS: usize = 80;

/// The known name nearest to what was typed, if it is near enough: at most one slip per three characters, upper and
/// lower case alike. Of equally near ones the first.
pub fn near<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = typed.chars().take(COMPARED_CHARS + 1).count();
    if length > COMPARED_CHARS {
        return None;
    }
    let allowed = (length / 3).max(1);
    let typed = typed.to_lowercase();
    known
        .into_iter()
        .filter(|name| name.chars().take(COMPARED_CHARS + 1).count() <= COMPARED_CHARS)
        .map(|name| (strsim::damerau_levenshtein(&typed, &name.to_lowercase()), name))
        // A name that shares nothing with what was typed is not near, however short both are.
        .filter(|(slips, name)| *slips <= allowed && *slips < length.max(name.chars().count()))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_name_is_found_within_a_third_of_the_length() {
        let known = ["model", "mode", "runtime", "title", "x"];
        let table = [
            ("modle", Some("model")),
            ("mod", Some("mode")),
            ("Runtime", Some("runtime")),
            ("RUNTIME", Some("runtime")),
            ("rntim", None),
            ("runtmie", Some("runtime")),
            ("titel", Some("title")),
            ("y", None),
            ("", None),
            ("step", None),
        ];
        for (typed, expected) in table {
            assert_eq!(near(typed, known), expected, "{typed}");
        }
        assert_eq!(near(&"m".repeat(100_000), known), None);
    }
}
